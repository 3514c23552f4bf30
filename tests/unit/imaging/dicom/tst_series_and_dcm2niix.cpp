// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "series_support.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

/// Series that we write, read back by us and converted by dcm2niix: all three must agree, voxels and place.
class tst_SeriesAndDcm2niix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acquisitions_data();
    void acquisitions();
    void dciodvfyFindsNoError_data() { acquisitions_data(); }
    void dciodvfyFindsNoError();
    void sameArgumentsGiveSameFiles();
    void impossibleVolumesAreRefused();

private:
    struct Written
    {
        Volume volume;
        dicom::SeriesDescription description;
    };
    static Written written(const QString &kind);
};

void tst_SeriesAndDcm2niix::acquisitions_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"axial", "sagittal", "coronal", "oblique", "feet first", "decubitus", "CT", "fractions",
                             "enhanced", "enhanced oblique", "radiograph"})
        QTest::newRow(kind) << kind;
}

tst_SeriesAndDcm2niix::Written tst_SeriesAndDcm2niix::written(const QString &kind)
{
    auto grid = axialGrid({14, 11, 9}, {0.9, 1.1, 2.3});
    dicom::SeriesDescription description;
    description.uidSeed = "compare " + kind.toStdString();
    description.description = kind.toStdString();
    const Matrix3 sagittal{Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    const Matrix3 coronal{Vec3{1, 0, 0}, Vec3{0, 0, 1}, Vec3{0, -1, 0}};
    if (kind == "sagittal")
        grid.direction = sagittal;
    if (kind == "coronal")
        grid.direction = coronal;
    if (kind.contains("oblique"))
        grid.direction = turned(coronal, 17, -23, 31);
    if (kind == "feet first") {
        description.patientPosition = "FFS";
        grid.direction = {Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, -1}};
    }
    if (kind == "decubitus") {
        description.patientPosition = "HFDR";
        grid.direction = {Vec3{0, 1, 0}, Vec3{-1, 0, 0}, Vec3{0, 0, 1}};
    }
    description.enhanced = kind.startsWith("enhanced");
    if (kind == "radiograph") {
        description.projection = true;
        description.modality = "DX";
        grid = axialGrid({40, 50, 1}, {0.15, 0.15, 1});
        grid.origin = {0, 0, 0};
    }
    auto volume = numberedVolume(grid);
    if (kind == "CT") {
        description.modality = "CT";
        for (auto &value : volume.values)
            value -= 1024;
    }
    if (kind == "fractions")
        for (auto &value : volume.values)
            value = std::sin(value);
    return {volume, description};
}

void tst_SeriesAndDcm2niix::acquisitions()
{
    QFETCH(QString, kind);
    QTemporaryDir folder;
    const fs::path images = folder.filePath("dicom").toStdString();
    const auto made = written(kind);
    const auto done = dicom::writeSeries(images, made.volume, made.description);
    QVERIFY2(done, done ? "" : done.error().line().c_str());

    const auto scan = dicom::scanSeries(images);
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    QCOMPARE(scan->series.size(), std::size_t{1});
    for (const auto &warning : scan->series[0].warnings)
        QFAIL(warning.c_str());
    const auto ours = dicom::loadSeries(scan->series[0]);
    QVERIFY2(ours, ours ? "" : ours.error().line().c_str());
    const double tolerance = kind == "fractions" ? 2.0 / 65535 / 2 + 1e-6 : 0;
    QCOMPARE_LE(cornerDistance(ours->geometry, made.volume.geometry), 1e-4);
    QCOMPARE_LE(largestDifference(*ours, made.volume), tolerance);

    const auto program = QStandardPaths::findExecutable("dcm2niix");
    if (program.isEmpty())
        QSKIP("dcm2niix is not installed");
    QProcess converter;
    converter.start(program, {"-z", "n", "-b", "n", "-f", "out", "-o", folder.path(), folder.filePath("dicom")});
    QVERIFY(converter.waitForFinished());
    QVERIFY2(converter.exitCode() == 0, converter.readAllStandardOutput().constData());
    const auto theirs = readNifti(folder.filePath("out.nii").toStdString());
    QVERIFY2(theirs, converter.readAllStandardOutput().constData());
    if (kind == "radiograph") {
        // No place in the patient: dcm2niix stores rows from the bottom.
        QCOMPARE(theirs->geometry.size, ours->geometry.size);
        for (int j = 0; j < 50; ++j)
            for (int i = 0; i < 40; ++i)
                QCOMPARE(theirs->at(i, 49 - j, 0), ours->at(i, j, 0));
        for (std::size_t axis = 0; axis < 2; ++axis)
            QVERIFY(std::abs(theirs->geometry.spacing[axis] - 0.15) < 1e-6);
        return;
    }
    QCOMPARE_LE(cornerDistance(ours->geometry, theirs->geometry), 1e-4);
    QCOMPARE_LE(largestDifference(*ours, *theirs), kind == "fractions" ? 1e-6 : 0.0);
}

void tst_SeriesAndDcm2niix::dciodvfyFindsNoError()
{
    QFETCH(QString, kind);
    const auto program = QStandardPaths::findExecutable("dciodvfy");
    if (program.isEmpty())
        QSKIP("dciodvfy (dicom3tools) is not installed");
    QTemporaryDir folder;
    const auto made = written(kind);
    QVERIFY(dicom::writeSeries(folder.path().toStdString(), made.volume, made.description));
    QProcess checker;
    checker.setProcessChannelMode(QProcess::MergedChannels);
    checker.start(program, {folder.filePath("IMG-0001.dcm")});
    QVERIFY(checker.waitForFinished());
    const auto report = checker.readAll();
    QVERIFY2(!report.contains("Error"), report.constData());
}

void tst_SeriesAndDcm2niix::sameArgumentsGiveSameFiles()
{
    QTemporaryDir folder;
    const fs::path path = folder.path().toStdString();
    const auto made = written("axial");
    QByteArray bytes[2];
    for (int n = 0; n < 2; ++n) {
        QVERIFY(dicom::writeSeries(path / std::to_string(n), made.volume, made.description));
        QFile file(folder.filePath(QString("%1/IMG-0005.dcm").arg(n)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        bytes[n] = file.readAll();
    }
    QVERIFY(bytes[0].size() > 300);
    QVERIFY(bytes[0] == bytes[1]);
}

void tst_SeriesAndDcm2niix::impossibleVolumesAreRefused()
{
    QTemporaryDir folder;
    const fs::path path = folder.filePath("out").toStdString();
    auto made = written("axial");
    made.volume.values[3] = std::nanf("");
    QCOMPARE(dicom::writeSeries(path, made.volume, made.description).error().code, ErrorCode::Invalid);
    made = written("axial");
    made.volume.geometry.direction[0] = {1, 0.5, 0};
    QCOMPARE(dicom::writeSeries(path, made.volume, made.description).error().code, ErrorCode::Invalid);
    made = written("axial");
    made.description.modality = "US";
    QCOMPARE(dicom::writeSeries(path, made.volume, made.description).error().code, ErrorCode::Invalid);
    QVERIFY(!fs::exists(path));
}

QTEST_GUILESS_MAIN(tst_SeriesAndDcm2niix)
#include "tst_series_and_dcm2niix.moc"
