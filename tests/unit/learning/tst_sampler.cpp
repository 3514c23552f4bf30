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
    void presentLabelsAreEquallyLikely();
    void labelsAndImageMoveTogether();
    void quarterTurnMovesAxesOnToEachOther();
    void enlargingHalvesTheDistances();
    void turnIsRigidInMillimetres();
    void mirrorsNamedAxesOnly();
    void gammaKeepsMeanAndDeviation();
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
    plan.augmentation.gamma = {1, 1};
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
    plan.augmentation.gamma = {1, 1};
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

void tst_Sampler::quarterTurnMovesAxesOnToEachOther()
{
    const auto sample = addressedSample({5, 5, 5});
    Placement placement;
    placement.deformed = true;
    placement.matrix = turnAndScale({90, 0, 0}, {1, 1, 1}, {1, 1, 1}); // about z
    std::vector<float> image(125);
    std::vector<std::uint8_t> labels(125);
    readPatch(sample, placement, {5, 5, 5}, image, labels);
    const auto at = [](const auto &values, int z, int y, int x) { return values[(z * 5 + y) * 5 + x]; };
    for (int z = 0; z < 5; ++z)
        for (int y = 0; y < 5; ++y)
            for (int x = 0; x < 5; ++x)
                QCOMPARE_LE(std::abs(at(image, z, y, x) - at(sample.image, z, 4 - x, y)), 0.05f);
}

void tst_Sampler::enlargingHalvesTheDistances()
{
    auto sample = emptySample({1, 1, 9});
    for (int x = 0; x < 9; ++x)
        sample.image[x] = static_cast<float>(x);
    Placement placement;
    placement.deformed = true;
    placement.matrix = turnAndScale({0, 0, 0}, {1, 1, 2}, {1, 1, 1});
    std::vector<float> image(9);
    std::vector<std::uint8_t> labels(9);
    readPatch(sample, placement, {1, 1, 9}, image, labels);
    for (int x = 0; x < 9; ++x)
        QCOMPARE(image[x], 2 + 0.5f * static_cast<float>(x));
}

void tst_Sampler::turnIsRigidInMillimetres()
{
    const std::array<double, 3> spacing{3, 0.5, 1.25};
    const auto matrix = turnAndScale({20, -35, 50}, {1, 1, 1}, spacing);
    for (const std::array<double, 3> &v : {std::array<double, 3>{1, 0, 0}, {0, 4, 0}, {1, -2, 3}}) {
        double before = 0, after = 0;
        for (int row = 0; row < 3; ++row) {
            double component = 0;
            for (int column = 0; column < 3; ++column)
                component += matrix[row][column] * v[column];
            before += std::pow(v[row] * spacing[row], 2);
            after += std::pow(component * spacing[row], 2);
        }
        QCOMPARE_LE(std::abs(before - after), 1e-12 * before);
    }
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

void tst_Sampler::gammaKeepsMeanAndDeviation()
{
    std::vector<float> values;
    for (int i = 0; i < 1000; ++i)
        values.push_back(static_cast<float>(i % 37) * 0.1f - 1);
    const auto moments = [](const std::vector<float> &v) {
        double sum = 0, squares = 0;
        for (const double value : v) {
            sum += value;
            squares += value * value;
        }
        return std::pair(sum / v.size(), squares / v.size() - sum * sum / v.size() / v.size());
    };
    const auto before = moments(values);
    auto changed = values;
    applyGamma(changed, 1.5);
    const auto after = moments(changed);
    QVERIFY(changed != values);
    QCOMPARE_LE(std::abs(before.first - after.first), 1e-5);
    QCOMPARE_LE(std::abs(before.second - after.second), 1e-4);
    for (std::size_t i = 1; i < values.size(); ++i)
        QCOMPARE(changed[i] > changed[i - 1], values[i] > values[i - 1]); // order is kept
}

QTEST_GUILESS_MAIN(tst_Sampler)
#include "tst_sampler.moc"
