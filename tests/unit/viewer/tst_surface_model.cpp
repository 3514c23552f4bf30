// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/colours.h"
#include "viewer/surfaces/surface_model.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <cmath>
#include <vtkCellArray.h>
#include <vtkDataArray.h>
#include <vtkIdList.h>
#include <vtkNew.h>
#include <vtkPointData.h>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LabelMap;
using imaging::Vec3;

class tst_SurfaceModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBallKeepsItsPlaceAndVolume_data();
    void aBallKeepsItsPlaceAndVolume();
    void noLabelNoSurface();
    void aRayMeetsTheNearSide();
};

void tst_SurfaceModel::aBallKeepsItsPlaceAndVolume_data()
{
    QTest::addColumn<QString>("letters");
    // Right- and left-handed grids.
    for (const char *letters : {"LPS", "RAS", "LAS", "PIR", "SRA", "AIL"})
        QTest::newRow(letters) << letters;
}

// A ball of radius 12 mm about (5, -8, 3). By the divergence theorem the sum of p0 . (p1 x p2) / 6 over the triangles
// of a closed surface is the volume inside, positive when they are wound outward.
void tst_SurfaceModel::aBallKeepsItsPlaceAndVolume()
{
    QFETCH(QString, letters);
    const Vec3 centre{5, -8, 3};
    LabelMap labels{test::gridOf(letters.toStdString(), {44, 42, 40}, {1, 1, 1}), {}};
    labels.values.resize(static_cast<std::size_t>(labels.geometry.voxels()));
    test::overGrid(labels.geometry, [&](int i, int j, int k, const Vec3 &at) {
        if (std::hypot(at[0] - centre[0], at[1] - centre[1], at[2] - centre[2]) <= 12)
            labels.values[static_cast<std::size_t>(labels.geometry.offset(i, j, k))] = 1;
    });
    const auto mesh = labelSurface(labels, 1);
    QVERIFY(mesh);
    double volume = 0;
    Vec3 middle{};
    vtkNew<vtkIdList> ids;
    for (vtkIdType cell = 0; cell < mesh->GetNumberOfCells(); ++cell) {
        mesh->GetCellPoints(cell, ids);
        QCOMPARE(ids->GetNumberOfIds(), 3);
        double p[3][3];
        for (int i = 0; i < 3; ++i)
            mesh->GetPoint(ids->GetId(i), p[i]);
        volume +=
            (p[0][0] * (p[1][1] * p[2][2] - p[1][2] * p[2][1]) - p[0][1] * (p[1][0] * p[2][2] - p[1][2] * p[2][0]) +
             p[0][2] * (p[1][0] * p[2][1] - p[1][1] * p[2][0])) /
            6;
    }
    const double exact = 4.0 / 3 * 3.14159265 * 12 * 12 * 12;
    QVERIFY2(std::abs(volume / exact - 1) < 0.05, qPrintable(QString::number(volume)));

    const auto points = mesh->GetNumberOfPoints();
    for (vtkIdType point = 0; point < points; ++point) {
        double at[3], normal[3];
        mesh->GetPoint(point, at);
        mesh->GetPointData()->GetNormals()->GetTuple(point, normal);
        double outward = 0;
        for (int i = 0; i < 3; ++i) {
            middle[i] += at[i] / double(points);
            outward += normal[i] * (at[i] - centre[i]);
        }
        QVERIFY(outward > 0);
    }
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(middle[i] - centre[i]) < 0.3);
}

void tst_SurfaceModel::noLabelNoSurface()
{
    LabelMap labels{test::gridOf("LPS", {4, 4, 4}, {1, 1, 1}), std::vector<std::uint8_t>(64)};
    QVERIFY(!labelSurface(labels, 1));
    labels.values[0] = 1; // one voxel in the corner of the grid still closes
    QVERIFY(labelSurface(labels, 1)->GetNumberOfCells() > 0);
    QVERIFY(!labelSurface(labels, 2));
}

// Two balls of radius 6 mm in a row: from the front the first is met 6 mm before its middle; hidden, the second.
void tst_SurfaceModel::aRayMeetsTheNearSide()
{
    LabelMap labels{test::gridOf("RAS", {30, 60, 30}, {1, 1, 1}), {}};
    test::overGrid(labels.geometry, [&](int, int, int, const Vec3 &at) {
        const auto within = [&](double y) { return std::hypot(at[0], at[1] - y, at[2]) <= 6; };
        labels.values.push_back(within(-15) ? 1 : within(15) ? 2 : 0);
    });
    SurfaceModel model;
    for (int label : {1, 2})
        model.parts.push_back({kReference, label, labelSurface(labels, label)});
    const BuiltSurfaces built(std::move(model));
    const Ray ray{{1, -200, 1}, {0, 1, 0}};
    const auto first = built.hit(ray, {{kReference, 1, {}}, {kReference, 2, {}}});
    QVERIFY(first && std::abs((*first)[1] - -21) < 1);
    const auto second = built.hit(ray, {{kReference, 2, {}}});
    QVERIFY(second && std::abs((*second)[1] - 9) < 1);
    QVERIFY(!built.hit(ray, {}));
    QVERIFY(!built.hit({{9, -200, 0}, {0, 1, 0}}, {{kReference, 1, {}}}));
    QVERIFY(!built.hit({{1, -200, 1}, {0, -1, 0}}, {{kReference, 1, {}}}));
}

QTEST_APPLESS_MAIN(tst_SurfaceModel)
#include "tst_surface_model.moc"
