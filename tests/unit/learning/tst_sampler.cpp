// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/patch_sampler.h"
#include "support/learning_plans.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace consilium;
using namespace consilium::learning;
using test::emptySample;
using test::tinyPlan;

namespace {

/// Every voxel's value is its own place: 1 + x + 100 y + 10000 z.
Sample addressedSample(std::array<std::int64_t, 3> size)
{
    auto sample = emptySample(size);
    std::size_t i = 0;
    for (std::int64_t z = 0; z < size[0]; ++z)
        for (std::int64_t y = 0; y < size[1]; ++y)
            for (std::int64_t x = 0; x < size[2]; ++x)
                sample.image[i++] = static_cast<float>(1 + x + 100 * y + 10000 * z);
    return sample;
}

} // namespace

class tst_Sampler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sameSeedGivesTheSameBatch();
    void axesStayInTheirPlaces();
    void patchStaysInsideACaseThatIsLarger();
    void smallCaseIsWholeAndPaddedWithZeros();
    void flatPatchIsOneSlice();
    void foregroundShareIsKept();
    void everyBatchHoldsItsShareOfForeground_data();
    void everyBatchHoldsItsShareOfForeground();
    void largeRegionsAreDrawnFromEvenly();
    void presentLabelsAreEquallyLikely();
    void labelsAndImageMoveTogether();
    void mirrorsNamedAxesOnly();
    void thickSlicesStaySlices();
    void everythingAtOnceStaysFinite_data();
    void everythingAtOnceStaysFinite();
};

void tst_Sampler::sameSeedGivesTheSameBatch()
{
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.augmentation = {};
    plan.training.batchSize = 4;
    std::vector samples{addressedSample({10, 12, 14}), addressedSample({6, 20, 9})};
    const PatchSampler a(plan, samples, 5), b(plan, samples, 5), other(plan, samples, 6);
    const auto later = a.batch(7);
    static_cast<void>(b.batch(3)); // drawing another one first makes no difference
    QVERIFY(later.image == b.batch(7).image);
    QVERIFY(later.image != a.batch(8).image);
    QVERIFY(later.image != other.batch(7).image);
}

void tst_Sampler::axesStayInTheirPlaces()
{
    auto plan = tinyPlan({4}, {3, 5, 7}); // x, y, z
    plan.training.batchSize = 1;
    std::vector samples{addressedSample({7, 5, 3})};
    const PatchSampler sampler(plan, samples, 1);
    QVERIFY((sampler.patch() == Extent{7, 5, 3}));
    QVERIFY(sampler.batch(0).image == samples[0].image); // the only patch that fits is the case itself
}

void tst_Sampler::patchStaysInsideACaseThatIsLarger()
{
    auto plan = tinyPlan({4}, {4, 6, 8});
    plan.training.foreground = 0.5;
    auto sample = addressedSample({10, 20, 30});
    sample.labels.front() = sample.labels.back() = 1; // opposite corners
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 1);
    bool corner = false;
    for (int n = 0; n < 50; ++n) {
        const auto batch = sampler.batch(n);
        QVERIFY(std::ranges::all_of(batch.image, [](float v) { return v > 0; }));
        corner = corner || batch.labels[0] == 1;
        const auto first = batch.image[0];
        QCOMPARE(batch.image[1] - first, 1.0f);      // x
        QCOMPARE(batch.image[4] - first, 100.0f);    // y
        QCOMPARE(batch.image[24] - first, 10000.0f); // z
    }
    QVERIFY(corner);
}

void tst_Sampler::smallCaseIsWholeAndPaddedWithZeros()
{
    auto plan = tinyPlan({4}, {8, 8, 8});
    plan.training.batchSize = 1;
    auto sample = addressedSample({3, 4, 5});
    std::ranges::fill(sample.labels, std::uint8_t(1));
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 1);
    const double whole = std::accumulate(sample.image.begin(), sample.image.end(), 0.0);
    for (int n = 0; n < 20; ++n) {
        const auto batch = sampler.batch(n);
        QCOMPARE(std::ranges::count(batch.labels, 1), 60);
        QCOMPARE(std::accumulate(batch.image.begin(), batch.image.end(), 0.0), whole);
        for (std::size_t i = 0; i < batch.labels.size(); ++i)
            QCOMPARE(batch.image[i] > 0, batch.labels[i] == 1);
    }
}

void tst_Sampler::flatPatchIsOneSlice()
{
    auto plan = tinyPlan({4}, {4, 6});
    plan.augmentation = {};
    plan.augmentation.gamma = plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.augmentation.noise = 0;
    plan.training.batchSize = 1;
    auto sample = addressedSample({9, 6, 4});
    for (std::int64_t i = 0; i < sample.voxels(); ++i)
        sample.image[i] = static_cast<float>(1 + i / 24); // the slice's number
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 1);
    QVERIFY((sampler.patch() == Extent{1, 6, 4}));
    std::set<float> slices;
    for (int n = 0; n < 200; ++n) {
        // In the middle, where neither turning nor shrinking reaches beyond the slice.
        slices.insert(std::round(sampler.batch(n).image[2 * 4 + 1] * 1e3f) / 1e3f);
    }
    QCOMPARE(slices.size(), 9u);
}

void tst_Sampler::foregroundShareIsKept()
{
    auto plan = tinyPlan({4}, {4, 4, 4});
    plan.training.batchSize = 1;
    plan.training.foreground = 0.33;
    auto sample = emptySample({40, 40, 40});
    sample.labels[(20 * 40 + 20) * 40 + 20] = 1; // hit by chance in 64 of 50653 patches
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 9);
    int hits = 0;
    constexpr int draws = 2000;
    for (int n = 0; n < draws; ++n) {
        const auto labels = sampler.batch(n).labels;
        if (std::ranges::count(labels, 1) == 0)
            continue;
        ++hits;
    }
    const double deviation = std::sqrt(0.33 * 0.67 / draws);
    QCOMPARE_LE(std::abs(hits / double(draws) - 0.33 - 0.67 * 64 / 50653), 4 * deviation);
}

void tst_Sampler::everyBatchHoldsItsShareOfForeground_data()
{
    QTest::addColumn<int>("batchSize");
    QTest::addColumn<double>("share");
    QTest::addColumn<int>("expected");
    QTest::newRow("none") << 4 << 0.0 << 0;
    QTest::newRow("a third of 2") << 2 << 0.33 << 1;
    QTest::newRow("a third of 4") << 4 << 0.33 << 1;
    QTest::newRow("a third of 12") << 12 << 0.33 << 4;
    QTest::newRow("at least one") << 4 << 0.05 << 1;
    QTest::newRow("all") << 3 << 1.0 << 3;
}

void tst_Sampler::everyBatchHoldsItsShareOfForeground()
{
    QFETCH(int, batchSize);
    QFETCH(double, share);
    QFETCH(int, expected);
    auto plan = tinyPlan({4}, {1, 1, 1});
    plan.training.batchSize = batchSize;
    plan.training.foreground = share;
    auto sample = emptySample({60, 60, 60});
    sample.labels[12345] = 1; // by chance in one of 216,000 patches
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 9);
    for (int n = 0; n < 100; ++n) {
        const auto labels = sampler.batch(n).labels;
        QCOMPARE(std::ranges::count(labels, 1), expected);
        QCOMPARE(std::accumulate(labels.end() - expected, labels.end(), 0), expected); // the last ones
    }
}

void tst_Sampler::largeRegionsAreDrawnFromEvenly()
{
    auto plan = tinyPlan({4}, {1, 1, 1});
    plan.training.batchSize = 1;
    plan.training.foreground = 1;
    auto sample = emptySample({50, 40, 60});
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
        sample.labels[i] = 1;
        sample.image[i] = static_cast<float>(i) / 120000.0f;
    }
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 2);
    double sum = 0, squares = 0;
    constexpr int draws = 4000;
    for (int n = 0; n < draws; ++n) {
        const double place = sampler.batch(n).image[0];
        sum += place;
        squares += place * place;
    }
    // Mean and mean square of what is uniform in 0 to 1, within four deviations.
    QCOMPARE_LE(std::abs(sum / draws - 0.5), 4 * std::sqrt(1.0 / 12 / draws) * 1.2);
    QCOMPARE_LE(std::abs(squares / draws - 1.0 / 3), 4 * std::sqrt(4.0 / 45 / draws) * 1.2);
}

void tst_Sampler::presentLabelsAreEquallyLikely()
{
    auto plan = tinyPlan({4}, {1, 1, 1});
    plan.data.labels = {"background", "rare", "absent", "common"};
    plan.training.batchSize = 1;
    plan.training.foreground = 1;
    auto sample = emptySample({10, 10, 10});
    std::fill(sample.labels.begin(), sample.labels.begin() + 500, std::uint8_t(3));
    sample.labels.back() = 1;
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 2);
    std::array<int, 4> counts{};
    for (int n = 0; n < 2000; ++n)
        ++counts[sampler.batch(n).labels[0]];
    QCOMPARE(counts[0] + counts[2], 0);
    QCOMPARE_LE(std::abs(counts[1] - 1000), 90); // four deviations
}

void tst_Sampler::labelsAndImageMoveTogether()
{
    auto plan = tinyPlan({4}, {24, 16, 20});
    plan.augmentation = {};
    plan.augmentation.gamma = plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.augmentation.noise = 0;
    plan.training.batchSize = 4;
    // The image is the label itself, smooth enough that interpolation tells inside from outside but at the edge.
    auto sample = emptySample({30, 28, 26});
    std::size_t i = 0;
    for (int z = 0; z < 30; ++z)
        for (int y = 0; y < 28; ++y)
            for (int x = 0; x < 26; ++x, ++i) {
                const double distance = std::hypot(z - 12, y - 15, x - 10);
                sample.image[i] = static_cast<float>(7 - distance);
                sample.labels[i] = distance <= 7;
            }
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 4);
    int deformed = 0;
    for (int n = 0; n < 10; ++n) {
        const auto batch = sampler.batch(n);
        for (std::size_t v = 0; v < batch.labels.size(); ++v) {
            if (batch.image[v] > 1)
                QCOMPARE(int(batch.labels[v]), 1);
            if (batch.image[v] < -1)
                QCOMPARE(int(batch.labels[v]), 0);
        }
        deformed += std::ranges::count(batch.labels, 1) > 0;
    }
    QVERIFY(deformed > 0);
}

void tst_Sampler::mirrorsNamedAxesOnly()
{
    auto plan = tinyPlan({4}, {3, 5, 7});
    plan.augmentation.mirror = {0}; // x, the fastest axis in memory
    plan.training.batchSize = 1;
    std::vector samples{addressedSample({7, 5, 3})};
    const PatchSampler sampler(plan, samples, 1);
    auto mirrored = samples[0].image;
    for (std::size_t row = 0; row < mirrored.size(); row += 3)
        std::swap(mirrored[row], mirrored[row + 2]);
    int turned = 0;
    for (int n = 0; n < 40; ++n) {
        const auto image = sampler.batch(n).image;
        QVERIFY(image == samples[0].image || image == mirrored);
        turned += image == mirrored;
    }
    QVERIFY(turned > 5 && turned < 35);
}

void tst_Sampler::thickSlicesStaySlices()
{
    auto plan = tinyPlan({4}, {12, 12, 4});
    plan.augmentation = {};
    plan.augmentation.gamma = plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.augmentation.noise = 0;
    plan.augmentation.elastic = 3;
    plan.augmentation.lowResolution = 0.5;
    plan.preprocessing.spacing = {0.6, 0.6, 3};
    plan.training.batchSize = 1;
    auto sample = emptySample({20, 60, 60});
    for (std::int64_t i = 0; i < sample.voxels(); ++i)
        sample.image[i] = static_cast<float>(i / 3600); // the slice's number
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 3);
    for (int n = 0; n < 100; ++n) {
        const auto image = sampler.batch(n).image;
        const float first = image[5 * 12 + 5], step = image[144 + 5 * 12 + 5] - first;
        QCOMPARE(std::abs(step), 1.0f);
        for (int z = 0; z < 4; ++z)
            for (int middle = 4; middle < 8; ++middle) // which no turn takes beyond the case
                QCOMPARE_LE(std::abs(image[z * 144 + middle * 13] - first - step * static_cast<float>(z)), 1e-4f);
    }
}

void tst_Sampler::everythingAtOnceStaysFinite_data()
{
    QTest::addColumn<std::vector<int>>("patch");
    QTest::addColumn<bool>("constant");
    QTest::newRow("3D") << std::vector{12, 10, 8} << false;
    QTest::newRow("3D, larger than the case") << std::vector{24, 32, 20} << false;
    QTest::newRow("3D, constant") << std::vector{12, 10, 8} << true;
    QTest::newRow("2D") << std::vector{12, 10} << false;
    QTest::newRow("2D, larger than the case") << std::vector{24, 32} << false;
}

void tst_Sampler::everythingAtOnceStaysFinite()
{
    QFETCH(std::vector<int>, patch);
    QFETCH(bool, constant);
    auto plan = tinyPlan({4}, patch);
    plan.augmentation = {};
    plan.augmentation.mirror = {0, 1};
    plan.augmentation.elastic = 5;
    plan.augmentation.blur = 1;
    plan.augmentation.lowResolution = 0.5;
    plan.data.channels = {"a", "b"};
    auto sample = emptySample({9, 14, 16}, 2);
    Random random(2);
    for (std::int64_t i = 0; i < 2 * sample.voxels(); ++i)
        sample.image[i] = constant ? 2.5f : static_cast<float>(random.normal());
    for (std::int64_t i = 0; i < sample.voxels(); ++i)
        sample.labels[i] = static_cast<std::uint8_t>(i / 7 % 2);
    std::vector samples{sample};
    const PatchSampler sampler(plan, samples, 4);
    for (int n = 0; n < 200; ++n) {
        const auto batch = sampler.batch(n);
        QCOMPARE(batch.image.size(), 2 * batch.labels.size());
        QVERIFY(std::ranges::all_of(batch.image, [](float value) { return std::isfinite(value); }));
        QVERIFY(std::ranges::all_of(batch.labels, [](auto label) { return label <= 1; }));
    }
}

QTEST_GUILESS_MAIN(tst_Sampler)
#include "tst_sampler.moc"
