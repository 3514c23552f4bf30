// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/intensity.h"
#include "learning/augmentation/intensity_changes.h"
#include "learning/augmentation/radiograph.h"
#include "learning/augmentation/resolution.h"
#include "support/learning_plans.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

using namespace consilium;
using namespace consilium::learning;

namespace {

std::vector<float> randomValues(std::size_t count, std::uint64_t seed)
{
    Random random(seed);
    std::vector<float> values(count);
    for (auto &value : values)
        value = static_cast<float>(random.normal(1, 2));
    return values;
}

using Change = std::function<void(std::span<float>)>;

} // namespace

class tst_IntensityChanges : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void gammaKeepsMeanDeviationAndOrder_data();
    void gammaKeepsMeanDeviationAndOrder();
    void gammaOfThreeValues();
    void contrastStretchesWithinItsRange();
    void noiseHasItsDeviation();
    void blurOfADotIsAGaussian();
    void blurKeepsTheSum();
    void coarseScanOfARamp();
    void coarseScanKeepsTheMean();
    void coarseScanLeavesOtherAxes();
    void equalisationOfTwoLevels_data();
    void equalisationOfTwoLevels();
    void equalisationLeavesAnEqualHistogram();
    void equalisationDrawsApartWhatIsClose();
    void rectanglesTakeTheMean();
    void constantPicturesStay();
    void emptyRangesChangeNothing();
    void everythingStaysFinite_data();
    void everythingStaysFinite();
};

void tst_IntensityChanges::gammaKeepsMeanDeviationAndOrder_data()
{
    QTest::addColumn<double>("gamma");
    QTest::addColumn<bool>("inverted");
    QTest::newRow("above 1") << 1.5 << false;
    QTest::newRow("below 1") << 0.7 << false;
    QTest::newRow("above 1, inverted") << 1.5 << true;
    QTest::newRow("below 1, inverted") << 0.7 << true;
}

void tst_IntensityChanges::gammaKeepsMeanDeviationAndOrder()
{
    QFETCH(double, gamma);
    QFETCH(bool, inverted);
    std::vector<float> values;
    for (int i = 0; i < 1000; ++i)
        values.push_back(static_cast<float>(i % 37) * 0.1f - 1);
    auto changed = values;
    applyGamma(changed, gamma, inverted);
    const auto before = momentsOf(values), after = momentsOf(changed);
    QVERIFY(changed != values);
    QCOMPARE_LE(std::abs(before.mean - after.mean), 1e-5);
    QCOMPARE_LE(std::abs(before.deviation - after.deviation), 1e-5);
    for (std::size_t i = 1; i < values.size(); ++i)
        QCOMPARE(changed[i] > changed[i - 1], values[i] > values[i - 1]);
}

void tst_IntensityChanges::gammaOfThreeValues()
{
    // Squares 0, 1/4, 1: mean 5/12, variance 13/72; before: mean 1/2, variance 1/6.
    const double scale = std::sqrt((1.0 / 6) / (13.0 / 72));
    std::vector<float> values{0, 0.5f, 1};
    applyGamma(values, 2);
    QCOMPARE_LE(std::abs(values[0] - (0.5 - 5.0 / 12 * scale)), 1e-6);
    QCOMPARE_LE(std::abs(values[1] - (0.5 - 1.0 / 6 * scale)), 1e-6);
    QCOMPARE_LE(std::abs(values[2] - (0.5 + 7.0 / 12 * scale)), 1e-6);
    values = {0, 0.5f, 1};
    applyGamma(values, 2, true);
    QCOMPARE_LE(std::abs(values[1] - (0.5 + 1.0 / 6 * scale)), 1e-6);
}

void tst_IntensityChanges::contrastStretchesWithinItsRange()
{
    std::vector<float> values{-1, 0, 4}; // mean 1
    applyContrast(values, 0.5);
    QVERIFY((values == std::vector<float>{0, 0.5f, 2.5f}));
    values = {-1, 0, 4};
    applyContrast(values, 2); // -3, -1 and 7 before they are kept within -1 to 4
    QVERIFY((values == std::vector<float>{-1, -1, 4}));
    applyBrightness(values, 0.5);
    QVERIFY((values == std::vector<float>{-0.5f, -0.5f, 2}));
}

void tst_IntensityChanges::noiseHasItsDeviation()
{
    std::vector<float> values(40000, 5);
    Random random(8);
    addNoise(values, 0.1, random);
    const auto moments = momentsOf(values);
    QCOMPARE_LE(std::abs(moments.mean - 5), 4 * 0.1 / 200);
    QCOMPARE_LE(std::abs(moments.deviation - 0.1), 4 * 0.1 / std::sqrt(80000.0));
}

void tst_IntensityChanges::blurOfADotIsAGaussian()
{
    constexpr double sigma = 1.5;
    const Extent extent{21, 23, 25};
    std::vector<float> volume(21 * 23 * 25);
    volume[(10 * 23 + 11) * 25 + 12] = 1;
    blur(volume, extent, sigma);
    const double peak = std::pow(2 * std::numbers::pi * sigma * sigma, -1.5);
    std::size_t i = 0;
    for (int z = -10; z <= 10; ++z)
        for (int y = -11; y <= 11; ++y)
            for (int x = -12; x <= 12; ++x, ++i)
                QCOMPARE_LE(std::abs(volume[i] - peak * std::exp(-0.5 * (z * z + y * y + x * x) / (sigma * sigma))),
                            4e-4 * peak); // what is cut off beyond four sigma along three axes
    QCOMPARE_LE(std::abs(std::accumulate(volume.begin(), volume.end(), 0.0) - 1), 1e-6);
}

void tst_IntensityChanges::blurKeepsTheSum()
{
    // Mirrored edges give back what leaves; also where the kernel is longer than the volume.
    for (const double sigma : {0.6, 5.0}) {
        auto values = randomValues(3 * 7 * 20, 4);
        const double sum = std::accumulate(values.begin(), values.end(), 0.0);
        const double deviation = momentsOf(values).deviation;
        blur(values, {3, 7, 20}, sigma);
        QCOMPARE_LE(std::abs(std::accumulate(values.begin(), values.end(), 0.0) - sum), 1e-3);
        QCOMPARE_LE(momentsOf(values).deviation, deviation);
    }
}

void tst_IntensityChanges::coarseScanOfARamp()
{
    // Half of 8: places 1/2, 5/2, 9/2, 13/2 are kept, so that a ramp goes on in its place but at the ends.
    std::vector<float> ramp{0, 1, 2, 3, 4, 5, 6, 7};
    simulateLowResolution(ramp, {1, 1, 8}, 0.5, {false, true, true});
    QVERIFY((ramp == std::vector<float>{0.5f, 1, 2, 3, 4, 5, 6, 6.5f}));
    // What is finer than that is lost: stripes become grey.
    std::vector<float> stripes{0, 1, 0, 1, 0, 1, 0, 1};
    simulateLowResolution(stripes, {1, 8, 1}, 0.5, {false, true, true});
    QVERIFY((stripes == std::vector<float>(8, 0.5f)));
    // A third of 9: the middle of each three is kept.
    ramp = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    simulateLowResolution(ramp, {1, 9, 1}, 1 / 3.0, {false, true, true});
    for (int i = 1; i < 8; ++i)
        QCOMPARE_LE(std::abs(ramp[i] - static_cast<float>(i)), 1e-5f);
}

void tst_IntensityChanges::coarseScanKeepsTheMean()
{
    auto values = randomValues(40 * 40 * 40, 6);
    const double mean = momentsOf(values).mean;
    simulateLowResolution(values, {40, 40, 40}, 0.6, {true, true, true});
    QCOMPARE_LE(std::abs(momentsOf(values).mean - mean), 4 * 2 / std::sqrt(24.0 * 24 * 24)); // of what is kept
}

void tst_IntensityChanges::coarseScanLeavesOtherAxes()
{
    std::vector<float> values(5 * 6 * 7);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>((i / 42) * (i / 42)); // of the slice alone
    const auto before = values;
    simulateLowResolution(values, {5, 6, 7}, 0.5, {false, true, true});
    QVERIFY(values == before);
}

void tst_IntensityChanges::equalisationOfTwoLevels_data()
{
    QTest::addColumn<double>("limit");
    QTest::newRow("1") << 1.0;
    QTest::newRow("2") << 2.0;
    QTest::newRow("40") << 40.0;
    QTest::newRow("nothing is cut") << 128.0;
}

void tst_IntensityChanges::equalisationOfTwoLevels()
{
    QFETCH(double, limit);
    std::vector<float> picture(64 * 64);
    for (int i = 0; i < 64 * 64; ++i)
        picture[i] = (i / 64 + i) % 2 == 0 ? -1 : 3;
    equalise(picture, 64, limit);
    // Each of the two bins holds half of a tile. Cut at limit / 256, with 1 / 256 of the rest 1 - limit / 128 added,
    // the first one's middle is half of that.
    const double share = (limit + 1 - limit / 128) / 512;
    for (int i = 0; i < 64 * 64; ++i)
        QCOMPARE_LE(std::abs(picture[i] - ((i / 64 + i) % 2 == 0 ? -1 + 4 * share : 3 - 4 * share)), 1e-5);
}

void tst_IntensityChanges::equalisationLeavesAnEqualHistogram()
{
    // 16 x 16 pixels a tile, each grey level once: level k becomes (k + 1/2) / 256.
    std::vector<float> picture(128 * 128);
    for (int y = 0; y < 128; ++y)
        for (int x = 0; x < 128; ++x)
            picture[y * 128 + x] = static_cast<float>((y % 16) * 16 + x % 16);
    auto changed = picture;
    equalise(changed, 128, 3);
    for (std::size_t i = 0; i < picture.size(); ++i)
        QCOMPARE_LE(std::abs(changed[i] - 255 * (picture[i] + 0.5f) / 256), 1e-3f);
}

void tst_IntensityChanges::equalisationDrawsApartWhatIsClose()
{
    // Faint structure in a dark half, the other half bright: contrast grows there, by at most the limit and the share
    // of what was cut, and every value stays within the picture's range.
    std::vector<float> picture(96 * 104);
    for (int y = 0; y < 96; ++y)
        for (int x = 0; x < 104; ++x)
            picture[y * 104 + x] = x >= 52 ? 255.0f : static_cast<float>((x + y) % 20);
    auto changed = picture;
    equalise(changed, 96, 4);
    const auto [low, high] = std::ranges::minmax(changed);
    QCOMPARE_GE(low, 0.0f);
    QCOMPARE_LE(high, 255.0f);
    const auto at = 40 * 104 + 10, other = at + 9; // levels 10 and 19
    QCOMPARE(picture[other] - picture[at], 9.0f);
    QCOMPARE_GE(changed[other] - changed[at], 2 * 9.0f);
    QCOMPARE_LE(changed[other] - changed[at], (4 + 1) * 9.0f);
}

void tst_IntensityChanges::rectanglesTakeTheMean()
{
    const auto before = randomValues(60 * 80, 12);
    const auto mean = static_cast<float>(momentsOf(before).mean);
    Random random(3);
    std::ptrdiff_t most = 0;
    for (int n = 0; n < 200; ++n) {
        auto values = before;
        blankRectangles(values, 60, 0.2, random);
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(values[i] == before[i] || values[i] == mean);
        most = std::max(most, std::ranges::count(values, mean));
    }
    QCOMPARE_GE(most, 12 * 16);
    QCOMPARE_LE(most, 4 * 12 * 16);
}

void tst_IntensityChanges::constantPicturesStay()
{
    const Extent extent{1, 24, 32};
    Random random(1);
    const std::vector<Change> changes{
        [](auto values) { applyGamma(values, 1.5); },
        [](auto values) { applyGamma(values, 0.7, true); },
        [](auto values) { applyContrast(values, 1.25); },
        [&](auto values) { blur(values, extent, 1.2); },
        [&](auto values) {
            simulateLowResolution(values, extent, 0.5, {true, true, true});
        },
        [](auto values) { equalise(values, 24, 4); },
        [&](auto values) { blankRectangles(values, 24, 0.2, random); },
    };
    for (const auto &change : changes)
        for (const float constant : {0.0f, -3.7f}) {
            std::vector<float> values(24 * 32, constant);
            change(values);
            for (const float value : values)
                QCOMPARE_LE(std::abs(value - constant), 1e-5f);
        }
}

void tst_IntensityChanges::emptyRangesChangeNothing()
{
    auto ranges = test::tinyPlan({4}, {8, 8}).augmentation;
    const auto before = randomValues(2 * 16 * 16, 2);
    Random random(1);
    for (int n = 0; n < 100; ++n) {
        auto values = before;
        changeIntensities(ranges, radiographOdds, values, {1, 16, 16}, {false, true, true}, random);
        QVERIFY(values == before);
    }
}

void tst_IntensityChanges::everythingStaysFinite_data()
{
    QTest::addColumn<bool>("radiograph");
    QTest::addColumn<bool>("constant");
    QTest::newRow("volume") << false << false;
    QTest::newRow("constant volume") << false << true;
    QTest::newRow("radiograph") << true << false;
    QTest::newRow("constant radiograph") << true << true;
}

void tst_IntensityChanges::everythingStaysFinite()
{
    QFETCH(bool, radiograph);
    QFETCH(bool, constant);
    Plan::Augmentation ranges;
    ranges.blur = 2;
    ranges.lowResolution = 0.1;
    ranges.clahe = 4;
    ranges.dropout = 0.5;
    const Extent extent = radiograph ? Extent{1, 24, 20} : Extent{4, 10, 12};
    const auto before = constant ? std::vector<float>(2 * 480, 1.5f) : randomValues(2 * 480, 2);
    Random random(1);
    int changed = 0;
    for (int n = 0; n < 500; ++n) {
        auto values = before;
        changeIntensities(ranges, radiograph ? radiographOdds : volumeOdds, values, extent, {!radiograph, true, true},
                          random);
        QVERIFY(std::ranges::all_of(values, [](float value) { return std::isfinite(value); }));
        changed += values != before;
    }
    QCOMPARE_GE(changed, 100);
}

QTEST_GUILESS_MAIN(tst_IntensityChanges)
#include "tst_intensity_changes.moc"
