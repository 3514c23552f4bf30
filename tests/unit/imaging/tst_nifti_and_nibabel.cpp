// SPDX-License-Identifier: GPL-3.0-or-later
// What we write, nibabel reads as the same affine (RAS millimetres), voxels and units.
#include "imaging/nifti.h"
#include "support/outside_tool.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <numbers>

using namespace consilium;
using namespace consilium::imaging;

namespace {

const char *const script =
    "import sys, json, nibabel\n"
    "i = nibabel.load(sys.argv[1])\n"
    "print(json.dumps({'affine': i.affine.tolist(), 'sform': int(i.header['sform_code']),\n"
    "  'qform': i.header.get_qform().tolist(), 'zooms': [float(z) for z in i.header.get_zooms()],\n"
    "  'units': i.header.get_xyzt_units()[0], 'shape': list(i.shape),\n"
    "  'values': i.get_fdata().ravel(order='F').tolist()}))\n";

Matrix3 turned(double x, double y, double z)
{
    const auto rotation = [](int a, int b, double degrees) {
        const double radians = degrees * std::numbers::pi / 180;
        Matrix3 m{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
        m[a][a] = m[b][b] = std::cos(radians);
        m[a][b] = -std::sin(radians);
        m[b][a] = std::sin(radians);
        return m;
    };
    const auto times = [](const Matrix3 &l, const Matrix3 &r) {
        Matrix3 product{};
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                for (int k = 0; k < 3; ++k)
                    product[i][j] += l[i][k] * r[k][j];
        return product;
    };
    return times(rotation(0, 1, z), times(rotation(2, 0, y), rotation(1, 2, x)));
}

} // namespace

class tst_NiftiAndNibabel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theySeeTheSamePlace_data();
    void theySeeTheSamePlace();
};

void tst_NiftiAndNibabel::theySeeTheSamePlace_data()
{
    QTest::addColumn<double>("x");
    QTest::addColumn<double>("y");
    QTest::addColumn<double>("z");
    QTest::addColumn<bool>("mirrored");
    QTest::addColumn<QString>("name");
    QTest::newRow("axial") << 0.0 << 0.0 << 0.0 << false << "axial.nii";
    QTest::newRow("sagittal") << 90.0 << 0.0 << 90.0 << false << "sagittal.nii.gz";
    QTest::newRow("coronal") << -90.0 << 0.0 << 0.0 << true << "coronal.nii.gz";
    QTest::newRow("oblique") << 17.0 << -33.0 << 8.0 << false << "oblique.nii.gz";
    QTest::newRow("oblique, mirrored") << -5.0 << 60.0 << 178.0 << true << "mirrored.nii.gz";
    QTest::newRow("half a turn") << 180.0 << 0.0 << 0.0 << false << "half.nii";
}

void tst_NiftiAndNibabel::theySeeTheSamePlace()
{
    const QString python = consilium::test::pythonWith("nibabel");
    if (python.isEmpty())
        QSKIP("nibabel is not here (Debian: python3-nibabel)");
    QFETCH(double, x);
    QFETCH(double, y);
    QFETCH(double, z);
    QFETCH(bool, mirrored);
    QFETCH(QString, name);
    Volume volume;
    auto &grid = volume.geometry;
    grid.size = {4, 3, 5};
    grid.spacing = {0.7, 1.3, 3.25};
    grid.origin = {-81.5, 123.25, -40.125};
    grid.direction = turned(x, y, z);
    for (auto &row : grid.direction)
        row[2] *= mirrored ? -1 : 1;
    for (int n = 0; n < 60; ++n)
        volume.values.push_back(static_cast<float>(n * n) / 7 - 100);
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.filePath(name).toStdString());
    QVERIFY(writeNifti(file, volume));

    const auto run = consilium::test::runTool(python, {"-c", script, folder.filePath(name)});
    QVERIFY2(run.exitCode == 0, run.errors);
    const auto seen = QJsonDocument::fromJson(run.output).object();
    QCOMPARE(seen["units"].toString(), QString("mm"));
    QCOMPARE(seen["sform"].toInt(), 1);
    // The corners of the grid, in RAS: x and y of LPS with the other sign.
    for (const Vec3 &index : {Vec3{0, 0, 0}, Vec3{3, 0, 0}, Vec3{0, 2, 0}, Vec3{0, 0, 4}, Vec3{3, 2, 4}}) {
        const auto lps = grid.toPatient(index);
        const double ras[] = {-lps[0], -lps[1], lps[2]};
        for (const char *transform : {"affine", "qform"}) {
            const auto rows = seen[transform].toArray();
            for (int r = 0; r < 3; ++r) {
                const auto row = rows[r].toArray();
                const double theirs = row[0].toDouble() * index[0] + row[1].toDouble() * index[1] +
                                      row[2].toDouble() * index[2] + row[3].toDouble();
                QCOMPARE_LE(std::abs(theirs - ras[r]), 1e-4);
            }
        }
    }
    const auto values = seen["values"].toArray();
    QCOMPARE(static_cast<std::size_t>(values.size()), volume.values.size());
    for (qsizetype n = 0; n < values.size(); ++n)
        QCOMPARE(static_cast<float>(values[n].toDouble()), volume.values[static_cast<std::size_t>(n)]);
    for (int axis = 0; axis < 3; ++axis)
        QCOMPARE_LE(std::abs(seen["zooms"].toArray()[axis].toDouble() - grid.spacing[axis]), 1e-5);
}

QTEST_GUILESS_MAIN(tst_NiftiAndNibabel)
#include "tst_nifti_and_nibabel.moc"
