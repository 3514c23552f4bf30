// SPDX-License-Identifier: GPL-3.0-or-later
// Our U-Nets and one built of PyTorch's own layers in Python: the same weights give the same answers, and the same
// weights again after a step of every optimiser.
#include "learning/network_parts.h"
#include "learning/training/optimizers.h"
#include "parity/parity.h"
#include "support/learning_plans.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::learning;
using namespace consilium::test;

namespace {

constexpr double tolerance = 1e-5; // relative to the largest value of the tensor, in float32

Plan parityPlan(const QString &network, const QList<int> &features, const QList<int> &patch)
{
    auto plan = tinyPlan({features.begin(), features.end()}, {patch.begin(), patch.end()});
    plan.data.channels = {"T1", "FLAIR"};
    plan.data.labels = {"background", "a", "b"};
    plan.preprocessing.normalisation = {"zscore", "zscore"};
    const auto changes = Json::parse(network.toStdString());
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto &[key, value] : changes.items())
        settings.emplace_back("network." + key, value.is_string() ? value.get<std::string>() : value.dump());
    if (const auto set = plan.set(settings); !set)
        qFatal("%s", set.error().line().c_str());
    plan.training.optimizer.momentum = 0.9;
    plan.training.optimizer.weightDecay = 0.02;
    return plan;
}

/// The network's state with norms that do something: as drawn, some scales are zero and all shifts are.
ModelState livelyState(const Network &network)
{
    auto state = network.state();
    torch::manual_seed(5);
    for (auto &tensor : state.tensors)
        if (tensor.info.shape.size() == 1)
            tensor = ownTensor(tensor.info.name, 0.5 + torch::rand(tensor.info.shape));
    return state;
}

} // namespace

class tst_NetworkParity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void agreesWithPython_data();
    void agreesWithPython();
    void safetensorsAreReadByAnother();

private:
    QString m_python;
};

void tst_NetworkParity::initTestCase()
{
    m_python = pythonWith("torch");
    if (m_python.isEmpty())
        QSKIP("needs python3-torch");
}

void tst_NetworkParity::agreesWithPython_data()
{
    QTest::addColumn<QString>("network"); // JSON of what differs from a plan's defaults
    QTest::addColumn<QList<int>>("features");
    QTest::addColumn<QList<int>>("patch"); // x, y, z
    const QString flat = R"({"kind": "unet"})", deep = R"({"kind": "unet", "deepSupervision": true})",
                  anisotropic =
                      R"({"kind": "unet", "deepSupervision": true, "strides": [[1,1,1],[2,2,1],[2,1,2],[2,2,3]],
                                    "kernels": [[3,3,1],[3,3,3],[5,3,1],[3,3,3]], "blocks": [1,2,3,1]})",
                  residual = R"({"kind": "residual-unet"})",
                  residualAnisotropic = R"({"kind": "residual-unet", "deepSupervision": true,
                      "strides": [[1,1,1],[2,2,1],[2,2,2]], "kernels": [[3,3,1],[3,3,3],[3,3,3]], "blocks": [2,1,2]})";
    QTest::newRow("plain, 2D") << flat << QList<int>{6, 8, 12} << QList<int>{32, 24};
    QTest::newRow("plain, 3D, deep supervision") << deep << QList<int>{4, 6, 8, 8} << QList<int>{32, 24, 24};
    QTest::newRow("plain, one resolution") << flat << QList<int>{5} << QList<int>{9, 7};
    QTest::newRow("plain, anisotropic") << anisotropic << QList<int>{4, 6, 8, 8} << QList<int>{32, 24, 18};
    QTest::newRow("residual, 2D") << residual << QList<int>{6, 6, 8} << QList<int>{32, 24};
    QTest::newRow("residual, anisotropic") << residualAnisotropic << QList<int>{4, 6, 8} << QList<int>{24, 16, 12};
}

void tst_NetworkParity::agreesWithPython()
{
    QFETCH(QString, network);
    QFETCH(QList<int>, features);
    QFETCH(QList<int>, patch);
    const auto plan = parityPlan(network, features, patch);
    auto ours = Network::create(plan, 7);
    QVERIFY2(ours, ours ? "" : ours.error().line().c_str());
    const auto weights = livelyState(*ours);
    QVERIFY(ours->load(weights));
    std::vector<std::int64_t> shape{2, 2};
    shape.insert(shape.end(), patch.rbegin(), patch.rend());
    const auto input = torch::randn(shape);

    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY(writeJson(path / "plan.json", plan.toJson()));
    QVERIFY(writeSafetensors(path / "weights.safetensors", weights));
    QVERIFY(writeSafetensors(path / "input.safetensors", {{ownTensor("input", input)}, {}}));
    const auto reference = referenceOf(m_python, "unet_reference.py", path);
    QVERIFY2(reference, reference ? "" : reference.error().message.c_str());

    double worst = 0;
    auto &parts = ours->parts();
    const auto x = parts.prepared(input);
    const auto compare = [&](const torch::Tensor &tensor, const std::string &name) {
        const double apart = difference(tensor, reference->find(name));
        worst = std::max(worst, apart);
        return apart <= tolerance;
    };
    for (const bool training : {true, false}) { // without gradients our convolutions take another way
        const torch::AutoGradMode mode(training);
        const auto heads = parts.body->heads(x);
        for (std::size_t k = 0; k < heads.size(); ++k)
            QVERIFY2(compare(heads[k], fmt::format("head.{}", k)),
                     qPrintable(QString("head %1: %2").arg(k).arg(worst)));
        QVERIFY(!reference->find(fmt::format("head.{}", heads.size())));
    }
    qInfo("heads differ by %.1e of their largest value", worst);

    // Adam's first step is by the sign of the gradient alone, but for gradients as small as its epsilon, where rounding
    // decides: a steep loss keeps them away from it.
    struct Step
    {
        const char *kind;
        double rate, steepness;
    };
    for (const auto &[kind, rate, steepness] :
         {Step{"sgd", 0.1, 1}, Step{"adam", 0.01, 1e4}, Step{"adamw", 0.01, 1e4}}) {
        worst = 0;
        QVERIFY(ours->load(weights));
        auto rule = plan.training.optimizer;
        rule.kind = kind;
        Optimizer optimizer(rule, parts.body->trained());
        optimizer.clearGradients();
        auto loss = torch::zeros({});
        for (const auto &head : parts.body->heads(x))
            loss = loss + steepness * head.square().mean();
        loss.backward();
        optimizer.step(rate);
        for (const auto &item : parts.body->tensors())
            QVERIFY2(compare(item.value(), fmt::format("{}.{}", kind, item.key())),
                     qPrintable(QString("%1 of %2: %3").arg(item.key().c_str(), kind).arg(worst)));
        qInfo("weights after %s differ by %.1e of their largest value", kind, worst);
    }
}

void tst_NetworkParity::safetensorsAreReadByAnother()
{
    // Every bit arrives: numbers no arithmetic would keep, all types numpy has, shapes with nothing and with no axis.
    const auto tensor = [](const char *name, DType type, std::vector<std::int64_t> shape) {
        Tensor tensor{{name, type, std::move(shape)}, {}};
        tensor.values.resize(tensor.info.bytes());
        for (std::size_t i = 0; i < tensor.values.size(); ++i)
            tensor.values[i] = static_cast<std::byte>(type == DType::Bool ? i % 2 : (i * 73 + 251) % 256);
        return tensor;
    };
    auto state = Network::create(tinyPlan({2, 3}, {8, 8}), 1)->state();
    state.tensors.push_back(tensor("nothing", DType::F32, {3, 0, 2}));
    state.tensors.push_back(tensor("scalar", DType::F64, {}));
    state.tensors.push_back(tensor("half", DType::F16, {7}));
    state.tensors.push_back(tensor("long", DType::I64, {2, 3}));
    state.tensors.push_back(tensor("byte \"\u00e9\"", DType::U8, {5}));
    state.tensors.push_back(tensor("truth", DType::Bool, {3}));
    const std::array special{std::numeric_limits<float>::quiet_NaN(), -0.0f, std::numeric_limits<float>::denorm_min(),
                             -std::numeric_limits<float>::infinity()};
    state.tensors.push_back(Tensor::fromFloats("special", {4}, special));
    state.metadata = {{"plan", "abc"}};

    QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY(writeSafetensors(path / "weights.safetensors", state));
    const auto reference = referenceOf(m_python, "unet_reference.py", path, {"--copy"});
    QVERIFY2(reference, reference ? "" : reference.error().message.c_str());
    QCOMPARE(reference->tensors.size(), state.tensors.size());
    for (auto expected : state.tensors) {
        expected.info.name = "copy." + expected.info.name;
        const auto *copy = reference->find(expected.info.name);
        QVERIFY2(copy && *copy == expected, expected.info.name.c_str());
    }
}

QTEST_GUILESS_MAIN(tst_NetworkParity)
#include "tst_network_parity.moc"
