// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "imaging/nifti.h"
#include "pixel_reading.h"
#include "support/real_data.h"

#include <QtTest>
#include <random>
#include <thread>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace {

/// RLE header and segments (PS3.5, annex G), each segment literal runs alone.
std::string rleFrame(const std::vector<std::string> &segments)
{
    std::string header = le32(static_cast<std::uint32_t>(segments.size())), body;
    for (const auto &segment : segments) {
        header += le32(static_cast<std::uint32_t>(64 + body.size()));
        body += static_cast<char>(segment.size() - 1) + segment;
        if (body.size() % 2 != 0)
            body += '\x80'; // no operation
    }
    header.resize(64, '\0');
    return header + body;
}

} // namespace

class tst_CompressedPixels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fragments_data();
    void fragments();
    void rle();
    void largeNumbersDoNotBecomeMemory();
    void transferSyntaxesGiveTheReference_data();
    void transferSyntaxesGiveTheReference();
    void framesFromSeveralThreads();
    void damagedStreams_data();
    void damagedStreams();
};

void tst_CompressedPixels::fragments_data()
{
    QTest::addColumn<QByteArray>("pixels");
    QTest::addColumn<bool>("readable");

    // Two frames of 2 x 1 bytes: 1, 2 and 3, 4.
    const auto first = rleFrame({bytesOf({1, 2})}), second = rleFrame({bytesOf({3, 4})});
    const auto firstSize = static_cast<std::uint32_t>(first.size() + 8);
    const auto split = fragment(first.substr(0, 64)) + fragment(first.substr(64));
    const auto row = [](const char *name, const std::string &fragments, bool readable) {
        QTest::newRow(name) << QByteArray::fromStdString(encapsulated(fragments)) << readable;
    };
    row("one a frame, no table", fragment("") + fragment(first) + fragment(second), true);
    row("one a frame, a table", fragment(le32(0) + le32(firstSize)) + fragment(first) + fragment(second), true);
    row("one a frame, a wrong table", fragment(le32(0) + le32(7)) + fragment(first) + fragment(second), true);
    row("a frame of two, a table", fragment(le32(0) + le32(firstSize + 8)) + split + fragment(second), true);
    row("a frame of two, no table", fragment("") + split + fragment(second), false);
    row("a frame of two, a wrong table", fragment(le32(0) + le32(6)) + split + fragment(second), false);
    row("a frame too few", fragment("") + fragment(first), false);
    row("no fragment at all", fragment(""), false);
    row("not even a table", "", false);
}

void tst_CompressedPixels::fragments()
{
    QFETCH(QByteArray, pixels);
    QFETCH(bool, readable);
    const ImageBytes image{.columns = 2, .allocated = 8, .stored = 8, .frames = "2"};
    const auto file = part10(image.header() + pixels.toStdString(), "1.2.840.10008.1.2.5");
    const auto first = readGrey(file, 0), second = readGrey(file, 1);
    if (!readable) {
        QCOMPARE(first.error.code, ErrorCode::Malformed);
        QVERIFY(first.error.message.starts_with("the file "));
        return;
    }
    QVERIFY2(first.error.message.empty(), first.error.message.c_str());
    QCOMPARE(asList(first.values), (Values{1, 2}));
    QCOMPARE(asList(second.values), (Values{3, 4}));
}

void tst_CompressedPixels::rle()
{
    const auto file = [](ImageBytes image, const std::string &frame) {
        return part10(image.header() + encapsulated(fragment("") + fragment(frame)), "1.2.840.10008.1.2.5");
    };
    // The high bytes first, then the low ones.
    const ImageBytes wide{.columns = 2, .isSigned = 1};
    QCOMPARE(asList(readGrey(file(wide, rleFrame({bytesOf({0x12, 0xff}), bytesOf({0x34, 0xfe})}))).values),
             (Values{0x1234, -2}));
    // A run: 0xfe says that the next byte comes three times.
    auto run = rleFrame({bytesOf({0})});
    run.resize(64);
    const ImageBytes narrow{.columns = 5, .allocated = 8, .stored = 8};
    QCOMPARE(asList(readGrey(file(narrow, run + bytesOf({0xfe, 7, 0x80, 1, 8, 9}))).values), (Values{7, 7, 7, 8, 9}));
    // Colours come plane by plane, whatever the planar configuration says of the uncompressed image.
    const ImageBytes rgb{.columns = 2, .samples = 3, .allocated = 8, .stored = 8, .photometric = "RGB", .planar = 0};
    const auto planes = rleFrame({bytesOf({1, 2}), bytesOf({3, 4}), bytesOf({5, 6})});
    QCOMPARE(asList(readColour(file(rgb, planes)).values), (Values{1, 3, 5, 2, 4, 6}));

    for (const auto &damaged :
         {std::string(10, '\0'), rleFrame({bytesOf({1})}), rleFrame({bytesOf({1, 2}), bytesOf({1, 2})}),
          run + bytesOf({0x7f, 1}), le32(1) + le32(0xffffff00) + std::string(56, '\0') + bytesOf({4, 1, 2, 3, 4, 5})})
        QCOMPARE(readGrey(file(narrow, damaged)).error.code, ErrorCode::Malformed);
}

void tst_CompressedPixels::largeNumbersDoNotBecomeMemory()
{
    const auto refused = [](const std::string &file) {
        const auto code = readGrey(file).error.code;
        return code == ErrorCode::Malformed || code == ErrorCode::Unsupported;
    };
    QVERIFY(refused(ImageBytes{.rows = 65535, .columns = 65535, .frames = "1000000000"}.file(words({1}))));
    const ImageBytes large{.rows = 65535, .columns = 65535};
    const ImageBytes square{.rows = 8192, .columns = 8192};
    for (const auto *syntax :
         {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"}) {
        const auto pixels =
            encapsulated(fragment("") + fragment(le32(2) + le32(64) + le32(70) + std::string(70, '\1')));
        QVERIFY(refused(part10(large.header() + pixels, syntax)));
        QVERIFY(refused(part10(square.header() + pixels, syntax)));
    }
}

void tst_CompressedPixels::transferSyntaxesGiveTheReference_data()
{
    QTest::addColumn<int>("number");
    for (int number = 1; number <= 9; ++number)
        QTest::addRow("%d", number) << number;
}

void tst_CompressedPixels::transferSyntaxesGiveTheReference()
{
    QFETCH(int, number);
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes");
    const auto name = std::to_string(number);
    auto file = DicomFile::open(folder / "In" / (name + ".dcm"), Depth::Whole);
    QVERIFY(file);
    auto reader = FrameReader::open(*file);
    QVERIFY(reader);
    const auto &layout = reader->layout();
    std::vector<float> values(static_cast<std::size_t>(layout.rows * layout.columns));
    QVERIFY(reader->readGrey(0, values));

    const auto reference = imaging::readNifti(folder / "Ref" / (name + ".nii"));
    QVERIFY(reference);
    // A mosaic: 35 slices of 64 x 64, six a row. The converter stores their rows from the bottom up.
    const int side = 64, perRow = 6, slices = 35;
    QCOMPARE(layout.columns, side * perRow);
    QCOMPARE(reference->geometry.size, (std::array{side, side, slices}));
    std::size_t different = 0, n = 0;
    for (int k = 0; k < slices; ++k) {
        for (int j = 0; j < side; ++j) {
            for (int i = 0; i < side; ++i, ++n) {
                const int row = k / perRow * side + side - 1 - j, column = k % perRow * side + i;
                different += values[static_cast<std::size_t>(row * layout.columns + column)] != reference->values[n];
            }
        }
    }
    QCOMPARE(different, std::size_t{0});
}

void tst_CompressedPixels::framesFromSeveralThreads()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes/In");
    std::vector<std::vector<float>> read(18);
    std::vector<std::thread> threads;
    for (std::size_t n = 0; n < read.size(); ++n) {
        threads.emplace_back([&, n] {
            auto file = DicomFile::open(folder / (std::to_string(n % 9 + 1) + ".dcm"), Depth::Whole);
            if (!file)
                return;
            auto reader = FrameReader::open(*file);
            std::vector<float> values(384 * 384);
            if (reader && reader->readGrey(0, values))
                read[n] = values;
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(read[0].size(), std::size_t{384} * 384);
    for (const auto &values : read)
        QVERIFY(values == read[0]);
}

void tst_CompressedPixels::damagedStreams_data()
{
    QTest::addColumn<QString>("file");
    for (const auto *file : {"MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "MR_small_RLE.dcm",
                             "SC_rgb_jpeg_gdcm.dcm", "SC_rgb_dcmtk_+eb+cy+s2.dcm", "JPGExtended.dcm"})
        QTest::newRow(file) << file;
}

// Decoders must say so and go on: the copy of CharLS in DCMTK ends the program at some, as Debian builds it.
void tst_CompressedPixels::damagedStreams()
{
    QFETCH(QString, file);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/test_files");
    const auto whole = readFile(folder / file.toStdString());
    QVERIFY(whole);
    std::mt19937 random(7);
    const auto start = whole->size() - whole->size() / 4;
    for (int damage = 0; damage < 200; ++damage) {
        auto bytes = *whole;
        for (int n = 0; n < 8; ++n)
            bytes[start + random() % (bytes.size() - start)] = static_cast<char>(random());
        auto opened = fromBytes(bytes);
        if (!opened)
            continue;
        auto reader = FrameReader::open(*opened);
        QVERIFY(reader || reader.error().code == ErrorCode::Malformed);
        if (!reader)
            continue;
        std::vector<float> grey(static_cast<std::size_t>(reader->layout().rows * reader->layout().columns));
        Result<> read;
        if (!reader->layout().isColour())
            read = reader->readGrey(0, grey);
        else if (const auto colours = reader->readColour(0); !colours)
            read = fail(colours.error());
        QVERIFY(read || read.error().code == ErrorCode::Malformed);
    }
}

QTEST_GUILESS_MAIN(tst_CompressedPixels)
#include "tst_compressed_pixels.moc"
