// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_geometry.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <cmath>
#include <numbers>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::Vec3;

class tst_SliceGeometry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void radiologicalConvention_data();
    void radiologicalConvention();
    void lettersOfTiltedData();
    void handWorkedPositions();
    void sizesAndSpacingsFollowTheAxes();
    void memoryStepsAgreeWithVoxels();
    void positionsSurviveTheRoundTrip();
};

namespace {

void fileOrientations()
{
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "LAS", "RPI", "PIR", "SRA", "AIL", "IPL", "SLP"})
        QTest::newRow(letters) << letters;
}

// How far one moves to the patient's left, back and head between two places on the screen.
Vec3 moved(const SliceGeometry &slices, const SlicePoint &from, const SlicePoint &to)
{
    const Vec3 a = slices.toPatient(from), b = slices.toPatient(to);
    return {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
}

} // namespace

void tst_SliceGeometry::radiologicalConvention_data()
{
    fileOrientations();
}

// However the voxels lie in the file, the screen shows the patient from the feet (axial), from the front (coronal), and
// from the patient's left side with the face to the left of the screen (sagittal).
void tst_SliceGeometry::radiologicalConvention()
{
    QFETCH(QString, letters);
    const Geometry grid = test::gridOf(letters.toStdString(), {10, 12, 14}, {1, 2, 3});
    struct Expected
    {
        Plane plane;
        EdgeLetters edges;
        int rightAxis, downAxis, nextAxis;
        double rightSign, downSign, nextSign;
    };
    const Expected table[] = {
        {Plane::Axial, {"R", "L", "A", "P"}, 0, 1, 2, 1, 1, 1},
        {Plane::Coronal, {"R", "L", "S", "I"}, 0, 2, 1, 1, -1, 1},
        {Plane::Sagittal, {"A", "P", "S", "I"}, 1, 2, 0, 1, -1, 1},
    };
    for (const Expected &expected : table) {
        const SliceGeometry slices(grid, expected.plane);
        const EdgeLetters edges = slices.edges();
        QCOMPARE(edges.left, expected.edges.left);
        QCOMPARE(edges.right, expected.edges.right);
        QCOMPARE(edges.top, expected.edges.top);
        QCOMPARE(edges.bottom, expected.edges.bottom);
        const Vec3 right = moved(slices, {0, 0, 0}, {1, 0, 0});
        const Vec3 down = moved(slices, {0, 0, 0}, {0, 1, 0});
        const Vec3 next = moved(slices, {0, 0, 0}, {0, 0, 1});
        QCOMPARE(right[expected.rightAxis], expected.rightSign * slices.columnSpacing());
        QCOMPARE(down[expected.downAxis], expected.downSign * slices.rowSpacing());
        QCOMPARE(next[expected.nextAxis], expected.nextSign * slices.sliceSpacing());
    }
}

void tst_SliceGeometry::lettersOfTiltedData()
{
    // A head turned by 30 degrees about its long axis: to the right of the screen lies the left, and a little of the
    // back.
    Geometry grid = test::gridOf("LPS", {10, 10, 10}, {1, 1, 1});
    const double c = std::cos(std::numbers::pi / 6), s = std::sin(std::numbers::pi / 6);
    grid.direction = {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}};
    const EdgeLetters edges = SliceGeometry(grid, Plane::Axial).edges();
    QCOMPARE(edges.right, std::string("LP"));
    QCOMPARE(edges.left, std::string("RA"));
    QCOMPARE(edges.bottom, std::string("PR"));
    QCOMPARE(edges.top, std::string("AL"));
    // Ten degrees are too little to be worth a letter.
    QCOMPARE(directionLetters({std::cos(std::numbers::pi / 18), std::sin(std::numbers::pi / 18), 0}), std::string("L"));
    QCOMPARE(directionLetters({0, 0, -2}), std::string("I"));
}

void tst_SliceGeometry::handWorkedPositions()
{
    // A RAS file of 4 x 5 x 6 voxels of 1, 2, 3 mm whose first voxel is at the patient's left, back and feet: LPS (10,
    // 20, -30).
    Geometry grid = test::gridOf("RAS", {4, 5, 6}, {1, 2, 3});
    grid.origin = {10, 20, -30};
    // Top left of the lowest axial slice: patient's right (7), front (20 - 4 * 2 = 12), feet (-30): voxel (3, 4, 0).
    const SliceGeometry axial(grid, Plane::Axial);
    QCOMPARE(axial.toPatient({0, 0, 0}), (Vec3{7, 12, -30}));
    QCOMPARE(axial.voxel(0, 0, 0), (imaging::Index3{3, 4, 0}));
    // Top left of the foremost coronal slice: right (7), front (12), head (-30 + 5 * 3 = -15).
    const SliceGeometry coronal(grid, Plane::Coronal);
    QCOMPARE(coronal.toPatient({0, 0, 0}), (Vec3{7, 12, -15}));
    // Top left of the sagittal slice at the patient's left side (the last, 3): left (10), front (12), head (-15).
    const SliceGeometry sagittal(grid, Plane::Sagittal);
    QCOMPARE(sagittal.toPatient({0, 0, 3}), (Vec3{10, 12, -15}));
    QCOMPARE(sagittal.nearestSlice({9.4, 0, 0}), 2);
    QCOMPARE(sagittal.nearestSlice({100, 0, 0}), 3);
    QCOMPARE(sagittal.nearestSlice({-100, 0, 0}), 0);
    QCOMPARE(axial.movedToSlice({8, 14, -30}, 2), (Vec3{8, 14, -24}));
}

void tst_SliceGeometry::sizesAndSpacingsFollowTheAxes()
{
    // Posterior, inferior, right: i runs backward, j downward, k to the right.
    const Geometry grid = test::gridOf("PIR", {10, 20, 30}, {1, 2, 3});
    const SliceGeometry axial(grid, Plane::Axial), coronal(grid, Plane::Coronal), sagittal(grid, Plane::Sagittal);
    QCOMPARE((std::array{axial.columns(), axial.rows(), axial.slices()}), (std::array{30, 10, 20}));
    QCOMPARE((std::array{coronal.columns(), coronal.rows(), coronal.slices()}), (std::array{30, 20, 10}));
    QCOMPARE((std::array{sagittal.columns(), sagittal.rows(), sagittal.slices()}), (std::array{10, 20, 30}));
    QCOMPARE((std::array{axial.columnSpacing(), axial.rowSpacing(), axial.sliceSpacing()}),
             (std::array{3.0, 1.0, 2.0}));
}

void tst_SliceGeometry::memoryStepsAgreeWithVoxels()
{
    for (const char *letters : {"LPS", "RAS", "PIR", "SRA"}) {
        const Geometry grid = test::gridOf(letters, {4, 5, 6}, {1, 1, 1});
        for (Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
            const SliceGeometry slices(grid, plane);
            const auto index = slices.voxel(2, 3, 1);
            QCOMPARE(slices.firstOffset(1) + 2 * slices.columnStep() + 3 * slices.rowStep(),
                     grid.offset(index[0], index[1], index[2]));
        }
    }
}

void tst_SliceGeometry::positionsSurviveTheRoundTrip()
{
    Geometry grid = test::gridOf("AIL", {7, 9, 11}, {0.5, 1.25, 2}, {3, -40, 12});
    for (Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
        const SliceGeometry slices(grid, plane);
        const SlicePoint there = slices.fromPatient(slices.toPatient({1.5, 2.25, 3}));
        QVERIFY(std::abs(there.column - 1.5) < 1e-9);
        QVERIFY(std::abs(there.row - 2.25) < 1e-9);
        QVERIFY(std::abs(there.slice - 3) < 1e-9);
    }
}

QTEST_APPLESS_MAIN(tst_SliceGeometry)
#include "tst_slice_geometry.moc"
