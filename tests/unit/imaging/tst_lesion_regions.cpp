// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/lesion_regions.h"

#include "imaging/canonical.h"
#include "imaging/components.h"
#include "imaging/nifti.h"

#include "support/real_data.h"

#include <QtTest>
#include <cmath>

using namespace consilium::imaging;

namespace {

double ellipsoid(const Vec3 &p, const Vec3 &centre, const Vec3 &radii)
{
    return std::hypot((p[0] - centre[0]) / radii[0], (p[1] - centre[1]) / radii[1], (p[2] - centre[2]) / radii[2]);
}

// A brain of plain shapes in LPS mm: an ellipsoid 156 mm long with two ventricles, a deep sulcus on its left side and a
// narrow fissure between the hemispheres.
struct PlainBrain
{
    static constexpr Vec3 s_radii{66, 78, 60};

    static bool inside(const Vec3 &p) { return ellipsoid(p, {}, s_radii) <= 1; }
    static bool fluid(const Vec3 &p)
    {
        const Vec3 left{std::abs(p[0]), p[1], p[2]};
        const bool ventricle = ellipsoid(left, {14, 5, 5}, {6, 30, 8}) <= 1;
        const bool sulcus = p[0] > 40 && std::abs(p[1]) < 10 && std::abs(p[2] - 10) < 1.6;
        const bool fissure = std::abs(p[0]) < 1 && ellipsoid(p, {}, s_radii) > 0.75;
        return ventricle || sulcus || fissure;
    }
};

struct PlacedLesion
{
    const char *title;
    Vec3 centre;
    double radius;
    LesionRegion region;
};

// Distances from the shapes above, by hand.
const std::vector<PlacedLesion> s_placed{
    {"beside the left ventricle", {24, 5, 5}, 3, LesionRegion::Periventricular},       // wall at x = 20
    {"1 mm off the right ventricle", {-24, 5, 5}, 3, LesionRegion::Periventricular},   // from x = -21
    {"9 mm off the right ventricle", {-31, -15, 5}, 3, LesionRegion::DeepWhiteMatter}, // wall at x = -18.5
    {"above the ventricle", {14, 5, 17}, 3, LesionRegion::Periventricular},            // roof at z = 13
    {"deep in the frontal lobe", {30, -40, 10}, 3, LesionRegion::DeepWhiteMatter},
    {"under the right edge", {-60, 0, 0}, 5, LesionRegion::Juxtacortical}, // to x = -65 of -66
    {"beside the sulcus", {45, 0, 17}, 3, LesionRegion::Juxtacortical},    // z = 14, sulcus to 11.6
    {"where the sulcus would be on the right", {-45, 0, 17}, 3, LesionRegion::DeepWhiteMatter},
    {"in the left half of the cerebellum", {22, 45, -36}, 4, LesionRegion::Infratentorial},
    {"in the pons", {0, 8, -40}, 4, LesionRegion::Infratentorial},
    {"in the temporal lobe, as low as the pons", {38, -12, -30}, 3, LesionRegion::DeepWhiteMatter},
    {"in the occipital lobe", {25, 52, 8}, 3, LesionRegion::DeepWhiteMatter},
};

// Voxels of `spacing` over the brain and some air, in the order and direction of the axes that `axes` names.
Geometry gridOf(const Vec3 &spacing, const AxisMap &axes)
{
    Geometry grid;
    for (int c = 0; c < 3; ++c) {
        const int patientAxis = axes.axis[c];
        grid.spacing[c] = spacing[c];
        grid.size[c] = static_cast<int>(170 / spacing[c]);
        for (int r = 0; r < 3; ++r)
            grid.direction[r][c] = r == patientAxis ? axes.sign[c] : 0;
    }
    const Vec3 middle{(grid.size[0] - 1) / 2.0, (grid.size[1] - 1) / 2.0, (grid.size[2] - 1) / 2.0};
    const auto centre = grid.toPatient(middle);
    grid.origin = {-centre[0], -centre[1], -centre[2]};
    return grid;
}

struct Scan
{
    Volume image;
    LabelMap lesions, brain;
};

Scan scanOf(const Geometry &grid)
{
    Scan scan{{grid, {}}, {grid, {}}, {grid, {}}};
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto p = grid.toPatient({double(i), double(j), double(k)});
                const bool inside = PlainBrain::inside(p);
                bool lesion = false;
                for (const auto &placed : s_placed)
                    lesion = lesion || (std::abs(p[0] - placed.centre[0]) <= placed.radius &&
                                        std::hypot(p[0] - placed.centre[0], p[1] - placed.centre[1],
                                                   p[2] - placed.centre[2]) <= placed.radius);
                scan.image.values.push_back(!inside ? 0.F : lesion ? 140.F : PlainBrain::fluid(p) ? 20.F : 100.F);
                scan.brain.values.push_back(inside);
                scan.lesions.values.push_back(inside && lesion);
            }
    return scan;
}

// The hint for the lesion that holds a point.
LesionRegion regionAt(const Vec3 &point, const LabelMap &lesions, const std::vector<LesionRegion> &regions)
{
    std::vector<std::int32_t> ids;
    findLesions(lesions, 0, &ids);
    const auto index = lesions.geometry.toIndex(point);
    const auto id = ids[static_cast<std::size_t>(lesions.geometry.offset(static_cast<int>(std::lround(index[0])),
                                                                         static_cast<int>(std::lround(index[1])),
                                                                         static_cast<int>(std::lround(index[2]))))];
    return id ? regions[static_cast<std::size_t>(id) - 1] : LesionRegion::Unknown;
}

} // namespace

class tst_LesionRegions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void placesLesions_data();
    void placesLesions();
    void saysUnknownWithoutABrain();
    void knowsNoDepthWithoutVentricles();
    void realLesionsAreWhereTheyAre();
    void flairAndT1Agree();
};

void tst_LesionRegions::placesLesions_data()
{
    QTest::addColumn<Vec3>("spacing");
    QTest::addColumn<AxisMap>("axes");
    QTest::newRow("axial LPS") << Vec3{1, 1, 1} << AxisMap{{0, 1, 2}, {1, 1, 1}};
    QTest::newRow("axial RAS") << Vec3{1, 1, 1} << AxisMap{{0, 1, 2}, {-1, -1, 1}};
    QTest::newRow("sagittal") << Vec3{1, 1, 1.3} << AxisMap{{1, 2, 0}, {1, -1, -1}};
    QTest::newRow("coronal, thin") << Vec3{0.9, 1.2, 1.5} << AxisMap{{0, 2, 1}, {1, -1, 1}};
}

void tst_LesionRegions::placesLesions()
{
    QFETCH(Vec3, spacing);
    QFETCH(AxisMap, axes);
    const auto scan = scanOf(gridOf(spacing, axes));
    const auto regions = regionHints(scan.lesions, scan.image, scan.brain);
    QCOMPARE(regions.size(), s_placed.size());
    for (const auto &placed : s_placed) {
        const auto region = regionAt(placed.centre, scan.lesions, regions);
        const auto text = QString("%1: %2").arg(placed.title, QString::fromUtf8(name(region).data()));
        QVERIFY2(region == placed.region, qPrintable(text));
    }
}

void tst_LesionRegions::saysUnknownWithoutABrain()
{
    auto scan = scanOf(gridOf({2, 2, 2}, {}));
    const auto isUnknown = [](LesionRegion region) { return region == LesionRegion::Unknown; };
    const auto allUnknown = [&] {
        const auto regions = regionHints(scan.lesions, scan.image, scan.brain);
        return regions.size() == s_placed.size() && std::all_of(regions.begin(), regions.end(), isUnknown);
    };
    QVERIFY(!allUnknown());
    const auto whole = scan.brain;
    for (auto &value : scan.brain.values)
        value = 0;
    QVERIFY(allUnknown());
    // A crop: a slab 16 mm thick, 250 ml.
    for (std::size_t n = 0; n < scan.brain.values.size(); ++n)
        scan.brain.values[n] = whole.values[n] && n / (85 * 85) > 37 && n / (85 * 85) <= 45;
    QVERIFY(allUnknown());
    scan.brain = whole;
    scan.brain.geometry.origin[0] += 5;
    QVERIFY(allUnknown());
    scan.brain = whole;
    QVERIFY(!allUnknown());

    QVERIFY(regionHints(LabelMap{scan.lesions.geometry, std::vector<std::uint8_t>(whole.values.size())}, scan.image,
                        scan.brain)
                .empty());
}

void tst_LesionRegions::knowsNoDepthWithoutVentricles()
{
    auto scan = scanOf(gridOf({2, 2, 2}, {}));
    for (auto &value : scan.image.values)
        value = value > 0 ? 100.F : 0.F; // no fluid is darker
    const auto regions = regionHints(scan.lesions, scan.image, scan.brain);
    QVERIFY(regionAt({-31, -15, 5}, scan.lesions, regions) == LesionRegion::Unknown);
    QVERIFY(regionAt({24, 5, 5}, scan.lesions, regions) == LesionRegion::Unknown);
    QVERIFY(regionAt({-60, 0, 0}, scan.lesions, regions) == LesionRegion::Juxtacortical);
    QVERIFY(regionAt({0, 8, -40}, scan.lesions, regions) == LesionRegion::Infratentorial);
}

void tst_LesionRegions::realLesionsAreWhereTheyAre()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions");
    // Looked at in a viewer; the images lie in MNI space: x to the right, y to the front, z to the head.
    struct Known
    {
        const char *name;
        Vec3 mni;
        LesionRegion region;
    };
    for (const auto &known :
         {Known{"case-19", {4, -27, 19}, LesionRegion::Periventricular},  // 47 ml around both ventricles
          Known{"case-07", {-7, -38, -27}, LesionRegion::Infratentorial}, // pons
          Known{"case-07", {4, -36, -12}, LesionRegion::Infratentorial}}) {
        const auto path = folder / known.name;
        const auto lesions = readLabels(path / "lesions.nii.gz");
        const auto flair = readNifti(path / "flair.nii.gz");
        QVERIFY(lesions && flair);
        LabelMap brain{flair->geometry, {}};
        for (const float value : flair->values)
            brain.values.push_back(value != 0);
        const auto regions = regionHints(*lesions, *flair, brain);
        const auto region = regionAt({-known.mni[0], -known.mni[1], known.mni[2]}, *lesions, regions);
        QVERIFY2(region == known.region, name(region).data());
    }
}

void tst_LesionRegions::flairAndT1Agree()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions");
    for (const auto *patient : {"case-07", "case-19"}) {
        const auto lesions = readLabels(folder / patient / "lesions.nii.gz");
        const auto flair = readNifti(folder / patient / "flair.nii.gz");
        const auto t1 = readNifti(folder / patient / "t1.nii.gz");
        QVERIFY(lesions && flair && t1);
        LabelMap brain{flair->geometry, {}};
        for (const float value : flair->values)
            brain.values.push_back(value != 0);
        const auto fromFlair = regionHints(*lesions, *flair, brain);
        const auto fromT1 = regionHints(*lesions, *t1, brain);
        int same = 0;
        for (std::size_t n = 0; n < fromFlair.size(); ++n)
            same += fromFlair[n] == fromT1[n];
        const auto share = double(same) / double(fromFlair.size());
        QVERIFY2(share > 0.75, qPrintable(QString("%1: %2").arg(patient).arg(share)));
    }
}

QTEST_GUILESS_MAIN(tst_LesionRegions)
#include "tst_lesion_regions.moc"
