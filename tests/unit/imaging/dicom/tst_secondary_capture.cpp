// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixels.h"
#include "imaging/dicom/secondary_capture.h"
#include "imaging/dicom/series_writer.h"

#include "conformance.h"

#include <QTemporaryDir>
#include <QtTest>
#include <dcmtk/dcmdata/dcdeftag.h>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::imaging::dicom;

class tst_SecondaryCapture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pictureComesBack_data();
    void pictureComesBack();
    void wrongSizesAreRefused();

private:
    std::filesystem::path path(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QTemporaryDir m_folder;
    Series m_source;
};

void tst_SecondaryCapture::initTestCase()
{
    Volume volume;
    volume.geometry.size = {8, 8, 3};
    volume.values.assign(192, 1);
    volume.values[5] = 100;
    SeriesDescription description;
    description.patientId = "4711";
    description.uidSeed = "capture";
    QVERIFY(writeSeries(path("images"), volume, description));
    const auto scanned = scanSeries(path("images"));
    QVERIFY2(scanned, scanned ? "" : scanned.error().line().c_str());
    m_source = scanned->series.at(0);
}

void tst_SecondaryCapture::pictureComesBack_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::newRow("even") << 16 << 10;
    QTest::newRow("odd number of bytes") << 5 << 3;
    QTest::newRow("a screen") << 1920 << 1080;
}

void tst_SecondaryCapture::pictureComesBack()
{
    QFETCH(int, width);
    QFETCH(int, height);
    std::vector<std::uint8_t> rgb(std::size_t(3) * width * height);
    for (std::size_t n = 0; n < rgb.size(); ++n)
        rgb[n] = static_cast<std::uint8_t>(n * 7 + n / 251);
    const auto file = path("capture.dcm");
    const auto written = writeSecondaryCapture(file, rgb, width, height, m_source, "Reading of a case");
    QVERIFY2(written, written ? "" : written.error().line().c_str());

    auto opened = DicomFile::open(file, Depth::Whole);
    QVERIFY(opened);
    QCOMPARE(text(opened->dataset(), DCM_PatientID), "4711");
    QCOMPARE(text(opened->dataset(), DCM_StudyInstanceUID), m_source.studyUid);
    QVERIFY(text(opened->dataset(), DCM_SeriesInstanceUID) != m_source.uid);
    auto reader = FrameReader::open(*opened);
    QVERIFY2(reader, reader ? "" : reader.error().line().c_str());
    QCOMPARE(reader->layout().columns, width);
    QCOMPARE(reader->layout().rows, height);
    const auto back = reader->readColour(0);
    QVERIFY(back);
    QVERIFY(*back == rgb);
    if (!test::hasDciodvfy())
        QSKIP("dciodvfy (Debian: dicom3tools) is not installed");
    QCOMPARE(test::dciodvfyErrors(file), QString());
}

void tst_SecondaryCapture::wrongSizesAreRefused()
{
    const std::vector<std::uint8_t> rgb(30);
    for (const auto &[width, height] : {std::pair{0, 10}, {3, 3}, {-2, -5}, {70000, 1}}) {
        const auto written = writeSecondaryCapture(path("wrong.dcm"), rgb, width, height, m_source, "");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Invalid);
    }
    QVERIFY(!std::filesystem::exists(path("wrong.dcm")));
}

QTEST_GUILESS_MAIN(tst_SecondaryCapture)
#include "tst_secondary_capture.moc"
