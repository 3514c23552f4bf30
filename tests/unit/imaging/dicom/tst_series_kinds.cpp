// SPDX-License-Identifier: GPL-3.0-or-later
#include "series_support.h"

#include <QTemporaryDir>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcvrobow.h>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

namespace {

/// Siemens' private header in its second version ("SV10"): entries of text values.
std::string csaHeader(const std::vector<std::pair<std::string, std::vector<std::string>>> &entries)
{
    std::string bytes("SV10\4\3\2\1", 8);
    const auto integer = [&](std::uint32_t value) {
        for (int n = 0; n < 4; ++n)
            bytes += static_cast<char>(value >> (8 * n) & 0xff);
    };
    integer(static_cast<std::uint32_t>(entries.size()));
    integer(77);
    for (const auto &[name, values] : entries) {
        bytes += name + std::string(64 - name.size(), '\0');
        integer(static_cast<std::uint32_t>(values.size()));
        bytes += std::string("FD\0\0", 4);
        integer(4);
        integer(static_cast<std::uint32_t>(values.size()));
        integer(77);
        for (const auto &value : values) {
            const auto length = static_cast<std::uint32_t>(value.size());
            for (const auto part : {length, length, 77U, length})
                integer(part);
            bytes += value + std::string((4 - length % 4) % 4, '\0');
        }
    }
    return bytes;
}

void putPrivateBytes(DcmDataset &dataset, const std::string &bytes)
{
    setText(dataset, DcmTagKey(0x0029, 0x0010), "SIEMENS CSA HEADER");
    auto *element = new DcmOtherByteOtherWord(DcmTag(0x0029, 0x1010, EVR_OB));
    const std::string even = bytes + std::string(bytes.size() % 2, '\0');
    QVERIFY(element->putUint8Array(reinterpret_cast<const Uint8 *>(even.data()), even.size()).good());
    QVERIFY(dataset.insert(element, OFTrue).good());
}

/// The slices of a volume as tiles of one image, row by row, the way the scanner lays them out.
Volume mosaicOf(const Volume &volume, int side)
{
    const auto &size = volume.geometry.size;
    Volume mosaic;
    mosaic.geometry = volume.geometry;
    mosaic.geometry.size = {size[0] * side, size[1] * side, 1};
    mosaic.values.assign(static_cast<std::size_t>(mosaic.geometry.voxels()), 0);
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                mosaic.values[static_cast<std::size_t>(
                    mosaic.geometry.offset(k % side * size[0] + i, k / side * size[1] + j, 0))] = volume.at(i, j, k);
    // The scanner gives the position of a slice as large as the mosaic about the same centre.
    mosaic.geometry.origin = volume.geometry.toPatient({-(side - 1) * size[0] / 2.0, -(side - 1) * size[1] / 2.0, 0});
    return mosaic;
}

} // namespace

class tst_SeriesKinds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mosaicsAreUnpacked_data();
    void mosaicsAreUnpacked();
    void mosaicWithoutHeaderIsRefused();
    void damagedMosaicHeaderIsRefused();
    void radiographSpacing_data();
    void radiographSpacing();
    void viewsStayApart();
    void enhancedTimesAndStacks();
    void frameCountBeyondTheFileIsRefused();

private:
    Result<dicom::ScanResult> scanEdited(const Volume &volume, dicom::SeriesDescription description,
                                         const std::function<void(DcmDataset &)> &edit);
    QTemporaryDir m_folder;
    int m_made = 0;
};

Result<dicom::ScanResult> tst_SeriesKinds::scanEdited(const Volume &volume, dicom::SeriesDescription description,
                                                      const std::function<void(DcmDataset &)> &edit)
{
    const fs::path folder = m_folder.filePath(QString::number(++m_made)).toStdString();
    description.uidSeed = "kinds";
    if (auto written = dicom::writeSeries(folder, volume, description); !written)
        return fail(written.error());
    for (const auto &file : filesIn(folder))
        editFile(file, edit);
    return dicom::scanSeries(folder);
}

void tst_SeriesKinds::mosaicsAreUnpacked_data()
{
    QTest::addColumn<bool>("reversed");
    QTest::newRow("along the normal") << false;
    QTest::newRow("against the normal") << true;
}

void tst_SeriesKinds::mosaicsAreUnpacked()
{
    QFETCH(bool, reversed);
    auto grid = axialGrid({8, 6, 7});
    grid.direction = turned(grid.direction, 12, -7, 20);
    auto volume = numberedVolume(grid);
    Vec3 normal{grid.direction[0][2], grid.direction[1][2], grid.direction[2][2]};
    if (reversed)
        for (std::size_t n = 0; n < 3; ++n) {
            normal[n] = -normal[n];
            volume.geometry.direction[n][2] = normal[n];
        }
    const auto scan = scanEdited(mosaicOf(volume, 3), {}, [&](DcmDataset &dataset) {
        setText(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
        putPrivateBytes(dataset, csaHeader({{"EchoLinePosition", {}},
                                            {"NumberOfImagesInMosaic", {"7"}},
                                            {"SliceNormalVector",
                                             {fmt::format("{:.8f}", normal[0]), fmt::format("{:.8f}", normal[1]),
                                              fmt::format("{:.8f}", normal[2])}}}));
    });
    QVERIFY2(scan, scan ? "" : scan.error().line().c_str());
    QCOMPARE(scan->series.size(), std::size_t{1});
    const auto loaded = dicom::loadSeries(scan->series[0]);
    QVERIFY(loaded);
    QCOMPARE(loaded->geometry.size, grid.size);
    QCOMPARE_LE(cornerDistance(loaded->geometry, volume.geometry), 1e-4);
    QCOMPARE(largestDifference(*loaded, volume), 0.0);
}

void tst_SeriesKinds::mosaicWithoutHeaderIsRefused()
{
    const auto scan = scanEdited(mosaicOf(numberedVolume(axialGrid({8, 6, 7})), 3), {}, [](DcmDataset &dataset) {
        setText(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
    });
    QVERIFY(!scan);
    QVERIFY(scan.error().message.find("mosaic") != std::string::npos);
}

void tst_SeriesKinds::damagedMosaicHeaderIsRefused()
{
    const auto whole = csaHeader({{"NumberOfImagesInMosaic", {"7"}}, {"SliceNormalVector", {"0", "0", "1"}}});
    const auto mosaic = mosaicOf(numberedVolume(axialGrid({8, 6, 7})), 3);
    for (const std::size_t length : {std::size_t{3}, std::size_t{20}, std::size_t{90}, whole.size() / 2}) {
        const auto scan = scanEdited(mosaic, {}, [&](DcmDataset &dataset) {
            setText(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC");
            auto damaged = whole.substr(0, length);
            if (length > 16)
                damaged.replace(8, 4, "\xff\xff\xff\xff");
            putPrivateBytes(dataset, damaged);
        });
        QVERIFY(scan || !scan.error().message.empty());
    }
}

void tst_SeriesKinds::radiographSpacing_data()
{
    QTest::addColumn<QString>("pixel");
    QTest::addColumn<QString>("imager");
    QTest::addColumn<QString>("calibration");
    QTest::addColumn<QString>("magnification");
    QTest::addColumn<int>("source");
    QTest::addColumn<double>("spacing");
    const int patient = int(dicom::SpacingSource::Patient), detector = int(dicom::SpacingSource::Detector),
              none = int(dicom::SpacingSource::Uncalibrated);
    // PS3.3 10.7.1.3.
    QTest::newRow("calibrated") << "0.12\\0.12"
                                << "0.15\\0.15"
                                << "FIDUCIAL"
                                << "" << patient << 0.12;
    QTest::newRow("corrected") << "0.12\\0.12"
                               << "0.15\\0.15"
                               << ""
                               << "" << patient << 0.12;
    QTest::newRow("the same twice") << "0.15\\0.15"
                                    << "0.15\\0.15"
                                    << ""
                                    << "" << detector << 0.15;
    QTest::newRow("detector alone") << ""
                                    << "0.15\\0.15"
                                    << ""
                                    << "" << detector << 0.15;
    QTest::newRow("pixel spacing alone") << "0.2\\0.2"
                                         << ""
                                         << ""
                                         << "" << detector << 0.2;
    QTest::newRow("estimated magnification") << ""
                                             << "0.15\\0.15"
                                             << ""
                                             << "1.25" << patient << 0.12;
    QTest::newRow("none") << ""
                          << ""
                          << ""
                          << "" << none << 1.0;
}

void tst_SeriesKinds::radiographSpacing()
{
    QFETCH(QString, pixel);
    QFETCH(QString, imager);
    QFETCH(QString, calibration);
    QFETCH(QString, magnification);
    QFETCH(int, source);
    QFETCH(double, spacing);
    dicom::SeriesDescription description;
    description.modality = "DX";
    description.projection = true;
    const auto scan = scanEdited(numberedVolume(axialGrid({20, 30, 1})), description, [&](DcmDataset &dataset) {
        const auto set = [&](const DcmTagKey &tag, const QString &value) {
            dataset.findAndDeleteElement(tag);
            if (!value.isEmpty())
                setText(dataset, tag, value.toStdString());
        };
        set(DCM_PixelSpacing, pixel);
        set(DCM_ImagerPixelSpacing, imager);
        set(DCM_PixelSpacingCalibrationType, calibration);
        set(DCM_EstimatedRadiographicMagnificationFactor, magnification);
    });
    QVERIFY(scan);
    const auto &series = scan->series.at(0);
    QVERIFY(!series.isPlaced);
    QCOMPARE(int(series.spacingSource), source);
    QVERIFY(std::abs(series.geometry.spacing[0] - spacing) < 1e-9);
    QCOMPARE(series.geometry.size, (Index3{20, 30, 1}));
}

void tst_SeriesKinds::viewsStayApart()
{
    const fs::path folder = m_folder.filePath("views").toStdString();
    dicom::SeriesDescription description;
    description.modality = "DX";
    description.projection = true;
    description.uidSeed = "views";
    for (const std::string view : {"AP", "LL"}) {
        const auto own = folder / view;
        QVERIFY(dicom::writeSeries(own, numberedVolume(axialGrid({20, 30, 1})), description));
        editFile(own / "IMG-0001.dcm", [&](DcmDataset &dataset) {
            setText(dataset, DCM_ViewPosition, view);
            setText(dataset, DCM_SOPInstanceUID, view == "AP" ? "2.25.1" : "2.25.2");
        });
    }
    const auto scan = dicom::scanSeries(folder);
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{2});
    QCOMPARE(scan->series[0].part, std::string("AP"));
    QCOMPARE(scan->series[1].part, std::string("LL"));
}

// 24 frames written as one stack of 24; told to be two times of two stacks of six by their frame contents.
void tst_SeriesKinds::enhancedTimesAndStacks()
{
    const auto volume = numberedVolume(axialGrid({12, 10, 24}));
    dicom::SeriesDescription description;
    description.enhanced = true;
    const auto scan = scanEdited(volume, description, [&](DcmDataset &dataset) {
        for (int n = 0; n < 24; ++n) {
            DcmItem *frame = nullptr, *content = nullptr, *position = nullptr;
            QVERIFY(dataset.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, n).good());
            QVERIFY(frame->findAndGetSequenceItem(DCM_FrameContentSequence, content).good());
            QVERIFY(frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position).good());
            const int stack = n / 12, slice = n / 2 % 6, time = n % 2;
            setText(*content, DCM_StackID, std::to_string(stack + 1));
            QVERIFY(content->putAndInsertUint32(DCM_TemporalPositionIndex, static_cast<Uint32>(time + 1)).good());
            setText(*position, DCM_ImagePositionPatient, fmt::format("0\\0\\{}", 100 * stack + 3 * slice));
        }
    });
    QVERIFY(scan);
    QCOMPARE(scan->series.size(), std::size_t{2});
    for (int stack = 0; stack < 2; ++stack) {
        const auto &series = scan->series[static_cast<std::size_t>(stack)];
        QCOMPARE(series.part, fmt::format("stack {}", stack + 1));
        QCOMPARE(series.frames.size(), std::size_t{2});
        QCOMPARE(series.geometry.size[2], 6);
        QCOMPARE(series.geometry.spacing[2], 3.0);
        for (int time = 0; time < 2; ++time) {
            const auto loaded = dicom::loadSeries(series, time);
            QVERIFY(loaded);
            for (int k = 0; k < 6; ++k)
                QCOMPARE(loaded->at(1, 1, k), volume.at(1, 1, stack * 12 + 2 * k + time));
        }
    }
}

void tst_SeriesKinds::frameCountBeyondTheFileIsRefused()
{
    const auto scan = scanEdited(numberedVolume(axialGrid({4, 4, 1})), {},
                                 [](DcmDataset &dataset) { setText(dataset, DCM_NumberOfFrames, "1000000000"); });
    QVERIFY(!scan);
    QVERIFY(scan.error().message.find("frames") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_SeriesKinds)
#include "tst_series_kinds.moc"
