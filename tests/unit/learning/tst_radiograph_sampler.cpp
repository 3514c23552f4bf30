// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/radiograph_sampler.h"
#include "support/learning_plans.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

using namespace consilium;
using namespace consilium::learning;

namespace {

constexpr int side = 160;
constexpr int landmarks = 5;

/// No augmentation.
Plan radiographPlan()
{
    auto plan = test::tinyPlan({4}, {side, side});
    plan.data.labels = {};
    plan.data.landmarks = {"a", "b", "c", "d", "e"};
    plan.training.batchSize = 2;
    return plan;
}

/// Bright dots, each at a landmark, none at a whole pixel.
Sample dottedSample()
{
    auto sample = test::emptySample({1, side, side});
    sample.labels.clear();
    sample.points = {
        {80.3, 76.8, true}, {41.6, 45.25, true}, {118.9, 40.1, true}, {38.45, 121.7, true}, {121.2, 117.5, true}};
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
            for (const auto &point : sample.points)
                sample.image[y * side + x] +=
                    static_cast<float>(std::exp(-0.5 * (std::pow(x - point.x, 2) + std::pow(y - point.y, 2)) / 2.25));
    return sample;
}

/// In pixels, from where batch.h says the middles of pixels lie.
double pixelOf(float place)
{
    return ((place + 1) * side - 1) / 2;
}

/// Centroid of what is brighter than its surroundings, within 9 pixels of a place.
SamplePoint centroid(const float *image, double nearX, double nearY)
{
    constexpr double radius = 9;
    float background = std::numeric_limits<float>::max();
    double mass = 0, sumX = 0, sumY = 0;
    for (const bool weigh : {false, true})
        for (int y = int(nearY - radius); y <= nearY + radius; ++y)
            for (int x = int(nearX - radius); x <= nearX + radius; ++x) {
                if (std::hypot(x - nearX, y - nearY) > radius)
                    continue;
                const float value = image[y * side + x];
                if (!weigh) {
                    background = std::min(background, value);
                    continue;
                }
                mass += value - background;
                sumX += x * double(value - background);
                sumY += y * double(value - background);
            }
    return {sumX / mass, sumY / mass, mass > 0};
}

} // namespace

class tst_RadiographSampler : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingChangesWithoutAugmentation();
    void dotsAndLandmarksAgree_data();
    void dotsAndLandmarksAgree();
    void turnsAreAsLargeAsAllowed();
    void whatIsNotShownHasNoWeight();
    void dropoutLeavesLandmarks();
    void everythingAtOnceStaysFinite_data();
    void everythingAtOnceStaysFinite();
};

void tst_RadiographSampler::nothingChangesWithoutAugmentation()
{
    const std::vector samples{dottedSample()};
    const RadiographSampler sampler(radiographPlan(), samples, 1);
    QVERIFY((sampler.patch() == Extent{1, side, side}));
    const auto batch = sampler.batch(3);
    QVERIFY(batch.labels.empty());
    QVERIFY(std::equal(samples[0].image.begin(), samples[0].image.end(), batch.image.begin()));
    QVERIFY(std::equal(samples[0].image.begin(), samples[0].image.end(), batch.image.begin() + side * side));
    QVERIFY((batch.weights == std::vector<float>(2 * landmarks, 1)));
    for (int i = 0; i < 2 * landmarks; ++i) {
        const auto &point = samples[0].points[i % landmarks];
        QCOMPARE_LE(std::abs(pixelOf(batch.points[2 * i]) - point.x), 1e-4);
        QCOMPARE_LE(std::abs(pixelOf(batch.points[2 * i + 1]) - point.y), 1e-4);
    }
}

void tst_RadiographSampler::dotsAndLandmarksAgree_data()
{
    QTest::addColumn<Plan>("plan");
    auto plan = radiographPlan();
    plan.augmentation.rotation = 10;
    QTest::newRow("rotation 10") << plan;
    plan.augmentation.rotation = 180;
    QTest::newRow("rotation 180") << plan;
    plan.augmentation.rotation = 0;
    plan.augmentation.scaling = {0.7, 1.4};
    QTest::newRow("scaling") << plan;
    plan.augmentation.rotation = 10;
    QTest::newRow("rotation and scaling") << plan;
    auto changed = plan;
    changed.augmentation.gamma = {0.7, 1.5};
    QTest::newRow("gamma") << changed;
    changed = plan;
    changed.augmentation.brightness = changed.augmentation.contrast = {0.7, 1.3};
    QTest::newRow("brightness and contrast") << changed;
    changed = plan;
    changed.augmentation.blur = 1.5;
    QTest::newRow("blur") << changed;
    changed = plan;
    changed.augmentation.noise = 0.002;
    QTest::newRow("noise") << changed;
    changed = plan;
    changed.augmentation.elastic = 3;
    changed.augmentation.scaling = {1, 1};
    QTest::newRow("elastic") << changed;
    changed = plan;
    changed.augmentation.lowResolution = 0.5;
    QTest::newRow("low resolution") << changed;
    changed = plan;
    changed.augmentation.clahe = 2; // more of it reshapes the dots themselves
    QTest::newRow("clahe") << changed;
}

void tst_RadiographSampler::dotsAndLandmarksAgree()
{
    QFETCH(Plan, plan);
    const std::vector samples{dottedSample()};
    const RadiographSampler sampler(plan, samples, 7);
    int compared = 0, moved = 0;
    for (int n = 0; n < 40; ++n) {
        const auto batch = sampler.batch(n);
        for (int i = 0; i < 2 * landmarks; ++i) {
            const double x = pixelOf(batch.points[2 * i]), y = pixelOf(batch.points[2 * i + 1]);
            if (batch.weights[i] == 0 || std::min({x, y, side - 1 - x, side - 1 - y}) < 12)
                continue;
            const auto found = centroid(batch.image.data() + i / landmarks * side * side, x, y);
            QVERIFY(found.visible);
            QCOMPARE_LE(std::hypot(found.x - x, found.y - y), 0.1);
            const auto &before = samples[0].points[i % landmarks];
            moved += std::hypot(before.x - x, before.y - y) > 1;
            ++compared;
        }
    }
    QCOMPARE_GE(compared, 250);
    QCOMPARE_GE(moved, 100);
}

void tst_RadiographSampler::turnsAreAsLargeAsAllowed()
{
    auto plan = radiographPlan();
    plan.augmentation.rotation = 10;
    const std::vector samples{dottedSample()};
    const auto &points = samples[0].points;
    const auto angle = [](double fromX, double fromY, double toX, double toY) {
        return std::atan2(toY - fromY, toX - fromX) * 180 / std::numbers::pi;
    };
    const double before = angle(points[1].x, points[1].y, points[4].x, points[4].y);
    const RadiographSampler sampler(plan, samples, 7);
    double least = 0, most = 0;
    int still = 0;
    for (int n = 0; n < 500; ++n) {
        const auto batch = sampler.batch(n);
        const float *p = batch.points.data();
        const double turn = angle(pixelOf(p[2]), pixelOf(p[3]), pixelOf(p[8]), pixelOf(p[9])) - before;
        least = std::min(least, turn);
        most = std::max(most, turn);
        still += std::abs(turn) < 1e-3;
    }
    QCOMPARE_LE(most, 10.001);
    QCOMPARE_GE(most, 9);
    QCOMPARE_GE(least, -10.001);
    QCOMPARE_LE(least, -9);
    QCOMPARE_LE(std::abs(still - 250), 45); // every second one, within four deviations
}

void tst_RadiographSampler::whatIsNotShownHasNoWeight()
{
    auto sample = dottedSample();
    const double nowhere = std::numeric_limits<double>::quiet_NaN();
    sample.points = {
        {80, 80, false}, {side - 0.51, 3, true}, {side - 0.49, 3, true}, {nowhere, nowhere, true}, {10, -0.6, true}};
    const std::vector samples{sample};
    const auto batch = RadiographSampler(radiographPlan(), samples, 1).batch(0);
    const std::vector<float> expected{0, 1, 0, 0, 0};
    QVERIFY(std::equal(expected.begin(), expected.end(), batch.weights.begin()));
    for (const int hidden : {0, 2, 3, 4})
        QVERIFY(batch.points[2 * hidden] == 0 && batch.points[2 * hidden + 1] == 0);

    // One near a corner leaves when the picture turns far, and stays when it does not.
    auto plan = radiographPlan();
    plan.augmentation.rotation = 45;
    std::vector cornered{dottedSample()};
    cornered[0].points[0] = {2, 2, true};
    const RadiographSampler sampler(plan, cornered, 1);
    int shown = 0, left = 0;
    for (int n = 0; n < 100; ++n) {
        const auto turned = sampler.batch(n);
        shown += turned.weights[0] == 1;
        left += turned.weights[0] == 0;
        for (const float place : turned.points)
            QVERIFY(place >= -1 && place <= 1);
    }
    QVERIFY(shown > 10 && left > 10);
}

void tst_RadiographSampler::dropoutLeavesLandmarks()
{
    const std::vector samples{dottedSample()};
    auto plan = radiographPlan();
    plan.augmentation.rotation = 10;
    const RadiographSampler whole(plan, samples, 3);
    plan.augmentation.dropout = 0.2;
    const RadiographSampler blanked(plan, samples, 3);
    int changed = 0;
    for (int n = 0; n < 50; ++n) {
        const auto before = whole.batch(n), after = blanked.batch(n);
        QVERIFY(before.points == after.points);
        QVERIFY(before.weights == after.weights);
        changed += before.image != after.image;
    }
    QVERIFY(changed > 10 && changed < 50);
}

void tst_RadiographSampler::everythingAtOnceStaysFinite_data()
{
    QTest::addColumn<bool>("constant");
    QTest::newRow("dots") << false;
    QTest::newRow("constant") << true;
}

void tst_RadiographSampler::everythingAtOnceStaysFinite()
{
    QFETCH(bool, constant);
    auto plan = radiographPlan();
    plan.augmentation = {};
    plan.augmentation.mirror = {};
    plan.augmentation.elastic = 6;
    plan.augmentation.blur = 1;
    plan.augmentation.lowResolution = 0.5;
    plan.augmentation.clahe = 4;
    plan.augmentation.dropout = 0.3;
    std::vector samples{dottedSample()};
    if (constant)
        std::ranges::fill(samples[0].image, 0.4f);
    const RadiographSampler sampler(plan, samples, 3);
    for (int n = 0; n < 60; ++n) {
        const auto batch = sampler.batch(n);
        QVERIFY(std::ranges::all_of(batch.image, [](float value) { return std::isfinite(value); }));
        QVERIFY(std::ranges::all_of(batch.points, [](float value) { return std::abs(value) <= 1; }));
    }
}

QTEST_GUILESS_MAIN(tst_RadiographSampler)
#include "tst_radiograph_sampler.moc"
