// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/crop.h"
#include "imaging/preparation/intensity.h"
#include "imaging/preparation/shrink.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::imaging;

namespace {

Volume line(std::vector<float> values)
{
    Volume volume;
    volume.geometry.size = {static_cast<int>(values.size()), 1, 1};
    volume.values = std::move(values);
    return volume;
}

const float s_nan = std::numeric_limits<float>::quiet_NaN();

} // namespace

class tst_Intensity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void percentilesAsNumpyCountsThem();
    void clipsToPercentiles();
    void windowAndScaleOfTheForeground();
    void drawsFromTheLabelsAlone();
    void cropsToWhatIsNotZeroAndBack();
    void shrinksByMeans();
};

void tst_Intensity::percentilesAsNumpyCountsThem()
{
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], q) for q = 0, 25, 40, 50, 99.5, 100
    const std::vector<float> values{3, 1, s_nan, 4, 1, 5, 9, 2, 6};
    const std::vector<std::pair<double, double>> expected{{0, 1},    {25, 1.75},    {40, 2.8},
                                                          {50, 3.5}, {99.5, 8.895}, {100, 9}};
    for (const auto &[percent, value] : expected)
        QCOMPARE_LE(std::abs(percentile(values, percent) - value), 1e-6);
    QCOMPARE(percentile({}, 50), 0.0);
}

void tst_Intensity::clipsToPercentiles()
{
    std::vector<float> values;
    for (int n = 0; n <= 200; ++n) // the 0.5 percentile is 1, the 99.5 percentile 199
        values.push_back(static_cast<float>(n));
    auto volume = line(values);
    clipPercentiles(volume);
    QCOMPARE(volume.values.front(), 1.0F);
    QCOMPARE(volume.values.back(), 199.0F);
    QCOMPARE(volume.values[100], 100.0F);

    auto masked = line({0, 0, 0, 0, 10, 20, 30, s_nan});
    clipPercentiles(masked, 25, 75, true); // of 10, 20, 30: 15 and 25
    QCOMPARE(std::vector<float>(masked.values.begin(), masked.values.end() - 1),
             (std::vector<float>{0, 0, 0, 0, 15, 20, 25}));
    QVERIFY(std::isnan(masked.values.back()));
}

void tst_Intensity::windowAndScaleOfTheForeground()
{
    std::vector<float> drawn;
    for (int n = 0; n <= 200; ++n)
        drawn.push_back(static_cast<float>(n - 100));
    const auto found = foregroundIntensities(drawn);
    QVERIFY(found);
    QCOMPARE(found->low, -99.0);
    QCOMPARE(found->high, 99.0);
    QCOMPARE_LE(std::abs(found->mean), 1e-12);
    // The variance of 0, 1, ..., n is n (n + 2) / 12.
    QCOMPARE_LE(std::abs(found->standardDeviation - std::sqrt(200 * 202 / 12.0)), 1e-9);

    QVERIFY(!foregroundIntensities({}));
    QVERIFY(!foregroundIntensities(std::vector<float>{7, 7}));
}

void tst_Intensity::drawsFromTheLabelsAlone()
{
    const auto image = line({1, 2, 3, s_nan, 5, 6});
    LabelMap labels{image.geometry, {0, 1, 0, 1, 2, 0}};
    QCOMPARE(drawForeground(image, labels, 10, 1), (std::vector<float>{2, 5}));
    Volume large = line(std::vector<float>(5000));
    LabelMap half{large.geometry, std::vector<std::uint8_t>(5000)};
    for (std::size_t n = 0; n < 5000; ++n) {
        large.values[n] = static_cast<float>(n);
        half.values[n] = n >= 2500;
    }
    const auto drawn = drawForeground(large, half, 1000, 3);
    QCOMPARE(drawn.size(), std::size_t{1000});
    QVERIFY(*std::min_element(drawn.begin(), drawn.end()) >= 2500);
    QVERIFY(drawn == drawForeground(large, half, 1000, 3));
    QVERIFY(drawn != drawForeground(large, half, 1000, 4));
}

void tst_Intensity::cropsToWhatIsNotZeroAndBack()
{
    Geometry grid{{6, 5, 4}, {1, 2, 3}, {10, 20, 30}, {Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}}};
    Volume first{grid, std::vector<float>(120, 0)}, second = first;
    first.values[static_cast<std::size_t>(grid.offset(2, 1, 1))] = 4;
    second.values[static_cast<std::size_t>(grid.offset(4, 3, 1))] = -1;
    const auto box = nonZeroBox(std::vector{first, second});
    QVERIFY((box == VoxelBox{{2, 1, 1}, {4, 3, 1}}));
    const auto part = cropped(second, box);
    QCOMPARE(part.geometry.size, (Index3{3, 3, 1}));
    QCOMPARE(part.geometry.origin, (Vec3{8, 22, 33}));
    QCOMPARE(part.at(2, 2, 0), -1.0F);

    LabelMap labels{part.geometry, {1, 2, 3, 4, 5, 6, 7, 8, 9}};
    const auto whole = uncropped(labels, box, grid);
    QVERIFY(whole.geometry == grid);
    QCOMPARE(whole.at(3, 2, 1), 5);
    QCOMPARE(std::count(whole.values.begin(), whole.values.end(), 0), 111);
    QVERIFY(cropped(whole, box).values == labels.values);

    const std::vector empty{Volume{grid, std::vector<float>(120, 0)}};
    QCOMPARE(nonZeroBox(empty).size(), grid.size);
}

void tst_Intensity::shrinksByMeans()
{
    Volume volume;
    volume.geometry.size = {5, 2, 1};
    volume.geometry.spacing = {1, 2, 5};
    volume.values = {1, 3, 5, 7, 9, 11, 13, 15, 17, 20};
    QCOMPARE(shrinkFactors(volume.geometry, 4), (Index3{4, 2, 1}));
    const auto half = shrunk(volume, {2, 2, 1});
    QCOMPARE(half.geometry.size, (Index3{3, 1, 1}));
    QCOMPARE(half.geometry.spacing, (Vec3{2, 4, 5}));
    QCOMPARE(half.geometry.origin, (Vec3{0.5, 1, 0}));
    QCOMPARE(half.values, (std::vector<float>{7, 11, 14.5F})); // of what there is of the last block
}

QTEST_APPLESS_MAIN(tst_Intensity)
#include "tst_intensity.moc"
