// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/canonical.h"

#include <QtTest>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace consilium::imaging;

namespace {

// No two sizes, spacings or values alike, and tilted by 10 degrees about the z axis.
Volume tilted()
{
    const double c = std::cos(0.1745), s = std::sin(0.1745);
    Volume volume;
    volume.geometry.size = {2, 3, 4};
    volume.geometry.spacing = {1, 1.5, 3};
    volume.geometry.origin = {12, -7, 30};
    volume.geometry.direction = {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}};
    volume.values.resize(24);
    std::iota(volume.values.begin(), volume.values.end(), 1.0F);
    return volume;
}

// The same patient, scanned with axes in another order and direction: every voxel is looked up by where it lies.
Volume scannedAs(const Volume &patient, const Index3 &axes, int flips)
{
    Volume scan;
    Vec3 first{};
    for (int c = 0; c < 3; ++c) {
        const bool flipped = flips >> c & 1;
        scan.geometry.size[c] = patient.geometry.size[axes[c]];
        scan.geometry.spacing[c] = patient.geometry.spacing[axes[c]];
        for (int r = 0; r < 3; ++r)
            scan.geometry.direction[r][c] = (flipped ? -1 : 1) * patient.geometry.direction[r][axes[c]];
        if (flipped)
            first[axes[c]] = patient.geometry.size[axes[c]] - 1;
    }
    scan.geometry.origin = patient.geometry.toPatient(first);
    for (int k = 0; k < scan.geometry.size[2]; ++k)
        for (int j = 0; j < scan.geometry.size[1]; ++j)
            for (int i = 0; i < scan.geometry.size[0]; ++i) {
                const auto at = patient.geometry.toIndex(
                    scan.geometry.toPatient({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)}));
                scan.values.push_back(patient.at(static_cast<int>(std::lround(at[0])),
                                                 static_cast<int>(std::lround(at[1])),
                                                 static_cast<int>(std::lround(at[2]))));
            }
    return scan;
}

} // namespace

class tst_Canonical : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void all48OrientationsBecomeOne();
    void isLps();
};

void tst_Canonical::all48OrientationsBecomeOne()
{
    const auto patient = tilted();
    std::set<std::string> orientations;
    Index3 axes{0, 1, 2};
    do {
        for (int flips = 0; flips < 8; ++flips) {
            const auto scan = scannedAs(patient, axes, flips);
            orientations.insert(scan.geometry.orientation());

            const auto canonical = toCanonical(scan);
            QVERIFY(canonical.geometry.sameGrid(patient.geometry, 1e-9));
            QCOMPARE(canonical.values, patient.values);
            QVERIFY(canonicalGeometry(scan.geometry) == canonical.geometry);

            LabelMap labels{scan.geometry, std::vector<std::uint8_t>(scan.values.begin(), scan.values.end())};
            const auto canonicalLabels = toCanonical(labels);
            QVERIFY(std::equal(patient.values.begin(), patient.values.end(), canonicalLabels.values.begin()));
            const auto back = fromCanonical(canonicalLabels, scan.geometry);
            QVERIFY(back.geometry == scan.geometry);
            QCOMPARE(back.values, labels.values);
        }
    } while (std::next_permutation(axes.begin(), axes.end()));
    QCOMPARE(orientations.size(), 48U);
}

void tst_Canonical::isLps()
{
    Geometry coronal; // i to the right, j to the head, k to the back
    coronal.size = {5, 6, 7};
    coronal.direction = {Vec3{-1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, 1, 0}};
    const auto canonical = canonicalGeometry(coronal);
    QCOMPARE(QString::fromStdString(canonical.orientation()), QString("LPS"));
    QCOMPARE(canonical.size, (Index3{5, 7, 6}));
    QCOMPARE(canonical.origin, (Vec3{-4, 0, 0}));
}

QTEST_APPLESS_MAIN(tst_Canonical)
#include "tst_canonical.moc"
