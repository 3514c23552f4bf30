// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/network.h"
#include "learning/planning/memory.h"
#include "learning/planning/self_configuration.h"
#include "learning/planning/topology.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace consilium;
using namespace consilium::learning;

namespace {

constexpr OpenChoices everything{true, true, true};

Plan planFor(const AxisValues &spacing, int channels, int labels, const std::string &kind = "unet")
{
    Plan plan;
    plan.task = "test";
    plan.network.kind = kind;
    plan.preprocessing.spacing = spacing;
    plan.data.channels.assign(static_cast<std::size_t>(channels), "image");
    plan.preprocessing.normalisation.assign(static_cast<std::size_t>(channels), "zscore");
    plan.data.labels.assign(static_cast<std::size_t>(labels), "label");
    return plan;
}

std::vector<int> halvings(const Plan::Network &network)
{
    std::vector<int> counts(static_cast<std::size_t>(network.dimensions), 0);
    for (const auto &stride : network.strides)
        for (std::size_t axis = 0; axis < counts.size(); ++axis)
            counts[axis] += stride[axis] == 2 ? 1 : 0;
    return counts;
}

double voxels(const Plan &plan)
{
    return std::accumulate(plan.training.patch.begin(), plan.training.patch.end(), 1.0, std::multiplies<>());
}

} // namespace

class tst_SelfConfiguration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedPlans_data();
    void publishedPlans();
    void configuredPlansAreValid_data();
    void configuredPlansAreValid();
    void slicesAreTakenAcrossZ();
    void spacingOfThickSlices_data();
    void spacingOfThickSlices();
    void flatKernelsUntilSpacingsMeet();
    void exactPatchesAreNotGrown();
    void yardstickOfEightGigabytes();
    void slicesOfLivers();
    void memoryWithoutEnd();
    void weightsAreThoseOfTheNetwork_data();
    void weightsAreThoseOfTheNetwork();
    void moreMemoryNeverMakesASmallerPatch();
    void staysWithinTheMemory();
    void tooLittleMemory();
    void aPersonsChoicesStay();
};

// nnU-Net's published plans (Isensee et al. 2021, supplementary note 6, "3D full resolution"; for the hippocampus and
// its batch of nine those of version 2, which caps batches at 5 % of the voxels: 0.05 * 260 * 36 * 50 * 35 voxels over
// 40 * 56 * 40 a patch are 9.1). There axes are z, y, x; here x, y, z. All numbers are equal.
void tst_SelfConfiguration::publishedPlans_data()
{
    QTest::addColumn<AxisValues>("spacing");
    QTest::addColumn<AxisValues>("medianSize");
    QTest::addColumn<int>("cases");
    QTest::addColumn<int>("channels");
    QTest::addColumn<int>("labels");
    QTest::addColumn<std::vector<int>>("patch");
    QTest::addColumn<int>("batchSize");
    QTest::addColumn<std::vector<int>>("poolings");
    QTest::newRow("hippocampus") << AxisValues{1, 1, 1} << AxisValues{35, 50, 36} << 260 << 1 << 3
                                 << std::vector{40, 56, 40} << 9 << std::vector{3, 3, 3};
    QTest::newRow("prostate") << AxisValues{0.62, 0.62, 3.6} << AxisValues{319, 320, 20} << 32 << 2 << 3
                              << std::vector{256, 320, 20} << 2 << std::vector{6, 6, 2};
    QTest::newRow("brain tumour") << AxisValues{1, 1, 1} << AxisValues{138, 169, 138} << 484 << 4 << 4
                                  << std::vector{128, 128, 128} << 2 << std::vector{5, 5, 5};
    QTest::newRow("spleen, CT") << AxisValues{0.79, 0.79, 1.6} << AxisValues{512, 512, 187} << 41 << 1 << 2
                                << std::vector{160, 192, 64} << 2 << std::vector{5, 5, 4};
    QTest::newRow("liver, CT") << AxisValues{0.77, 0.77, 1} << AxisValues{512, 512, 482} << 131 << 1 << 3
                               << std::vector{128, 128, 128} << 2 << std::vector{5, 5, 5};
}

void tst_SelfConfiguration::publishedPlans()
{
    QFETCH(AxisValues, spacing);
    QFETCH(AxisValues, medianSize);
    QFETCH(int, cases);
    QFETCH(int, channels);
    QFETCH(int, labels);
    QFETCH(std::vector<int>, patch);
    QFETCH(int, batchSize);
    QFETCH(std::vector<int>, poolings);
    auto plan = planFor(spacing, channels, labels);
    std::vector<std::string> reasons;
    const auto done = configure(plan, {medianSize, double(cases)}, everything, 8e9, reasons);
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    QCOMPARE(plan.training.patch, patch);
    QCOMPARE(plan.training.batchSize, batchSize);
    QCOMPARE(halvings(plan.network), poolings);
    QCOMPARE(plan.network.features.front(), 32);
    QVERIFY(plan.network.features.back() <= 320);
    QVERIFY(reasons.size() >= 4);
}

void tst_SelfConfiguration::configuredPlansAreValid_data()
{
    QTest::addColumn<AxisValues>("spacing");
    QTest::addColumn<AxisValues>("medianSize");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QString>("kind");
    const AxisValues thick{0.7, 0.7, 6}, even{1, 1, 1};
    for (const auto *kind : {"unet", "residual-unet"}) {
        QTest::addRow("%s, brain", kind) << even << AxisValues{182, 218, 182} << 3 << kind;
        QTest::addRow("%s, thick slices", kind) << thick << AxisValues{260.5, 300, 12} << 3 << kind;
        QTest::addRow("%s, slices", kind) << thick << AxisValues{512, 512, 5} << 2 << kind;
        QTest::addRow("%s, large picture", kind) << even << AxisValues{3000, 2000, 1} << 2 << kind;
        QTest::addRow("%s, tiny", kind) << even << AxisValues{5, 6, 7} << 3 << kind;
        QTest::addRow("%s, coarse from the side", kind) << AxisValues{5, 1, 1} << AxisValues{30, 200, 200} << 3 << kind;
    }
}

void tst_SelfConfiguration::configuredPlansAreValid()
{
    QFETCH(AxisValues, spacing);
    QFETCH(AxisValues, medianSize);
    QFETCH(int, dimensions);
    QFETCH(QString, kind);
    auto plan = planFor(spacing, 1, 2, kind.toStdString());
    plan.network.dimensions = dimensions;
    plan.augmentation.mirror = {0, 1};
    std::vector<std::string> reasons;
    const auto done = configure(plan, {medianSize, 40}, everything, 8e9, reasons);
    QVERIFY2(done, done ? "" : done.error().line().c_str());
    const auto valid = Plan::fromJson(plan.toJson());
    QVERIFY2(valid, valid ? "" : valid.error().line().c_str());
    QCOMPARE(dimensionsFor({medianSize, 40}), dimensions);
    // Maps of at least four voxels where the image has as many; two patches are the least.
    for (std::size_t axis = 0; axis < plan.training.patch.size(); ++axis)
        QVERIFY(plan.training.patch[axis] / patchDivisor(plan.network)[axis] >= std::min(4, int(medianSize[axis])));
    QVERIFY(plan.training.batchSize >= 2);
}

void tst_SelfConfiguration::slicesAreTakenAcrossZ()
{
    QCOMPARE(dimensionsFor({{256, 256, 7}, 10}), 2);
    QCOMPARE(dimensionsFor({{256, 256, 8}, 10}), 3);
    QCOMPARE(dimensionsFor({{5, 256, 256}, 10}), 3);
    QCOMPARE(dimensionsFor({{5, 256, 7}, 10}), 3); // slices of 5 voxels' width would tell less
}

void tst_SelfConfiguration::spacingOfThickSlices_data()
{
    QTest::addColumn<AxisValues>("median");
    QTest::addColumn<AxisValues>("tenth");
    QTest::addColumn<AxisValues>("size");
    QTest::addColumn<AxisValues>("target");
    QTest::newRow("even") << AxisValues{1, 1, 1} << AxisValues{0.5, 0.5, 0.5} << AxisValues{180, 200, 180}
                          << AxisValues{1, 1, 1};
    QTest::newRow("thick and few") << AxisValues{0.6, 0.6, 3.6} << AxisValues{0.5, 0.5, 3} << AxisValues{320, 320, 20}
                                   << AxisValues{0.6, 0.6, 3};
    QTest::newRow("from the side") << AxisValues{5, 1, 1} << AxisValues{4, 0.9, 0.9} << AxisValues{30, 200, 200}
                                   << AxisValues{4, 1, 1};
    QTest::newRow("thick but many") << AxisValues{0.6, 0.6, 3.6} << AxisValues{0.5, 0.5, 3} << AxisValues{320, 320, 110}
                                    << AxisValues{0.6, 0.6, 3.6};
    QTest::newRow("three times is not over")
        << AxisValues{1, 1, 3} << AxisValues{1, 1, 2} << AxisValues{320, 320, 20} << AxisValues{1, 1, 3};
    QTest::newRow("no finer than the others") << AxisValues{0.6, 0.8, 3.6} << AxisValues{0.5, 0.5, 0.7}
                                              << AxisValues{320, 320, 20} << AxisValues{0.6, 0.8, 0.8};
}

void tst_SelfConfiguration::spacingOfThickSlices()
{
    QFETCH(AxisValues, median);
    QFETCH(AxisValues, tenth);
    QFETCH(AxisValues, size);
    QFETCH(AxisValues, target);
    const auto chosen = targetSpacing(median, tenth, size);
    QCOMPARE(chosen.spacing, target);
    QCOMPARE(chosen.coarseAxis >= 0, target != median);
}

void tst_SelfConfiguration::flatKernelsUntilSpacingsMeet()
{
    // 0.62 mm across, 3.6 mm along: 1.24 after one halving, 2.48 after two, and 3.6 is below twice that.
    const auto topology = topologyFor({0.62, 0.62, 3.6}, {256, 320, 20});
    using Rows = std::vector<std::vector<int>>;
    QCOMPARE(topology.kernels, (Rows{{3, 3, 1}, {3, 3, 1}, {3, 3, 3}, {3, 3, 3}, {3, 3, 3}, {3, 3, 3}, {3, 3, 3}}));
    QCOMPARE(topology.strides, (Rows{{1, 1, 1}, {2, 2, 1}, {2, 2, 1}, {2, 2, 2}, {2, 2, 2}, {2, 2, 1}, {2, 2, 1}}));
    QCOMPARE(topology.divisor(), (std::vector{64, 64, 4}));
}

void tst_SelfConfiguration::exactPatchesAreNotGrown()
{
    // 48 = 6 * 8, 36 = 9 * 4, 35 is odd.
    QCOMPARE(topologyFor({1, 1, 1}, {48, 36, 35}, true).divisor(), (std::vector{8, 4, 1}));
    QCOMPARE(topologyFor({1, 1, 1}, {48, 36, 35}).divisor(), (std::vector{8, 8, 8}));
}

void tst_SelfConfiguration::yardstickOfEightGigabytes()
{
    // One resolution: two convolutions to 32 maps on 250 * 250 * 140 voxels are 560 million numbers. Of 1 * 32 * 27 and
    // 32 * 32 * 27 weights each takes 12 bytes with gradient and momentum; the yardstick's network has 31.2 million.
    auto plan = planFor({1, 1, 1}, 1, 2);
    plan.network.features = {32};
    plan.training.patch = {250, 250, 140};
    const auto memory = trainingMemory(plan);
    QCOMPARE(memory.fixed, 12.0 * (32 * 27 + 32 * 32 * 27));
    QCOMPARE(2 * memory.perPatch + 12 * 31.2e6, 8e9);
    plan.training.optimizer.kind = "adamw"; // a second moment as well
    QCOMPARE(trainingMemory(plan).fixed, 16.0 * (32 * 27 + 32 * 32 * 27));
    plan.training.average = 0.99;
    QCOMPARE(trainingMemory(plan).fixed, 20.0 * (32 * 27 + 32 * 32 * 27));
    QCOMPARE(trainingMemory(plan).total(3), trainingMemory(plan).fixed + 3 * memory.perPatch);
    // In 2D twelve patches of 85 million: 64 maps of 15625 * 85 pixels. That network has 46.3 million weights.
    plan.network.dimensions = 2;
    plan.training.patch = {15625, 85};
    QCOMPARE(12 * trainingMemory(plan).perPatch + 12 * 46.3e6, 8e9);
}

void tst_SelfConfiguration::slicesOfLivers()
{
    // nnU-Net's 2D plan for the liver: patches of 512 x 512, halved seven times, twelve in a batch.
    auto plan = planFor({0.77, 0.77, 1}, 1, 3);
    plan.network.dimensions = 2;
    std::vector<std::string> reasons;
    QVERIFY(configure(plan, {{512, 512, 482}, 131}, everything, 8e9, reasons));
    QCOMPARE(plan.training.patch, (std::vector{512, 512}));
    QCOMPARE(plan.training.batchSize, 12);
    QCOMPARE(halvings(plan.network), (std::vector{7, 7}));
}

void tst_SelfConfiguration::memoryWithoutEnd()
{
    // However much memory there is, a batch holds no more values than 32 bits count.
    auto plan = planFor({1, 1, 1}, 4, 2);
    std::vector<std::string> reasons;
    QVERIFY(configure(plan, {{512, 512, 512}, 1e6}, everything, 1e15, reasons));
    const auto valid = Plan::fromJson(plan.toJson());
    QVERIFY2(valid, valid ? "" : valid.error().line().c_str());
}

void tst_SelfConfiguration::weightsAreThoseOfTheNetwork_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<std::vector<int>>("features");
    QTest::newRow("plain") << "unet" << std::vector{16, 32, 64, 128};
    QTest::newRow("residual") << "residual-unet" << std::vector{8, 16, 32, 64, 64};
    QTest::newRow("AH-Net") << "ahnet" << std::vector{64};
    QTest::newRow("hourglass") << "hourglass" << std::vector{128};
}

void tst_SelfConfiguration::weightsAreThoseOfTheNetwork()
{
    QFETCH(QString, kind);
    QFETCH(std::vector<int>, features);
    auto plan = planFor({1, 1, 1}, 2, 3, kind.toStdString());
    plan.network.features = features;
    plan.training.patch = {64, 64, 64};
    if (kind == "hourglass") {
        plan.data.kind = "landmark-localisation";
        plan.data.landmarks.swap(plan.data.labels);
        plan.network.dimensions = 2;
        plan.training.patch = {64, 64};
    }
    const auto summary = summarise(plan);
    QVERIFY2(summary, summary ? "" : summary.error().line().c_str());
    // Norms and biases are left out of the estimate.
    const double estimated = trainingMemory(plan).fixed / 12, counted = double(summary->parameters);
    QVERIFY2(std::abs(estimated / counted - 1) < 0.03, qPrintable(QString("%1 %2").arg(estimated).arg(counted)));
}

void tst_SelfConfiguration::moreMemoryNeverMakesASmallerPatch()
{
    double before = 0;
    for (const double gigabytes : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 40.0}) {
        auto plan = planFor({0.79, 0.79, 1.6}, 1, 2);
        std::vector<std::string> reasons;
        QVERIFY(configure(plan, {{512, 512, 187}, 41}, everything, gigabytes * 1e9, reasons));
        QVERIFY(voxels(plan) >= before);
        before = voxels(plan);
    }
}

void tst_SelfConfiguration::staysWithinTheMemory()
{
    for (const auto *kind : {"unet", "residual-unet"}) {
        for (const double gigabytes : {1.0, 2.7, 8.0, 24.0}) {
            auto plan = planFor({1, 1, 1}, 2, 2, kind);
            plan.training.optimizer.kind = "adamw";
            std::vector<std::string> reasons;
            QVERIFY(configure(plan, {{182, 218, 182}, 500}, everything, gigabytes * 1e9, reasons));
            QVERIFY(trainingMemory(plan).total(plan.training.batchSize) <= gigabytes * 1e9);
        }
    }
}

void tst_SelfConfiguration::tooLittleMemory()
{
    auto plan = planFor({1, 1, 1}, 1, 2);
    std::vector<std::string> reasons;
    const auto done = configure(plan, {{180, 200, 180}, 20}, everything, 5e6, reasons);
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(done.error().line());
    QVERIFY2(line.contains("5 MB") && line.contains("16 x 16 x 16") && line.contains("--memory"), qPrintable(line));
    // What the line asks for is enough.
    const auto needed = line.section("--memory ", 1).section('M', 0, 0).toDouble() * 1e6;
    QVERIFY(configure(plan, {{180, 200, 180}, 20}, everything, needed, reasons));
}

void tst_SelfConfiguration::aPersonsChoicesStay()
{
    auto plan = planFor({1, 1, 1}, 1, 2);
    plan.network.features = {8, 16, 32};
    plan.training.batchSize = 6;
    std::vector<std::string> reasons;
    QVERIFY(configure(plan, {{180, 200, 180}, 20}, {false, true, false}, 1e9, reasons));
    QCOMPARE(plan.network.features, (std::vector{8, 16, 32}));
    QCOMPARE(plan.training.batchSize, 6);
    QVERIFY(trainingMemory(plan).total(6) <= 1e9);
    plan.training.patch = {48, 48, 20};
    QVERIFY(configure(plan, {{180, 200, 180}, 20}, {true, false, true}, 1e9, reasons));
    QCOMPARE(plan.training.patch, (std::vector{48, 48, 20}));
    QVERIFY(Plan::fromJson(plan.toJson()));
}

QTEST_GUILESS_MAIN(tst_SelfConfiguration)
#include "tst_self_configuration.moc"
