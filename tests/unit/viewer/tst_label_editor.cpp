// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/between_slices.h"
#include "viewer/editing/edit_shapes.h"
#include "viewer/editing/edit_work.h"
#include "viewer/editing/image_values.h"
#include "viewer/editing/label_editor.h"
#include "viewer/editing/region_grow.h"
#include "viewer_fixtures.h"

#include <QSignalSpy>
#include <QtTest>
#include <functional>
#include <numbers>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

namespace {

constexpr auto kActive = LabelEditor::Paint::Active, kBackground = LabelEditor::Paint::Background;

// Also shows that no voxel is in a set twice: it would be counted so.
LabelMap mapOf(const Geometry &grid, const VoxelSet &voxels)
{
    LabelMap map{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()))};
    for (const VoxelRun &run : voxels.runs)
        for (int n = 0; n < run.count; ++n)
            ++map.values[static_cast<std::size_t>(grid.offset(run.first + n, run.j, run.k))];
    return map;
}

std::shared_ptr<Volume> imageOf(const Geometry &grid, const std::function<double(const Vec3 &)> &value)
{
    auto image = std::make_shared<Volume>(Volume{grid, {}});
    image->values.resize(static_cast<std::size_t>(grid.voxels()));
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        image->values[static_cast<std::size_t>(grid.offset(i, j, k))] = static_cast<float>(value(at));
    });
    return image;
}

double distance(const Vec3 &a, const Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

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

// The centre of the voxel nearest to the middle of the patient.
Vec3 middle(const Geometry &grid)
{
    const Vec3 index = grid.toIndex({0, 0, 0});
    return grid.toPatient({std::round(index[0]), std::round(index[1]), std::round(index[2])});
}

} // namespace

Q_DECLARE_METATYPE(Setting)

class tst_LabelEditor : public QObject
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
    void lockedLabelsAreNeverChanged();
    void thresholdLimitsPainting();
    void thresholdLooksAtAnImageOnAnotherGrid();
    void theSourceIsNeverChanged();
    void labelsBeyondTheListAreListed();
    void aCancelledStrokeNeverWas();
    void savedStateIsKnownThroughUndo();
    void stepsAreToldInOrder();
    void suggestedRangeFollowsTheLabel();
    void workComesBackToTheWindow();
};

void tst_LabelEditor::discIsTheVoxelsWithinItsRadius()
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

void tst_LabelEditor::discHasTheAreaOfACircle()
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

void tst_LabelEditor::fastStrokesLeaveNoGaps()
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

void tst_LabelEditor::smallestBrushPaintsTheVoxelUnderIt()
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

void tst_LabelEditor::ballHasTheVolumeOfASphere_data()
{
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "PIR"})
        QTest::newRow(letters) << letters;
}

void tst_LabelEditor::ballHasTheVolumeOfASphere()
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

void tst_LabelEditor::polygonFillsAKnownSquare()
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

void tst_LabelEditor::crossingPolygonLeavesAHole()
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

void tst_LabelEditor::finerGridsArePaintedThroughTheSlice()
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

void tst_LabelEditor::outsideTheGridNothingIsDrawn()
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

void tst_LabelEditor::betweenTwoDiscsLiesTheMeanRadius()
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

void tst_LabelEditor::betweenEqualShapesLiesTheSameShape()
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

void tst_LabelEditor::regionIsTheConnectedComponent()
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

void tst_LabelEditor::regionStopsAtItsLimits()
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

void tst_LabelEditor::lockedLabelsAreNeverChanged()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 3}, {1, 1, 1});
    LabelEditor editor;
    editor.setLabelList({{QStringLiteral("Background"), {}}, {QStringLiteral("A"), {}}, {QStringLiteral("B"), {}}});
    editor.start(prepareEmpty(grid));
    const Vec3 at = middle(grid);
    const auto disc = [&](double radius) { return discAlong(slicesAt(grid, Plane::Axial, at), at, at, radius); };
    editor.apply(QStringLiteral("A"), disc(3), kActive, false);
    const auto ofA = editor.voxels(1);
    QCOMPARE(ofA, 29);
    editor.setLocked(1, true);
    editor.setActiveLabel(2);
    editor.apply(QStringLiteral("B"), disc(6), kActive, false);
    QCOMPARE(editor.voxels(1), ofA);
    QCOMPARE(editor.voxels(2), disc(6).voxels() - ofA);
    QCOMPARE(editor.apply(QStringLiteral("erase"), disc(6), kBackground, false), disc(6).voxels() - ofA);
    QCOMPARE(editor.voxels(1), ofA);
    // A locked label gains nothing either.
    editor.setActiveLabel(1);
    QCOMPARE(editor.apply(QStringLiteral("A"), disc(6), kActive, false), 0);
    editor.setLocked(1, false);
    QCOMPARE(editor.apply(QStringLiteral("A"), disc(6), kActive, false), disc(6).voxels() - ofA);
    QCOMPARE(editor.millilitres(1), static_cast<double>(disc(6).voxels()) / 1000);
}

void tst_LabelEditor::thresholdLimitsPainting()
{
    const Geometry grid = test::gridOf("RAS", {30, 30, 3}, {1, 1, 1});
    LabelEditor editor;
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return at[0]; }));
    editor.start(prepareEmpty(grid));
    editor.setThreshold(ValueInterval{0, 3.5});
    const Vec3 at = middle(grid);
    editor.apply(QStringLiteral("disc"), discAlong(slicesAt(grid, Plane::Axial, at), at, at, 8), kActive, true);
    std::int64_t within = 0;
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &place) {
        if (!editor.labels()->at(i, j, k))
            return;
        QVERIFY(place[0] >= 0 && place[0] <= 3.5);
        ++within;
    });
    QVERIFY(within > 30);
    // Erasing, and what is not limited, reach all.
    QCOMPARE(editor.apply(QStringLiteral("erase"), ballAlong(grid, at, at, 30), kBackground, false), within);
    editor.setThreshold(std::nullopt);
    QVERIFY(editor.apply(QStringLiteral("disc"), discAlong(slicesAt(grid, Plane::Axial, at), at, at, 8), kActive,
                         true) > 2 * within);
}

void tst_LabelEditor::thresholdLooksAtAnImageOnAnotherGrid()
{
    // Labels of 2 mm in another axis order under an image of 1 mm that is bright on the patient's left.
    const Geometry fine = test::gridOf("LPS", {41, 41, 41}, {1, 1, 1}),
                   coarse = test::gridOf("PIR", {15, 15, 15}, {2, 2, 2});
    LabelEditor editor;
    editor.setImage(imageOf(fine, [](const Vec3 &at) { return at[0] > 0.6 ? 100.0 : 0.0; }));
    editor.start(prepareEmpty(coarse));
    editor.setThreshold(ValueInterval{50, 150});
    editor.apply(QStringLiteral("ball"), ballAlong(coarse, {0, 0, 0}, {0, 0, 0}, 10), kActive, true);
    test::overGrid(coarse, [&](int i, int j, int k, const Vec3 &at) {
        QCOMPARE(editor.labels()->at(i, j, k) == 1, at[0] > 0.6 && distance(at, {0, 0, 0}) <= 10);
    });
}

void tst_LabelEditor::theSourceIsNeverChanged()
{
    const Geometry grid = test::gridOf("LPS", {16, 16, 4}, {1, 1, 1});
    const LabelMap source = mapOf(grid, ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 5));
    const LabelMap before = source;
    LabelEditor editor;
    editor.start(prepareEdit(source, {QStringLiteral("model"), {}, {}}));
    QCOMPARE(editor.labels()->values, source.values);
    editor.apply(QStringLiteral("erase"), ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 20), kBackground, false);
    QCOMPARE(editor.voxels(1), 0);
    QCOMPARE(source.values, before.values);
    QCOMPARE(editor.origin().name, QStringLiteral("model"));
}

void tst_LabelEditor::labelsBeyondTheListAreListed()
{
    const Geometry grid = test::gridOf("LPS", {16, 16, 4}, {1, 1, 1});
    LabelMap source = mapOf(grid, {});
    source.values[5] = 4;
    LabelEditor editor;
    QSignalSpy listed(&editor, &LabelEditor::labelListChanged);
    editor.start(prepareEdit(source, {QStringLiteral("model"), {}, {}}));
    QCOMPARE(editor.labelList().size(), 5U);
    QVERIFY(listed.count() >= 1);
    editor.setActiveLabel(4);
    QCOMPARE(editor.activeLabel(), 4);
    QCOMPARE(editor.voxels(4), 1);
}

void tst_LabelEditor::aCancelledStrokeNeverWas()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEdit(mapOf(grid, ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 4)), {QStringLiteral("model"), {}, {}}));
    const auto before = editor.labels()->values;
    const auto voxels = editor.voxels(1);
    QSignalSpy changed(&editor, &LabelEditor::changed);
    editor.beginStroke(QStringLiteral("Brush"));
    for (int n = 0; n < 8; ++n)
        editor.paint(ballAlong(grid, {n - 4.0, 0, 0}, {n - 3.0, 0, 0}, 3), n % 2 ? kActive : kBackground, false);
    QCOMPARE(changed.count(), 8); // once a step
    QVERIFY(!editor.canUndo());   // not in the midst of a stroke
    editor.cancelStroke();
    QCOMPARE(editor.labels()->values, before);
    QCOMPARE(editor.runs().expanded().values, before);
    QCOMPARE(editor.voxels(1), voxels);
    QVERIFY(!editor.canUndo());
    QVERIFY(!editor.isDirty());
}

void tst_LabelEditor::savedStateIsKnownThroughUndo()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    const auto paint = [&](double x) {
        editor.apply(QStringLiteral("Brush"), ballAlong(grid, {x, 0, 0}, {x, 0, 0}, 2), kActive, false);
    };
    QVERIFY(!editor.isDirty());
    paint(-6);
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(!editor.isDirty());
    editor.redo();
    paint(0);
    const auto state = editor.state();
    paint(6);
    editor.markSaved(state); // the save of an earlier state ends
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(!editor.isDirty());
    editor.undo();
    QVERIFY(editor.isDirty());
    paint(3); // what was saved cannot be reached any more
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(editor.isDirty());
    editor.start(prepareEmpty(grid));
    editor.markSaved(state); // of the edit before
    QVERIFY(!editor.isDirty());
    paint(0);
    editor.markSaved(state);
    QVERIFY(editor.isDirty());
}

void tst_LabelEditor::stepsAreToldInOrder()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    const VoxelSet ball = ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 3);
    editor.apply(QStringLiteral("Brush"), ball, kActive, false);
    editor.apply(QStringLiteral("Brush"), ball, kActive, false); // changes nothing: no step
    editor.apply(QStringLiteral("Eraser"), ball, kBackground, false);
    QCOMPARE(editor.undoText(), QStringLiteral("Eraser"));
    QCOMPARE(editor.redoText(), QString());
    editor.undo();
    QCOMPARE(editor.undoText(), QStringLiteral("Brush"));
    QCOMPARE(editor.redoText(), QStringLiteral("Eraser"));
    QCOMPARE(editor.steps().size(), 1U);
    QCOMPARE(editor.steps()[0].voxels, ball.voxels());
    editor.redo();
    QCOMPARE(editor.steps().size(), 2U);
    QCOMPARE(editor.steps()[1].text, QStringLiteral("Eraser"));
}

void tst_LabelEditor::suggestedRangeFollowsTheLabel()
{
    const Geometry grid = test::gridOf("LPS", {100, 10, 10}, {1, 1, 1});
    LabelEditor editor;
    QVERIFY(!suggestedInterval(editor));
    // Values 0 to 99 along x: 5 % lies at 5, 95 % at 94.
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return at[0] + 49.5; }));
    editor.start(prepareEmpty(grid));
    QVERIFY(std::abs(suggestedInterval(editor)->low - 5) <= 1);
    QVERIFY(std::abs(suggestedInterval(editor)->high - 94) <= 1);
    // A slab of values 40 to 59.
    VoxelSet slab;
    for (int k = 0; k < 10; ++k)
        for (int j = 0; j < 10; ++j)
            slab.add(40, 20, j, k);
    editor.apply(QStringLiteral("slab"), slab, kActive, false);
    QVERIFY(std::abs(suggestedInterval(editor)->low - 41) <= 1);
    QVERIFY(std::abs(suggestedInterval(editor)->high - 58) <= 1);
}

void tst_LabelEditor::workComesBackToTheWindow()
{
    const Geometry grid = test::gridOf("LPS", {40, 40, 21}, {1, 1, 1});
    LabelEditor editor;
    EditWork work(editor);
    QSignalSpy restarted(&editor, &LabelEditor::restarted), grown(&work, &EditWork::regionGrown),
        filled(&work, &EditWork::slicesFilled);
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return distance(at, {0, 0, 0}) <= 8 ? 100 : 0; }));
    work.startEmpty(grid);
    QVERIFY(restarted.wait());
    QVERIFY(editor.isOpen());

    work.grow({0.5, 0.5, 0}, {50, 200, 50, 100000});
    QVERIFY(grown.wait());
    const auto preview = grown[0][0].value<RegionPreview>();
    std::int64_t ball = 0;
    test::overGrid(grid, [&](int, int, int, const Vec3 &at) { ball += distance(at, {0, 0, 0}) <= 8; });
    QCOMPARE(preview.region.count, ball);
    QCOMPARE(std::count(preview.map->values.begin(), preview.map->values.end(), 1), ball);
    QCOMPARE(editor.voxels(1), 0); // only looked at

    for (const double z : {-4.0, 4.0})
        editor.apply(QStringLiteral("disc"),
                     discAlong(slicesAt(grid, Plane::Axial, {0, 0, z}), {0, 0, z}, {0, 0, z}, 6), kActive, false);
    const auto drawn = editor.voxels(1);
    work.fillBetweenSlices(Plane::Axial);
    QVERIFY(filled.wait());
    QCOMPARE(filled[0][0].toInt(), 7);
    QCOMPARE(editor.voxels(1), drawn / 2 * 9);
    QCOMPARE(editor.undoText(), QStringLiteral("Fill between slices"));
    editor.undo();
    QCOMPARE(editor.voxels(1), drawn);

    work.fillBetweenSlices(Plane::Axial);
    work.cancel();
    QVERIFY(!filled.wait(200));
    QCOMPARE(editor.voxels(1), drawn);
}

QTEST_GUILESS_MAIN(tst_LabelEditor)
#include "tst_label_editor.moc"
