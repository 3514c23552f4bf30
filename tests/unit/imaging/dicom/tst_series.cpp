// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "series_support.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <atomic>
#include <clocale>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <set>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

class tst_Series : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transferSyntaxesGiveTheReference_data();
    void transferSyntaxesGiveTheReference();
    void nineEncodingsInOneFolderAreNineVolumes();
    void multiFrameEqualsSingleFrames();
    void slicesAreSortedByPosition();
    void dicomdirNamesItsFiles_data();
    void dicomdirNamesItsFiles();
    void dicomdirOfHeadersAloneIsExplained();
    void everyFileHasASeriesOrAReason();
    void sidecarHoldsFactsAndNoIdentity();
    void scanningCanBeCancelled();
    void absentAndEmptyFoldersAreErrors();
    void colourIsFlaggedAndRefused();
    void doseGridsAreVolumes();
    void dosePlanesLieAtTheirOffsets_data();
    void dosePlanesLieAtTheirOffsets();
    void decimalCommasChangeNothing();
};

void tst_Series::transferSyntaxesGiveTheReference_data()
{
    QTest::addColumn<int>("number");
    for (int number = 1; number <= 9; ++number)
        QTest::addRow("%d", number) << number;
}

// The reference NIfTI files are dcm2niix's, published with the images (dcm_qa_ts).
void tst_Series::transferSyntaxesGiveTheReference()
{
    QFETCH(int, number);
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes");
    const auto scan = dicom::scanSeries(folder / "In" / fmt::format("{}.dcm", number));
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    QCOMPARE(scan->series.size(), std::size_t{1});
    const auto volume = dicom::loadSeries(scan->series.front());
    QVERIFY2(volume, volume ? "" : volume.error().line().c_str());
    const auto reference = readNifti(folder / "Ref" / fmt::format("{}.nii", number));
    QVERIFY(reference);
    QCOMPARE_LE(cornerDistance(volume->geometry, reference->geometry), 1e-4);
    QCOMPARE(largestDifference(*volume, *reference), 0.0);
}

void tst_Series::nineEncodingsInOneFolderAreNineVolumes()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes/In");
    const auto scan = dicom::scanSeries(folder);
    QVERIFY(scan);
    QCOMPARE(scan->filesRead, std::size_t{9});
    QCOMPARE(scan->skipped.size(), std::size_t{0});
    QCOMPARE(scan->series.size(), std::size_t{9}); // one series UID, nine series numbers
}

void tst_Series::multiFrameEqualsSingleFrames()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg/24x38x3");
    const auto single = dicom::scanSeries(folder / "image"), multi = dicom::scanSeries(folder / "multiframe");
    QVERIFY(single && multi);
    QCOMPARE(single->series.size(), std::size_t{1});
    QCOMPARE(multi->series.size(), std::size_t{1});
    const auto a = dicom::loadSeries(single->series.front()), b = dicom::loadSeries(multi->series.front());
    QVERIFY(a && b);
    QCOMPARE(a->geometry.size, (Index3{24, 38, 3}));
    QVERIFY(a->geometry.sameGrid(b->geometry));
    QCOMPARE(a->values, b->values);
}

void tst_Series::slicesAreSortedByPosition()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg/ct-3slice");
    const auto scan = dicom::scanSeries(folder);
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{1});
    const auto &series = scan->series.front();
    QCOMPARE(series.modality, std::string("CT"));
    QCOMPARE(series.geometry.size, (Index3{512, 512, 3}));
    const auto &slices = series.frames.front();
    QVERIFY(std::is_sorted(slices.begin(), slices.end(), [](auto &a, auto &b) { return a.position < b.position; }));
    QCOMPARE(series.sopInstances.size(), std::size_t{3});
    QCOMPARE(slices.front().intercept, -1024.0);
    const auto volume = dicom::loadSeries(series);
    QVERIFY(volume);
    // Beyond the circle of the scan the file stores -2000: -3024 HU after rescale.
    QCOMPARE(volume->values.front(), -3024.0F);
}

void tst_Series::dicomdirNamesItsFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("files");
    // Counted with dcmdump: records that name a file (0004,1500).
    QTest::newRow("explicit") << "DICOMDIR" << 31;
    QTest::newRow("implicit") << "DICOMDIR-implicit" << 31;
    QTest::newRow("big endian") << "DICOMDIR-bigEnd" << 31;
    QTest::newRow("reordered") << "DICOMDIR-reordered" << 31;
}

void tst_Series::dicomdirNamesItsFiles()
{
    QFETCH(QString, name);
    QFETCH(int, files);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files/dicomdirtests");
    const auto scan = dicom::scanSeries(folder / name.toStdString());
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    QCOMPARE(static_cast<int>(scan->filesRead), files);
    QCOMPARE(scan->skipped.size(), std::size_t{0});
}

// The 50 files that this DICOMDIR lists were stripped of their pixels.
void tst_Series::dicomdirOfHeadersAloneIsExplained()
{
    CONSILIUM_REAL_DATA(file, "dicom/pydicom/test_files/dicomdirtests/TINY_ALPHA/DICOMDIR");
    const auto scan = dicom::scanSeries(file);
    QVERIFY(!scan);
    QCOMPARE(scan.error().code, ErrorCode::Invalid);
    QVERIFY2(scan.error().message.find("None of the 50 files") != std::string::npos, scan.error().message.c_str());
    QVERIFY2(scan.error().message.find("without pixels") != std::string::npos, scan.error().message.c_str());
}

void tst_Series::everyFileHasASeriesOrAReason()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom");
    const auto scan = dicom::scanSeries(folder);
    QVERIFY(scan);
    std::set<fs::path> used;
    for (const auto &series : scan->series)
        for (const auto &time : series.frames)
            for (const auto &slice : time)
                used.insert(slice.file);
    for (const auto &skipped : scan->skipped) {
        QVERIFY2(!skipped.reason.empty(), skipped.file.c_str());
        QVERIFY2(skipped.reason.find('\n') == std::string::npos, skipped.file.c_str());
        QVERIFY2(!used.count(skipped.file), skipped.file.c_str());
    }
    for (const auto &series : scan->series) {
        QCOMPARE(series.frames.front().size(), static_cast<std::size_t>(series.geometry.size[2]));
        const auto volume = dicom::loadSeries(series);
        QVERIFY2(volume || !volume.error().message.empty(), series.uid.c_str());
        QVERIFY(volume || !series.isColour || volume.error().code == ErrorCode::Unsupported);
    }
    QCOMPARE_LE(used.size() + scan->skipped.size(), scan->filesRead);
}

void tst_Series::sidecarHoldsFactsAndNoIdentity()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes/In");
    const auto scan = dicom::scanSeries(folder / "1.dcm");
    QVERIFY(scan);
    const auto &facts = scan->series.front().sidecar;
    // As the published reference 1.json has them.
    QCOMPARE(facts["Modality"], Json("MR"));
    QCOMPARE(facts["MagneticFieldStrength"].get<double>(), 3.0);
    QCOMPARE(facts["EchoTime"].get<double>(), 0.03);
    QCOMPARE(facts["RepetitionTime"].get<double>(), 3.0);
    QCOMPARE(facts["FlipAngle"].get<double>(), 76.0);
    QCOMPARE(facts["ManufacturersModelName"], Json("TrioTim"));
    const auto text = facts.dump();
    for (const char *identity : {"stc_test", "crlab", "19800707", "USC", "35131", "20140310"})
        QVERIFY2(text.find(identity) == std::string::npos, identity);
}

void tst_Series::scanningCanBeCancelled()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes/In");
    dicom::ScanOptions options;
    std::size_t calls = 0;
    options.progress = [&](std::size_t done, std::size_t total) {
        ++calls;
        return done < 3 && total == 9;
    };
    const auto scan = dicom::scanSeries(folder, options);
    QVERIFY(!scan);
    QCOMPARE(scan.error().code, ErrorCode::Cancelled);
    QCOMPARE_LE(calls, std::size_t{9});
}

void tst_Series::absentAndEmptyFoldersAreErrors()
{
    QTemporaryDir folder;
    const fs::path path = folder.path().toStdString();
    const auto absent = dicom::scanSeries(path / "absent");
    QVERIFY(!absent);
    QCOMPARE(absent.error().code, ErrorCode::NotFound);
    const auto empty = dicom::scanSeries(path);
    QVERIFY(!empty);
    QCOMPARE(empty.error().code, ErrorCode::Invalid);
    QFile text(folder.filePath("notes.txt"));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("no image") > 0);
    text.close();
    const auto other = dicom::scanSeries(path);
    QVERIFY(!other);
    QVERIFY(other.error().message.find("notes.txt") != std::string::npos);
}

void tst_Series::colourIsFlaggedAndRefused()
{
    CONSILIUM_REAL_DATA(file, "dicom/pydicom/test_files/SC_rgb_rle.dcm");
    const auto scan = dicom::scanSeries(file);
    QVERIFY(scan);
    QVERIFY(scan->series.front().isColour);
    const auto volume = dicom::loadSeries(scan->series.front());
    QVERIFY(!volume);
    QCOMPARE(volume.error().code, ErrorCode::Unsupported);
}

// pydicom's dose file: 15 frames of 10 x 10, offsets 0, 5, ... 70 mm (read with dcmdump).
void tst_Series::doseGridsAreVolumes()
{
    CONSILIUM_REAL_DATA(file, "dicom/pydicom/test_files/rtdose.dcm");
    const auto scan = dicom::scanSeries(file);
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{1});
    QCOMPARE(scan->series.front().geometry.size, (Index3{10, 10, 15}));
    QVERIFY(std::abs(scan->series.front().geometry.spacing[2] - 5) < 1e-6);
}

void tst_Series::dosePlanesLieAtTheirOffsets_data()
{
    QTest::addColumn<QString>("directions");
    QTest::addColumn<QString>("offsets");
    QTest::addColumn<double>("z"); // of the third plane; the first is at -50
    QTest::addColumn<bool>("placed");
    // PS3.3 C.8.8.3.2: from 0 they are along the normal, else they are patient z.
    QTest::newRow("along +z") << "1\\0\\0\\0\\1\\0"
                              << "0\\3\\6" << -44.0 << true;
    QTest::newRow("along -z") << "-1\\0\\0\\0\\1\\0"
                              << "0\\3\\6" << -56.0 << true;
    QTest::newRow("patient z, normal +z") << "1\\0\\0\\0\\1\\0"
                                          << "-50\\-47\\-44" << -44.0 << true;
    QTest::newRow("patient z, normal -z") << "-1\\0\\0\\0\\1\\0"
                                          << "-50\\-47\\-44" << -44.0 << true;
    QTest::newRow("neither") << "1\\0\\0\\0\\1\\0"
                             << "7\\10\\13" << 0.0 << false;
}

void tst_Series::dosePlanesLieAtTheirOffsets()
{
    QFETCH(QString, directions);
    QFETCH(QString, offsets);
    QFETCH(double, z);
    QFETCH(bool, placed);
    QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    Geometry one;
    one.size = {4, 3, 1};
    dicom::SeriesDescription description;
    description.uidSeed = "dose";
    QVERIFY(dicom::writeSeries(folder, numberedVolume(one), description));
    const auto file = filesIn(folder).front();
    editFile(file, [&](DcmDataset &dataset) {
        setText(dataset, DCM_Modality, "RTDOSE");
        setText(dataset, DCM_NumberOfFrames, "3");
        setText(dataset, DCM_DoseGridScaling, "1");
        setText(dataset, DCM_ImagePositionPatient, "10\\20\\-50");
        setText(dataset, DCM_ImageOrientationPatient, directions.toStdString());
        setText(dataset, DCM_GridFrameOffsetVector, offsets.toStdString());
        std::vector<Uint16> pixels;
        for (Uint16 n = 0; n < 36; ++n)
            pixels.push_back(static_cast<Uint16>(n / 12 + 1));
        QVERIFY(dataset.putAndInsertUint16Array(DCM_PixelData, pixels.data(), pixels.size()).good());
    });
    const auto scan = dicom::scanSeries(file);
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    const auto &series = scan->series.front();
    if (!placed) {
        QVERIFY(std::any_of(series.warnings.begin(), series.warnings.end(),
                            [](const auto &warning) { return warning.find("contradict") != std::string::npos; }));
        return;
    }
    const auto volume = dicom::loadSeries(series);
    QVERIFY2(volume, volume ? "" : volume.error().line().c_str());
    QCOMPARE(volume->geometry.size[2], 3);
    for (const auto &[where, dose] : {std::pair(-50.0, 1.0F), {(z - 50) / 2, 2.0F}, {z, 3.0F}}) {
        const auto at = volume->geometry.toIndex({10, 20, where});
        QVERIFY(std::abs(at[2] - std::round(at[2])) < 1e-6);
        QCOMPARE(volume->at(int(std::lround(at[0])), int(std::lround(at[1])), int(std::lround(at[2]))), dose);
    }
}

// Values between the whole numbers need a slope, and the times of the file have fractions.
void tst_Series::decimalCommasChangeNothing()
{
    const std::string before = std::setlocale(LC_NUMERIC, nullptr);
    const char *names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de-DE"};
    if (std::none_of(std::begin(names), std::end(names), [](auto name) { return std::setlocale(LC_NUMERIC, name); }))
        QSKIP("No locale with a decimal comma here");
    const auto restore = qScopeGuard([&] { std::setlocale(LC_NUMERIC, before.c_str()); });
    QTemporaryDir temporary;
    const fs::path folder = temporary.path().toStdString();
    auto image = numberedVolume(axialGrid());
    for (auto &value : image.values)
        value = value * 0.25F - 7.5F;
    dicom::SeriesDescription description;
    description.uidSeed = "comma";
    QVERIFY(dicom::writeSeries(folder, image, description));
    for (const auto &file : filesIn(folder))
        editFile(file, [](DcmDataset &dataset) {
            setText(dataset, DCM_MagneticFieldStrength, "1.5");
            setText(dataset, DCM_EchoTime, "+2.5");
        });
    const auto scan = dicom::scanSeries(folder);
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    QCOMPARE(scan->series.front().sidecar["MagneticFieldStrength"].get<double>(), 1.5);
    QCOMPARE(scan->series.front().sidecar["EchoTime"].get<double>(), 0.0025);
    const auto volume = dicom::loadSeries(scan->series.front());
    QVERIFY(volume);
    QCOMPARE_LE(largestDifference(*volume, image), 0.002); // half a step of 240 / 65535
}

QTEST_GUILESS_MAIN(tst_Series)
#include "tst_series.moc"
