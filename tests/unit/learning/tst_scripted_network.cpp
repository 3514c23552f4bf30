// SPDX-License-Identifier: GPL-3.0-or-later
// Modules that Python wrote with torch.jit.script, as networks.
#include "core/file.h"
#include "core/hash.h"
#include "learning/network_parts.h"
#include "learning/training/optimizers.h"
#include "parity/parity.h"
#include "support/learning_plans.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::learning;
using namespace consilium::test;
namespace fs = std::filesystem;

class tst_ScriptedNetwork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void answersAndTrainsAsInPython();
    void startsWithTheWeightsOfTheFile();
    void stateRoundTrips();
    void anotherFileIsRefused();
    void unfitModulesAreNamedInOneLine_data();
    void unfitModulesAreNamedInOneLine();

private:
    Plan planFor(const fs::path &file) const;

    QTemporaryDir m_folder;
    fs::path m_path, m_good;
    ModelState m_reference;
};

void tst_ScriptedNetwork::initTestCase()
{
    const auto python = pythonWith("torch");
    if (python.isEmpty())
        QSKIP("needs python3-torch");
    m_path = m_folder.path().toStdString();
    m_good = m_path / "good.pt";
    auto reference = referenceOf(python, "scripted_modules.py", m_path);
    QVERIFY2(reference, reference ? "" : reference.error().message.c_str());
    m_reference = std::move(*reference);
    const auto bytes = readFile(m_good);
    QVERIFY(bytes);
    QVERIFY(writeFileAtomically(m_path / "truncated.pt", std::string_view(*bytes).substr(0, bytes->size() / 2)));
    QVERIFY(writeFileAtomically(m_path / "text.pt", "I am no module.\n"));
    QVERIFY(writeFileAtomically(m_path / "empty.pt", ""));
}

Plan tst_ScriptedNetwork::planFor(const fs::path &file) const
{
    auto plan = tinyPlan({1}, {12, 8});
    plan.data.channels = {"T1", "FLAIR"};
    plan.data.labels = {"background", "a", "b"};
    plan.network.kind = "torchscript";
    plan.network.module = sha256Hex(readFile(file).value_or(""));
    return plan;
}

void tst_ScriptedNetwork::answersAndTrainsAsInPython()
{
    auto network = Network::create(planFor(m_good), 3, "cpu", m_good);
    QVERIFY2(network, network ? "" : network.error().line().c_str());
    auto &parts = network->parts();
    const auto x = parts.prepared(torchTensor(*m_reference.find("input")));
    parts.body->eval();
    QCOMPARE_LE(difference(parts.body->forward(x), m_reference.find("eval")), 1e-5);

    parts.body->train();
    Plan::Optimizer rule;
    rule.momentum = 0.9;
    rule.weightDecay = 0;
    Optimizer optimizer(rule, parts.body->trained());
    optimizer.clearGradients();
    const auto answer = parts.body->heads(x).front();
    QCOMPARE_LE(difference(answer, m_reference.find("train")), 1e-5);
    answer.square().mean().backward();
    optimizer.step(0.1);
    for (const auto &tensor : network->state().tensors) {
        const auto *expected = m_reference.find("sgd." + tensor.info.name);
        QVERIFY2(expected, tensor.info.name.c_str());
        if (tensor.info.dtype == DType::F32)
            QVERIFY2(difference(torchTensor(tensor), expected) <= 1e-5, tensor.info.name.c_str());
        else
            QVERIFY2(tensor.values == expected->values, tensor.info.name.c_str()); // one batch was tracked
    }
}

void tst_ScriptedNetwork::startsWithTheWeightsOfTheFile()
{
    const auto plan = planFor(m_good);
    const auto first = Network::create(plan, 1, "cpu", m_good), second = Network::create(plan, 2, "cpu", m_good);
    QVERIFY(first && second);
    QVERIFY(first->state() == second->state());
    const auto state = first->state();
    QVERIFY(state.find("norm.num_batches_tracked")->info.dtype == DType::I64);
    QCOMPARE(state.find("norm.num_batches_tracked")->values.front(), std::byte{0}); // the trial left no trace
    QCOMPARE(state.find("scale")->floats().front(), 2.0f);

    const auto summary = summarise(plan, m_good);
    QVERIFY(summary);
    QCOMPARE(summary->parameters, 2 * 5 * 9 + 5 + 2 * 5 + 5 * 3 + 3); // the scale is not trained
    QCOMPARE(summary->multiplyAdds, 0.0);
    QCOMPARE(summary->initialisation, std::string("as the module's file has them"));
}

void tst_ScriptedNetwork::stateRoundTrips()
{
    const auto plan = planFor(m_good);
    auto network = Network::create(plan, 1, "cpu", m_good);
    QVERIFY(network);
    auto state = network->state();
    for (auto &tensor : state.tensors)
        if (tensor.info.name == "first.weight")
            tensor = ownTensor(tensor.info.name, torch::randn(tensor.info.shape));
    QVERIFY(network->load(state));
    QVERIFY(network->state() == state);
    state.tensors.pop_back();
    QVERIFY(!network->load(state));
}

void tst_ScriptedNetwork::anotherFileIsRefused()
{
    auto plan = planFor(m_good);
    const auto other = Network::create(plan, 1, "cpu", m_path / "halving.pt");
    QVERIFY(!other && other.error().code == ErrorCode::Refused);
    QVERIFY(other.error().message.find(plan.network.module) != std::string::npos);
    for (const auto &file : {fs::path(), m_path / "nowhere.pt"}) {
        const auto missing = Network::create(plan, 1, "cpu", file);
        QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
    }
}

void tst_ScriptedNetwork::unfitModulesAreNamedInOneLine_data()
{
    QTest::addColumn<QString>("says");
    QTest::newRow("truncated") << "is not a TorchScript module";
    QTest::newRow("text") << "is not a TorchScript module";
    QTest::newRow("empty") << "is not a TorchScript module";
    QTest::newRow("no-forward") << "has no method 'forward'";
    QTest::newRow("untrained") << "has nothing to train";
    QTest::newRow("frozen") << "has nothing to train";
    QTest::newRow("doubles") << "in another type than float32";
    QTest::newRow("complex") << "has the buffer phase of type";
    QTest::newRow("sparse") << "has the buffer phase of type";
    QTest::newRow("halving") << "with 1 x 3 x 4 x 6 numbers of type Float, not with 1 x 3 x 8 x 12";
    QTest::newRow("tuple") << "could not be run on a patch of 1 x 2 x 8 x 12";
    QTest::newRow("two-inputs") << "could not be run on a patch of 1 x 2 x 8 x 12";
    QTest::newRow("volumes") << "could not be run on a patch of 1 x 2 x 8 x 12";
}

void tst_ScriptedNetwork::unfitModulesAreNamedInOneLine()
{
    QFETCH(QString, says);
    const auto file = m_path / (std::string(QTest::currentDataTag()) + ".pt");
    QVERIFY(fs::exists(file));
    const auto network = Network::create(planFor(file), 1, "cpu", file);
    QVERIFY(!network);
    QVERIFY(network.error().code == ErrorCode::Malformed);
    const auto line = QString::fromStdString(network.error().line());
    qInfo("%s", qPrintable(line));
    QVERIFY2(line.contains(says), qPrintable(line));
    QVERIFY(line.startsWith(QString::fromStdString(file.string())));
    QVERIFY(!line.contains('\n'));
}

QTEST_GUILESS_MAIN(tst_ScriptedNetwork)
#include "tst_scripted_network.moc"
