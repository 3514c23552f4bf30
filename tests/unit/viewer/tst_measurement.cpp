// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measurement.h"

#include "viewer/measuring/measurement_list.h"
#include "viewer/measuring/patient_vectors.h"
#include "viewer_fixtures.h"

#include <QTemporaryDir>
#include <QUndoStack>
#include <QtTest>
#include <cmath>
#include <numbers>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using namespace consilium::viewer::vectors;
using imaging::Volume;
namespace fs = std::filesystem;

namespace {

bool near(const std::optional<double> &value, double wanted, double tolerance = 1e-9)
{
    return value && std::abs(*value - wanted) <= tolerance;
}

Measurement drawn(MeasurementKind kind, std::vector<Vec3> points, const Vec3 &normal = {0, 0, 1})
{
    return {0, {}, kind, std::move(points), normal};
}

// A turn that leaves no axis where it was: what is measured must not change with it.
struct Turn
{
    Vec3 x, y, z;
    Vec3 operator()(const Vec3 &p) const { return p[0] * x + (p[1] * y + p[2] * z); }
};
Turn oblique()
{
    const Vec3 x = unit({2, -1, 0.5}), z = unit(cross(x, {0.3, 1, -0.2}));
    return {x, cross(z, x), z};
}

template <typename Value>
Volume filled(const imaging::Geometry &grid, Value value)
{
    Volume volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))};
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        volume.values[static_cast<std::size_t>(grid.offset(i, j, k))] = static_cast<float>(value(at));
    });
    return volume;
}

} // namespace

class tst_Measurement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void distancesAreOfThePatient();
    void anglesFromThreePoints();
    void cobbLinesHaveNoDirection();
    void anEllipsesAreaAndPerimeter();
    void aPolygonsAreaAndPerimeter();
    void nothingWhereThereIsNoLength();
    void aDiscOfKnownValueAndRadius();
    void aRampsMeanAndDeviation();
    void largeValuesKeepTheirSmallDeviation();
    void anisotropicVoxelsCountByTheirCentres();
    void polygonAndEllipseCountTheSameVoxels();
    void regionsBeyondTheImage();
    void onlyTheSliceItWasDrawnOn();
    void handlesOfAnEllipse();
    void jsonKeepsEverything();
    void faultyJsonIsRefused();
    void undoneOneByOne();
    void savedBesideAndReadAgain();
    void pixelsWhereTheSpacingIsUnknown();
};

void tst_Measurement::distancesAreOfThePatient()
{
    QVERIFY(near(extentOf(drawn(MeasurementKind::Distance, {{1, 2, 3}, {4, 6, 15}})).length, 13)); // 3, 4, 12
    // Voxels of 0.5 x 2 mm: six columns and two rows apart are 3 and 4 mm.
    const imaging::Geometry grid = test::gridOf("LPS", {20, 20, 3}, {0.5, 2, 5});
    const Measurement diagonal =
        drawn(MeasurementKind::Distance, {grid.toPatient({2, 3, 1}), grid.toPatient({8, 5, 1})});
    QVERIFY(near(extentOf(diagonal).length, 5));
}

void tst_Measurement::anglesFromThreePoints()
{
    const Turn turn = oblique();
    const auto angle = [&](const Vec3 &a, const Vec3 &vertex, const Vec3 &b) {
        return extentOf(drawn(MeasurementKind::Angle, {turn(a), turn(vertex), turn(b)}, turn.z)).angle;
    };
    QVERIFY(near(angle({10, 0, 0}, {0, 0, 0}, {0, 3, 0}), 90));
    QVERIFY(near(angle({4, 3, 0}, {1, -1, 0}, {8, -1, 0}), std::atan2(4, 3) * 180 / std::numbers::pi));
    QVERIFY(near(angle({-5, 0, 0}, {0, 0, 0}, {7, 0, 0}), 180));
    QVERIFY(near(angle({5, 0, 0}, {0, 0, 0}, {7, 0, 0}), 0));
    // Near 0 the arc cosine would have lost half its digits.
    QVERIFY(near(angle({1, 0, 0}, {0, 0, 0}, {1, 1e-7, 0}), 1e-7 * 180 / std::numbers::pi, 1e-14));
}

void tst_Measurement::cobbLinesHaveNoDirection()
{
    // Endplates that rise 3 on 4 and fall 5 on 12, far from one another.
    const double wanted = (std::atan2(3, 4) + std::atan2(5, 12)) * 180 / std::numbers::pi;
    const Vec3 a{0, 0, 0}, b{40, 30, 0}, c{100, 200, 0}, d{112, 195, 0};
    for (const auto &points : {std::vector{a, b, c, d}, std::vector{b, a, c, d}, std::vector{a, b, d, c}})
        QVERIFY(near(extentOf(drawn(MeasurementKind::Cobb, points)).angle, wanted));
    // Never more than a right angle: 100 degrees between arms are 80 between lines.
    const double turn = 100 * std::numbers::pi / 180;
    QVERIFY(
        near(extentOf(drawn(MeasurementKind::Cobb, {a, {1, 0, 0}, a, {std::cos(turn), std::sin(turn), 0}})).angle, 80));
}

void tst_Measurement::anEllipsesAreaAndPerimeter()
{
    const Turn turn = oblique();
    const auto ellipse = [&](double a, double b) {
        return extentOf(
            drawn(MeasurementKind::Ellipse, {turn({5, 6, 7}), turn({5 + a, 6, 7}), turn({5, 6 + b, 7})}, turn.z));
    };
    QVERIFY(near(ellipse(10, 10).area, 100 * std::numbers::pi));
    QVERIFY(near(ellipse(10, 10).perimeter, 20 * std::numbers::pi));
    QVERIFY(near(ellipse(5, 3).area, 15 * std::numbers::pi));
    QVERIFY(near(ellipse(5, 3).perimeter, 25.526998863398124, 1e-9)); // 20 E(4/5), Abramowitz and Stegun 17.3.3
    QVERIFY(near(ellipse(3, 5).perimeter, 25.526998863398124, 1e-9));
    QVERIFY(near(ellipse(7, 0).perimeter, 28)); // there and back
}

void tst_Measurement::aPolygonsAreaAndPerimeter()
{
    const Turn turn = oblique();
    // A house, far from the origin: a square of 4 with a gable 3 high over it.
    std::vector<Vec3> corners{{0, 0, 0}, {4, 0, 0}, {4, 4, 0}, {2, 5.5, 0}, {0, 4, 0}};
    for (Vec3 &corner : corners)
        corner = turn(corner + Vec3{1000, -2000, 500});
    Extent extent = extentOf(drawn(MeasurementKind::Polygon, corners, turn.z));
    QVERIFY(near(extent.area, 19, 1e-8) && near(extent.perimeter, 17, 1e-8));
    std::reverse(corners.begin(), corners.end()); // the other way round
    extent = extentOf(drawn(MeasurementKind::Polygon, corners, turn.z));
    QVERIFY(near(extent.area, 19, 1e-8) && near(extent.perimeter, 17, 1e-8));
    // A hollow one: an L of two squares and one missing.
    QVERIFY(near(
        extentOf(drawn(MeasurementKind::Polygon, {{0, 0, 0}, {2, 0, 0}, {2, 1, 0}, {1, 1, 0}, {1, 2, 0}, {0, 2, 0}}))
            .area,
        3));
}

void tst_Measurement::nothingWhereThereIsNoLength()
{
    QVERIFY(!extentOf(drawn(MeasurementKind::Angle, {{1, 1, 0}, {1, 1, 0}, {2, 0, 0}})).angle);
    QVERIFY(!extentOf(drawn(MeasurementKind::Cobb, {{0, 0, 0}, {1, 0, 0}, {2, 2, 0}, {2, 2, 0}})).angle);
    QVERIFY(!extentOf(drawn(MeasurementKind::Polygon, {{0, 0, 0}, {1, 0, 0}})).area);
    QVERIFY(!extentOf(drawn(MeasurementKind::Distance, {{0, 0, 0}})).length);
}

void tst_Measurement::aDiscOfKnownValueAndRadius()
{
    // A disc of 80 with radius 20.2 mm in a field of 10, voxels of 0.5 mm.
    const imaging::Geometry grid = test::gridOf("LPS", {101, 101, 5}, {0.5, 0.5, 3});
    const Volume volume = filled(grid, [](const Vec3 &at) { return std::hypot(at[0], at[1]) < 20.2 ? 80 : 10; });
    const SliceGeometry geometry(grid, Plane::Axial);
    const SlicePlane plane = slicePlane(geometry, 2);
    const auto inside = regionStatistics(volume, geometry, 2, ellipseBetween(plane, {-20, -20, 0}, {20, 20, 0}));
    QVERIFY(inside);
    QVERIFY(near(inside->mean, 80) && near(inside->deviation, 0) && near(inside->minimum, 80));
    // Gauss's circle problem: lattice points within radius 40 of the origin, A000328.
    QCOMPARE(inside->voxels, 5025);
    // As many more as the ring of tissue around it has.
    const auto wider = regionStatistics(volume, geometry, 2, ellipseBetween(plane, {-24, -24, 0}, {24, 24, 0}));
    QVERIFY(wider);
    QVERIFY(near(wider->minimum, 10) && near(wider->maximum, 80));
    std::int64_t disc = 0, all = 0;
    for (int j = -50; j <= 50; ++j)
        for (int i = -50; i <= 50; ++i) {
            disc += std::hypot(i * 0.5, j * 0.5) < 20.2;
            all += i * i + j * j <= 48 * 48;
        }
    QCOMPARE(wider->voxels, all);
    const double share = double(disc) / double(all);
    QVERIFY(near(wider->mean, 10 + 70 * share, 1e-9));
    QVERIFY(near(wider->deviation, 70 * std::sqrt(share * (1 - share) * double(all) / double(all - 1)), 1e-9));
}

void tst_Measurement::aRampsMeanAndDeviation()
{
    // Values that grow by 3 a mm along x: over n columns the sample deviation of a discrete uniform distribution.
    for (const char *letters : {"LPS", "RAS", "PLS", "SLA"}) {
        const imaging::Geometry grid = test::gridOf(letters, {31, 31, 31}, {1, 1, 1});
        const Volume volume = filled(grid, [](const Vec3 &at) { return 3 * at[0] + 100; });
        const SliceGeometry geometry(grid, Plane::Axial);
        const auto found = regionStatistics(
            volume, geometry, 15,
            drawn(MeasurementKind::Polygon, {{-5.5, -4.5, 0}, {4.5, -4.5, 0}, {4.5, 3.5, 0}, {-5.5, 3.5, 0}}));
        QVERIFY(found);
        QCOMPARE(found->voxels, 10 * 8); // columns -5 to 4, rows -4 to 3
        QVERIFY(near(found->mean, 100 - 1.5) && near(found->minimum, 85) && near(found->maximum, 112));
        QVERIFY(near(found->deviation, 3 * std::sqrt((10.0 * 10 - 1) / 12 * 80 / 79), 1e-9));
    }
}

void tst_Measurement::largeValuesKeepTheirSmallDeviation()
{
    const imaging::Geometry grid = test::gridOf("LPS", {10, 10, 1}, {1, 1, 1});
    const Volume volume =
        filled(grid, [](const Vec3 &at) { return 1e6 + (std::lround(std::floor(at[0])) % 2 == 0 ? 1 : -1); });
    const SliceGeometry geometry(grid, Plane::Axial);
    const auto found = regionStatistics(
        volume, geometry, 0, drawn(MeasurementKind::Polygon, {{-6, -6, 0}, {6, -6, 0}, {6, 6, 0}, {-6, 6, 0}}));
    QVERIFY(found);
    QCOMPARE(found->voxels, 100);
    QVERIFY(near(found->mean, 1e6) && near(found->deviation, std::sqrt(100.0 / 99), 1e-9));
}

void tst_Measurement::anisotropicVoxelsCountByTheirCentres()
{
    // Sagittal slices of 3 x 1 mm voxels: a circle of 15 mm is an ellipse of 5 x 15 voxels.
    const imaging::Geometry grid = test::gridOf("LPS", {9, 41, 61}, {4, 3, 1});
    const Volume volume = filled(grid, [](const Vec3 &at) { return at[2]; });
    const SliceGeometry geometry(grid, Plane::Sagittal);
    const SlicePlane plane = slicePlane(geometry, 4);
    QVERIFY(near(plane.thickness, 4));
    const Measurement circle = ellipseBetween(plane, {0, -15, -15}, {0, 15, 15});
    QVERIFY(near(extentOf(circle).area, 225 * std::numbers::pi, 1e-9));
    const auto found = regionStatistics(volume, geometry, 4, circle);
    std::int64_t wanted = 0;
    for (int row = -15; row <= 15; ++row)
        for (int column = -5; column <= 5; ++column)
            wanted += 9 * column * column + row * row <= 225;
    QVERIFY(found);
    QCOMPARE(found->voxels, wanted);
    QVERIFY(near(found->mean, 0, 1e-9) && near(found->minimum, -15) && near(found->maximum, 15));
}

void tst_Measurement::polygonAndEllipseCountTheSameVoxels()
{
    const imaging::Geometry grid = test::gridOf("RAS", {80, 80, 3}, {0.7, 1.1, 2});
    const Volume volume = filled(grid, [](const Vec3 &at) { return at[0] * at[1]; });
    const SliceGeometry geometry(grid, Plane::Axial);
    std::mt19937 random(5);
    std::uniform_real_distribution<double> place(-12, 12), radius(3, 14), angle(0, 2 * std::numbers::pi);
    for (int n = 0; n < 50; ++n) {
        const Vec3 centre{place(random), place(random), 0};
        const double turn = angle(random), a = radius(random), b = radius(random);
        const Measurement ellipse =
            drawn(MeasurementKind::Ellipse, {centre, centre + Vec3{a * std::cos(turn), a * std::sin(turn), 0},
                                             centre + Vec3{-b * std::sin(turn), b * std::cos(turn), 0}});
        std::vector<Vec3> corners;
        for (int side = 0; side < 4000; ++side) {
            const double t = 2 * std::numbers::pi * side / 4000;
            corners.push_back(ellipse.points[0] + (std::cos(t) * (ellipse.points[1] - ellipse.points[0]) +
                                                   std::sin(t) * (ellipse.points[2] - ellipse.points[0])));
        }
        const auto one = regionStatistics(volume, geometry, 1, ellipse);
        const auto other = regionStatistics(volume, geometry, 1, drawn(MeasurementKind::Polygon, corners));
        QVERIFY(one && other);
        QCOMPARE(one->voxels, other->voxels);
        QVERIFY(near(one->mean, other->mean, 1e-9));
    }
}

void tst_Measurement::regionsBeyondTheImage()
{
    const imaging::Geometry grid = test::gridOf("LPS", {10, 10, 1}, {1, 1, 1});
    Volume volume = filled(grid, [](const Vec3 &) { return 7; });
    volume.values[0] = std::numeric_limits<float>::quiet_NaN();
    const SliceGeometry geometry(grid, Plane::Axial);
    const SlicePlane plane = slicePlane(geometry, 0);
    const auto all = regionStatistics(volume, geometry, 0, ellipseBetween(plane, {-1000, -1000, 0}, {1000, 1000, 0}));
    QVERIFY(all);
    QCOMPARE(all->voxels, 99); // the one that is no number is not counted
    QVERIFY(!regionStatistics(volume, geometry, 0, ellipseBetween(plane, {100, 100, 0}, {120, 120, 0})));
    QVERIFY(!regionStatistics(volume, geometry, 0, ellipseBetween(plane, {0.1, 0.1, 0}, {0.2, 0.2, 0})));
    QVERIFY(!regionStatistics(volume, geometry, 3, ellipseBetween(plane, {-4, -4, 0}, {4, 4, 0})));
    QVERIFY(!regionStatistics(volume, geometry, 0, drawn(MeasurementKind::Distance, {{0, 0, 0}, {1, 0, 0}})));
}

void tst_Measurement::onlyTheSliceItWasDrawnOn()
{
    const imaging::Geometry grid = test::gridOf("LPS", {10, 10, 10}, {1, 1, 4});
    const SliceGeometry axial(grid, Plane::Axial), coronal(grid, Plane::Coronal);
    const SlicePlane third = slicePlane(axial, 3);
    const Measurement line =
        drawn(MeasurementKind::Distance, {axial.toPatient({1, 1, 3}), axial.toPatient({5, 5, 3})}, third.normal);
    for (int slice = 0; slice < 10; ++slice) {
        QCOMPARE(liesOn(line, slicePlane(axial, slice)), slice == 3);
        QVERIFY(!liesOn(line, slicePlane(coronal, slice)));
    }
    // Half a slice away it still belongs to it, on a finer stack to the slices within half of theirs.
    SlicePlane moved = third;
    moved.origin[2] += 1.99;
    QVERIFY(liesOn(line, moved));
    moved.origin[2] += 0.02;
    QVERIFY(!liesOn(line, moved));
    moved.origin = third.origin;
    moved.normal = -1.0 * third.normal; // seen from the other side
    QVERIFY(liesOn(line, moved));
}

void tst_Measurement::handlesOfAnEllipse()
{
    Measurement ellipse = drawn(MeasurementKind::Ellipse, {{10, 10, 0}, {16, 10, 0}, {10, 13, 0}});
    QCOMPARE(handlesOf(ellipse).size(), 4U);
    moveHandle(ellipse, 2, {10, 2, 0}); // the end at (4, 10): a quarter turn, 8 long
    QVERIFY(norm(ellipse.points[0] - Vec3{10, 10, 0}) < 1e-12);
    QVERIFY(near(extentOf(ellipse).area, 8 * 3 * std::numbers::pi, 1e-9));
    QVERIFY(std::abs(dot(ellipse.points[1] - ellipse.points[0], ellipse.points[2] - ellipse.points[0])) < 1e-9);
    QVERIFY(norm(handlesOf(ellipse)[2] - Vec3{10, 2, 0}) < 1e-9);
    moveBy(ellipse, {1, 2, 0});
    QVERIFY(norm(handlesOf(ellipse)[2] - Vec3{11, 4, 0}) < 1e-9);
}

void tst_Measurement::jsonKeepsEverything()
{
    std::mt19937 random(11);
    std::uniform_real_distribution<double> place(-300, 300);
    for (int n = 0; n < 200; ++n) {
        const auto kind = static_cast<MeasurementKind>(n % 5);
        Measurement one = drawn(kind, {}, oblique().z);
        one.name = "Größe \"3\"";
        for (int points = pointsOf(kind) + (kind == MeasurementKind::Polygon ? n % 7 : 0); points > 0; --points)
            one.points.push_back({place(random), place(random), place(random)});
        const auto text = toJson(one).dump();
        const auto other = measurementFromJson(*parseJson(text));
        QVERIFY(other);
        QVERIFY(other->name == one.name && other->kind == one.kind && other->points == one.points);
        QVERIFY(norm(other->normal - one.normal) < 1e-15);
    }
}

void tst_Measurement::faultyJsonIsRefused()
{
    const Json good = toJson(drawn(MeasurementKind::Cobb, {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {1, 2, 0}}));
    QVERIFY(measurementFromJson(good));
    for (const auto &[key, value] : std::vector<std::pair<const char *, Json>>{{"kind", "volume"},
                                                                               {"kind", 3},
                                                                               {"points", Json::array()},
                                                                               {"points", {{0, 0}, {1, 1}}},
                                                                               {"points", "none"},
                                                                               {"normal", {0, 0, 0}},
                                                                               {"name", nullptr}}) {
        Json bad = good;
        bad[key] = value;
        const auto read = measurementFromJson(bad);
        QVERIFY(!read && read.error().code == ErrorCode::Malformed);
    }
    QVERIFY(!measurementFromJson(Json::array()));
}

void tst_Measurement::undoneOneByOne()
{
    QUndoStack undo;
    MeasurementList list(&undo);
    std::mt19937 random(2);
    std::uniform_real_distribution<double> place(-100, 100);
    std::vector<std::vector<Measurement>> states;
    for (int n = 0; n < 1000; ++n) {
        states.push_back(list.all());
        const auto pick = [&] { return list.all()[random() % list.all().size()]; };
        const auto act = random() % 4;
        if (list.all().empty() || act == 0) {
            list.add(drawn(MeasurementKind::Distance, {{place(random), 0, 0}, {0, place(random), 0}}));
        } else if (act == 1) {
            list.remove(pick().id);
        } else if (act == 2) {
            list.rename(pick().id, QStringLiteral("name %1").arg(n));
        } else {
            Measurement moved = pick();
            list.beginDrag(moved.id);
            for (int step = 0; step < 3; ++step) {
                moveBy(moved, {place(random), 1, 0});
                list.dragTo(moved);
            }
            list.endDrag(QStringLiteral("Move"));
        }
    }
    const auto last = list.all();
    for (auto state = states.rbegin(); state != states.rend(); ++state) {
        undo.undo();
        QVERIFY(list.all() == *state);
    }
    QVERIFY(!undo.canUndo() && list.all().empty());
    while (undo.canRedo())
        undo.redo();
    QVERIFY(list.all() == last);

    // What is being dragged when somebody undoes is given up, not mixed in.
    Measurement moved = last.front();
    list.beginDrag(moved.id);
    moveBy(moved, {5, 0, 0});
    list.dragTo(moved);
    undo.undo();
    list.endDrag(QStringLiteral("Move"));
    undo.redo();
    QVERIFY(list.all() == last);
}

void tst_Measurement::savedBesideAndReadAgain()
{
    QTemporaryDir dir;
    const fs::path file = fs::path(dir.path().toStdString()) / "measurements-anna.json";
    QUndoStack undo;
    MeasurementList list(&undo);
    list.add(drawn(MeasurementKind::Distance, {{0, 0, 0}, {3, 4, 0}}));
    list.add(drawn(MeasurementKind::Distance, {{0, 0, 0}, {6, 8, 0}}));
    QCOMPARE(list.all()[1].name, std::string("Distance 2"));
    QVERIFY(list.isDirty());
    QVERIFY(list.save(file));
    QVERIFY(!list.isDirty());
    list.rename(list.all()[0].id, QStringLiteral("lesion"));
    QVERIFY(list.isDirty());
    QVERIFY(list.save(file)); // its own

    const auto json = readJson(file);
    QVERIFY(json && json->at("unit") == "mm" && json->at("measurements")[0].at("length") == 5.0);
    QUndoStack otherUndo;
    MeasurementList other(&otherUndo);
    QVERIFY(!other.save(file)); // somebody else's
    QVERIFY(other.load(file));
    QCOMPARE(other.all().size(), 2U);
    QCOMPARE(other.all()[0].name, std::string("lesion"));
    QVERIFY(other.all()[1].points == list.all()[1].points && !other.isDirty() && !otherUndo.canUndo());
    QCOMPARE(other.load(file.parent_path() / "none.json").error().code, ErrorCode::NotFound);
    QVERIFY(writeJson(file, {{"measurements", {{{"kind", "distance"}}}}}));
    QCOMPARE(other.load(file).error().code, ErrorCode::Malformed);
    QCOMPARE(other.all().size(), 2U); // what could not be read takes nothing away
}

void tst_Measurement::pixelsWhereTheSpacingIsUnknown()
{
    QLocale::setDefault(QLocale::c());
    QUndoStack undo;
    MeasurementList list(&undo);
    const Measurement line = drawn(MeasurementKind::Distance, {{0, 0, 0}, {3, 4, 0}});
    QCOMPARE(list.describe(line), QStringList{QStringLiteral("5.0 mm")});
    list.setSpacingKnown(false);
    QCOMPARE(list.describe(line), QStringList{QStringLiteral("5.0 px")});
    const Measurement square = drawn(MeasurementKind::Polygon, {{0, 0, 0}, {2, 0, 0}, {2, 2, 0}, {0, 2, 0}});
    QCOMPARE(list.describe(square, RegionStatistics{4, 2.5, 1.5, 1, 4}),
             (QStringList{QStringLiteral("area 4.0 px²"), QStringLiteral("mean 2.5, SD 1.5"),
                          QStringLiteral("1.0 to 4.0 (4 voxel(s))"), QStringLiteral("perimeter 8.0 px")}));
}

QTEST_MAIN(tst_Measurement)
#include "tst_measurement.moc"
