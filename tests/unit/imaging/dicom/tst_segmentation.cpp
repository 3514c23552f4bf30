// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM SEG objects of other people against the label maps they were made from, and against pydicom's count of bits.
#include "imaging/dicom/display_colour.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/written_object.h"
#include "support/real_data.h"

#include "core/file.h"
#include "core/random.h"

#include "conformance.h"

#include <QTemporaryDir>
#include <QtTest>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <fstream>
#include <itkImageIOBase.h>
#include <itkNrrdImageIO.h>
#include <numeric>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::imaging::dicom;

namespace {

LabelMap readNrrd(const std::filesystem::path &file)
{
    const auto io = itk::NrrdImageIO::New();
    io->SetFileName(file.string());
    io->ReadImageInformation();
    if (io->GetComponentType() != itk::IOComponentEnum::SHORT)
        throw std::runtime_error("not int16");
    LabelMap labels;
    itk::ImageIORegion region(3);
    for (unsigned c = 0; c < 3; ++c) {
        labels.geometry.size[c] = static_cast<int>(io->GetDimensions(c));
        labels.geometry.spacing[c] = io->GetSpacing(c);
        labels.geometry.origin[c] = io->GetOrigin(c);
        for (unsigned r = 0; r < 3; ++r)
            labels.geometry.direction[r][c] = io->GetDirection(c)[r];
        region.SetSize(c, io->GetDimensions(c));
    }
    std::vector<std::int16_t> values(static_cast<std::size_t>(labels.geometry.voxels()));
    io->SetIORegion(region);
    io->Read(values.data());
    labels.values.assign(values.begin(), values.end());
    return labels;
}

std::int64_t count(const std::vector<std::uint8_t> &mask)
{
    return std::accumulate(mask.begin(), mask.end(), std::int64_t{0});
}

/// The voxels of the label map that have this label.
std::vector<std::uint8_t> maskOf(const LabelMap &labels, int label)
{
    std::vector<std::uint8_t> mask(labels.values.size());
    std::transform(labels.values.begin(), labels.values.end(), mask.begin(),
                   [label](auto value) { return value == label; });
    return mask;
}

/// The same grid with its axes in another order and direction: k, -i, j.
Geometry turned(const Geometry &g)
{
    Geometry other;
    other.size = {g.size[2], g.size[0], g.size[1]};
    other.spacing = {g.spacing[2], g.spacing[0], g.spacing[1]};
    other.origin = g.toPatient({double(g.size[0] - 1), 0, 0});
    for (std::size_t r = 0; r < 3; ++r)
        other.direction[r] = {g.direction[r][2], -g.direction[r][0], g.direction[r][1]};
    return other;
}

} // namespace

class tst_Segmentation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void segmentsEqualTheirLabelMaps_data();
    void segmentsEqualTheirLabelMaps();
    void segmentsLieOnTheImagesTheyWereDrawnOn_data();
    void segmentsLieOnTheImagesTheyWereDrawnOn();
    void overlappingSegmentsStayApart();
    void framesGoWhereTheyLieOnAnyAxes();
    void framesBeyondTheGridAreTold();
    void whatLiesBetweenSlicesIsRefused();
    void pydicomCountsTheSame_data();
    void pydicomCountsTheSame();
    void coloursAreThoseOfSlicer_data();
    void coloursAreThoseOfSlicer();
    void fractionsCountFromHalf();
    void labelMapsHoldAllSegments();
    void brokenFilesAreRefused_data();
    void brokenFilesAreRefused();
    void damagedBytesEndInOneLine_data();
    void damagedBytesEndInOneLine();

private:
    std::filesystem::path file(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QTemporaryDir m_folder;
};

void tst_Segmentation::segmentsEqualTheirLabelMaps_data()
{
    QTest::addColumn<QString>("seg");
    QTest::addColumn<int>("segment");
    QTest::addColumn<QString>("nrrd");
    QTest::newRow("liver") << "liver.dcm" << 1 << "liver_seg.nrrd";
    QTest::newRow("overlap, segment 2") << "partial_overlaps.dcm" << 2 << "partial_overlaps-2.nrrd";
    QTest::newRow("overlap, segment 3") << "partial_overlaps.dcm" << 3 << "partial_overlaps-3.nrrd";
    QTest::newRow("24 x 38") << "24x38x3/seg/label.seg" << 1 << "24x38x3/nrrd/label.nrrd";
}

void tst_Segmentation::segmentsEqualTheirLabelMaps()
{
    QFETCH(QString, seg);
    QFETCH(int, segment);
    QFETCH(QString, nrrd);
    CONSILIUM_REAL_DATA(folder, "dicom/seg");
    const auto labels = readNrrd(folder / nrrd.toStdString());
    const auto own = readSegmentation(folder / seg.toStdString());
    QVERIFY2(own, own ? "" : own.error().line().c_str());
    QVERIFY(own->geometry.sameGrid(labels.geometry, 1e-3));
    const auto onGrid = readSegmentation(folder / seg.toStdString(), &labels.geometry);
    QVERIFY(onGrid);
    QCOMPARE(onGrid->geometry, labels.geometry);
    const auto expected = maskOf(labels, segment);
    QVERIFY(count(expected) > 0);
    for (const auto *read : {&*own, &*onGrid}) {
        const auto index = static_cast<std::size_t>(segment - 1);
        QCOMPARE(read->segments[index].number, segment);
        QVERIFY(read->masks[index] == expected);
    }
}

void tst_Segmentation::segmentsLieOnTheImagesTheyWereDrawnOn_data()
{
    QTest::addColumn<QString>("images");
    QTest::addColumn<QString>("seg");
    QTest::addColumn<int>("voxels");
    QTest::newRow("liver on CT") << "ct-3slice"
                                 << "liver.dcm" << 107098; // as liver_seg.nrrd has
    QTest::newRow("24 x 38") << "24x38x3/image"
                             << "24x38x3/seg/label.seg" << 315;
}

void tst_Segmentation::segmentsLieOnTheImagesTheyWereDrawnOn()
{
    QFETCH(QString, images);
    QFETCH(QString, seg);
    QFETCH(int, voxels);
    CONSILIUM_REAL_DATA(folder, "dicom/seg");
    const auto scanned = scanSeries(folder / images.toStdString());
    QVERIFY2(scanned, scanned ? "" : scanned.error().line().c_str());
    const auto &series = scanned->series.at(0);
    const auto read = readSegmentation(folder / seg.toStdString(), &series.geometry);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(count(read->masks[0]), voxels);
    QCOMPARE(read->warnings, std::vector<std::string>{});
    // Written anew about the same images it is the same again.
    auto segments = read->segments;
    QVERIFY(writeSegmentation(file("again.dcm"), read->merged(), segments, series, "Again"));
    const auto again = readSegmentation(file("again.dcm"), &series.geometry);
    QVERIFY(again);
    QVERIFY(again->masks == read->masks);
    QCOMPARE(again->segments[0].type.value, segments[0].type.value);
    QCOMPARE(again->segments[0].type.scheme, segments[0].type.scheme);
    if (test::hasDciodvfy())
        QCOMPARE(test::dciodvfyErrors(file("again.dcm")), QString());
}

void tst_Segmentation::overlappingSegmentsStayApart()
{
    CONSILIUM_REAL_DATA(seg, "dicom/seg/partial_overlaps.dcm");
    const auto read = readSegmentation(seg);
    QVERIFY(read);
    const std::vector<std::pair<std::string, int>> segments{
        {"GREEN", 9602}, {"ORANGE", 11888}, {"PURPLE", 10743}, {"LIGHT_BLUE", 6693}, {"DARK_BLUE", 4713}};
    QCOMPARE(read->segments.size(), segments.size());
    for (std::size_t n = 0; n < segments.size(); ++n) {
        QCOMPARE(read->segments[n].label, segments[n].first);
        QCOMPARE(count(read->masks[n]), segments[n].second); // as pydicom counts them
    }
    QCOMPARE(read->segments[1].type.meaning, "Artery");
    QVERIFY(read->overlaps());
    QVERIFY(std::find(read->warnings.begin(), read->warnings.end(), "Segments overlap") != read->warnings.end());
    // Merged, the higher number stands: the last keeps all its voxels, and every voxel of one is labelled.
    const auto merged = read->merged();
    QCOMPARE(count(maskOf(merged, 5)), 4713);
    for (std::size_t n = 0; n < merged.values.size(); ++n) {
        int highest = 0;
        for (std::size_t s = 0; s < read->masks.size(); ++s)
            highest = read->masks[s][n] ? static_cast<int>(s) + 1 : highest;
        if (merged.values[n] != highest)
            QFAIL("A voxel has the label of the lower segment");
    }
}

void tst_Segmentation::framesGoWhereTheyLieOnAnyAxes()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg/24x38x3");
    const auto labels = readNrrd(folder / "nrrd/label.nrrd");
    const auto grid = turned(labels.geometry);
    const auto read = readSegmentation(folder / "seg/label.seg", &grid);
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    int found = 0;
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto at = labels.geometry.toIndex(grid.toPatient({double(i), double(j), double(k)}));
                const int expected =
                    labels.at(int(std::lround(at[0])), int(std::lround(at[1])), int(std::lround(at[2])));
                QCOMPARE(int(read->masks[0][static_cast<std::size_t>(grid.offset(i, j, k))]), expected);
                found += expected;
            }
    QCOMPARE(found, 315);
}

void tst_Segmentation::framesBeyondTheGridAreTold()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg/24x38x3");
    auto grid = readNrrd(folder / "nrrd/label.nrrd").geometry;
    grid.size[2] = 1; // the slices with content are cut off
    const auto read = readSegmentation(folder / "seg/label.seg", &grid);
    QVERIFY(read);
    QCOMPARE(count(read->masks[0]), 0);
    QCOMPARE(read->warnings, std::vector<std::string>{"315 voxels of the segments lie outside the image"});
}

void tst_Segmentation::whatLiesBetweenSlicesIsRefused()
{
    CONSILIUM_REAL_DATA(folder, "dicom/seg/24x38x3");
    auto grid = readNrrd(folder / "nrrd/label.nrrd").geometry;
    grid.origin[2] += 0.8;
    const auto read = readSegmentation(folder / "seg/label.seg", &grid);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Invalid);
    QVERIFY(QString::fromStdString(read.error().message).contains("0.80 mm"));
}

void tst_Segmentation::pydicomCountsTheSame_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("describes three frames, holds one") << "liver_1frame.dcm";
    QTest::newRow("explicit VR big endian") << "liver_expb_1frame.dcm";
}

void tst_Segmentation::pydicomCountsTheSame()
{
    QFETCH(QString, name);
    CONSILIUM_REAL_DATA(folder, "dicom");
    const auto read = readSegmentation(folder / "pydicom/test_files" / name.toStdString());
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(count(read->masks[0]), 36233);
    // They are the first frame of liver.dcm.
    const auto whole = readSegmentation(folder / "seg/liver.dcm");
    QVERIFY(whole);
    QVERIFY(std::equal(read->masks[0].begin(), read->masks[0].end(), whole->masks[0].begin()));
}

/// Written by dcmqi from colours of 3D Slicer's generic anatomy table.
void tst_Segmentation::coloursAreThoseOfSlicer_data()
{
    QTest::addColumn<QList<int>>("lab");
    QTest::addColumn<QList<int>>("rgb");
    QTest::newRow("liver") << QList<int>{41661, 41167, 40792} << QList<int>{221, 130, 101};
    QTest::newRow("tissue") << QList<int>{43803, 26565, 37722} << QList<int>{128, 174, 128};
    QTest::newRow("artery") << QList<int>{37064, 44082, 41620} << QList<int>{216, 101, 79};
    QTest::newRow("capillary") << QList<int>{45062, 38660, 25486} << QList<int>{183, 156, 220};
    QTest::newRow("edema") << QList<int>{55193, 26619, 30325} << QList<int>{140, 224, 228};
    QTest::newRow("vein") << QList<int>{38399, 29410, 23264} << QList<int>{0, 151, 206};
}

void tst_Segmentation::coloursAreThoseOfSlicer()
{
    QFETCH(QList<int>, lab);
    QFETCH(QList<int>, rgb);
    const auto seen = fromDicomLab({std::uint16_t(lab[0]), std::uint16_t(lab[1]), std::uint16_t(lab[2])});
    const auto written = toDicomLab({std::uint8_t(rgb[0]), std::uint8_t(rgb[1]), std::uint8_t(rgb[2])});
    const auto again = fromDicomLab(written);
    for (std::size_t n = 0; n < 3; ++n) {
        const int channel = rgb[static_cast<qsizetype>(n)];
        QVERIFY(std::abs(seen[n] - channel) <= 1);
        QCOMPARE(int(again[n]), channel);
    }
}

void tst_Segmentation::fractionsCountFromHalf()
{
    CONSILIUM_REAL_DATA(seg, "dicom/seg/24x38x3/seg/label.seg");
    auto object = DicomFile::open(seg, Depth::Whole);
    QVERIFY(object);
    auto &dataset = object->dataset();
    dataset.putAndInsertString(DCM_SegmentationType, "FRACTIONAL");
    dataset.putAndInsertString(DCM_SegmentationFractionalType, "PROBABILITY");
    dataset.putAndInsertUint16(DCM_MaximumFractionalValue, 100);
    dataset.putAndInsertUint16(DCM_BitsAllocated, 8);
    dataset.putAndInsertUint16(DCM_BitsStored, 8);
    dataset.putAndInsertUint16(DCM_HighBit, 7);
    std::vector<Uint8> pixels(24 * 38 * 3);
    pixels[0] = 49;
    pixels[1] = 50;
    pixels[24 * 38] = 100;
    dataset.putAndInsertUint8Array(DCM_PixelData, pixels.data(), pixels.size());
    QVERIFY(saveObject(file("fractional.dcm"), object->format()));
    const auto read = readSegmentation(file("fractional.dcm"));
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    QCOMPARE(count(read->masks[0]), 2);
    QCOMPARE(int(read->masks[0][1]), 1);
    QCOMPARE(int(read->masks[0][24 * 38]), 1);
}

void tst_Segmentation::labelMapsHoldAllSegments()
{
    CONSILIUM_REAL_DATA(seg, "dicom/seg/24x38x3/seg/label.seg");
    auto object = DicomFile::open(seg, Depth::Whole);
    QVERIFY(object);
    auto &dataset = object->dataset();
    dataset.putAndInsertString(DCM_SOPClassUID, "1.2.840.10008.5.1.4.1.1.66.7");
    dataset.putAndInsertString(DCM_SegmentationType, "LABELMAP");
    dataset.putAndInsertUint16(DCM_BitsAllocated, 8);
    DcmItem *second = nullptr;
    QVERIFY(dataset.findOrCreateSequenceItem(DCM_SegmentSequence, second, -2).good());
    second->putAndInsertUint16(DCM_SegmentNumber, 4);
    second->putAndInsertString(DCM_SegmentLabel, "Four");
    std::vector<Uint8> pixels(24 * 38 * 3);
    pixels[5] = 1;
    pixels[24 * 38 + 7] = 4;
    dataset.putAndInsertUint8Array(DCM_PixelData, pixels.data(), pixels.size());
    QVERIFY(saveObject(file("labels.dcm"), object->format()));
    const auto read = readSegmentation(file("labels.dcm"));
    QVERIFY2(read, read ? "" : read.error().line().c_str());
    const auto merged = read->merged();
    QVERIFY(std::equal(pixels.begin(), pixels.end(), merged.values.begin(), merged.values.end()));
    QVERIFY(!read->overlaps());
}

void tst_Segmentation::brokenFilesAreRefused_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<int>("code");
    QTest::newRow("not there") << 0 << int(ErrorCode::NotFound);
    QTest::newRow("an image") << 1 << int(ErrorCode::Unsupported);
    QTest::newRow("pixels break off") << 2 << int(ErrorCode::Malformed);
    QTest::newRow("no segments") << 3 << int(ErrorCode::Malformed);
    QTest::newRow("no positions") << 4 << int(ErrorCode::Malformed);
    QTest::newRow("a segment nobody describes") << 5 << int(ErrorCode::Malformed);
    QTest::newRow("uneven frames") << 6 << int(ErrorCode::Invalid);
    QTest::newRow("frames worlds apart") << 7 << int(ErrorCode::Invalid);
    QTest::newRow("2147483647 frames") << 8 << int(ErrorCode::Malformed);
    QTest::newRow("more frames than bits") << 9 << int(ErrorCode::Malformed);
    QTest::newRow("more frames than pixels") << 10 << int(ErrorCode::Malformed);
}

void tst_Segmentation::brokenFilesAreRefused()
{
    QFETCH(int, what);
    QFETCH(int, code);
    CONSILIUM_REAL_DATA(folder, "dicom/seg/24x38x3");
    auto path = file("broken.dcm");
    std::filesystem::remove(path);
    if (what == 1)
        path = folder / "image/IMG0001.dcm";
    if (what >= 2) {
        auto object = DicomFile::open(folder / "seg/label.seg", Depth::Whole);
        QVERIFY(object);
        auto &dataset = object->dataset();
        DcmItem *frame = nullptr, *position = nullptr, *segment = nullptr;
        QVERIFY(dataset.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 2).good());
        QVERIFY(frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position).good());
        if (what == 2) {
            const std::vector<Uint8> pixels(300);
            dataset.putAndInsertUint8Array(DCM_PixelData, pixels.data(), pixels.size());
        } else if (what == 3) {
            dataset.findAndDeleteElement(DCM_SegmentSequence);
        } else if (what == 4) {
            frame->findAndDeleteElement(DCM_PlanePositionSequence);
        } else if (what == 5) {
            QVERIFY(dataset.findAndGetSequenceItem(DCM_SegmentSequence, segment).good());
            segment->putAndInsertUint16(DCM_SegmentNumber, 9);
        } else if (what >= 8) {
            const char *frames[] = {"2147483647", "1000000000", "1000"};
            dataset.putAndInsertString(DCM_NumberOfFrames, frames[what - 8]);
        } else {
            position->putAndInsertString(DCM_ImagePositionPatient,
                                         what == 6 ? "46.4649\\5.01881\\-171.6" : "46.4649\\5.01881\\9e9");
        }
        QVERIFY(saveObject(path, object->format()));
    }
    const auto read = readSegmentation(path);
    QVERIFY(!read);
    QCOMPARE(int(read.error().code), code);
    const auto line = QString::fromStdString(read.error().line());
    QVERIFY2(line.contains(QString::fromStdString(path.filename().string())) && !line.contains('\n'), qPrintable(line));
}

void tst_Segmentation::damagedBytesEndInOneLine_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("segmentation") << "seg/24x38x3/seg/label.seg";
    QTest::newRow("structure set") << "pydicom/test_files/rtstruct.dcm";
}

/// Bytes turned over at random and files that break off: refused or read, never a crash.
void tst_Segmentation::damagedBytesEndInOneLine()
{
    QFETCH(QString, name);
    CONSILIUM_REAL_DATA(folder, "dicom");
    const auto whole = readFile(folder / name.toStdString());
    QVERIFY(whole);
    Geometry grid;
    grid.size = {16, 16, 4};
    Random random(11);
    for (int n = 0; n < 300; ++n) {
        auto bytes = *whole;
        for (int change = 0; change < 1 + n % 5; ++change)
            bytes[static_cast<std::size_t>(random.below(int(bytes.size())))] = static_cast<char>(random.below(256));
        if (n % 4 == 0)
            bytes.resize(static_cast<std::size_t>(random.below(int(bytes.size()))));
        std::ofstream(file("damaged.dcm"), std::ios::binary) << bytes;
        const auto seg = readSegmentation(file("damaged.dcm"));
        const auto structures = readStructureSet(file("damaged.dcm"), grid);
        for (const auto *error : {seg ? nullptr : &seg.error(), structures ? nullptr : &structures.error()}) {
            if (error)
                QVERIFY2(error->line().find('\n') == std::string::npos, error->line().c_str());
        }
    }
}

QTEST_GUILESS_MAIN(tst_Segmentation)
#include "tst_segmentation.moc"
