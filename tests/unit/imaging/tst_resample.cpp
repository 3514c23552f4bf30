// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/resample.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace consilium::imaging;

namespace {

Geometry cube(int size)
{
    Geometry geometry;
    geometry.size = {size, size, size};
    return geometry;
}

double ramp(const Vec3 &p)
{
    return 2 * p[0] + 3 * p[1] - p[2] + 5;
}

Volume rampOn(const Geometry &geometry)
{
    Volume volume{geometry, {}};
    for (int k = 0; k < geometry.size[2]; ++k)
        for (int j = 0; j < geometry.size[1]; ++j)
            for (int i = 0; i < geometry.size[0]; ++i)
                volume.values.push_back(static_cast<float>(ramp(
                    geometry.toPatient({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}))));
    return volume;
}

Volume line(std::vector<float> values)
{
    Volume volume;
    volume.geometry.size = {static_cast<int>(values.size()), 1, 1};
    volume.values = std::move(values);
    return volume;
}

} // namespace

class tst_Resample : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linearRampStaysExact();
    void sameGridChangesNothing();
    void borderGoesOnForHalfAVoxel();
    void damagedVoxelsDoNotSpreadOntoOthers();
    void newSpacingKeepsTheExtent();
    void labelsTakeTheHeavierSide();
    void labelsAreNeverInvented();
    void labelsSurviveThereAndBack();
};

void tst_Resample::linearRampStaysExact()
{
    auto source = cube(20);
    source.spacing = {1, 1.5, 2};
    source.origin = {-10, -15, -20};
    Geometry target = cube(8); // wholly inside, turned and finer
    target.spacing = {0.7, 0.9, 1.1};
    target.origin = {-2, -3, -4};
    const double c = std::cos(0.4), s = std::sin(0.4);
    target.direction = {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}};
    const auto expected = rampOn(target), result = resample(rampOn(source), target);
    QVERIFY(result.geometry == target);
    for (std::size_t n = 0; n < expected.values.size(); ++n)
        QCOMPARE_LE(std::abs(result.values[n] - expected.values[n]), 1e-4F);
}

void tst_Resample::sameGridChangesNothing()
{
    auto geometry = cube(9);
    geometry.spacing = {0.9375, 0.9375, 1.2};
    const double c = std::cos(0.3), s = std::sin(0.3);
    geometry.direction = {Vec3{1, 0, 0}, Vec3{0, c, -s}, Vec3{0, s, c}};
    const auto volume = rampOn(geometry);
    QVERIFY(resample(volume, geometry).values == volume.values);
    auto noisy = geometry; // as far off as a header in float32
    noisy.origin[0] += 1e-8;
    QVERIFY(resample(volume, noisy).values == volume.values);
}

void tst_Resample::borderGoesOnForHalfAVoxel()
{
    auto target = line({0, 0, 0, 0, 0, 0, 0, 0}).geometry;
    target.origin[0] = -1.25;
    target.spacing[0] = 0.5;
    // Sampled at -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.75, 2.25 of voxels 0 and 1.
    const auto result = resample(line({8, 4}), target);
    QCOMPARE(result.values, (std::vector<float>{4, 4, 8, 7, 5, 4, 4, 4}));
}

void tst_Resample::damagedVoxelsDoNotSpreadOntoOthers()
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    auto target = line({0, 0, 0, 0, 0}).geometry;
    target.origin[0] = -2; // -2 lies outside: the smallest finite value
    const auto result = resample(line({3, nan, 7}), target);
    QCOMPARE(result.values[0], 3.0F);
    QCOMPARE(result.values[2], 3.0F);
    QVERIFY(std::isnan(result.values[3]));
    QCOMPARE(result.values[4], 7.0F);
}

void tst_Resample::newSpacingKeepsTheExtent()
{
    Geometry geometry;
    geometry.size = {10, 20, 5};
    geometry.spacing = {1, 0.5, 4};
    geometry.origin = {3, -8, 40};
    const auto finer = withSpacing(geometry, {2, 0.25, 1});
    QCOMPARE(finer.size, (Index3{5, 40, 20}));
    QCOMPARE(finer.spacing, (Vec3{2, 0.25, 1}));
    // The outer faces stay: voxel 0 began at 3 - 0.5, -8 - 0.25 and 40 - 2.
    QCOMPARE(finer.origin, (Vec3{2.5 + 1, -8.25 + 0.125, 38 + 0.5}));
    QCOMPARE(withSpacing(geometry, {1000, 1000, 1000}).size, (Index3{1, 1, 1}));
    QVERIFY(withSpacing(geometry, geometry.spacing) == geometry);
}

void tst_Resample::labelsTakeTheHeavierSide()
{
    LabelMap labels;
    labels.geometry.size = {3, 1, 1};
    labels.values = {5, 2, 0};
    auto target = labels.geometry;
    target.size[0] = 9;
    target.spacing[0] = 0.25;
    // At 0, .25, .5 (a tie: the lower label), .75, 1, ...
    QCOMPARE(resampleLabels(labels, target).values, (std::vector<std::uint8_t>{5, 5, 2, 2, 2, 2, 0, 0, 0}));
    target.origin[0] = 10;
    QCOMPARE(resampleLabels(labels, target).values, std::vector<std::uint8_t>(9, 0));
}

void tst_Resample::labelsAreNeverInvented()
{
    // Between 1 and 3 lies 2 for numbers, not for labels.
    LabelMap labels{cube(6), std::vector<std::uint8_t>(216)};
    for (std::size_t n = 0; n < 216; ++n)
        labels.values[n] = n % 5 < 2 ? 1 : 3;
    auto target = withSpacing(labels.geometry, {0.37, 0.61, 0.83});
    for (const auto value : resampleLabels(labels, target).values)
        QVERIFY(value == 1 || value == 3);
}

void tst_Resample::labelsSurviveThereAndBack()
{
    LabelMap labels{cube(12), std::vector<std::uint8_t>(12 * 12 * 12)};
    for (int k = 3; k < 9; ++k)
        for (int j = 3; j < 9; ++j)
            for (int i = 3; i < 9; ++i)
                labels.values[static_cast<std::size_t>(labels.geometry.offset(i, j, k))] = i < 6 ? 1 : 2;
    const auto fine = resampleLabels(labels, withSpacing(labels.geometry, {0.5, 0.5, 0.5}));
    QVERIFY(resampleLabels(fine, labels.geometry).values == labels.values);
}

QTEST_APPLESS_MAIN(tst_Resample)
#include "tst_resample.moc"
