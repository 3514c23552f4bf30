// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/geometry.h"

#include <QtTest>
#include <cmath>
#include <numbers>

using namespace consilium::imaging;

namespace {

double distance(const Vec3 &a, const Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

Matrix3 aboutZ(double degrees)
{
    const double t = degrees * std::numbers::pi / 180;
    return {Vec3{std::cos(t), -std::sin(t), 0}, Vec3{std::sin(t), std::cos(t), 0}, Vec3{0, 0, 1}};
}

} // namespace

class tst_Geometry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesOrientations_data();
    void namesOrientations();
    void mapsIndexToPatientByHand();
    void comesBackFromPatient();
    void eachPatientAxisIsNamedOnce();
    void comparesGridsByTheirCorners();
    void findsTheNearestOrthogonalMatrix();
};

void tst_Geometry::namesOrientations_data()
{
    QTest::addColumn<QList<int>>("direction"); // row by row
    QTest::addColumn<QString>("letters");
    QTest::newRow("DICOM axial") << QList<int>{1, 0, 0, 0, 1, 0, 0, 0, 1} << "LPS";
    QTest::newRow("RAS+ NIfTI") << QList<int>{-1, 0, 0, 0, -1, 0, 0, 0, 1} << "RAS";
    QTest::newRow("MNI as FSL keeps it") << QList<int>{1, 0, 0, 0, -1, 0, 0, 0, 1} << "LAS";
    QTest::newRow("DICOM sagittal") << QList<int>{0, 0, -1, 1, 0, 0, 0, -1, 0} << "PIR";
    QTest::newRow("DICOM coronal") << QList<int>{1, 0, 0, 0, 0, 1, 0, -1, 0} << "LIP";
    QTest::newRow("feet first") << QList<int>{1, 0, 0, 0, 1, 0, 0, 0, -1} << "LPI";
}

void tst_Geometry::namesOrientations()
{
    QFETCH(QList<int>, direction);
    QFETCH(QString, letters);
    Geometry geometry;
    for (int n = 0; n < 9; ++n)
        geometry.direction[n / 3][n % 3] = direction[n];
    QCOMPARE(QString::fromStdString(geometry.orientation()), letters);
}

void tst_Geometry::mapsIndexToPatientByHand()
{
    Geometry geometry;
    geometry.spacing = {2, 3, 4};
    geometry.origin = {10, 20, 30};
    geometry.direction = aboutZ(90); // i runs to the back, j to the right
    const Vec3 expected{10 - 3 * 5, 20 + 2 * 1, 30 + 4 * 7};
    QCOMPARE_LE(distance(geometry.toPatient({1, 5, 7}), expected), 1e-12);
    QCOMPARE(QString::fromStdString(geometry.orientation()), QString("PRS"));
}

void tst_Geometry::comesBackFromPatient()
{
    Geometry geometry;
    geometry.spacing = {0.9, 1.1, 2.5};
    geometry.origin = {-91.5, 126.25, -72};
    geometry.direction = aboutZ(23);
    const Vec3 index{17.25, -3, 101.5};
    QCOMPARE_LE(distance(geometry.toIndex(geometry.toPatient(index)), index), 1e-10);
}

void tst_Geometry::eachPatientAxisIsNamedOnce()
{
    // Turned by 50 degrees about z and then tilted: both i and j have their largest component along the same axis of
    // some rotations; the three letters must still stand for three axes.
    for (int degrees = 0; degrees < 360; degrees += 5) {
        Geometry geometry;
        const auto turn = aboutZ(degrees), tilt = aboutZ(40);
        // The second rotation acts about x: its plane is moved from (x, y) to (y, z).
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c) {
                geometry.direction[r][c] = 0;
                for (int n = 0; n < 3; ++n)
                    geometry.direction[r][c] += tilt[(r + 2) % 3][(n + 2) % 3] * turn[n][c];
            }
        auto axes = geometry.closestAxes().axis;
        std::sort(axes.begin(), axes.end());
        QCOMPARE(axes, (Index3{0, 1, 2}));
    }
}

void tst_Geometry::comparesGridsByTheirCorners()
{
    Geometry a;
    a.size = {100, 100, 100};
    auto b = a;
    QVERIFY(a.sameGrid(b));
    b.origin[1] = 5e-4;
    QVERIFY(a.sameGrid(b));
    b.origin[1] = 2e-3;
    QVERIFY(!a.sameGrid(b));
    b = a;
    b.spacing[0] = 1.0001; // the far corner is 0.01 mm off though the origins agree
    QVERIFY(!a.sameGrid(b));
    QVERIFY(a.sameGrid(b, 0.02));
    b = a;
    b.size[2] = 99;
    QVERIFY(!a.sameGrid(b, 1000));
}

void tst_Geometry::findsTheNearestOrthogonalMatrix()
{
    // A = Q P with P symmetric and positive definite: Q is the polar factor by definition.
    const auto q = aboutZ(30);
    const Matrix3 p{Vec3{1, 0.1, 0.05}, Vec3{0.1, 1.2, 0.02}, Vec3{0.05, 0.02, 0.9}};
    for (const double sign : {1.0, -1.0}) {
        Matrix3 a{};
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c)
                for (int n = 0; n < 3; ++n)
                    a[r][c] += (n == 2 ? sign : 1) * q[r][n] * p[n][c]; // sign -1: a reflection
        const auto factor = nearestOrthogonal(a);
        for (int r = 0; r < 3; ++r)
            for (int c = 0; c < 3; ++c)
                QCOMPARE_LE(std::abs(factor[r][c] - (c == 2 ? sign : 1) * q[r][c]), 1e-12);
        QCOMPARE_LE(std::abs(determinant(factor) - sign), 1e-12);
    }
}

QTEST_APPLESS_MAIN(tst_Geometry)
#include "tst_geometry.moc"
