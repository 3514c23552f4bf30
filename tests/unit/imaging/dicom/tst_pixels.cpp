// SPDX-License-Identifier: GPL-3.0-or-later
#include "pixel_reading.h"

#include <QtTest>
#include <cmath>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace {

std::string bigEndianImage(const ImageBytes &image, const std::string &vr, std::string pixels)
{
    const auto be16 = [](unsigned value) { return bytesOf({int(value >> 8 & 0xff), int(value & 0xff)}); };
    const auto element = [&](unsigned tag, const std::string &type, const std::string &value) {
        return be16(0x0028) + be16(tag) + type + be16(static_cast<unsigned>(value.size())) + value;
    };
    const auto meta = test::element(0x00020010, "UI", "1.2.840.10008.1.2.2");
    return std::string(128, '\0') + "DICM" +
           test::element(0x00020000, "UL", le32(static_cast<std::uint32_t>(meta.size()))) + meta +
           element(0x0002, "US", be16(image.samples)) + element(0x0004, "CS", "MONOCHROME2 ") +
           element(0x0008, "IS", image.frames.empty() ? "1 " : image.frames + " ") +
           element(0x0010, "US", be16(image.rows)) + element(0x0011, "US", be16(image.columns)) +
           element(0x0100, "US", be16(image.allocated)) + element(0x0101, "US", be16(image.stored)) +
           element(0x0102, "US", be16(image.stored - 1)) + element(0x0103, "US", be16(image.isSigned)) + be16(0x7fe0) +
           be16(0x0010) + vr + be16(0) + be16(0) + be16(static_cast<unsigned>(pixels.size())) + pixels;
}

std::string paletteElements(int entries, int first, int bits, const std::array<std::string, 3> &tables,
                            bool isSegmented = false)
{
    std::string out;
    for (std::uint32_t n = 0; n < 3; ++n)
        out += element(0x00281101 + n, "US", words({entries, first, bits}));
    for (std::uint32_t n = 0; n < 3; ++n)
        out += element((isSegmented ? 0x00281221 : 0x00281201) + n, "OW", tables[n]);
    return out;
}

} // namespace

class tst_Pixels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grey_data();
    void grey();
    void frames();
    void bitsOfFramesThatStartWithinBytes();
    void bigEndian_data();
    void bigEndian();
    void floatingPoint();
    void rescaleOfTheCaller();
    void doseGridScaling();
    void colour_data();
    void colour();
    void palettes_data();
    void palettes();
    void refusals_data();
    void refusals();
};

void tst_Pixels::grey_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<Values>("values");

    const auto row = [](const char *name, const ImageBytes &image, const std::string &pixels, const Values &values) {
        QTest::newRow(name) << QByteArray::fromStdString(image.file(pixels)) << values;
    };
    row("8 bits", {.columns = 4, .allocated = 8, .stored = 8}, bytesOf({0, 1, 128, 255}), {0, 1, 128, 255});
    row("8 bits, signed", {.columns = 4, .allocated = 8, .stored = 8, .isSigned = 1}, bytesOf({0, 1, 128, 255}),
        {0, 1, -128, -1});
    row("16 bits", {.columns = 3}, words({0, 32768, 65535}), {0, 32768, 65535});
    row("16 bits, signed", {.columns = 3, .isSigned = 1}, words({-1000, 32767, -32768}), {-1000, 32767, -32768});
    // Above the stored bits lie overlays or nothing; below them too when the high bit is higher.
    row("12 of 16 bits, an overlay above", {.columns = 2, .stored = 12}, words({0xf123, 0x1fff}), {0x123, 0xfff});
    row("12 of 16 bits, signed", {.columns = 3, .stored = 12, .isSigned = 1}, words({0x0fff, 0x0800, 0x07ff}),
        {-1, -2048, 2047});
    row("12 of 16 bits, signed, an overlay above", {.columns = 2, .stored = 12, .isSigned = 1}, words({0x1fff, 0xf001}),
        {-1, 1});
    row("12 bits at the top of 16", {.columns = 2, .stored = 12, .highBit = 15}, words({0x1230, 0xffff}),
        {0x123, 0xfff});
    row("9 bits", {.columns = 2, .stored = 9}, words({511, 512}), {511, 0});
    row("32 bits", {.columns = 2, .allocated = 32, .stored = 32}, le32(4000000000u) + le32(7), {4000000000.0, 7});
    row("32 bits, signed", {.columns = 2, .allocated = 32, .stored = 32, .isSigned = 1}, le32(0xfffffff0) + le32(7),
        {-16, 7});
    row("1 bit, the first lowest", {.columns = 10, .allocated = 1, .stored = 1}, bytesOf({0b00000101, 0b10}),
        {1, 0, 1, 0, 0, 0, 0, 0, 0, 1});
    row("slope and intercept", {.columns = 2, .slope = "2.5", .intercept = "-1024"}, words({0, 1000}), {-1024, 1476});
    row("slope -1", {.columns = 2, .slope = "-1", .intercept = "10"}, words({0, 7}), {10, 3});
    row("a slope of 0 is none", {.columns = 2, .slope = "0"}, words({3, 4}), {3, 4});
    // MONOCHROME1: small is bright. Turned over in 0 ... 4095, or -2048 ... 2047.
    row("MONOCHROME1", {.columns = 3, .stored = 12, .photometric = "MONOCHROME1"}, words({0, 1, 4095}),
        {4095, 4094, 0});
    row("MONOCHROME1, signed", {.columns = 3, .stored = 12, .isSigned = 1, .photometric = "MONOCHROME1"},
        words({-2048, 0, 2047}), {2047, -1, -2048});
    row("MONOCHROME1, rescaled",
        {.columns = 2, .stored = 12, .photometric = "MONOCHROME1", .slope = "0.5", .intercept = "100"},
        words({0, 4095}), {2147.5, 100});
    row("more bytes than needed", {.columns = 1}, words({42, 1, 2, 3}), {42});
    row("rows from the top", {.rows = 2, .columns = 2}, words({1, 2, 3, 4}), {1, 2, 3, 4});
}

void tst_Pixels::grey()
{
    QFETCH(QByteArray, file);
    QFETCH(Values, values);
    const auto read = readGrey(file.toStdString());
    QVERIFY2(read.error.message.empty(), read.error.message.c_str());
    QCOMPARE(asList(read.values), values);
}

void tst_Pixels::frames()
{
    // 3 x 1 pixels of 8 bits: frames of odd length, which words do not hold.
    const ImageBytes image{.columns = 3, .allocated = 8, .stored = 8, .frames = "3"};
    const auto bytes = image.file(bytesOf({1, 2, 3, 4, 5, 6, 7, 8, 9, 0}));
    for (const int frame : {2, 0, 1}) {
        const Values wanted{3.0 * frame + 1, 3.0 * frame + 2, 3.0 * frame + 3};
        QCOMPARE(asList(readGrey(bytes, frame).values), wanted);
    }
    QCOMPARE(readGrey(bytes, 3).error.code, ErrorCode::Invalid);
    QCOMPARE(readGrey(bytes, -1).error.code, ErrorCode::Invalid);
}

void tst_Pixels::bitsOfFramesThatStartWithinBytes()
{
    // Two frames of 1 x 5 bits in ten bits: 1,0,1,1,0 and 0,1,1,0,1.
    const ImageBytes image{.columns = 5, .allocated = 1, .stored = 1, .frames = "2"};
    const auto bytes = image.file(bytesOf({0b11001101, 0b10}));
    QCOMPARE(asList(readGrey(bytes, 0).values), (Values{1, 0, 1, 1, 0}));
    QCOMPARE(asList(readGrey(bytes, 1).values), (Values{0, 1, 1, 0, 1}));
}

void tst_Pixels::bigEndian_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("frame");
    QTest::addColumn<Values>("values");

    const auto row = [](const char *name, const ImageBytes &image, const std::string &vr, const std::string &pixels,
                        int frame, const Values &values) {
        QTest::newRow(name) << QByteArray::fromStdString(bigEndianImage(image, vr, pixels)) << frame << values;
    };
    row("16 bits", {.columns = 2}, "OW", bytesOf({0x12, 0x34, 0xff, 0x00}), 0, {0x1234, 0xff00});
    row("16 bits, signed", {.columns = 1, .isSigned = 1}, "OW", bytesOf({0xff, 0xfe}), 0, {-2});
    row("8 bits in words", {.columns = 4, .allocated = 8, .stored = 8}, "OW", bytesOf({2, 1, 4, 3}), 0, {1, 2, 3, 4});
    row("8 bits in bytes", {.columns = 4, .allocated = 8, .stored = 8}, "OB", bytesOf({1, 2, 3, 4}), 0, {1, 2, 3, 4});
    row("8 bits in words, second frame of three pixels", {.columns = 3, .allocated = 8, .stored = 8, .frames = "2"},
        "OW", bytesOf({2, 1, 4, 3, 6, 5}), 1, {4, 5, 6});
    row("32 bits", {.columns = 2, .allocated = 32, .stored = 32}, "OW", bytesOf({0x00, 0x13, 0x0e, 0xe8, 0, 0, 0, 1}),
        0, {0x00130ee8, 1});
    row("32 bits, second frame", {.columns = 1, .allocated = 32, .stored = 32, .frames = "2"}, "OW",
        bytesOf({0, 0, 0, 7, 0, 1, 0, 2}), 1, {0x00010002});
}

void tst_Pixels::bigEndian()
{
    QFETCH(QByteArray, file);
    QFETCH(int, frame);
    QFETCH(Values, values);
    const auto read = readGrey(file.toStdString(), frame);
    QVERIFY2(read.error.message.empty(), read.error.message.c_str());
    QCOMPARE(asList(read.values), values);
}

void tst_Pixels::floatingPoint()
{
    const auto base =
        us(0x00280002, 1) + element(0x00280004, "CS", "MONOCHROME2") + us(0x00280010, 1) + us(0x00280011, 2);
    const auto single =
        part10(base + us(0x00280100, 32) + element(0x7fe00008, "OF", le32(0x3f200000) + le32(0xc0000000)));
    QCOMPARE(asList(readGrey(single).values), (Values{0.625, -2}));
    const auto twice = part10(base + us(0x00280100, 64) +
                              element(0x7fe00009, "OD", le32(0) + le32(0x3fe40000) + le32(0) + le32(0xc0000000)));
    QCOMPARE(asList(readGrey(twice).values), (Values{0.625, -2}));
}

void tst_Pixels::rescaleOfTheCaller()
{
    // Frames of enhanced images have a rescale of their own, which the data set does not know.
    auto file = fromBytes(ImageBytes{.columns = 2, .slope = "3"}.file(words({1, 2})));
    QVERIFY(file);
    auto reader = FrameReader::open(*file);
    QVERIFY(reader);
    std::vector<float> out(2);
    QVERIFY(reader->readGrey(0, out, 10, 0.5));
    QCOMPARE(asList(out), (Values{10.5, 20.5}));
    std::vector<float> tooFew(1);
    QCOMPARE(reader->readGrey(0, tooFew).error().code, ErrorCode::Invalid);
}

void tst_Pixels::doseGridScaling()
{
    const ImageBytes image{.columns = 1, .allocated = 32, .stored = 32};
    const auto file =
        part10(image.header() + element(0x3004000e, "DS", "0.001") + element(0x7fe00010, "OW", le32(70000)));
    QCOMPARE(asList(readGrey(file).values), (Values{70}));
}

void tst_Pixels::colour_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<Values>("rgb");
    QTest::addColumn<double>("tolerance");

    const auto row = [](const char *name, ImageBytes image, const std::string &pixels, const Values &rgb,
                        double tolerance = 0) {
        image.samples = 3;
        QTest::newRow(name) << QByteArray::fromStdString(image.file(pixels)) << rgb << tolerance;
    };
    const Values redAndGrey{255, 0, 0, 64, 128, 192};
    row("RGB", {.columns = 2, .allocated = 8, .stored = 8, .photometric = "RGB", .planar = 0},
        bytesOf({255, 0, 0, 64, 128, 192}), redAndGrey);
    row("RGB by plane", {.columns = 2, .allocated = 8, .stored = 8, .photometric = "RGB", .planar = 1},
        bytesOf({255, 64, 0, 128, 0, 192}), redAndGrey);
    row("RGB of 16 bits", {.columns = 1, .photometric = "RGB", .planar = 0}, words({65535, 255, 256}), {255, 0, 1});
    row("RGB of 16 bits, 10 stored", {.columns = 1, .stored = 10, .photometric = "RGB", .planar = 0},
        words({1023, 512, 3}), {255, 128, 0});
    // ITU-R BT.601 full range: red is (76.245, 84.97, 255.5), white (255, 128, 128).
    row("YBR_FULL", {.columns = 2, .allocated = 8, .stored = 8, .photometric = "YBR_FULL", .planar = 0},
        bytesOf({76, 85, 255, 255, 128, 128}), {254, 0, 0, 255, 255, 255}, 1);
    row("YBR_FULL_422", {.columns = 2, .allocated = 8, .stored = 8, .photometric = "YBR_FULL_422", .planar = 0},
        bytesOf({76, 0, 85, 255}), {254, 0, 0, 178, 0, 0}, 1);
    // Studio range: black is 16, white 235.
    row("YBR_PARTIAL_422", {.columns = 2, .allocated = 8, .stored = 8, .photometric = "YBR_PARTIAL_422", .planar = 0},
        bytesOf({16, 235, 128, 128}), {0, 0, 0, 255, 255, 255});
}

void tst_Pixels::colour()
{
    QFETCH(QByteArray, file);
    QFETCH(Values, rgb);
    QFETCH(double, tolerance);
    const auto read = readColour(file.toStdString());
    QVERIFY2(read.error.message.empty(), read.error.message.c_str());
    QCOMPARE(read.values.size(), static_cast<std::size_t>(rgb.size()));
    for (qsizetype n = 0; n < rgb.size(); ++n)
        QCOMPARE_LE(std::abs(static_cast<double>(read.values[static_cast<std::size_t>(n)]) - rgb[n]), tolerance);
    QCOMPARE(readGrey(file.toStdString()).error.code, ErrorCode::Unsupported);
}

void tst_Pixels::palettes_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<Values>("rgb");

    const auto row = [](const char *name, ImageBytes image, const std::string &palette, const std::string &pixels,
                        const Values &rgb) {
        image.photometric = "PALETTE COLOR";
        const auto file =
            part10(image.header() + palette + element(0x7fe00010, image.allocated > 8 ? "OW" : "OB", pixels));
        QTest::newRow(name) << QByteArray::fromStdString(file) << rgb;
    };
    const ImageBytes four{.columns = 4, .allocated = 8, .stored = 8};
    const auto indices = bytesOf({0, 1, 2, 9});
    row("16 bits, the high byte is shown", four,
        paletteElements(3, 0, 16, {words({0, 0x8000, 0xffff}), words({0, 0x100, 0}), words({0xff, 0, 0x4000})}),
        indices, {0, 0, 0, 128, 1, 0, 255, 0, 64, 255, 0, 64});
    row("called 16 bits, filled as 8", four,
        paletteElements(3, 0, 16, {words({1, 2, 255}), words({4, 5, 6}), words({7, 8, 9})}), indices,
        {1, 4, 7, 2, 5, 8, 255, 6, 9, 255, 6, 9});
    row("8 bits, two a word", four,
        paletteElements(4, 0, 8, {bytesOf({1, 2, 3, 4}), bytesOf({5, 6, 7, 8}), bytesOf({9, 10, 11, 12})}), indices,
        {1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12});
    row("starts at 1", four, paletteElements(2, 1, 8, {bytesOf({1, 2}), bytesOf({3, 4}), bytesOf({5, 6})}), indices,
        {1, 3, 5, 1, 3, 5, 2, 4, 6, 2, 4, 6});
    row("starts below 0", {.columns = 2, .isSigned = 1},
        paletteElements(3, 0xffff, 8, {bytesOf({1, 2, 3, 0}), bytesOf({4, 5, 6, 0}), bytesOf({7, 8, 9, 0})}),
        words({-1, 1}), {1, 4, 7, 3, 6, 9});
    // Segments: two values 0 and 4096; a line over four more up to 20480; that line's segment again, to 20480 once
    // more.
    const auto segments = words({0, 2, 0, 4096, 1, 4, 20480});
    row("segmented", {.columns = 3, .allocated = 8, .stored = 8},
        paletteElements(6, 0, 16, {segments, segments, segments}, true), bytesOf({1, 3, 5}),
        {16, 16, 16, 48, 48, 48, 80, 80, 80});
    const auto repeated = words({0, 2, 0x1000, 0x2000, 2, 1, 0, 0});
    row("segmented, repeated", four, paletteElements(4, 0, 16, {repeated, repeated, repeated}, true),
        bytesOf({0, 1, 2, 3}), {16, 16, 16, 32, 32, 32, 16, 16, 16, 32, 32, 32});
}

void tst_Pixels::palettes()
{
    QFETCH(QByteArray, file);
    QFETCH(Values, rgb);
    const auto read = readColour(file.toStdString());
    QVERIFY2(read.error.message.empty(), read.error.message.c_str());
    QCOMPARE(asList(read.values), rgb);
}

void tst_Pixels::refusals_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");

    const auto row = [](const char *name, const std::string &file, ErrorCode code, const char *says) {
        QTest::newRow(name) << QByteArray::fromStdString(file) << int(code) << says;
    };
    const auto malformed = ErrorCode::Malformed, unsupported = ErrorCode::Unsupported;
    row("a report", part10(element(0x00080060, "CS", "SR")), unsupported, "a structured report");
    row("a plan", part10(element(0x00080060, "CS", "RTPLAN")), unsupported, "a radiotherapy plan");
    row("a class by its name", part10(element(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.104.1")), unsupported, "PDF");
    row("no rows", ImageBytes{.rows = 0}.file(words({1})), malformed, "Rows");
    row("no pixel data", part10(ImageBytes{}.header()), malformed, "no pixel data");
    row("empty pixel data", ImageBytes{}.file(""), malformed, "no pixel data");
    row("too few bytes", ImageBytes{.rows = 4, .columns = 4}.file(words({1, 2, 3})), malformed, "6 bytes");
    row("12 bits allocated", ImageBytes{.allocated = 12, .stored = 12}.file(words({1})), malformed, "12 bits");
    row("more bits stored than allocated", ImageBytes{.stored = 17}.file(words({1})), malformed, "17 bits");
    row("bits beyond the sample", ImageBytes{.stored = 12, .highBit = 16}.file(words({1})), malformed, "bit 16");
    row("bits below the sample", ImageBytes{.stored = 12, .highBit = 10}.file(words({1})), malformed, "bit 10");
    row("sign neither 0 nor 1", ImageBytes{.isSigned = 2}.file(words({1})), malformed, "PixelRepresentation");
    row("four samples", ImageBytes{.samples = 4, .photometric = "CMYK"}.file(words({1, 2, 3, 4})), unsupported,
        "4 samples");
    row("frames that are no number", ImageBytes{.frames = "1A"}.file(words({1})), malformed, "1A");
    row("frames below one", ImageBytes{.frames = "-3"}.file(words({1})), malformed, "NumberOfFrames");
    row("colours of one bit",
        ImageBytes{.samples = 3, .allocated = 1, .stored = 1, .photometric = "RGB", .planar = 0}.file(bytesOf({1, 0})),
        unsupported, "1 bits");
    row("odd columns in 4:2:2",
        ImageBytes{.columns = 3, .samples = 3, .allocated = 8, .stored = 8, .photometric = "YBR_FULL_422", .planar = 0}
            .file(bytesOf({1, 2, 3, 4, 5, 6})),
        malformed, "YBR_FULL_422");
    row("a palette that is not there",
        ImageBytes{.allocated = 8, .stored = 8, .photometric = "PALETTE COLOR"}.file(bytesOf({1, 0})), malformed,
        "palette");
    row("a palette of 32-bit indices",
        ImageBytes{.allocated = 32, .stored = 32, .photometric = "PALETTE COLOR"}.file(le32(1)), malformed, "palette");
    row("MPEG-2",
        part10(ImageBytes{}.header() + encapsulated(fragment("") + fragment("abcd")), "1.2.840.10008.1.2.4.100"),
        unsupported, "MPEG2");
    row("JPEG that is none",
        part10(ImageBytes{}.header() + encapsulated(fragment("") + fragment("abcdefgh")), "1.2.840.10008.1.2.4.70"),
        malformed, "JPEG");
    row("JPEG 2000 that is none",
        part10(ImageBytes{}.header() + encapsulated(fragment("") + fragment("abcdefgh")), "1.2.840.10008.1.2.4.90"),
        malformed, "JPEG 2000");
}

void tst_Pixels::refusals()
{
    QFETCH(QByteArray, file);
    QFETCH(int, code);
    QFETCH(QString, says);
    const auto error = readGrey(file.toStdString()).error;
    QCOMPARE(int(error.code), code);
    const auto line = QString::fromStdString(error.line());
    QVERIFY2(line.contains("the file") && line.contains(says) && !line.contains('\n'), qPrintable(line));
}

QTEST_GUILESS_MAIN(tst_Pixels)
#include "tst_pixels.moc"
