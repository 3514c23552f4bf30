// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/dicom_file.h"

#include "dicom_bytes.h"
#include "support/real_data.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <zlib.h>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace {

constexpr auto deflatedSyntax = "1.2.840.10008.1.2.1.99";

std::string deflated(const std::string &bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    auto copy = bytes;
    stream.next_in = reinterpret_cast<Bytef *>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

const std::string named = element(0x00080060, "CS", "MR") + element(0x00100010, "PN", "Doe^Jane");

Result<DicomFile> fromBytes(const std::string &bytes, Depth depth = Depth::Whole)
{
    return DicomFile::fromBytes(bytes, "the file", depth);
}

} // namespace

class tst_DicomFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensWithoutPreamble();
    void opensDeflated();
    void refusesWhatIsNoDicom_data();
    void refusesWhatIsNoDicom();
    void saysWhatIsNotThere();
    void refusesDamage_data();
    void refusesDamage();
    void refusesEndlessNesting();
    void refusesPixelsInThePlaceOfElements_data();
    void refusesPixelsInThePlaceOfElements();
    void readsManyElementsInAnyOrder();
    void leavesPixelsAloneInHeaders();
    void readsNames_data();
    void readsNames();
    void readsNamesOfSequences();
    void keepsNamesWithWrongBytes();
    void splitsValues();
    void readsNumbers_data();
    void readsNumbers();
};

void tst_DicomFile::opensWithoutPreamble()
{
    const std::string implicit =
        le16(0x0008) + le16(0x0060) + le32(2) + "MR" + le16(0x0010) + le16(0x0010) + le32(8) + "Doe^Jane";
    const std::string bigEndian("\x00\x08\x00\x60"
                                "CS\x00\x02MR"
                                "\x00\x10\x00\x10"
                                "PN\x00\x08"
                                "Doe^Jane",
                                26);
    for (const auto &bytes : {named, implicit, bigEndian}) {
        auto file = fromBytes(bytes);
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(text(file->dataset(), DCM_PatientName), std::string("Doe^Jane"));
        QCOMPARE(text(file->dataset(), DCM_Modality), std::string("MR"));
    }
}

void tst_DicomFile::opensDeflated()
{
    auto file = fromBytes(part10(deflated(named), deflatedSyntax));
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(text(file->dataset(), DCM_PatientName), std::string("Doe^Jane"));
    QCOMPARE(file->transferSyntax(), std::string(deflatedSyntax));

    const auto packed = deflated(named + std::string(5000, '\0'));
    const auto broken = fromBytes(part10(packed.substr(0, packed.size() / 2), deflatedSyntax));
    QVERIFY(!broken);
    QCOMPARE(broken.error().code, ErrorCode::Malformed);
}

void tst_DicomFile::refusesWhatIsNoDicom_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");

    QTest::newRow("empty") << QByteArray() << int(ErrorCode::Malformed);
    QTest::newRow("text") << QByteArray("Lorem ipsum dolor sit amet") << int(ErrorCode::Unsupported);
    QTest::newRow("zeros") << QByteArray(1000, '\0') << int(ErrorCode::Unsupported);
    QTest::newRow("PNG") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) << int(ErrorCode::Unsupported);
    QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08\0\0\0\0\0", 8) << int(ErrorCode::Unsupported);
    QTest::newRow("NIfTI") << (QByteArray("\x5c\x01\0\0", 4) + QByteArray(348, '\0')) << int(ErrorCode::Unsupported);
    QTest::newRow("nothing after the preamble") << (QByteArray(128, '\0') + "DICM") << int(ErrorCode::Malformed);
    QTest::newRow("no data set") << QByteArray::fromStdString(part10("")) << int(ErrorCode::Malformed);
}

void tst_DicomFile::refusesWhatIsNoDicom()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    const auto file = fromBytes(bytes.toStdString());
    QVERIFY(!file);
    QCOMPARE(int(file.error().code), code);
    QVERIFY2(file.error().message.starts_with("the file "), file.error().message.c_str());
    QVERIFY(file.error().line().find('\n') == std::string::npos);
}

void tst_DicomFile::saysWhatIsNotThere()
{
    QTemporaryDir folder;
    const auto missing = std::filesystem::path(folder.filePath("missing.dcm").toStdString());
    const auto file = DicomFile::open(missing, Depth::Header);
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::NotFound);
    QVERIFY(file.error().message.find("missing.dcm") != std::string::npos);

    const auto directory = DicomFile::open(folder.path().toStdString(), Depth::Header);
    QVERIFY(!directory);
    QCOMPARE(directory.error().code, ErrorCode::Unsupported);
}

void tst_DicomFile::refusesDamage_data()
{
    QTest::addColumn<QByteArray>("bytes");

    const auto whole = part10(named + element(0x00200011, "IS", "12"));
    QTest::newRow("ends within a value") << QByteArray::fromStdString(whole.substr(0, whole.size() - 1));
    QTest::newRow("ends within a tag") << QByteArray::fromStdString(whole + "\x20");
    // Lengths of gigabytes in a file of bytes.
    const auto huge = le16(0x0009) + le16(0x1001) + "OB" + le16(0) + le32(0xfffffff0) + "abc";
    QTest::newRow("a value of 4 GB") << QByteArray::fromStdString(part10(named + huge));
    QTest::newRow("a value of 4 GB, deflated")
        << QByteArray::fromStdString(part10(deflated(named + huge), deflatedSyntax));
    const auto sequence = le16(0x0040) + le16(0x0275) + "SQ" + le16(0) + le32(0x7ffffff0) + le16(0xfffe) +
                          le16(0xe000) + le32(0x7fffff00);
    QTest::newRow("a sequence of 2 GB") << QByteArray::fromStdString(part10(named + sequence));
}

void tst_DicomFile::refusesDamage()
{
    QFETCH(QByteArray, bytes);
    const auto file = fromBytes(bytes.toStdString());
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::Malformed);
    QVERIFY(file.error().message.find("the file") != std::string::npos);
    QVERIFY(!file.error().hint.empty());
}

// DCMTK 3.6.7 recurses into sequences without limit: 100,000 of them in 2 MB would end the program.
void tst_DicomFile::refusesEndlessNesting()
{
    const auto level = le16(0x0040) + le16(0x0275) + "SQ" + le16(0) + le32(0xffffffff) + le16(0xfffe) + le16(0xe000) +
                       le32(0xffffffff);
    const auto nested = [&](int levels) {
        std::string bytes = named;
        for (int n = 0; n < levels; ++n)
            bytes += level;
        for (int n = 0; n < levels; ++n)
            bytes += le16(0xfffe) + le16(0xe00d) + le32(0) + le16(0xfffe) + le16(0xe0dd) + le32(0);
        return part10(bytes);
    };
    for (const auto depth : {Depth::Header, Depth::Whole}) {
        const auto deep = fromBytes(nested(100000), depth);
        QVERIFY(!deep);
        QCOMPARE(deep.error().code, ErrorCode::Malformed);
        // What real structured reports have, and more.
        const auto real = fromBytes(nested(64), depth);
        QVERIFY2(real, real ? "" : real.error().message.c_str());
    }
}

void tst_DicomFile::refusesPixelsInThePlaceOfElements_data()
{
    QTest::addColumn<QByteArray>("pixel");
    QTest::newRow("black") << QByteArray(2, '\0');
    QTest::newRow("a mask") << QByteArray("\1\0", 2);
    QTest::newRow("a mask of bytes") << QByteArray("\1\1", 2);
    QTest::newRow("two values") << QByteArray("\0\0\2\0", 4);
    QTest::newRow("white") << QByteArray("\xff\x0f", 2);
}

// Where a wrong length leads the reading into pixels, it must not take minutes to find out.
void tst_DicomFile::refusesPixelsInThePlaceOfElements()
{
    QFETCH(QByteArray, pixel);
    const auto file = fromBytes(part10(named + pixel.repeated(50'000'000 / pixel.size()).toStdString()));
    QVERIFY(!file);
    QCOMPARE(file.error().code, ErrorCode::Malformed);
}

void tst_DicomFile::readsManyElementsInAnyOrder()
{
    // 20,000 elements that rise, 5,000 items of a sequence, and some hundred elements that fall: all of it is read.
    std::string bytes = named, items;
    for (std::uint32_t n = 0; n < 20000; ++n)
        bytes += us(0x00111000 + n, n & 0xffff);
    for (unsigned n = 0; n < 5000; ++n) {
        const auto item = us(0x00080061, 1) + us(0x00080060, n);
        items += le16(0xfffe) + le16(0xe000) + le32(static_cast<std::uint32_t>(item.size())) + item;
    }
    bytes += element(0x52009230, "SQ", items);
    for (std::uint32_t n = 0; n < 500; ++n)
        bytes += us(0x54000999 - n, n);
    auto file = fromBytes(part10(bytes));
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(file->dataset().card(), 2ul + 20000 + 1 + 500);
}

void tst_DicomFile::leavesPixelsAloneInHeaders()
{
    const ImageBytes image{.rows = 100, .columns = 100};
    const auto whole = image.file(std::string(20000, '\1'));
    auto header = fromBytes(whole.substr(0, whole.size() - 19000), Depth::Header);
    QVERIFY(header);
    QCOMPARE(number(header->dataset(), DCM_Rows, 0), 100.0);
    QVERIFY(!header->dataset().tagExists(DCM_PixelData));
    QVERIFY(!fromBytes(whole.substr(0, whole.size() - 19000), Depth::Whole));
    QVERIFY(fromBytes(whole, Depth::Whole)->dataset().tagExists(DCM_PixelData));
}

void tst_DicomFile::readsNames_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("name");

    // The names of the folder's FileInfo.txt, as Unicode has them (and as pydicom decodes them).
    QTest::newRow("ISO_IR 127, Arabic") << "chrArab.dcm" << u"قباني^لنزار"_qs;
    QTest::newRow("ISO_IR 100, French") << "chrFren.dcm" << u"Buc^Jérôme"_qs;
    QTest::newRow("ISO_IR 100, German") << "chrGerm.dcm" << u"Äneas^Rüdiger"_qs;
    QTest::newRow("ISO_IR 126, Greek") << "chrGreek.dcm" << u"Διονυσιος"_qs;
    QTest::newRow("ISO 2022 IR 87, Japanese") << "chrH31.dcm" << u"Yamada^Tarou=山田^太郎=やまだ^たろう"_qs;
    QTest::newRow("ISO 2022 IR 13 and 87") << "chrH32.dcm" << u"ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"_qs;
    QTest::newRow("ISO_IR 138, Hebrew") << "chrHbrw.dcm" << u"שרון^דבורה"_qs;
    QTest::newRow("ISO 2022 IR 149, Korean") << "chrI2.dcm" << u"Hong^Gildong=洪^吉洞=홍^길동"_qs;
    QTest::newRow("Japanese alone") << "chrJapMulti.dcm" << u"やまだ^たろう"_qs;
    QTest::newRow("Japanese, ISO 2022 IR 6 named") << "chrJapMultiExplicitIR6.dcm" << u"やまだ^たろう"_qs;
    QTest::newRow("Korean alone") << "chrKoreanMulti.dcm" << u"김희중"_qs;
    QTest::newRow("ISO_IR 144, Russian") << "chrRuss.dcm" << u"Люкceмбypг"_qs;
    QTest::newRow("ISO_IR 192, UTF-8") << "chrX1.dcm" << u"Wang^XiaoDong=王^小東="_qs;
    QTest::newRow("GB18030, Chinese") << "chrX2.dcm" << u"Wang^XiaoDong=王^小东="_qs;
}

void tst_DicomFile::readsNames()
{
    QFETCH(QString, file);
    QFETCH(QString, name);
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/charset_files");
    auto opened = DicomFile::open(folder / file.toStdString(), Depth::Header);
    QVERIFY(opened);
    QCOMPARE(QString::fromStdString(text(opened->dataset(), DCM_PatientName)), name);
}

void tst_DicomFile::readsNamesOfSequences()
{
    CONSILIUM_REAL_DATA(folder, "dicom/pydicom/charset_files");
    // In the one file the item names its own sets, in the other it inherits those of the data set.
    for (const auto *name : {"chrSQEncoding.dcm", "chrSQEncoding1.dcm"}) {
        auto file = DicomFile::open(folder / name, Depth::Header);
        QVERIFY(file);
        DcmItem *item = nullptr;
        QVERIFY(file->dataset().findAndGetSequenceItem(DCM_RequestedProcedureCodeSequence, item).good());
        QCOMPARE(QString::fromStdString(text(*item, DCM_PatientName)), u"ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"_qs);
    }
}

void tst_DicomFile::keepsNamesWithWrongBytes()
{
    const auto name = [](const std::string &set, const std::string &bytes) {
        auto file =
            fromBytes(part10((set.empty() ? "" : element(0x00080005, "CS", set)) + element(0x00100010, "PN", bytes)));
        return file ? QString::fromStdString(text(file->dataset(), DCM_PatientName)) : QString();
    };
    QCOMPARE(name("ISO_IR 100", "J\xe9r\xf4me"), u"Jérôme"_qs);
    // No set named: only ASCII is there.
    QCOMPARE(name("", "J\xe9r\xf4me"), u"J\uFFFDr\uFFFDme"_qs);
    // Latin-1 bytes in a file that calls itself UTF-8; the two bytes of a real é stay.
    QCOMPARE(name("ISO_IR 192", "J\xe9r\xc3\xa9me"), u"J\uFFFDréme"_qs);
    QCOMPARE(name("ISO_IR 999", "J\xe9r"), u"J\uFFFDr"_qs);
}

void tst_DicomFile::splitsValues()
{
    auto file = fromBytes(part10(element(0x00080008, "CS", "ORIGINAL\\PRIMARY \\\\ND") +
                                 element(0x00081030, "LO", " Head  ") + element(0x00104000, "LT", "a\\b ")));
    QVERIFY(file);
    const std::vector<std::string> parts{"ORIGINAL", "PRIMARY", "", "ND"};
    QCOMPARE(texts(file->dataset(), DCM_ImageType), parts);
    QCOMPARE(text(file->dataset(), DCM_StudyDescription), std::string("Head"));
    QCOMPARE(texts(file->dataset(), DCM_PatientComments), std::vector<std::string>{"a\\b"});
    QVERIFY(texts(file->dataset(), DCM_PatientName).empty());
    QCOMPARE(text(file->dataset(), DCM_PatientName), std::string());
}

void tst_DicomFile::readsNumbers_data()
{
    QTest::addColumn<QByteArray>("element");
    QTest::addColumn<QList<double>>("values");

    const auto row = [](const char *name, const std::string &bytes, const QList<double> &values) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << values;
    };
    row("DS", element(0x00280030, "DS", "0.5\\+1.25e1 "), {0.5, 12.5});
    row("IS", element(0x00280030, "IS", "-7\\ 12"), {-7, 12});
    row("US", element(0x00280030, "US", le16(65535) + le16(2)), {65535, 2});
    row("SS", element(0x00280030, "SS", le16(0xfffe)), {-2});
    row("UL", element(0x00280030, "UL", le32(4000000000u)), {4000000000.0});
    row("SL", element(0x00280030, "SL", le32(0xffffffff)), {-1});
    row("FL", element(0x00280030, "FL", le32(0x3f200000)), {0.625});
    row("FD", element(0x00280030, "FD", le32(0x9999999a) + le32(0x3fb99999)), {0.1});
    row("no number", element(0x00280030, "DS", "0.5\\abc"), {});
    row("not a number", element(0x00280030, "DS", "nan"), {});
    row("beyond all numbers", element(0x00280030, "DS", "1e999"), {});
    row("empty", element(0x00280030, "DS", ""), {});
}

void tst_DicomFile::readsNumbers()
{
    QFETCH(QByteArray, element);
    QFETCH(QList<double>, values);
    auto file = fromBytes(part10(named + element.toStdString()));
    QVERIFY(file);
    const auto read = numbers(file->dataset(), DCM_PixelSpacing);
    QCOMPARE(QList<double>(read.begin(), read.end()), values);
    QCOMPARE(number(file->dataset(), DCM_PixelSpacing, 99), values.isEmpty() ? 99.0 : values.first());
}

QTEST_GUILESS_MAIN(tst_DicomFile)
#include "tst_dicom_file.moc"
