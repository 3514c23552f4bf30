// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>

using namespace consilium;
using namespace consilium::imaging;

namespace {

std::vector<float> counted(std::size_t n)
{
    std::vector<float> values(n);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

// Oblique about all axes and left-handed: nothing about it is easy.
Geometry obliqueGrid()
{
    const double a = 0.3, b = -0.5, c = 2.1;
    const double ca = std::cos(a), cb = std::cos(b), cc = std::cos(c);
    const double sa = std::sin(a), sb = std::sin(b), sc = std::sin(c);
    Geometry geometry;
    geometry.size = {7, 5, 3};
    geometry.spacing = {0.4, 0.75, 3.3};
    geometry.origin = {-113.2, 87.9, 1204.6};
    geometry.direction = {Vec3{ca * cb, ca * sb * sc - sa * cc, -(ca * sb * cc + sa * sc)},
                          Vec3{sa * cb, sa * sb * sc + ca * cc, -(sa * sb * cc - ca * sc)},
                          Vec3{-sb, cb * sc, -(cb * cc)}};
    return geometry;
}

} // namespace

class tst_NiftiWriting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void writesAndReadsBack_data();
    void writesAndReadsBack();
    void bothTransformsAgree();
    void writesTheSameBytesAgain();
    void leavesNothingWhereItCannotWrite();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_NiftiWriting::writesAndReadsBack_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("plain") << "a.nii";
    QTest::newRow("gzip") << "a.nii.gz";
    QTest::newRow("in folders to be made, capitals") << "x/y/A.NII.GZ";
}

void tst_NiftiWriting::writesAndReadsBack()
{
    QFETCH(QString, name);
    const auto file = std::filesystem::path(m_folder->path().toStdString()) / name.toStdString();
    Volume volume{obliqueGrid(), counted(105)};
    volume.values[3] = -1.25e-7F;
    volume.values[4] = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(writeNifti(file, volume));
    const auto back = readNifti(file);
    QVERIFY2(back, back ? "" : back.error().message.c_str());
    QVERIFY(back->geometry.sameGrid(volume.geometry, 1e-4));
    QCOMPARE(std::memcmp(back->values.data(), volume.values.data(), 105 * sizeof(float)), 0);

    LabelMap labels{obliqueGrid(), std::vector<std::uint8_t>(105)};
    for (std::size_t n = 0; n < 105; ++n)
        labels.values[n] = static_cast<std::uint8_t>(2 * n);
    QVERIFY(writeLabels(file, labels)); // over the other
    const auto labelsBack = readLabels(file);
    QVERIFY(labelsBack);
    QCOMPARE(labelsBack->values, labels.values);
    QCOMPARE(readNiftiHeader(file)->componentType, std::string("uint8"));
    QCOMPARE(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}), 1);
}

void tst_NiftiWriting::bothTransformsAgree()
{
    // All 180-degree turns among them, where the quaternion's real part vanishes.
    std::vector<Matrix3> directions{obliqueGrid().direction};
    for (int signs = 0; signs < 8; ++signs) {
        const auto sign = [&](int bit) { return signs >> bit & 1 ? -1.0 : 1.0; };
        directions.push_back({Vec3{sign(0), 0, 0}, Vec3{0, sign(1), 0}, Vec3{0, 0, sign(2)}});
        directions.push_back({Vec3{0, 0, sign(0)}, Vec3{sign(1), 0, 0}, Vec3{0, sign(2), 0}});
        directions.push_back({Vec3{0, sign(0), 0}, Vec3{sign(1), 0, 0}, Vec3{0, 0, sign(2)}});
    }
    const auto file = std::filesystem::path(m_folder->path().toStdString()) / "a.nii";
    for (const auto &direction : directions) {
        Volume volume{obliqueGrid(), counted(105)};
        volume.geometry.direction = direction;
        QVERIFY(writeNifti(file, volume));
        QVERIFY(readNifti(file)->geometry.sameGrid(volume.geometry, 1e-4));

        std::fstream patch(file, std::ios::in | std::ios::out | std::ios::binary);
        patch.seekp(254); // sform_code
        patch.write("\0\0", 2);
        patch.close();
        const auto byQform = readNiftiHeader(file);
        QVERIFY(byQform);
        QCOMPARE(byQform->transform, std::string("qform"));
        QVERIFY(byQform->geometry.sameGrid(volume.geometry, 1e-3)); // 1204 mm in float32 and a quaternion
    }
}

void tst_NiftiWriting::writesTheSameBytesAgain()
{
    const std::filesystem::path folder(m_folder->path().toStdString());
    const auto content = [](const std::filesystem::path &file) {
        std::ifstream in(file, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const Volume volume{obliqueGrid(), counted(105)};
    QVERIFY(writeNifti(folder / "a.nii.gz", volume));
    QVERIFY(writeNifti(folder / "b.nii.gz", volume));
    const auto bytes = content(folder / "a.nii.gz");
    QVERIFY(bytes == content(folder / "b.nii.gz"));
    QCOMPARE(bytes.substr(4, 4), std::string(4, '\0')); // RFC 1952, MTIME: no time stamp
}

void tst_NiftiWriting::leavesNothingWhereItCannotWrite()
{
    const std::filesystem::path folder(m_folder->path().toStdString());
    const Volume volume{obliqueGrid(), counted(105)};
    QCOMPARE(writeNifti(folder / "a.png", volume).error().code, ErrorCode::Invalid);
    QCOMPARE(writeNifti(folder / "a.nii", Volume{obliqueGrid(), counted(7)}).error().code, ErrorCode::Invalid);
    std::ofstream(folder / "file") << "not a folder";
    QCOMPARE(writeNifti(folder / "file" / "a.nii.gz", volume).error().code, ErrorCode::Io);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

QTEST_APPLESS_MAIN(tst_NiftiWriting)
#include "tst_nifti_writing.moc"
