// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixels.h"

#include "pydicom_verdicts.h"
#include "support/outside_tool.h"
#include "support/real_data.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <fmt/format.h>
#include <set>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace {

/// All frames one after the other: stored values of a grey image, RGB of a coloured one.
struct Image
{
    PixelLayout layout;
    std::string transferSyntax;
    std::vector<float> values;
    Error error;

    std::string size() const
    {
        const auto size = fmt::format("{} x {}", layout.columns, layout.rows);
        return layout.frames > 1 ? fmt::format("{} x {}", size, layout.frames) : size;
    }
    std::array<float, 3> colour(int x, int y) const
    {
        const auto *pixel = values.data() + 3 * (y * layout.columns + x);
        return {pixel[0], pixel[1], pixel[2]};
    }
};

Image readImage(const std::filesystem::path &path)
{
    Image image;
    const auto failed = [&](const Error &error) {
        image.error = error;
        return image;
    };
    auto file = DicomFile::open(path, Depth::Whole);
    if (!file)
        return failed(file.error());
    image.transferSyntax = file->transferSyntax();
    auto reader = FrameReader::open(*file);
    if (!reader)
        return failed(reader.error());
    image.layout = reader->layout();
    std::vector<float> grey(static_cast<std::size_t>(image.layout.rows * image.layout.columns));
    for (int frame = 0; frame < image.layout.frames; ++frame) {
        if (image.layout.isColour()) {
            const auto colours = reader->readColour(frame);
            if (!colours)
                return failed(colours.error());
            image.values.insert(image.values.end(), colours->begin(), colours->end());
        } else {
            if (const auto read = reader->readGrey(frame, grey, 1, 0); !read)
                return failed(read.error());
            image.values.insert(image.values.end(), grey.begin(), grey.end());
        }
    }
    return image;
}

double largestDifference(const std::vector<float> &a, const std::vector<float> &b)
{
    double largest = a.size() == b.size() ? 0 : HUGE_VAL;
    for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n)
        largest = std::max(largest, std::abs(static_cast<double>(a[n]) - static_cast<double>(b[n])));
    return largest;
}

/// Writes pixel_array of each file as 32-bit floats, as pydicom and numpy alone decode it: stored values, MONOCHROME1
/// turned over, colours as 8-bit RGB.
constexpr auto pydicomScript = R"(
import sys, warnings
import numpy as np, pydicom
from pydicom.pixel_data_handlers.util import apply_color_lut, convert_color_space
warnings.simplefilter('ignore')
for line in open(sys.argv[1]):
    source, target = line.rstrip('\n').split('\t')
    data = pydicom.dcmread(source, force=True)
    data.convert_pixel_data('rle' if data.file_meta.TransferSyntaxUID.is_compressed
                            and 'RLE' in data.file_meta.TransferSyntaxUID.name else 'numpy')
    values = data.pixel_array
    kind = data.PhotometricInterpretation
    if kind == 'PALETTE COLOR':
        values = apply_color_lut(values, data) >> 8
    elif kind.startswith('YBR'):
        values = convert_color_space(values, kind, 'RGB')
    elif kind == 'RGB':
        values = values >> (data.BitsStored - 8)
    elif kind == 'MONOCHROME1':
        values = (1 << data.BitsStored) - 1 - values
    values.astype('<f4').tofile(target)
)";

} // namespace

class tst_PydicomFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFile_data();
    void everyFile();
    void noFileIsMissing();
    void emptyImages();
    void valuesArePydicoms();
    void twins_data();
    void twins();
    void knownColours_data();
    void knownColours();
    void nearLossless_data();
    void nearLossless();
    void signOfTheHeaderStands();
};

void tst_PydicomFiles::everyFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("verdict");
    for (const auto &[file, verdict] : pydicomVerdicts)
        QTest::newRow(file) << file << verdict;
}

void tst_PydicomFiles::everyFile()
{
    QFETCH(QString, file);
    QFETCH(QString, verdict);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom");
    QElapsedTimer timer;
    timer.start();
    const auto image = readImage(folder / file.toStdString());
    QCOMPARE_LE(timer.elapsed(), 5000);
    if (image.error.message.empty()) {
        const auto size = QString::fromStdString(image.size());
        QCOMPARE((image.layout.isColour() ? "colour " : "grey ") + size, verdict);
        return;
    }
    const auto line = QString::fromStdString(image.error.line());
    QVERIFY2(line.contains(verdict), qPrintable(line));
    QVERIFY2(line.contains(file) && !line.contains('\n'), qPrintable(line));
    QVERIFY(image.error.code == ErrorCode::Unsupported || image.error.code == ErrorCode::Malformed);
}

void tst_PydicomFiles::noFileIsMissing()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom");
    std::set<std::string> found, listed;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        auto name = entry.path().lexically_relative(folder).generic_string();
        if (entry.is_regular_file() && !name.starts_with(emptyImagesFolder))
            found.insert(std::move(name));
    }
    for (const auto &verdict : pydicomVerdicts)
        listed.insert(verdict.file);
    QCOMPARE(found, listed);
}

void tst_PydicomFiles::emptyImages()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom");
    int count = 0;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder / emptyImagesFolder)) {
        if (!entry.is_regular_file())
            continue;
        const auto image = readImage(entry.path());
        QVERIFY2(image.error.message.ends_with(emptyImagesVerdict), image.error.message.c_str());
        ++count;
    }
    QCOMPARE(count, 50);
}

void tst_PydicomFiles::valuesArePydicoms()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom");
    const auto python = pythonWith("pydicom, numpy");
    if (python.isEmpty())
        QSKIP("python3 with pydicom and numpy is not here");
    // What pydicom decodes by itself: uncompressed in both byte orders, deflated, RLE.
    const std::set<std::string> syntaxes{"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2",
                                         "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"};
    QTemporaryDir out;
    std::vector<std::pair<std::string, Image>> images;
    QByteArray list;
    for (const auto &verdict : pydicomVerdicts) {
        auto image = readImage(folder / verdict.file);
        if (!image.error.message.empty() || !syntaxes.contains(image.transferSyntax))
            continue;
        // pydicom before 2.4 does not turn round the 8-bit samples in its big-endian words.
        if (std::string_view(verdict.file).ends_with("SC_rgb_small_odd_big_endian.dcm"))
            continue;
        const auto target = out.filePath(QString::number(images.size()));
        list += QByteArray::fromStdString((folder / verdict.file).string()) + '\t' + target.toUtf8() + '\n';
        images.emplace_back(verdict.file, std::move(image));
    }
    QCOMPARE_GE(images.size(), std::size_t{60});
    QFile script(out.filePath("script.py")), files(out.filePath("files"));
    QVERIFY(script.open(QIODevice::WriteOnly) && files.open(QIODevice::WriteOnly));
    script.write(pydicomScript);
    files.write(list);
    script.close();
    files.close();
    const auto ran = runTool(python, {script.fileName(), files.fileName()});
    QVERIFY2(ran.exitCode == 0, ran.errors.constData());

    for (std::size_t n = 0; n < images.size(); ++n) {
        QFile file(out.filePath(QString::number(n)));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto bytes = file.readAll();
        std::vector<float> theirs(static_cast<std::size_t>(bytes.size()) / sizeof(float));
        std::memcpy(theirs.data(), bytes.constData(), theirs.size() * sizeof(float));
        const auto &[name, image] = images[n];
        // pydicom rounds YCbCr by matrices of its own.
        const double tolerance = image.layout.photometric.starts_with("YBR") ? 1 : 0;
        QVERIFY2(largestDifference(image.values, theirs) <= tolerance, name.c_str());
    }
}

void tst_PydicomFiles::twins_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("twin");
    QTest::addColumn<double>("tolerance");

    // The same image in another encoding, as the folder's README.txt says.
    for (const auto *name : {"RLE", "bigendian", "expb", "implicit", "jp2klossless", "jpeg_ls_lossless", "padded"})
        QTest::newRow(name) << QString("MR_small_%1.dcm").arg(name) << "MR_small.dcm" << 0.0;
    QTest::newRow("dose, big endian") << "rtdose_expb.dcm"
                                      << "rtdose.dcm" << 0.0;
    QTest::newRow("dose, RLE") << "rtdose_rle.dcm"
                               << "rtdose.dcm" << 0.0;
    QTest::newRow("dose, a frame, big endian") << "rtdose_expb_1frame.dcm"
                                               << "rtdose_1frame.dcm" << 0.0;
    QTest::newRow("dose, a frame, RLE") << "rtdose_rle_1frame.dcm"
                                        << "rtdose_1frame.dcm" << 0.0;
    QTest::newRow("bits, big endian") << "liver_expb_1frame.dcm"
                                      << "liver_1frame.dcm" << 0.0;
    QTest::newRow("odd, big endian") << "SC_rgb_small_odd_big_endian.dcm"
                                     << "SC_rgb_small_odd.dcm" << 0.0;
    QTest::newRow("odd, JPEG") << "SC_rgb_small_odd_jpeg.dcm"
                               << "SC_rgb_small_odd.dcm" << 4.0;
    // dcmdjpeg made the twin of the same stream.
    QTest::newRow("JPEG, implicit though encapsulated") << "SC_rgb_jpeg.dcm"
                                                        << "SC_rgb_jpeg_dcmd.dcm" << 0.0;
    QTest::newRow("JPEG, the Adobe marker says RGB") << "SC_rgb_jpeg_app14_dcmd.dcm"
                                                     << "SC_jpeg_no_color_transform_2.dcm" << 0.0;
    QTest::newRow("JPEG extended") << "JPGExtended.dcm"
                                   << "JPEG-lossy.dcm" << 0.0;
}

void tst_PydicomFiles::twins()
{
    QFETCH(QString, file);
    QFETCH(QString, twin);
    QFETCH(double, tolerance);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files");
    const auto mine = readImage(folder / file.toStdString()), other = readImage(folder / twin.toStdString());
    QVERIFY2(mine.error.message.empty(), mine.error.message.c_str());
    QVERIFY2(other.error.message.empty(), other.error.message.c_str());
    QCOMPARE_LE(largestDifference(mine.values, other.values), tolerance);
}

void tst_PydicomFiles::knownColours_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<double>("tolerance");

    // Ten bands of colour that pydicom's own tests name; what each encoding may lose of them.
    const auto row = [](const char *file, double tolerance) { QTest::newRow(file) << file << tolerance; };
    row("SC_rgb_rle.dcm", 0);
    row("SC_rgb_rle_2frame.dcm", 0);
    row("SC_rgb_rle_16bit.dcm", 0);
    row("SC_rgb_rle_16bit_2frame.dcm", 0);
    row("SC_rgb_rle_32bit.dcm", 0);
    row("SC_rgb_rle_32bit_2frame.dcm", 0);
    row("SC_rgb_jpeg_gdcm.dcm", 0); // lossless
    row("SC_rgb_gdcm_KY.dcm", 1);
    row("SC_rgb_jls_lossy_line.dcm", 2);
    row("SC_rgb_jls_lossy_sample.dcm", 2);
    row("SC_rgb_dcmtk_+eb+cr.dcm", 8);
    row("SC_rgb_dcmtk_+eb+cy+n1.dcm", 8);
    row("SC_rgb_dcmtk_+eb+cy+n2.dcm", 8);
    row("SC_rgb_dcmtk_+eb+cy+np.dcm", 8);
    row("SC_rgb_dcmtk_+eb+cy+s2.dcm", 8);
    row("SC_rgb_dcmtk_+eb+cy+s4.dcm", 8);
    row("SC_rgb_jpeg_dcmtk.dcm", 8);
    row("SC_rgb_jpeg_lossy_gdcm.dcm", 8);
    row("SC_ybr_full_422_uncompressed.dcm", 8);
}

void tst_PydicomFiles::knownColours()
{
    QFETCH(QString, file);
    QFETCH(double, tolerance);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files");
    const auto image = readImage(folder / file.toStdString());
    QVERIFY2(image.error.message.empty(), image.error.message.c_str());
    const std::array<std::array<float, 3>, 10> bands{{{255, 0, 0},
                                                      {255, 128, 128},
                                                      {0, 255, 0},
                                                      {128, 255, 128},
                                                      {0, 0, 255},
                                                      {128, 128, 255},
                                                      {0, 0, 0},
                                                      {64, 64, 64},
                                                      {192, 192, 192},
                                                      {255, 255, 255}}};
    for (int band = 0; band < 10; ++band) {
        const auto colour = image.colour(50, 10 * band + 5);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const auto difference = std::abs(colour[channel] - bands[static_cast<std::size_t>(band)][channel]);
            QVERIFY2(difference <= tolerance, qPrintable(QString("band %1: off by %2").arg(band).arg(difference)));
        }
    }
}

void tst_PydicomFiles::nearLossless_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QList<int>>("steps");

    // Bands of five rows; the last may be higher. Both were written with NEAR = 2, and these are the values that the
    // standard's predictor makes of them (GDCM with CharLS gives the same).
    QTest::newRow("8 bits") << "JPEGLSNearLossless_08.dcm" << QList<int>{255, 125, 65, 30, 15, 5, 5, 0, 0};
    QTest::newRow("16 bits") << "JPEGLSNearLossless_16.dcm"
                             << QList<int>{65535, 32765, 16385, 4095, 1025, 255, 65, 15, 5, 0};
}

void tst_PydicomFiles::nearLossless()
{
    QFETCH(QString, file);
    QFETCH(QList<int>, steps);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files");
    const auto image = readImage(folder / file.toStdString());
    QCOMPARE(image.values.size(), static_cast<std::size_t>(steps.size()) * 50);
    for (std::size_t n = 0; n < image.values.size(); ++n)
        QCOMPARE(static_cast<int>(image.values[n]), steps[static_cast<qsizetype>(n / 50)]);
}

// The JPEG 2000 stream calls its samples unsigned, the header signed: values that pydicom's own tests name.
void tst_PydicomFiles::signOfTheHeaderStands()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files");
    const auto image = readImage(folder / "J2K_pixelrep_mismatch.dcm");
    QCOMPARE(image.values.size(), std::size_t{512} * 512);
    const auto at = [&](std::size_t row, std::size_t column) { return int(image.values[row * 512 + column]); };
    QCOMPARE(at(0, 0), -2000);
    const std::array down{621, 412, 138, -193, -520, -767, -907, -966, -988, -995};
    const std::array further{-377, -121, 141, 383, 633, 910, 1198, 1455, 1638, 1732};
    for (std::size_t n = 0; n < 10; ++n) {
        QCOMPARE(at(47 + n, 279), down[n]);
        QCOMPARE(at(328 + n, 106), further[n]);
    }
}

QTEST_GUILESS_MAIN(tst_PydicomFiles)
#include "tst_pydicom_files.moc"
