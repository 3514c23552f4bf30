// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"

#include "support/nifti_bytes.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>
#include <zlib.h>

using namespace consilium;
using namespace consilium::imaging;
using consilium::test::NiftiBytes;
using consilium::test::writeBytes;

namespace {

const std::vector<double> lasRows{-2, 0, 0, 10, 0, 3, 0, -20, 0, 0, 4, 5};

std::string gzip(const std::string &bytes)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
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

double distance(const Vec3 &a, const Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

std::vector<float> counted(std::size_t n)
{
    std::vector<float> values(n);
    std::iota(values.begin(), values.end(), 0.0F);
    return values;
}

} // namespace

class tst_Nifti : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void readsEveryVersionAndByteOrder_data();
    void readsEveryVersionAndByteOrder();
    void prefersTheSform();
    void placesByQuaternion();
    void placesBySpacingAlone();
    void readsMetresAndMicrometres();
    void straightensShear();
    void readsASingleSlice();
    void readsEachOfSeveralFrames();
    void readsVectorsAsFrames();
    void readsPairs_data();
    void readsPairs();
    void saysWhatAPairLacks();
    void readsEveryDataType_data();
    void readsEveryDataType();
    void scalesValues_data();
    void scalesValues();
    void readsGzip();
    void skipsHeaderExtensions();
    void refusesWhatIsTruncated_data();
    void refusesWhatIsTruncated();
    void refusesWhatIsImpossible_data();
    void refusesWhatIsImpossible();
    void saysWhatIsNotThere();

    void readsLabels();
    void refusesWhatIsNoLabel_data();
    void refusesWhatIsNoLabel();

    void knowsItsNames();

    void readsBrainsWithQformAlone();
    void readsHippocampi();

private:
    std::filesystem::path write(const std::string &bytes, const std::string &name = "image.nii")
    {
        const auto file = std::filesystem::path(m_folder->path().toStdString()) / name;
        writeBytes(file, bytes);
        return file;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Nifti::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_Nifti::readsEveryVersionAndByteOrder_data()
{
    QTest::addColumn<bool>("second");
    QTest::addColumn<bool>("bigEndian");
    QTest::newRow("NIfTI-1, little endian") << false << false;
    QTest::newRow("NIfTI-1, big endian") << false << true;
    QTest::newRow("NIfTI-2, little endian") << true << false;
    QTest::newRow("NIfTI-2, big endian") << true << true;
}

void tst_Nifti::readsEveryVersionAndByteOrder()
{
    QFETCH(bool, second);
    QFETCH(bool, bigEndian);
    const auto volume = readNifti(write(NiftiBytes(second, bigEndian).sform(lasRows).bytes));
    QVERIFY2(volume, volume ? "" : volume.error().message.c_str());
    QCOMPARE(volume->values, counted(12));
    QCOMPARE(volume->at(1, 2, 1), 11.0F);

    // RAS (-2 i + 10, 3 j - 20, 4 k + 5) is LPS (2 i - 10, -3 j + 20, 4 k + 5).
    const auto &geometry = volume->geometry;
    QCOMPARE(geometry.size, (Index3{2, 3, 2}));
    QCOMPARE(geometry.spacing, (Vec3{2, 3, 4}));
    QCOMPARE(geometry.origin, (Vec3{-10, 20, 5}));
    QCOMPARE(QString::fromStdString(geometry.orientation()), QString("LAS"));
    QCOMPARE_LE(distance(geometry.toPatient({1, 2, 1}), {-8, 14, 9}), 1e-12);
}

void tst_Nifti::prefersTheSform()
{
    auto both = NiftiBytes().sform(lasRows).qform({0, 0, 0, 1, 2, 3});
    auto header = readNiftiHeader(write(both.bytes));
    QVERIFY(header);
    QCOMPARE(header->transform, std::string("sform"));
    QCOMPARE(header->geometry.origin, (Vec3{-10, 20, 5}));

    both.put<std::int16_t>(254, 0); // sform_code: unknown
    header = readNiftiHeader(write(both.bytes));
    QVERIFY(header);
    QCOMPARE(header->transform, std::string("qform"));
    QCOMPARE(header->geometry.origin, (Vec3{-1, -2, 3}));
}

void tst_Nifti::placesByQuaternion()
{
    // 30 degrees about the z axis is the quaternion (cos 15, 0, 0, sin 15); qfac -1 mirrors the third axis.
    const double d = std::sin(std::numbers::pi / 12);
    const auto volume = readNifti(write(NiftiBytes().pixdim({-1, 1, 2, 3}).qform({0, 0, d, 1, 2, 3}).bytes));
    QVERIFY(volume);
    const double cosine = std::sqrt(3.0) / 2, sine = 0.5;
    const Vec3 ras{cosine * 1 - sine * 2 + 1, sine * 1 + cosine * 2 + 2, -3 + 3};
    QCOMPARE_LE(distance(volume->geometry.toPatient({1, 1, 1}), {-ras[0], -ras[1], ras[2]}), 1e-6);
    QCOMPARE_LE(std::abs(volume->geometry.spacing[2] - 3), 1e-6);
    QCOMPARE(QString::fromStdString(volume->geometry.orientation()), QString("RAI"));
}

void tst_Nifti::placesBySpacingAlone()
{
    const auto header = readNiftiHeader(write(NiftiBytes().pixdim({0, 1, 2, 3}).bytes));
    QVERIFY(header);
    QCOMPARE(header->transform, std::string("none"));
    QCOMPARE(header->componentType, std::string("int16"));
    QCOMPARE(header->geometry.spacing, (Vec3{1, 2, 3}));
    // METHOD 1: x = pixdim[1] i, to the right.
    QCOMPARE_LE(distance(header->geometry.toPatient({1, 1, 1}), {-1, -2, 3}), 1e-12);
}

void tst_Nifti::readsMetresAndMicrometres()
{
    const auto metres = readNiftiHeader(write(NiftiBytes().units(1).pixdim({1, 0.001, 0.002, 0.003}).bytes));
    QVERIFY(metres);
    QCOMPARE_LE(distance(metres->geometry.spacing, {1, 2, 3}), 1e-6);
    const std::vector<double> halves{500, 0, 0, 1000, 0, 500, 0, 0, 0, 0, 500, 0};
    const auto microns = readNiftiHeader(write(NiftiBytes().units(3 | 8).sform(halves).bytes)); // 8: time in seconds
    QVERIFY(microns);
    QCOMPARE_LE(distance(microns->geometry.spacing, {0.5, 0.5, 0.5}), 1e-9);
    QCOMPARE_LE(distance(microns->geometry.origin, {-1, 0, 0}), 1e-9);
}

void tst_Nifti::straightensShear()
{
    // The matrix is symmetric and positive definite, so its nearest orthogonal matrix is the identity.
    const auto file = write(NiftiBytes().sform({1, 0.05, 0, 0, 0.05, 1, 0, 0, 0, 0, 1, 0}).bytes);
    const auto header = readNiftiHeader(file);
    QVERIFY(header);
    const double degrees = std::asin(2 * 0.05 / (1 + 0.05 * 0.05)) * 180 / std::numbers::pi;
    QCOMPARE_LE(std::abs(header->shear - degrees), 1e-5);
    const auto volume = readNifti(file);
    QVERIFY2(volume, volume ? "" : volume.error().message.c_str());
    const Matrix3 ras{Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
    for (int r = 0; r < 3; ++r)
        QCOMPARE_LE(distance(volume->geometry.direction[r], ras[r]), 1e-9);
    QCOMPARE_LE(std::abs(volume->geometry.spacing[0] - std::sqrt(1 + 0.05 * 0.05)), 1e-6);
}

void tst_Nifti::readsASingleSlice()
{
    const auto volume = readNifti(write(
        NiftiBytes().dim({2, 4, 3, 0, 0}).pixdim({1, 1, 1, 0}).sform({2, 0, 0, 7, 0, 2, 0, 8, 0, 0, 0, 9}).bytes));
    QVERIFY2(volume, volume ? "" : volume.error().message.c_str());
    QCOMPARE(volume->geometry.size, (Index3{4, 3, 1}));
    QCOMPARE(volume->geometry.spacing, (Vec3{2, 2, 1}));
    QCOMPARE(volume->values, counted(12));
}

void tst_Nifti::readsEachOfSeveralFrames()
{
    const auto file = write(gzip(NiftiBytes().dim({4, 2, 3, 1, 2}).bytes), "frames.nii.gz");
    const auto header = readNiftiHeader(file);
    QVERIFY(header);
    QCOMPARE(header->dimensions, 4);
    QCOMPARE(header->frames, 2);
    const auto volume = readNifti(file);
    QVERIFY(volume);
    QCOMPARE(volume->values, counted(6));
    const auto second = readNifti(file, 1);
    QVERIFY(second);
    QCOMPARE(second->values, (std::vector<float>{6, 7, 8, 9, 10, 11}));
    for (const int frame : {-1, 2}) {
        const auto none = readNifti(file, frame);
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Invalid);
    }
}

void tst_Nifti::readsVectorsAsFrames()
{
    const auto file = write(NiftiBytes().dim({5, 2, 2, 1, 1, 3}).bytes);
    const auto header = readNiftiHeader(file);
    QVERIFY(header);
    QCOMPARE(header->dimensions, 5);
    QCOMPARE(header->frames, 3);
    const auto last = readNifti(file, 2);
    QVERIFY(last);
    QCOMPARE(last->values, (std::vector<float>{8, 9, 10, 11}));
}

void tst_Nifti::readsPairs_data()
{
    QTest::addColumn<bool>("second");
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("image");
    QTest::addColumn<QString>("opened");
    QTest::newRow("by the header") << false << "a.hdr"
                                   << "a.img"
                                   << "a.hdr";
    QTest::newRow("by the image") << false << "a.hdr"
                                  << "a.img"
                                  << "a.img";
    QTest::newRow("NIfTI-2") << true << "a.hdr"
                             << "a.img"
                             << "a.hdr";
    QTest::newRow("image compressed") << false << "a.hdr"
                                      << "a.img.gz"
                                      << "a.hdr";
    QTest::newRow("both compressed") << false << "a.hdr.gz"
                                     << "a.img.gz"
                                     << "a.img.gz";
    QTest::newRow("capitals") << false << "A.HDR"
                              << "A.IMG"
                              << "A.IMG";
}

// The first frame of the pair begins where vox_offset says in the .img file: at 0, or behind 16 bytes of another
// program.
void tst_Nifti::readsPairs()
{
    QFETCH(bool, second);
    QFETCH(QString, header);
    QFETCH(QString, image);
    QFETCH(QString, opened);
    const std::filesystem::path folder(m_folder->path().toStdString());
    const auto put = [](const QString &name, const std::string &bytes) {
        return name.endsWith(".gz") ? gzip(bytes) : bytes;
    };
    for (const int offset : {0, 16}) {
        auto bytes = NiftiBytes(second).sform(lasRows);
        bytes.bytes[second ? 5 : 345] = 'i';
        if (second)
            bytes.put<std::int64_t>(168, offset);
        else
            bytes.put<float>(108, offset);
        const std::size_t headerSize = second ? 540 : 348;
        writeBytes(folder / header.toStdString(), put(header, bytes.bytes.substr(0, headerSize)));
        writeBytes(folder / image.toStdString(),
                   put(image, std::string(static_cast<std::size_t>(offset), 'x') + bytes.bytes.substr(headerSize + 4)));
        const auto volume = readNifti(folder / opened.toStdString());
        QVERIFY2(volume, volume ? "" : volume.error().message.c_str());
        QCOMPARE(volume->values, counted(12));
        QCOMPARE(volume->geometry.orientation(), std::string("LAS"));
    }
}

void tst_Nifti::saysWhatAPairLacks()
{
    const std::filesystem::path folder(m_folder->path().toStdString());
    auto bytes = NiftiBytes();
    bytes.bytes[345] = 'i';
    writeBytes(folder / "lone.hdr", bytes.bytes.substr(0, 348));
    writeBytes(folder / "alone.img", "voxels");
    for (const char *name : {"lone.hdr", "alone.img"}) {
        const auto volume = readNifti(folder / name);
        QVERIFY(!volume);
        QCOMPARE(volume.error().code, ErrorCode::NotFound);
        QVERIFY(volume.error().message.find(name) != std::string::npos);
    }
    writeBytes(folder / "lone.img", std::string(23, 'v'));
    QCOMPARE(readNifti(folder / "lone.hdr").error().code, ErrorCode::Malformed);
}

void tst_Nifti::readsEveryDataType_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<QString>("name");
    QTest::addColumn<float>("value");
    const auto hex = [](const char *text) { return QByteArray::fromHex(text); }; // little endian, worked by hand
    QTest::newRow("uint8") << 2 << hex("fe") << "uint8" << 254.0F;
    QTest::newRow("int16") << 4 << hex("feff") << "int16" << -2.0F;
    QTest::newRow("int32") << 8 << hex("feffffff") << "int32" << -2.0F;
    QTest::newRow("float32") << 16 << hex("000000c0") << "float32" << -2.0F;
    QTest::newRow("float64") << 64 << hex("00000000000000c0") << "float64" << -2.0F;
    QTest::newRow("int8") << 256 << hex("fe") << "int8" << -2.0F;
    QTest::newRow("uint16") << 512 << hex("feff") << "uint16" << 65534.0F;
    QTest::newRow("uint32") << 768 << hex("000000ff") << "uint32" << 4278190080.0F;
    QTest::newRow("int64") << 1024 << hex("feffffffffffffff") << "int64" << -2.0F;
    QTest::newRow("uint64") << 1280 << hex("0000000000000080") << "uint64" << 9223372036854775808.0F;
}

void tst_Nifti::readsEveryDataType()
{
    QFETCH(int, code);
    QFETCH(QByteArray, stored);
    QFETCH(QString, name);
    QFETCH(float, value);
    NiftiBytes bytes;
    const auto bits = static_cast<std::int16_t>(8 * stored.size());
    bytes.dim({3, 1, 1, 1}).type(static_cast<std::int16_t>(code), bits).noVoxels();
    bytes.bytes += stored.toStdString();
    const auto file = write(bytes.bytes);
    const auto volume = readNifti(file);
    QVERIFY(volume);
    QCOMPARE(volume->values, std::vector<float>{value});
    QCOMPARE(QString::fromStdString(readNiftiHeader(file)->componentType), name);
}

void tst_Nifti::scalesValues_data()
{
    QTest::addColumn<double>("slope");
    QTest::addColumn<double>("intercept");
    QTest::addColumn<float>("eleven"); // what the stored 11 means
    const double nan = std::numeric_limits<double>::quiet_NaN();
    QTest::newRow("slope and intercept") << 0.5 << -3.0 << 2.5F;
    QTest::newRow("slope 0 means no scaling") << 0.0 << -3.0 << 11.0F;
    QTest::newRow("not a number means no scaling") << nan << nan << 11.0F;
}

void tst_Nifti::scalesValues()
{
    QFETCH(double, slope);
    QFETCH(double, intercept);
    QFETCH(float, eleven);
    const auto volume = readNifti(write(NiftiBytes().scale(slope, intercept).bytes));
    QVERIFY(volume);
    QCOMPARE(volume->values.back(), eleven);
}

void tst_Nifti::readsGzip()
{
    const auto bytes = NiftiBytes().bytes;
    const auto whole = readNifti(write(gzip(bytes), "image.nii.gz"));
    QVERIFY(whole);
    QCOMPARE(whole->values, counted(12));
    // Parallel compressors write several members in a row.
    const auto members =
        readNifti(write(gzip(bytes.substr(0, 200)) + gzip(bytes.substr(200, 160)) + gzip(bytes.substr(360))));
    QVERIFY2(members, members ? "" : members.error().message.c_str());
    QCOMPARE(members->values, counted(12));
}

void tst_Nifti::skipsHeaderExtensions()
{
    auto bytes = NiftiBytes();
    bytes.put<float>(108, 352 + 32); // vox_offset
    bytes.bytes.insert(352, 32, 'x');
    const auto volume = readNifti(write(bytes.bytes));
    QVERIFY(volume);
    QCOMPARE(volume->values, counted(12));
}

void tst_Nifti::refusesWhatIsTruncated_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto bytes = NiftiBytes().bytes, second = NiftiBytes(true).bytes;
    // Noise, so that the compressed data is longer than its frame and breaks off within the voxels.
    auto large = NiftiBytes().dim({3, 64, 64, 4}).noVoxels();
    std::uint32_t noise = 1;
    for (int n = 0; n < 64 * 64 * 4; ++n)
        large.voxel<std::int16_t>(static_cast<std::int16_t>((noise = noise * 1664525 + 1013904223) >> 16));
    const auto packed = gzip(large.bytes);
    const auto row = [](const char *name, const std::string &content) {
        QTest::newRow(name) << QByteArray::fromStdString(content);
    };
    row("empty", {});
    row("within the header", bytes.substr(0, 100));
    row("within the NIfTI-2 header", second.substr(0, 400));
    row("before the voxels", bytes.substr(0, 352));
    row("one byte short", bytes.substr(0, bytes.size() - 1));
    row("sound gzip of a short file", gzip(bytes.substr(0, bytes.size() - 1)));
    row("gzip that breaks off in the header", packed.substr(0, 20));
    row("gzip that breaks off in the voxels", packed.substr(0, packed.size() / 2));
    row("gzip without its last byte", packed.substr(0, packed.size() - 1));
    row("gzip that claims thousands of times its size", gzip(NiftiBytes().dim({3, 4000, 4000, 4000}).bytes));
    row("second frame missing", NiftiBytes().dim({4, 2, 3, 2, 2}).bytes);
    row("second frame missing in gzip", gzip(NiftiBytes().dim({4, 2, 3, 2, 2}).bytes));
}

void tst_Nifti::refusesWhatIsTruncated()
{
    QFETCH(QByteArray, bytes);
    const auto file = write(bytes.toStdString(), "cut.nii.gz");
    for (const auto &error : {readNifti(file).error(), readLabels(file).error()}) {
        QCOMPARE(error.code, ErrorCode::Malformed);
        QVERIFY2(error.message.find("cut.nii.gz") != std::string::npos, error.message.c_str());
        QVERIFY2(error.message.find("truncated") != std::string::npos, error.message.c_str());
        QVERIFY(error.line().find('\n') == std::string::npos);
    }
}

void tst_Nifti::refusesWhatIsImpossible_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("unsupported"); // else malformed
    const auto row = [](const char *name, const NiftiBytes &bytes, bool unsupported) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes.bytes) << unsupported;
    };
    auto text = NiftiBytes();
    text.bytes.assign(2000, 'a');
    auto pair = NiftiBytes();
    pair.bytes[345] = 'i';
    auto analyze = NiftiBytes();
    analyze.bytes[344] = 0;
    auto flipped = gzip(NiftiBytes().bytes);
    flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1); // the checksum
    auto damaged = NiftiBytes();
    damaged.bytes = flipped;
    const double nan = std::numeric_limits<double>::quiet_NaN();

    row("text", text, false);
    row("ANALYZE without magic", analyze, true);
    row("header of a pair named .nii", pair, false);
    row("gzip with a wrong checksum", damaged, false);
    row("no dimension", NiftiBytes().dim({0}), false);
    row("nine dimensions", NiftiBytes().dim({9}), false);
    row("no voxels along an axis", NiftiBytes().dim({3, 2, 0, 2}), false);
    row("negative size", NiftiBytes().dim({3, -2, 3, 2}), false);
    row("sizes beyond all memory", NiftiBytes(true).dim({3, 1LL << 31, 1LL << 31, 1LL << 31}), false);
    row("frames beyond all memory", NiftiBytes(true).dim({4, 1 << 20, 1 << 10, 1 << 9, (1LL << 31) - 1}), false);
    row("many voxels in few bytes", NiftiBytes().dim({3, 32767, 32767, 32767}), false);
    row("unknown type", NiftiBytes().type(3, 16), false);
    row("RGB", NiftiBytes().type(128, 24), true);
    row("complex", NiftiBytes().type(32, 64), true);
    row("voxels inside the header", NiftiBytes().put<float>(108, 100), false);
    row("sform of zeros", NiftiBytes().sform(std::vector<double>(12, 0)), false);
    row("sform in one plane", NiftiBytes().sform({1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}), false);
    row("sform that is not a number", NiftiBytes().sform({1, 0, 0, nan, 0, 1, 0, 0, 0, 0, 1, 0}), false);
    row("quaternion that is not a number", NiftiBytes().qform({nan, 0, 0, 0, 0, 0}), false);
    row("spacing 0", NiftiBytes().pixdim({1, 1, 0, 1}).qform({0, 0, 0, 0, 0, 0}), false);
}

void tst_Nifti::refusesWhatIsImpossible()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, unsupported);
    const auto volume = readNifti(write(bytes.toStdString(), "odd.nii"));
    QVERIFY(!volume);
    QCOMPARE(volume.error().code, unsupported ? ErrorCode::Unsupported : ErrorCode::Malformed);
    QVERIFY(volume.error().message.find("odd.nii") != std::string::npos);
}

void tst_Nifti::saysWhatIsNotThere()
{
    const std::filesystem::path folder(m_folder->path().toStdString());
    QCOMPARE(readNifti(folder / "none.nii").error().code, ErrorCode::NotFound);
    QCOMPARE(readNiftiHeader(folder / "none.nii").error().code, ErrorCode::NotFound);
    QCOMPARE(readLabels(folder).error().code, ErrorCode::Invalid);
}

void tst_Nifti::readsLabels()
{
    auto bytes = NiftiBytes().dim({3, 3, 1, 1}).type(16, 32).noVoxels();
    bytes.voxel<float>(0).voxel<float>(1).voxel<float>(255);
    const auto labels = readLabels(write(bytes.bytes));
    QVERIFY(labels);
    QCOMPARE(labels->values, (std::vector<std::uint8_t>{0, 1, 255}));
}

void tst_Nifti::refusesWhatIsNoLabel_data()
{
    QTest::addColumn<float>("value");
    QTest::newRow("fraction") << 1.5F;
    QTest::newRow("negative") << -1.0F;
    QTest::newRow("too large") << 256.0F;
    QTest::newRow("not a number") << std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("infinite") << std::numeric_limits<float>::infinity();
}

void tst_Nifti::refusesWhatIsNoLabel()
{
    QFETCH(float, value);
    auto bytes = NiftiBytes().dim({3, 2, 2, 2}).type(16, 32).noVoxels();
    for (int n = 0; n < 8; ++n)
        bytes.voxel<float>(n == 5 ? value : 1.0F);
    const auto labels = readLabels(write(bytes.bytes, "odd.nii"));
    QVERIFY(!labels);
    QCOMPARE(labels.error().code, ErrorCode::Invalid);
    QVERIFY2(labels.error().message.find("(1, 0, 1)") != std::string::npos, labels.error().message.c_str());
}

void tst_Nifti::knowsItsNames()
{
    for (const char *name : {"a.nii", "a.nii.gz", "/x/A.NII.GZ", "a.b.Nii", "a.hdr", "A.HDR.gz"})
        QVERIFY(isNiftiName(name));
    for (const char *name : {"a.gz", "a.nii.bz2", "nii", "a.nii/b.dcm", "a.img", ""})
        QVERIFY(!isNiftiName(name));
}

void tst_Nifti::readsBrainsWithQformAlone()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions/case-07");
    const auto header = readNiftiHeader(folder / "flair.nii.gz");
    QVERIFY(header);
    QCOMPARE(header->transform, std::string("qform"));
    QCOMPARE(header->geometry.size, (Index3{182, 218, 182}));
    QCOMPARE(header->geometry.spacing, (Vec3{1, 1, 1}));
    // The MNI 152 grid at 1 mm: voxel (90, 126, 72) is the anterior commissure, RAS (0, 0, 0).
    QCOMPARE_LE(distance(header->geometry.toPatient({90, 126, 72}), {0, 0, 0}), 1e-9);
    QCOMPARE(QString::fromStdString(header->geometry.orientation()), QString("LAS"));

    const auto lesions = readLabels(folder / "lesions.nii.gz");
    QVERIFY(lesions);
    QVERIFY(lesions->geometry.sameGrid(header->geometry));
    QCOMPARE(*std::max_element(lesions->values.begin(), lesions->values.end()), 1);
}

void tst_Nifti::readsHippocampi()
{
    CONSILIUM_REAL_DATA(folder, "hippocampus/site-west");
    int cases = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder / "labelsTr")) {
        if (!isNiftiName(entry.path()) || entry.path().filename().string().starts_with('.'))
            continue;
        const auto labels = readLabels(entry.path());
        QVERIFY2(labels, labels ? "" : labels.error().message.c_str());
        // 1 anterior, 2 posterior, and a hippocampus has both.
        QCOMPARE(std::set<int>(labels->values.begin(), labels->values.end()), (std::set<int>{0, 1, 2}));
        auto name = entry.path().filename().string();
        name.insert(name.find(".nii"), "_0000");
        const auto volume = readNifti(folder / "imagesTr" / name);
        QVERIFY2(volume, volume ? "" : volume.error().message.c_str());
        QVERIFY(volume->geometry.sameGrid(labels->geometry));
        ++cases;
    }
    QCOMPARE(cases, 36);
}

QTEST_APPLESS_MAIN(tst_Nifti)
#include "tst_nifti.moc"
