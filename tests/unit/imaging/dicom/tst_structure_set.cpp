// SPDX-License-Identifier: GPL-3.0-or-later
// Contours of known shape: a voxel belongs to a region when its centre is inside an odd number of contours.
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/written_object.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <functional>
#include <numbers>
#include <numeric>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::imaging::dicom;

namespace {

using Contour = std::vector<Vec3>; ///< patient mm

struct Region
{
    std::string name;
    std::vector<Contour> contours;
    std::string type = "CLOSED_PLANAR";
};

void writeStructureSet(const std::filesystem::path &file, const std::vector<Region> &regions)
{
    DcmFileFormat object;
    auto &dataset = *object.getDataset();
    dataset.putAndInsertString(DCM_SOPClassUID, UID_RTStructureSetStorage);
    dataset.putAndInsertString(DCM_SOPInstanceUID, "2.25.1");
    dataset.putAndInsertString(DCM_Modality, "RTSTRUCT");
    for (std::size_t n = 0; n < regions.size(); ++n) {
        const auto number = std::to_string(n + 1);
        DcmItem *roi = nullptr, *shape = nullptr;
        dataset.findOrCreateSequenceItem(DCM_StructureSetROISequence, roi, -2);
        roi->putAndInsertString(DCM_ROINumber, number.c_str());
        roi->putAndInsertString(DCM_ROIName, regions[n].name.c_str());
        dataset.findOrCreateSequenceItem(DCM_ROIContourSequence, shape, -2);
        shape->putAndInsertString(DCM_ReferencedROINumber, number.c_str());
        shape->putAndInsertString(DCM_ROIDisplayColor, "10\\20\\30");
        for (const auto &contour : regions[n].contours) {
            DcmItem *item = nullptr;
            shape->findOrCreateSequenceItem(DCM_ContourSequence, item, -2);
            item->putAndInsertString(DCM_ContourGeometricType, regions[n].type.c_str());
            std::string data;
            for (const auto &point : contour)
                for (const double value : point)
                    data += (data.empty() ? "" : "\\") + decimalString(value);
            item->putAndInsertString(DCM_ContourData, data.c_str());
        }
    }
    if (const auto saved = saveObject(file, object); !saved)
        throw std::runtime_error(saved.error().line());
}

Contour circle(double x, double y, double z, double radius, int points = 360)
{
    Contour contour;
    for (int n = 0; n < points; ++n) {
        const double angle = 2 * std::numbers::pi * n / points;
        contour.push_back({x + radius * std::cos(angle), y + radius * std::sin(angle), z});
    }
    return contour;
}

Contour box(double x0, double y0, double x1, double y1, double z)
{
    return {{x0, y0, z}, {x1, y0, z}, {x1, y1, z}, {x0, y1, z}};
}

Geometry axialGrid()
{
    Geometry grid;
    grid.size = {80, 70, 5};
    grid.spacing = {0.75, 1, 3};
    grid.origin = {-30.1, -35.3, 100};
    return grid;
}

std::int64_t count(const std::vector<std::uint8_t> &mask)
{
    return std::accumulate(mask.begin(), mask.end(), std::int64_t{0});
}

/// Turns points about the x axis and moves them: a patient lying another way.
Vec3 tilted(const Vec3 &p)
{
    const double c = std::cos(0.4), s = std::sin(0.4);
    return {p[0] + 7, c * p[1] - s * p[2] - 11, s * p[1] + c * p[2] + 5};
}

} // namespace

class tst_StructureSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void circlesHoldTheirVoxels();
    void ringsHaveHoles_data();
    void ringsHaveHoles();
    void neighboursShareNoVoxel();
    void slicesMayLieAnyWay();
    void contoursMayCrossTheStoredSlices();
    void contoursOffTheSlicesAreRefused();
    void nearestPlaneStandsForTheSlice();
    void pydicomsBoxHasItsVolume();
    void damagedContoursAreRefused();

private:
    std::filesystem::path file() const { return std::filesystem::path(m_folder.path().toStdString()) / "rs.dcm"; }
    QTemporaryDir m_folder;
};

void tst_StructureSet::circlesHoldTheirVoxels()
{
    constexpr double radius = 20;
    writeStructureSet(file(), {{"Circle", {circle(1, 2, 103, radius)}}});
    const auto grid = axialGrid();
    const auto read = readStructureSet(file(), grid);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(read->segments.size(), std::size_t{1});
    QCOMPARE(read->segments[0].label, "Circle");
    QCOMPARE(int(read->segments[0].colour[1]), 20);
    // Centres nearer than the middle of the polygon's edges are inside, those farther than its corners outside.
    const double inner = radius * std::cos(std::numbers::pi / 360);
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto p = grid.toPatient({double(i), double(j), double(k)});
                const double distance = std::hypot(p[0] - 1, p[1] - 2);
                const int value = read->masks[0][static_cast<std::size_t>(grid.offset(i, j, k))];
                if (k != 1 || distance > radius)
                    QCOMPARE(value, 0);
                else if (distance < inner)
                    QCOMPARE(value, 1);
            }
    const double area = double(count(read->masks[0])) * 0.75;
    QVERIFY(std::abs(area - std::numbers::pi * radius * radius) < 0.01 * area);
}

void tst_StructureSet::ringsHaveHoles_data()
{
    QTest::addColumn<bool>("keyhole");
    QTest::newRow("a contour inside a contour") << false;
    QTest::newRow("one contour with a bridge of no width") << true;
}

void tst_StructureSet::ringsHaveHoles()
{
    QFETCH(bool, keyhole);
    const auto outer = circle(0, 0, 106, 25);
    const auto inner = circle(3, 0, 106, 10);
    if (keyhole) {
        Contour whole = outer;
        whole.push_back(outer.front());
        for (std::size_t n = inner.size() + 1; n-- > 0;)
            whole.push_back(inner[n % inner.size()]);
        writeStructureSet(file(), {{"Ring", {whole}}});
    } else {
        writeStructureSet(file(), {{"Ring", {outer, inner}}});
    }
    const auto grid = axialGrid();
    const auto read = readStructureSet(file(), grid);
    QVERIFY(read);
    const auto at = [&](double x, double y) {
        const auto index = grid.toIndex({x, y, 106});
        return int(read->masks[0][static_cast<std::size_t>(
            grid.offset(int(std::lround(index[0])), int(std::lround(index[1])), 2))]);
    };
    QCOMPARE(at(3, 0), 0);
    QCOMPARE(at(-4, 0), 0);
    QCOMPARE(at(-12, 0), 1);
    QCOMPARE(at(18, 0), 1);
    QCOMPARE(at(0, 28), 0);
    const double area = double(count(read->masks[0])) * 0.75;
    QVERIFY(std::abs(area - std::numbers::pi * (25 * 25 - 10 * 10)) < 0.01 * area);
}

void tst_StructureSet::neighboursShareNoVoxel()
{
    // The common edge runs through voxel centres.
    auto grid = axialGrid();
    grid.origin = {-30, -35, 100};
    grid.spacing = {1, 1, 3};
    writeStructureSet(file(), {{"Left", {box(-10, -5, 0, 5, 100)}}, {"Right", {box(0, -5, 12, 5, 100)}}});
    const auto read = readStructureSet(file(), grid);
    QVERIFY(read);
    QVERIFY(!read->overlaps());
    QCOMPARE(count(read->masks[0]), 100);
    QCOMPARE(count(read->masks[1]), 120);
}

void tst_StructureSet::slicesMayLieAnyWay()
{
    const std::vector<Contour> contours{circle(0, 0, 103, 22), circle(1, 1, 103, 7), circle(0, 2, 109, 15)};
    writeStructureSet(file(), {{"Shape", contours}});
    const auto grid = axialGrid();
    const auto straight = readStructureSet(file(), grid);
    QVERIFY(straight);
    auto moved = contours;
    for (auto &contour : moved)
        for (auto &point : contour)
            point = tilted(point);
    writeStructureSet(file(), {{"Shape", moved}});
    auto oblique = grid;
    oblique.origin = tilted(grid.origin);
    const double c = std::cos(0.4), s = std::sin(0.4);
    oblique.direction = {Vec3{1, 0, 0}, Vec3{0, c, -s}, Vec3{0, s, c}};
    const auto turned = readStructureSet(file(), oblique);
    QVERIFY2(turned, turned ? "" : turned.error().line().c_str());
    QVERIFY(straight->masks == turned->masks);
    QVERIFY(count(turned->masks[0]) > 0);
}

void tst_StructureSet::contoursMayCrossTheStoredSlices()
{
    // Drawn on sagittal planes, wanted on axial voxels.
    const auto grid = axialGrid();
    Contour contour;
    for (const auto &point : circle(0, 106, 0, 5.9))
        contour.push_back({grid.origin[0] + 30 * 0.75, point[0], point[1]});
    writeStructureSet(file(), {{"Sagittal", {contour}}});
    const auto read = readStructureSet(file(), grid);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto p = grid.toPatient({double(i), double(j), double(k)});
                const bool inside = i == 30 && std::hypot(p[1], p[2] - 106) < 5.9;
                QCOMPARE(int(read->masks[0][static_cast<std::size_t>(grid.offset(i, j, k))]), int(inside));
            }
}

void tst_StructureSet::contoursOffTheSlicesAreRefused()
{
    auto contour = circle(0, 0, 103, 20);
    for (auto &point : contour)
        point = tilted(point);
    writeStructureSet(file(), {{"Tilted", {contour}}});
    const auto read = readStructureSet(file(), axialGrid());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(read.error().line());
    QVERIFY2(line.contains("rs.dcm") && line.contains("Tilted") && line.contains("not parallel"), qPrintable(line));
}

void tst_StructureSet::nearestPlaneStandsForTheSlice()
{
    // Planes every millimetre on slices of 3 mm: 102, 103 and 104 mm all round to the slice at 103.
    writeStructureSet(file(), {{"Cone",
                                {box(-6, -6, 6, 6, 102.1), box(-5, -5, 5, 5, 103.1), box(-4, -4, 4, 4, 104.1),
                                 box(-4, -4, 4, 4, 500)}},
                               {"Point", {{{0, 0, 103}}}, "POINT"}});
    auto grid = axialGrid();
    grid.spacing = {1, 1, 3};
    grid.origin = {-30.5, -35.5, 100};
    const auto read = readStructureSet(file(), grid);
    QVERIFY(read);
    QCOMPARE(count(read->masks[0]), 100);
    const std::vector<std::string> warnings{"Cone: 1 planes of contours lie outside the image",
                                            "Cone: 2 planes lie between slices and are left out",
                                            "Point has no closed contour"};
    QCOMPARE(read->warnings, warnings);
    QCOMPARE(read->segments.size(), std::size_t{1});
}

void tst_StructureSet::pydicomsBoxHasItsVolume()
{
    CONSILIUM_REAL_DATA(structures, "dicom/pydicom/test_files/rtstruct.dcm");
    Geometry grid; // three planes of 400 x 300 mm, 10 mm apart
    grid.size = {90, 70, 6};
    grid.spacing = {5, 5, 10};
    grid.origin = {-222.5, -172.5, -210};
    const auto read = readStructureSet(structures, grid);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(read->segments.size(), std::size_t{1});
    QCOMPARE(read->segments[0].label, "patient");
    QCOMPARE(read->segments[0].colour, (std::array<std::uint8_t, 3>{220, 160, 120}));
    QCOMPARE(double(count(read->masks[0])) * grid.voxelVolume(), 3 * 400. * 300 * 10);
    QCOMPARE(read->warnings.size(), std::size_t{2}); // the two isocentres are points
}

void tst_StructureSet::damagedContoursAreRefused()
{
    writeStructureSet(file(), {{"Line", {{{0, 0, 103}, {5, 5, 103}}}}});
    const auto read = readStructureSet(file(), axialGrid());
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Malformed);
    QVERIFY(QString::fromStdString(read.error().line()).contains("Line"));
    const auto missing = readStructureSet(file().string() + ".none", axialGrid());
    QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_StructureSet)
#include "tst_structure_set.moc"
