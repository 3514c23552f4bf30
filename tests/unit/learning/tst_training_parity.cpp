// SPDX-License-Identifier: GPL-3.0-or-later
// A training of ours and one in Python's PyTorch, of the network that `bench train --peer` measures beside ours: the
// same weights and batches give the same losses and the same weights again.
#include "ball_case.h"
#include "core/json.h"
#include "learning/network.h"
#include "learning/training/trainer.h"
#include "parity/parity.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace consilium;
using namespace consilium::learning;

namespace {

/// Tensors of the same names and shapes with small values of both signs; every third tensor is left out, as a
/// correction may.
ModelState wavesLike(const ModelState &state, float height)
{
    ModelState waves;
    for (std::size_t k = 0; k < state.tensors.size(); ++k) {
        if (k % 3 == 2)
            continue;
        const auto &info = state.tensors[k].info;
        std::vector<float> values;
        for (std::int64_t i = 0; i < info.elements(); ++i)
            values.push_back(height * static_cast<float>(std::sin(0.7 * static_cast<double>(i + 3) + k)));
        waves.tensors.push_back(Tensor::fromFloats(info.name, info.shape, values));
    }
    return waves;
}

} // namespace

class tst_TrainingParity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        setThreads(1);
        m_python = test::pythonWith("torch");
    }
    void agreesWithPython_data();
    void agreesWithPython();

private:
    QString m_python;
};

void tst_TrainingParity::agreesWithPython_data()
{
    QTest::addColumn<QString>("network");
    QTest::addColumn<QString>("optimizer");
    QTest::addColumn<double>("proximal");
    QTest::addColumn<bool>("corrected");
    QTest::newRow("3D, SGD") << R"({"features":[4,6]})"
                             << "sgd" << 0.0 << false;
    QTest::newRow("deep supervision, uneven strides and kernels, SGD")
        << R"({"features":[3,4,5,6],"deepSupervision":true,"strides":[[1,1,1],[2,2,1],[2,2,2],[2,2,2]],
               "kernels":[[3,3,1],[3,3,1],[3,3,3],[3,3,3]]})"
        << "sgd" << 0.0 << false;
    QTest::newRow("AdamW") << R"({"features":[4,6]})"
                           << "adamw" << 0.0 << false;
    QTest::newRow("proximal term, clipped with the rest") << R"({"features":[4,6]})"
                                                          << "sgd" << 0.8 << false;
    QTest::newRow("correction, after clipping") << R"({"features":[4,6]})"
                                                << "sgd" << 0.0 << true;
    QTest::newRow("both, AdamW") << R"({"features":[4,6]})"
                                 << "adamw" << 0.3 << true;
}

void tst_TrainingParity::agreesWithPython()
{
    QFETCH(QString, network);
    QFETCH(QString, optimizer);
    QFETCH(double, proximal);
    QFETCH(bool, corrected);
    if (m_python.isEmpty())
        QSKIP("Python's torch is not installed");
    // A case as large as the patch, and nothing changed at random: every batch holds it twice.
    auto plan = test::tinyPlan({4, 6}, {16, 16, 8});
    plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.training.batchSize = 2;
    plan.training.batchesPerEpoch = 10;
    plan.training.clipGradient = 0.3;
    plan.training.optimizer = {optimizer.toStdString(), 0.01, 0.9, true, {0.9, 0.999}, 1e-3};
    plan.training.schedule.kind = "constant";
    const auto changes = Json::parse(network.toStdString());
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto &[key, value] : changes.items())
        settings.emplace_back("network." + key, value.dump());
    const auto set = plan.set(settings);
    QVERIFY2(set, set ? "" : set.error().message.c_str());
    auto sample = test::emptySample({8, 16, 16});
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
        sample.labels[i] = i / 40 % 3 == 0;
        sample.image[i] = static_cast<float>(std::sin(0.37 * static_cast<double>(i))) + sample.labels[i];
    }

    auto ours = Network::create(plan, 5);
    QVERIFY(ours);
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    std::vector<float> image, labels;
    for (int n = 0; n < 2; ++n) {
        image.insert(image.end(), sample.image.begin(), sample.image.end());
        labels.insert(labels.end(), sample.labels.begin(), sample.labels.end());
    }
    QVERIFY(writeJson(path / "plan.json", plan.toJson()));
    QVERIFY(writeSafetensors(path / "model.safetensors", ours->state()));
    QVERIFY(writeSafetensors(path / "batch.safetensors", {{Tensor::fromFloats("image", {2, 1, 8, 16, 16}, image),
                                                           Tensor::fromFloats("labels", {2, 8, 16, 16}, labels)},
                                                          {}}));
    FitOptions options;
    if (proximal > 0 || corrected) {
        auto anchor = Network::create(plan, 6)->state(), correction = wavesLike(anchor, 0.05f);
        QVERIFY(writeJson(path / "terms.json", {{"proximal", proximal}, {"correction", corrected}}));
        QVERIFY(writeSafetensors(path / "anchor.safetensors", anchor));
        QVERIFY(writeSafetensors(path / "correction.safetensors", correction));
        options.proximal = Proximal{std::move(anchor), proximal};
        if (corrected)
            options.correction = std::move(correction);
    }
    const auto theirs = test::referenceOf(m_python, "training_reference.py", path, {CONSILIUM_RESOURCES});
    QVERIFY2(theirs, theirs ? "" : theirs.error().message.c_str());

    std::vector<double> losses;
    options.steps = options.totalSteps = 3;
    options.progress = [&](const FitProgress &progress) {
        losses.push_back(progress.loss);
        return true;
    };
    const auto summary = fit(*ours, plan, std::vector{sample}, options);
    QVERIFY2(summary, summary ? "" : summary.error().message.c_str());
    QCOMPARE(losses.size(), 3u);
    QCOMPARE_LE(std::abs(summary->learningRateSum - 0.03), 1e-15);
    for (std::size_t step = 0; step < 3; ++step)
        QCOMPARE_LE(std::abs(losses[step] - theirs->find("loss")->floats()[step]), 1e-5 * losses[step]);
    for (const auto &tensor : ours->state().tensors) {
        const double apart = test::difference(test::torchTensor(tensor), theirs->find(tensor.info.name));
        QVERIFY2(apart < 1e-5, qPrintable(QString("%1: %2").arg(tensor.info.name.c_str()).arg(apart)));
    }
}

QTEST_GUILESS_MAIN(tst_TrainingParity)
#include "tst_training_parity.moc"
