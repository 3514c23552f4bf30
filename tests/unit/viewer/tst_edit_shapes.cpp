// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing_fixtures.h"
#include "viewer/editing/between_slices.h"
#include "viewer/editing/region_grow.h"

#include <QtTest>
#include <numbers>

using namespace consilium;
using namespace consilium::test;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

namespace {

constexpr auto kActive = LabelEditor::Paint::Active;

// Patient axis across the slices of a plane.
std::size_t across(Plane plane)
{
    constexpr std::size_t axes[] = {2, 1, 0};
    return axes[static_cast<std::size_t>(plane)];
}

struct Setting
{
    Geometry grid;
    Plane plane = Plane::Axial;
};

void addSettings()
{
    QTest::addColumn<Setting>("setting");
    for (const char *letters : {"LPS", "RAS", "PIR", "SAL"})
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
            for (const Vec3 spacing : {Vec3{1, 1, 1}, Vec3{0.5, 0.8, 3}}) {
                imaging::Index3 size{};
                for (std::size_t n = 0; n < 3; ++n)
                    size[n] = static_cast<int>(48 / spacing[n]) + 1;
                QTest::addRow("%s, plane %d, %g x %g x %g mm", letters, static_cast<int>(plane), spacing[0], spacing[1],
                              spacing[2])
                    << Setting{test::gridOf(letters, size, spacing), plane};
            }
}

} // namespace

Q_DECLARE_METATYPE(Setting)

class tst_EditShapes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void discIsTheVoxelsWithinItsRadius_data() { addSettings(); }
    void discIsTheVoxelsWithinItsRadius();
    void discHasTheAreaOfACircle();
    void fastStrokesLeaveNoGaps_data() { addSettings(); }
    void fastStrokesLeaveNoGaps();
    void smallestBrushPaintsTheVoxelUnderIt();
    void ballHasTheVolumeOfASphere_data();
    void ballHasTheVolumeOfASphere();
    void polygonFillsAKnownSquare_data() { addSettings(); }
    void polygonFillsAKnownSquare();
    void crossingPolygonLeavesAHole();
    void finerGridsArePaintedThroughTheSlice();
    void outsideTheGridNothingIsDrawn();
    void betweenTwoDiscsLiesTheMeanRadius_data() { addSettings(); }
    void betweenTwoDiscsLiesTheMeanRadius();
    void betweenEqualShapesLiesTheSameShape();
    void regionIsTheConnectedComponent();
    void regionStopsAtItsLimits();
};

void tst_EditShapes::discIsTheVoxelsWithinItsRadius()
{
    QFETCH(Setting, setting);
    const auto &[grid, plane] = setting;
    const Vec3 centre = middle(grid);
    constexpr double kRadius = 7.31; // no voxel centre lies just on the rim
    const LabelMap disc = mapOf(grid, discAlong(slicesAt(grid, plane, centre), centre, centre, kRadius));
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        const bool inSlice = std::abs(at[across(plane)] - centre[across(plane)]) < 1e-6;
        const bool expected = inSlice && distance(at, centre) <= kRadius;
        if (disc.at(i, j, k) != (expected ? 1 : 0))
            QFAIL(qPrintable(QStringLiteral("voxel %1 %2 %3").arg(i).arg(j).arg(k)));
    });
}

void tst_EditShapes::discHasTheAreaOfACircle()
{
    // Anisotropic: the circle is one in millimetres. Where its middle lies within a pixel adds and takes pixels at the
    // rim; over all places the area is that of the circle.
    const Geometry grid = test::gridOf("RAS", {200, 120, 5}, {0.25, 0.5, 4});
    const Vec3 centre = middle(grid), index = grid.toIndex(centre);
    const double halfDiagonal = std::hypot(0.25, 0.5) / 2;
    for (const double radius : {3.0, 6.0, 10.0}) {
        const auto circle = [](double r) { return std::numbers::pi * r * r; };
        double sum = 0;
        constexpr int kPlaces = 12;
        for (int n = 0; n < kPlaces * kPlaces; ++n) {
            const Vec3 at = grid.toPatient({index[0] + (n % kPlaces + 0.5) / kPlaces - 0.5,
                                            index[1] + (n / kPlaces + 0.5) / kPlaces - 0.5, index[2]});
            const auto voxels = discAlong(slicesAt(grid, Plane::Axial, at), at, at, radius).voxels();
            const double area = static_cast<double>(voxels) * 0.25 * 0.5;
            QVERIFY(area > circle(radius - halfDiagonal) && area < circle(radius + halfDiagonal));
            sum += area;
        }
        const double share = sum / (kPlaces * kPlaces) / circle(radius);
        QVERIFY2(std::abs(share - 1) < 0.003, qPrintable(QString::number(share)));
    }
}

void tst_EditShapes::fastStrokesLeaveNoGaps()
{
    QFETCH(Setting, setting);
    const auto &[grid, plane] = setting;
    const SliceGeometry slices(grid, plane);
    const Vec3 centre = middle(grid);
    const int slice = slices.nearestSlice(centre);
    const SlicePoint from{slices.columns() * 0.15, slices.rows() * 0.2, double(slice)};
    const SlicePoint to{slices.columns() * 0.85, slices.rows() * 0.7, double(slice)};
    const Vec3 a = slices.toPatient(from), b = slices.toPatient(to);
    for (const double radius : {0.1, 4.0}) {
        const LabelMap stroke = mapOf(grid, discAlong(slicesAt(grid, plane, a), a, b, radius));
        // A disc at any place on the way is in the stroke.
        for (int n = 0; n <= 50; ++n) {
            Vec3 at{};
            for (std::size_t c = 0; c < 3; ++c)
                at[c] = a[c] + (b[c] - a[c]) * n / 50;
            const LabelMap disc = mapOf(grid, discAlong(slicesAt(grid, plane, at), at, at, std::max(radius, 0.1)));
            std::int64_t missing = 0;
            if (radius > 1)
                for (std::size_t v = 0; v < disc.values.size(); ++v)
                    missing += disc.values[v] && !stroke.values[v];
            QCOMPARE(missing, 0);
        }
        // From column to column it goes on, by a corner at least.
        int lastRow = -1;
        for (int column = int(std::lround(from.column)); column <= int(std::lround(to.column)); ++column) {
            int first = -1, last = -1;
            for (int row = 0; row < slices.rows(); ++row) {
                const auto voxel = slices.voxel(column, row, slice);
                if (!stroke.at(voxel[0], voxel[1], voxel[2]))
                    continue;
                first = first < 0 ? row : first;
                last = row;
            }
            QVERIFY(first >= 0);
            QVERIFY(lastRow < 0 || first <= lastRow + 1);
            lastRow = last;
        }
    }
}

void tst_EditShapes::smallestBrushPaintsTheVoxelUnderIt()
{
    const Geometry grid = test::gridOf("LPS", {9, 9, 3}, {2, 2, 5});
    // The corner where four voxels meet is 1.41 mm from all their centres.
    const Vec3 corner = grid.toPatient({3.5, 4.5, 1});
    QVERIFY(discAlong(slicesAt(grid, Plane::Axial, corner), corner, corner, 0.1).voxels() >= 1);
    const Vec3 at = grid.toPatient({6, 2, 1});
    const VoxelSet one = discAlong(slicesAt(grid, Plane::Axial, at), at, at, 0.1);
    QCOMPARE(one.voxels(), 1);
    QCOMPARE(one.runs[0].first, 6);
    QCOMPARE(one.runs[0].j, 2);
}

void tst_EditShapes::ballHasTheVolumeOfASphere_data()
{
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "PIR"})
        QTest::newRow(letters) << letters;
}

void tst_EditShapes::ballHasTheVolumeOfASphere()
{
    QFETCH(QString, letters);
    const Geometry grid = test::gridOf(letters.toStdString(), {80, 60, 40}, {0.5, 0.7, 1.2});
    for (const double radius : {6.0, 12.0}) {
        const double sphere = 4.0 / 3 * std::numbers::pi * std::pow(radius, 3);
        const LabelMap ball = mapOf(grid, ballAlong(grid, {0.3, -0.2, 0.1}, {0.3, -0.2, 0.1}, radius));
        double volume = 0;
        test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
            QCOMPARE(ball.at(i, j, k) == 1, distance(at, {0.3, -0.2, 0.1}) <= radius);
            volume += ball.at(i, j, k) * grid.voxelVolume();
        });
        QVERIFY2(std::abs(volume / sphere - 1) < 0.01, qPrintable(QString::number(volume / sphere)));
    }
    // Swept over 10 mm it is a cylinder with two half spheres.
    const double radius = 6, expected = std::numbers::pi * radius * radius * (10 + 4.0 / 3 * radius);
    const double swept =
        static_cast<double>(ballAlong(grid, {-5, 0, 0}, {5, 0, 0}, radius).voxels()) * grid.voxelVolume();
    QVERIFY(std::abs(swept / expected - 1) < 0.01);
}

void tst_EditShapes::polygonFillsAKnownSquare()
{
    QFETCH(Setting, setting);
    const auto &[grid, plane] = setting;
    const SliceGeometry slices(grid, plane);
    // Corners between pixel centres: columns 3 to 9 and rows 2 to 5 have their centres inside.
    std::vector<Vec3> corners;
    for (const auto &[column, row] : {std::pair{2.5, 1.5}, {9.5, 1.5}, {9.5, 5.5}, {2.5, 5.5}})
        corners.push_back(slices.toPatient({column, row, 4}));
    const LabelMap square = mapOf(grid, polygonIn(slicesAt(grid, plane, corners[0]), corners));
    std::int64_t inside = 0;
    for (int column = 3; column <= 9; ++column)
        for (int row = 2; row <= 5; ++row) {
            const auto voxel = slices.voxel(column, row, 4);
            inside += square.at(voxel[0], voxel[1], voxel[2]);
        }
    QCOMPARE(inside, 28);
    QCOMPARE(std::count(square.values.begin(), square.values.end(), 1), 28);
}

void tst_EditShapes::crossingPolygonLeavesAHole()
{
    // Two turns around nested squares: even-odd leaves the inner one out.
    const Geometry grid = test::gridOf("LPS", {20, 20, 1}, {1, 1, 1});
    const SliceGeometry slices(grid, Plane::Axial);
    std::vector<Vec3> corners;
    for (const auto &[column, row] : {std::pair{1.5, 1.5},
                                      {14.5, 1.5},
                                      {14.5, 14.5},
                                      {1.5, 14.5},
                                      {1.5, 1.5}, // 13 x 13
                                      std::pair{4.5, 4.5},
                                      {9.5, 4.5},
                                      {9.5, 9.5},
                                      {4.5, 9.5},
                                      {4.5, 4.5}}) // 5 x 5
        corners.push_back(slices.toPatient({column, row, 0}));
    QCOMPARE(polygonIn(slicesAt(grid, Plane::Axial, corners[0]), corners).voxels(), 13 * 13 - 5 * 5);
    QCOMPARE(polygonIn(slicesAt(grid, Plane::Axial, corners[0]), std::span(corners).first(2)).voxels(), 0);
}

void tst_EditShapes::finerGridsArePaintedThroughTheSlice()
{
    // Labels of 1 mm under an image of 3 mm slices: three slices of labels belong to one of the image.
    const Geometry grid = test::gridOf("LPS", {10, 10, 31}, {1, 1, 1});
    const EditSlices three = slicesAt(grid, Plane::Axial, {0, 0, 0}, 3);
    QCOMPARE(three.last - three.first, 2);
    const EditSlices next = slicesAt(grid, Plane::Axial, {0, 0, 3}, 3);
    QCOMPARE(next.first, three.last + 1);
    const EditSlices one = slicesAt(grid, Plane::Axial, {0, 0, 0}, 1);
    QCOMPARE(one.first, one.last);
}

void tst_EditShapes::outsideTheGridNothingIsDrawn()
{
    const Geometry grid = test::gridOf("LPS", {10, 10, 10}, {1, 1, 1});
    QCOMPARE(discAlong(slicesAt(grid, Plane::Axial, {0, 0, 7}), {0, 0, 7}, {0, 0, 7}, 5).voxels(), 0);
    QCOMPARE(discAlong(slicesAt(grid, Plane::Axial, {50, 0, 0}), {50, 0, 0}, {60, 0, 0}, 5).voxels(), 0);
    QCOMPARE(ballAlong(grid, {0, 0, 50}, {0, 0, 50}, 5).voxels(), 0);
    // Half of a disc at the edge.
    const Vec3 edge{-4.5, 0.5, 0.5};
    const auto half = discAlong(slicesAt(grid, Plane::Axial, edge), edge, edge, 3).voxels();
    QVERIFY(half > 0 && half < 29); // a disc of radius 3 on pixel centres has 29
}

void tst_EditShapes::betweenTwoDiscsLiesTheMeanRadius()
{
    QFETCH(Setting, setting);
    const auto &[grid, plane] = setting;
    const SliceGeometry slices(grid, plane);
    const Vec3 centre = middle(grid);
    const int from = slices.nearestSlice(centre) - 2, to = from + 4;
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    for (const auto &[slice, radius] : {std::pair{from, 4.0}, {to, 8.0}}) {
        const Vec3 at = slices.movedToSlice(centre, slice);
        editor.apply(QStringLiteral("disc"), discAlong(slicesAt(grid, plane, at), at, at, radius), kActive, false);
    }
    const BetweenSlices between = fillBetween(editor.runs(), 1, plane);
    QCOMPARE(between.slices, 3);
    // The radius grows evenly: 5, 6, 7 mm, within what a pixel can say.
    const double pixel = std::max(slices.columnSpacing(), slices.rowSpacing());
    const LabelMap filled = mapOf(grid, between.voxels);
    for (int n = 1; n <= 3; ++n) {
        const Vec3 at = slices.movedToSlice(centre, from + n);
        for (int row = 0; row < slices.rows(); ++row)
            for (int column = 0; column < slices.columns(); ++column) {
                const auto voxel = slices.voxel(column, row, from + n);
                const double away = distance(slices.toPatient({double(column), double(row), double(from + n)}), at);
                const bool isIn = filled.at(voxel[0], voxel[1], voxel[2]);
                if (away < 4 + n - pixel)
                    QVERIFY(isIn);
                if (away > 4 + n + pixel)
                    QVERIFY(!isIn);
            }
    }
}

void tst_EditShapes::betweenEqualShapesLiesTheSameShape()
{
    const Geometry grid = test::gridOf("LPS", {24, 24, 8}, {1, 1, 3});
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    const SliceGeometry slices(grid, Plane::Axial);
    const Vec3 first = slices.movedToSlice(middle(grid), 1), last = slices.movedToSlice(middle(grid), 6);
    const auto disc = [&](const Vec3 &at) { return discAlong(slicesAt(grid, Plane::Axial, at), at, at, 5); };
    editor.apply(QStringLiteral("disc"), disc(first), kActive, false);
    QCOMPARE(fillBetween(editor.runs(), 1, Plane::Axial).slices, 0); // one slice has nothing to go to
    editor.apply(QStringLiteral("disc"), disc(last), kActive, false);
    const BetweenSlices between = fillBetween(editor.runs(), 1, Plane::Axial);
    QCOMPARE(between.slices, 4);
    QCOMPARE(between.voxels.voxels(), 4 * disc(first).voxels());
    QCOMPARE(fillBetween(editor.runs(), 2, Plane::Axial).slices, 0); // another label is not meant
}

void tst_EditShapes::regionIsTheConnectedComponent()
{
    for (const char *letters : {"LPS", "RAS", "PIR"}) {
        const Geometry grid = test::gridOf(letters, {40, 36, 30}, {1, 1.1, 1.3});
        // Two bright balls that do not touch, and a bright voxel that touches one by an edge only.
        const Vec3 one{-8, 0, 0}, other{8, 0, 0};
        auto image = imageOf(
            grid, [&](const Vec3 &at) { return distance(at, one) <= 6 || distance(at, other) <= 5 ? 100.0 : 10.0; });
        std::int64_t expected = 0;
        test::overGrid(grid, [&](int, int, int, const Vec3 &at) { expected += distance(at, one) <= 6; });
        const Vec3 index = grid.toIndex(one);
        const imaging::Index3 seed{int(std::lround(index[0])), int(std::lround(index[1])), int(std::lround(index[2]))};
        const GrownRegion region = growRegion(ImageOnGrid(image, grid), grid, seed, {50, 150, 100, 1000000});
        QCOMPARE(region.count, expected);
        QCOMPARE(region.voxels.voxels(), expected);
        QVERIFY(!region.limited);
        const LabelMap map = mapOf(grid, region.voxels);
        test::overGrid(
            grid, [&](int i, int j, int k, const Vec3 &at) { QCOMPARE(map.at(i, j, k) == 1, distance(at, one) <= 6); });
    }
    // Corners and edges do not connect: two voxels of a diagonal.
    const Geometry grid = test::gridOf("LPS", {4, 4, 4}, {1, 1, 1});
    auto diagonal = std::make_shared<Volume>(Volume{grid, std::vector<float>(64)});
    diagonal->values[static_cast<std::size_t>(grid.offset(1, 1, 1))] = 1;
    diagonal->values[static_cast<std::size_t>(grid.offset(2, 2, 1))] = 1;
    QCOMPARE(growRegion(ImageOnGrid(diagonal, grid), grid, {1, 1, 1}, {1, 1, 10, 100}).count, 1);
    // A seed outside the range, or the grid, has no region.
    QCOMPARE(growRegion(ImageOnGrid(diagonal, grid), grid, {0, 0, 0}, {1, 1, 10, 100}).count, 0);
    QCOMPARE(growRegion(ImageOnGrid(diagonal, grid), grid, {-1, 0, 0}, {0, 1, 10, 100}).count, 0);
}

void tst_EditShapes::regionStopsAtItsLimits()
{
    const Geometry grid = test::gridOf("LPS", {41, 41, 41}, {1, 1, 1});
    const ImageOnGrid even(imageOf(grid, [](const Vec3 &) { return 7.0; }), grid);
    const GrownRegion counted = growRegion(even, grid, {20, 20, 20}, {7, 7, 100, 1000});
    QCOMPARE(counted.count, 1000);
    QVERIFY(counted.limited);
    const GrownRegion near = growRegion(even, grid, {20, 20, 20}, {7, 7, 5, 1000000});
    QVERIFY(near.limited);
    std::int64_t ball = 0;
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &) {
        ball += (i - 20) * (i - 20) + (j - 20) * (j - 20) + (k - 20) * (k - 20) <= 25;
    });
    QCOMPARE(near.count, ball);
    const GrownRegion whole = growRegion(even, grid, {20, 20, 20}, {7, 7, 1000, 1000000});
    QCOMPARE(whole.count, 41 * 41 * 41);
    QVERIFY(!whole.limited);
}

QTEST_GUILESS_MAIN(tst_EditShapes)
#include "tst_edit_shapes.moc"
