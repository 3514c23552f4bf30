// SPDX-License-Identifier: GPL-3.0-or-later
// What we export, Python's torch.jit.load reads, and it answers the same on any extents.
#include "core/file.h"
#include "core/hash.h"
#include "learning/network_parts.h"
#include "learning/networks/torchscript_export.h"
#include "parity/parity.h"
#include "support/learning_plans.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::learning;
using namespace consilium::test;
namespace fs = std::filesystem;

namespace {

Plan exportedPlan(const std::string &kind, int dimensions)
{
    auto plan = tinyPlan({4, 6, 8}, std::vector<int>(dimensions, 16));
    plan.network.kind = kind;
    plan.network.deepSupervision = true;
    if (dimensions == 3) {
        plan.network.strides = {{1, 1, 1}, {2, 2, 1}, {2, 2, 2}};
        plan.network.kernels = {{3, 3, 1}, {3, 3, 3}, {3, 3, 3}};
        plan.network.blocks = {1, 2, 2};
    }
    return plan;
}

} // namespace

class tst_TorchScriptExport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pythonGetsTheSameAnswers_data() { rows(); }
    void pythonGetsTheSameAnswers();
    void comesBackAsANetwork_data() { rows(); }
    void comesBackAsANetwork();
    void otherNetworksHaveNoSuchForm();

private:
    void rows();
};

void tst_TorchScriptExport::rows()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("dimensions");
    QTest::newRow("plain, 2D") << "unet" << 2;
    QTest::newRow("plain, 3D") << "unet" << 3;
    QTest::newRow("residual, 2D") << "residual-unet" << 2;
    QTest::newRow("residual, 3D") << "residual-unet" << 3;
}

void tst_TorchScriptExport::pythonGetsTheSameAnswers()
{
    const auto python = pythonWith("torch");
    if (python.isEmpty())
        QSKIP("needs python3-torch");
    QFETCH(QString, kind);
    QFETCH(int, dimensions);
    const auto plan = exportedPlan(kind.toStdString(), dimensions);
    auto network = Network::create(plan, 5);
    QVERIFY(network);
    QTemporaryDir folder;
    const fs::path path = folder.path().toStdString();
    const auto written = exportTorchScript(plan, network->state(), path / "module.pt");
    QVERIFY2(written, written ? "" : written.error().line().c_str());

    ModelState inputs;
    for (const auto &[name, shape] :
         {std::pair<std::string, std::vector<std::int64_t>>{"small", {2, 1, 8, 16, 24}}, {"large", {1, 1, 24, 32, 20}}})
        inputs.tensors.push_back(ownTensor(name, torch::randn(at::IntArrayRef(shape).slice(0, 2 + dimensions))));
    QVERIFY(writeSafetensors(path / "input.safetensors", inputs));
    const auto reference = referenceOf(python, "unet_reference.py", path, {"--module"});
    QVERIFY2(reference, reference ? "" : reference.error().message.c_str());

    auto &parts = network->parts();
    const torch::NoGradGuard frozen;
    for (const auto &input : inputs.tensors) {
        const double apart =
            difference(parts.body->forward(parts.prepared(torchTensor(input))), reference->find(input.info.name));
        qInfo("%s: logits differ by %.1e of the largest", input.info.name.c_str(), apart);
        QCOMPARE_LE(apart, 1e-5);
    }
    for (auto tensor : network->state().tensors) { // by the same names, to the bit
        tensor.info.name = "copy." + tensor.info.name;
        const auto *copy = reference->find(tensor.info.name);
        QVERIFY2(copy && *copy == tensor, tensor.info.name.c_str());
    }
}

void tst_TorchScriptExport::comesBackAsANetwork()
{
    QFETCH(QString, kind);
    QFETCH(int, dimensions);
    auto plan = exportedPlan(kind.toStdString(), dimensions);
    auto original = Network::create(plan, 5);
    QVERIFY(original);
    QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "module.pt";
    QVERIFY(exportTorchScript(plan, original->state(), file));
    plan.network.kind = "torchscript";
    plan.network.module = sha256Hex(readFile(file).value());
    auto network = Network::create(plan, 6, "cpu", file);
    QVERIFY2(network, network ? "" : network.error().line().c_str());
    auto expected = original->state();
    QVERIFY(network->state() == expected);

    // It trains alike: the gradients of both are the same.
    std::vector<std::int64_t> shape{2, 1};
    shape.insert(shape.end(), dimensions, 16);
    const auto x = torch::randn(shape);
    const auto gradients = [&](Network::Parts &parts) {
        parts.body->forward(parts.prepared(x)).square().mean().backward();
        return parts.body->trained();
    };
    const auto ours = gradients(original->parts()), theirs = gradients(network->parts());
    QCOMPARE(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {
        QCOMPARE(ours[i].grad().defined(), theirs[i].grad().defined()); // only the final head takes part
        if (ours[i].grad().defined())
            QCOMPARE_LE((ours[i].grad() - theirs[i].grad()).norm().item<double>(),
                        1e-4 * ours[i].grad().norm().item<double>() + 1e-9);
    }
}

void tst_TorchScriptExport::otherNetworksHaveNoSuchForm()
{
    const auto plan = exportedPlan("unet", 2);
    const auto network = Network::create(plan, 1);
    auto other = plan;
    other.network.kind = "hourglass";
    QTemporaryDir folder;
    const fs::path path = folder.path().toStdString();
    const auto unsupported = exportTorchScript(other, network->state(), path / "module.pt");
    QVERIFY(!unsupported && unsupported.error().code == ErrorCode::Unsupported);
    QVERIFY(!fs::exists(path / "module.pt"));
    QVERIFY(writeFileAtomically(path / "file", "x"));
    const auto unwritable = exportTorchScript(plan, network->state(), path / "file" / "module.pt");
    QVERIFY(!unwritable && unwritable.error().code == ErrorCode::Io);
    auto lacking = network->state();
    lacking.tensors.pop_back();
    const auto invalid = exportTorchScript(plan, lacking, path / "module.pt");
    QVERIFY(!invalid && invalid.error().code == ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(tst_TorchScriptExport)
#include "tst_torchscript_export.moc"
