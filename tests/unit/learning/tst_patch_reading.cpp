// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/patch_reading.h"
#include "support/learning_plans.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::learning;
using test::emptySample;

namespace {

/// A linear function of the place, which trilinear interpolation reproduces: 1 + x + 100 y + 10000 z.
double address(const Point &at)
{
    return 1 + at[2] + 100 * at[1] + 10000 * at[0];
}

Sample addressedSample(const Extent &size)
{
    auto sample = emptySample(size);
    std::size_t i = 0;
    for (std::int64_t z = 0; z < size[0]; ++z)
        for (std::int64_t y = 0; y < size[1]; ++y)
            for (std::int64_t x = 0; x < size[2]; ++x)
                sample.image[i++] = static_cast<float>(
                    address({static_cast<double>(z), static_cast<double>(y), static_cast<double>(x)}));
    return sample;
}

struct Patch
{
    std::vector<float> image;
    std::vector<std::uint8_t> labels;
};

Patch read(const Sample &sample, const Placement &placement, const Extent &extent)
{
    const auto voxels = static_cast<std::size_t>(extent[0] * extent[1] * extent[2]);
    Patch patch{std::vector<float>(voxels * sample.channels, -7), std::vector<std::uint8_t>(voxels, 77)};
    readPatch(sample, placement, extent, patch.image, patch.labels);
    return patch;
}

double determinant(const Matrix &m)
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/// Where a voxel of the patch is read, from the definition.
Point source(const Placement &placement, const Extent &extent, const Point &voxel)
{
    Point offset = voxel;
    if (placement.elastic) {
        const auto displacement = placement.elastic->at(voxel);
        for (int axis = 0; axis < 3; ++axis)
            offset[axis] += displacement[axis];
    }
    for (int axis = 0; axis < 3; ++axis)
        offset[axis] -= 0.5 * static_cast<double>(extent[axis] - 1);
    auto place = placement.matrix * offset;
    for (int axis = 0; axis < 3; ++axis)
        place[axis] += static_cast<double>(placement.start[axis]) + placement.shift[axis] +
                       0.5 * static_cast<double>(extent[axis] - 1);
    return place;
}

} // namespace

class tst_PatchReading : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void quarterTurnMovesAxesOnToEachOther_data();
    void quarterTurnMovesAxesOnToEachOther();
    void enlargingHalvesTheDistances();
    void turnIsRigidInMillimetres();
    void inverseUndoesTheMatrix();
    void shiftByWholeVoxelsIsAnotherStart();
    void outsideTheCaseIsZero();
    void labelWithTheLargestSharePrevails();
    void labelsFollowTheImage_data();
    void labelsFollowTheImage();
    void everythingIsOneResampling();
    void elasticIsBoundedAndNeverFolds_data();
    void elasticIsBoundedAndNeverFolds();
    void pointsGoBackThroughTheMap();
    void flipReversesOneAxis();
};

void tst_PatchReading::quarterTurnMovesAxesOnToEachOther_data()
{
    QTest::addColumn<int>("axis");
    QTest::newRow("about z") << 0;
    QTest::newRow("about y") << 1;
    QTest::newRow("about x") << 2;
}

void tst_PatchReading::quarterTurnMovesAxesOnToEachOther()
{
    QFETCH(int, axis);
    const auto sample = addressedSample({5, 5, 5});
    std::array<double, 3> degrees{};
    degrees[axis] = 90;
    Placement placement;
    placement.matrix = turnAndScale(degrees, {1, 1, 1}, {1, 1, 1});
    const auto patch = read(sample, placement, {5, 5, 5});
    for (std::int64_t i = 0; i < 125; ++i) {
        const Extent to{i / 25, i / 5 % 5, i % 5};
        Extent from = to;
        from[(axis + 1) % 3] = 4 - to[(axis + 2) % 3];
        from[(axis + 2) % 3] = to[(axis + 1) % 3];
        const float expected = sample.image[(from[0] * 5 + from[1]) * 5 + from[2]];
        QCOMPARE_LE(std::abs(patch.image[i] - expected), 0.02f); // 5e-7 of the largest
    }
}

void tst_PatchReading::enlargingHalvesTheDistances()
{
    auto sample = emptySample({1, 1, 9});
    for (int x = 0; x < 9; ++x)
        sample.image[x] = static_cast<float>(x);
    Placement placement;
    placement.matrix = turnAndScale({0, 0, 0}, {1, 1, 2}, {1, 1, 1});
    const auto patch = read(sample, placement, {1, 1, 9});
    for (int x = 0; x < 9; ++x)
        QCOMPARE(patch.image[x], 2 + 0.5f * static_cast<float>(x));
}

void tst_PatchReading::turnIsRigidInMillimetres()
{
    const std::array<double, 3> spacing{3, 0.5, 1.25};
    const auto matrix = turnAndScale({20, -35, 50}, {1, 1, 1}, spacing);
    for (const Point &v : {Point{1, 0, 0}, {0, 4, 0}, {1, -2, 3}}) {
        const auto turned = matrix * v;
        double before = 0, after = 0;
        for (int axis = 0; axis < 3; ++axis) {
            before += std::pow(v[axis] * spacing[axis], 2);
            after += std::pow(turned[axis] * spacing[axis], 2);
        }
        QCOMPARE_LE(std::abs(before - after), 1e-12 * before);
    }
    QCOMPARE_LE(std::abs(determinant(matrix) - 1), 1e-12);
}

void tst_PatchReading::inverseUndoesTheMatrix()
{
    const auto matrix = turnAndScale({20, -35, 50}, {0.7, 1.4, 1.1}, {3, 0.5, 1.25});
    const auto back = inverse(matrix) * (matrix * Point{3, -5, 7});
    QCOMPARE_LE(std::abs(back[0] - 3) + std::abs(back[1] + 5) + std::abs(back[2] - 7), 1e-12);
}

void tst_PatchReading::shiftByWholeVoxelsIsAnotherStart()
{
    const auto sample = addressedSample({6, 7, 8});
    Placement shifted, started;
    shifted.shift = {1, -2, 3};
    started.start = {1, -2, 3};
    QVERIFY(read(sample, shifted, {5, 5, 5}).image == read(sample, started, {5, 5, 5}).image);
}

void tst_PatchReading::outsideTheCaseIsZero()
{
    auto sample = addressedSample({4, 4, 4});
    std::ranges::fill(sample.labels, std::uint8_t(1));
    Placement placement;
    placement.shift = {0, 0, 3.75}; // the first column lies a quarter before the edge, the others beyond
    const auto patch = read(sample, placement, {4, 4, 4});
    for (std::size_t i = 0; i < patch.image.size(); ++i) {
        const bool touches = i % 4 == 0;
        QCOMPARE(patch.image[i], touches ? sample.image[i + 3] / 4 : 0.0f);
        QCOMPARE(int(patch.labels[i]), 0);
    }
    placement.shift = {1e9, -1e9, 50};
    QVERIFY(std::ranges::all_of(read(sample, placement, {4, 4, 4}).image, [](float value) { return value == 0; }));
}

void tst_PatchReading::labelWithTheLargestSharePrevails()
{
    auto sample = emptySample({1, 2, 2});
    sample.labels = {1, 1, 2, 3};
    Placement placement;
    placement.shift = {0, 0.6, 0.6}; // shares 0.16, 0.24, 0.24, 0.36: label 1 has 0.40, the nearest voxel says 3
    QCOMPARE(int(read(sample, placement, {1, 1, 1}).labels[0]), 1);
    placement.shift = {0, 0.7, 0.7}; // 0.09, 0.21, 0.21, 0.49
    QCOMPARE(int(read(sample, placement, {1, 1, 1}).labels[0]), 3);
}

void tst_PatchReading::labelsFollowTheImage_data()
{
    QTest::addColumn<bool>("flat");
    QTest::newRow("3D") << false;
    QTest::newRow("2D") << true;
}

void tst_PatchReading::labelsFollowTheImage()
{
    QFETCH(bool, flat);
    auto sample = emptySample({flat ? 1 : 30, 28, 26});
    std::size_t i = 0;
    for (std::int64_t z = 0; z < sample.size[0]; ++z)
        for (int y = 0; y < 28; ++y)
            for (int x = 0; x < 26; ++x, ++i) {
                const double distance = std::hypot(flat ? 0.0 : static_cast<double>(z - 14), y - 15, x - 12);
                sample.image[i] = static_cast<float>(7 - distance);
                sample.labels[i] = distance <= 7;
            }
    Random random(3);
    for (int n = 0; n < 10; ++n) {
        const double angle = random.uniform(-180, 180);
        const Extent extent{flat ? 1 : 24, 20, 22};
        Placement placement;
        placement.matrix = turnAndScale({angle, flat ? 0 : angle, 0}, {flat ? 1 : 0.9, 0.9, 0.9}, {1, 1, 1});
        placement.elastic.emplace(extent, std::array<double, 3>{1, 1, 1}, std::array<bool, 3>{!flat, true, true}, 3,
                                  random);
        const auto patch = read(sample, placement, extent);
        QVERIFY(std::ranges::count(patch.labels, 1) > (flat ? 50 : 500));
        for (std::size_t voxel = 0; voxel < patch.labels.size(); ++voxel) {
            if (patch.image[voxel] > 0.6f)
                QCOMPARE(int(patch.labels[voxel]), 1);
            if (patch.image[voxel] < -0.6f)
                QCOMPARE(int(patch.labels[voxel]), 0);
        }
    }
}

void tst_PatchReading::everythingIsOneResampling()
{
    const auto sample = addressedSample({60, 60, 60});
    const Extent extent{12, 14, 16};
    Random random(11);
    Placement placement;
    placement.start = {22, 20, 24};
    placement.shift = {0.3, -0.2, 1.4};
    placement.matrix = turnAndScale({20, 10, -30}, {1.2, 1.2, 1.2}, {2, 1, 1});
    placement.elastic.emplace(extent, std::array<double, 3>{2, 1, 1}, std::array<bool, 3>{true, true, true}, 3, random);
    const auto patch = read(sample, placement, extent);
    std::size_t i = 0;
    for (int z = 0; z < 12; ++z)
        for (int y = 0; y < 14; ++y)
            for (int x = 0; x < 16; ++x, ++i) {
                const auto at = source(placement, extent, {double(z), double(y), double(x)});
                QCOMPARE_LE(std::abs(patch.image[i] - address(at)), 0.2); // 2e-5 of a slice's step
            }
}

void tst_PatchReading::elasticIsBoundedAndNeverFolds_data()
{
    QTest::addColumn<bool>("flat");
    QTest::addColumn<double>("largest");
    QTest::addColumn<double>("slice"); // millimetres, where voxels are 1 mm within
    QTest::newRow("3D, small") << false << 1.0 << 1.0;
    QTest::newRow("3D") << false << 4.0 << 1.0;
    QTest::newRow("3D, large, thick slices") << false << 12.0 << 2.5;
    QTest::newRow("2D") << true << 4.0 << 1.0;
    QTest::newRow("2D, large") << true << 15.0 << 1.0;
}

void tst_PatchReading::elasticIsBoundedAndNeverFolds()
{
    QFETCH(bool, flat);
    QFETCH(double, largest);
    QFETCH(double, slice);
    const Extent extent{flat ? 1 : 14, 30, 26};
    const std::array<double, 3> spacing{slice, 1, 1};
    double farthest = 0, smallest = 1;
    for (int seed = 0; seed < 20; ++seed) {
        Random random(seed);
        const ElasticField field(extent, spacing, {!flat, true, true}, largest, random);
        for (double z = 0; z < static_cast<double>(extent[0]); z += 2)
            for (int y = 1; y < 29; y += 2)
                for (int x = 1; x < 25; x += 2) {
                    const auto u = field.at({z, double(y), double(x)});
                    farthest = std::max(farthest, std::hypot(u[0] * slice, u[1], u[2]));
                    Matrix jacobian = identity;
                    constexpr double step = 0.25;
                    for (int axis = flat ? 1 : 0; axis < 3; ++axis) {
                        Point before{z, double(y), double(x)}, after = before;
                        before[axis] = std::max(0.0, before[axis] - step);
                        after[axis] = std::min(static_cast<double>(extent[axis] - 1), after[axis] + step);
                        const auto low = field.at(before), high = field.at(after);
                        for (int row = 0; row < 3; ++row)
                            jacobian[row][axis] += (high[row] - low[row]) / (after[axis] - before[axis]);
                    }
                    smallest = std::min(smallest, determinant(jacobian));
                }
    }
    QCOMPARE_LE(farthest, largest * (1 + 1e-5));
    QCOMPARE_GE(farthest, 0.3 * largest);
    QCOMPARE_GE(smallest, 0.02);
    QCOMPARE_LE(smallest, 0.95); // it does deform
}

void tst_PatchReading::pointsGoBackThroughTheMap()
{
    const Extent extent{1, 40, 50};
    for (int seed = 0; seed < 50; ++seed) {
        Random random(seed);
        Placement placement;
        placement.start = {0, -3, 8};
        placement.shift = {0, 1.5, -2.25};
        placement.matrix = turnAndScale({random.uniform(-30, 30), 0, 0}, {1, 1.2, 1.2}, {1, 1, 1});
        placement.elastic.emplace(extent, std::array<double, 3>{1, 1, 1}, std::array<bool, 3>{false, true, true}, 6,
                                  random);
        const Point voxel{0, random.uniform(0, 39), random.uniform(0, 49)};
        const auto back = pointInPatch(placement, extent, source(placement, extent, voxel));
        QCOMPARE_LE(std::hypot(back[0] - voxel[0], back[1] - voxel[1], back[2] - voxel[2]), 1e-4);
    }
}

void tst_PatchReading::flipReversesOneAxis()
{
    const Extent extent{2, 3, 4};
    std::vector<std::uint8_t> volume(24);
    for (int axis = 0; axis < 3; ++axis) {
        for (int i = 0; i < 24; ++i)
            volume[i] = static_cast<std::uint8_t>(i);
        flip(volume, extent, axis);
        for (std::int64_t i = 0; i < 24; ++i) {
            Extent at{i / 12, i / 4 % 3, i % 4};
            at[axis] = extent[axis] - 1 - at[axis];
            QCOMPARE(std::int64_t(volume[i]), (at[0] * 3 + at[1]) * 4 + at[2]);
        }
    }
}

QTEST_GUILESS_MAIN(tst_PatchReading)
#include "tst_patch_reading.moc"
