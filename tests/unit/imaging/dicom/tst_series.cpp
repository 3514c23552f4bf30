// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "series_support.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <atomic>
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

QTEST_GUILESS_MAIN(tst_Series)
#include "tst_series.moc"
