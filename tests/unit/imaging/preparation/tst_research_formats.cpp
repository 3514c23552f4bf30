// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/research_formats.h"

#include "core/file.h"
#include "support/outside_tool.h"
#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fmt/format.h>
#include <zlib.h>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

namespace {

/// 4 x 5 x 6 int16 voxels with the values 0 to 119, little-endian.
std::string voxels()
{
    std::string bytes;
    for (int n = 0; n < 120; ++n) {
        bytes += static_cast<char>(n);
        bytes += '\0';
    }
    return bytes;
}

std::string packed(const std::string &bytes, int window) // 15: zlib, 31: gzip
{
    z_stream state{};
    deflateInit2(&state, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
    std::string out(1000 + bytes.size(), '\0');
    state.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
    state.avail_in = static_cast<uInt>(bytes.size());
    state.next_out = reinterpret_cast<Bytef *>(out.data());
    state.avail_out = static_cast<uInt>(out.size());
    deflate(&state, Z_FINISH);
    out.resize(state.total_out);
    deflateEnd(&state);
    return out;
}

std::string nrrdHeader(const std::string &space, const std::string &encoding, const std::string &more = {})
{
    return fmt::format("NRRD0004\ntype: int16\ndimension: 3\nspace: {}\nsizes: 4 5 6\n"
                       "space directions: (2,0,0) (0,0,3) (0,-4,0)\nkinds: domain domain domain\nendian: little\n"
                       "encoding: {}\nspace origin: (10,20,30)\n{}\n",
                       space, encoding, more);
}

std::string metaHeader(const std::string &data, const std::string &more = {})
{
    return fmt::format(
        "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n{}"
        "TransformMatrix = 1 0 0 0 0 1 0 -1 0\nOffset = 10 20 30\nElementSpacing = 2 3 4\nDimSize = 4 5 6\n"
        "ElementType = MET_SHORT\nElementDataFile = {}\n",
        more, data);
}

} // namespace

class tst_ResearchFormats : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsEveryEncoding_data();
    void readsEveryEncoding();
    void refusesWhatIsCutOff_data();
    void refusesWhatIsCutOff();
    void labelMapsOfASegmentation();
    void writesWhatItReads();
    void readsPicturesAsPillowDoes_data();
    void readsPicturesAsPillowDoes();
    void refusesDamagedPictures();
    void refusesPicturesLargerThanTheirFile();
    void firstVolumeOfFour();
    void saysWhatIsWrong();

private:
    void write(const std::string &name, const std::string &bytes) const
    {
        QVERIFY(writeFileAtomically(path(name), bytes));
    }
    fs::path path(const std::string &name) const { return fs::path(m_folder->path().toStdString()) / name; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_ResearchFormats::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_ResearchFormats::readsEveryEncoding_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QString>("dataFile");
    QTest::addColumn<bool>("ras");
    const auto raw = QByteArray::fromStdString(voxels()), gzip = QByteArray::fromStdString(packed(voxels(), 31)),
               zlib = QByteArray::fromStdString(packed(voxels(), 15));
    const auto bytes = [](const std::string &text) { return QByteArray::fromStdString(text); };
    const std::string lps = "left-posterior-superior", ras = "right-anterior-superior";
    QTest::newRow("NRRD raw LPS") << "a.nrrd" << bytes(nrrdHeader(lps, "raw")) << raw << "" << false;
    QTest::newRow("NRRD gzip RAS") << "b.nrrd" << bytes(nrrdHeader(ras, "gzip")) << gzip << "" << true;
    QTest::newRow("NRRD gzip, short name") << "c.NRRD" << bytes(nrrdHeader("RAS", "gzip")) << gzip << "" << true;
    QTest::newRow("nhdr raw") << "d.nhdr" << bytes(nrrdHeader(lps, "raw", "data file: d.raw\n")) << raw << "d.raw"
                              << false;
    QTest::newRow("nhdr gzip RAS") << "e.nhdr" << bytes(nrrdHeader(ras, "gzip", "data file: e.raw.gz\n")) << gzip
                                   << "e.raw.gz" << true;
    QTest::newRow("mha") << "f.mha" << bytes(metaHeader("LOCAL")) << raw << "" << false;
    const auto compressed = fmt::format("CompressedData = True\nCompressedDataSize = {}\n", zlib.size());
    QTest::newRow("mha compressed") << "g.mha" << bytes(metaHeader("LOCAL", compressed)) << zlib << "" << false;
    QTest::newRow("mhd") << "h.mhd" << bytes(metaHeader("h.raw")) << raw << "h.raw" << false;
    QTest::newRow("mhd compressed") << "i.mhd" << bytes(metaHeader("i.zraw", compressed)) << zlib << "i.zraw" << false;
}

// The same numbers in the header mean the mirrored place in RAS: x and y change their signs.
void tst_ResearchFormats::readsEveryEncoding()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, data);
    QFETCH(QString, dataFile);
    QFETCH(bool, ras);
    if (dataFile.isEmpty()) {
        write(file.toStdString(), (header + data).toStdString());
    } else {
        write(file.toStdString(), header.toStdString());
        write(dataFile.toStdString(), data.toStdString());
    }
    QVERIFY(isResearchFormatName(path(file.toStdString())));
    const auto image = readResearchFormat(path(file.toStdString()));
    QVERIFY2(image, image ? "" : image.error().message.c_str());
    const auto &g = image->geometry;
    QCOMPARE(g.size, (Index3{4, 5, 6}));
    QCOMPARE(g.spacing, (Vec3{2, 3, 4}));
    // i runs along x, j along z, k against y.
    const double sign = ras ? -1 : 1;
    const auto p = g.toPatient({1, 2, 3});
    QCOMPARE(p, (Vec3{sign * (10 + 2), sign * (20 - 12), 30 + 6}));
    QCOMPARE(image->at(3, 2, 1), 3.0F + 4 * 2 + 20 * 1);
    for (int n = 0; n < 120; ++n)
        QCOMPARE(image->values[static_cast<std::size_t>(n)], static_cast<float>(n));
    const auto labels = readResearchLabels(path(file.toStdString()));
    QVERIFY(labels && labels->at(3, 4, 5) == 119);
}

void tst_ResearchFormats::refusesWhatIsCutOff_data()
{
    readsEveryEncoding_data();
}

// At every tenth of the data, and inside the header.
void tst_ResearchFormats::refusesWhatIsCutOff()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, data);
    QFETCH(QString, dataFile);
    for (int tenth = 0; tenth < 10; ++tenth) {
        const auto part = data.left(data.size() * tenth / 10);
        write(file.toStdString(), (header + (dataFile.isEmpty() ? part : QByteArray())).toStdString());
        if (!dataFile.isEmpty())
            write(dataFile.toStdString(), part.toStdString());
        const auto image = readResearchFormat(path(file.toStdString()));
        QVERIFY2(!image, qPrintable(QString("%1 tenths of the data were taken for the whole").arg(tenth)));
        QCOMPARE(image.error().code, ErrorCode::Malformed);
        QVERIFY(image.error().message.find(file.left(1).toStdString() + ".") != std::string::npos);
        QVERIFY(image.error().line().find('\n') == std::string::npos);
    }
    for (const int length : {0, 5, 40, 120}) {
        write(file.toStdString(), header.left(length).toStdString());
        QVERIFY(!readResearchFormat(path(file.toStdString())));
    }
    if (!dataFile.isEmpty()) {
        write(file.toStdString(), header.toStdString());
        fs::remove(path(dataFile.toStdString()));
        const auto alone = readResearchFormat(path(file.toStdString()));
        QVERIFY(!alone);
        QVERIFY2(alone.error().message.find(dataFile.toStdString()) != std::string::npos,
                 alone.error().message.c_str());
    }
}

// The SEG test data's label map, as its NRRD header states it in text.
void tst_ResearchFormats::labelMapsOfASegmentation()
{
    CONSILIUM_REAL_DATA(file, "dicom/seg/liver_seg.nrrd");
    const auto labels = readResearchLabels(file);
    QVERIFY2(labels, labels ? "" : labels.error().message.c_str());
    QCOMPARE(labels->geometry.size, (Index3{512, 512, 3}));
    QCOMPARE(labels->geometry.orientation(), std::string("LPS"));
    QCOMPARE_LE(std::abs(labels->geometry.spacing[0] - 0.810547), 1e-9);
    QCOMPARE(labels->geometry.spacing[2], 1.0);
    QCOMPARE_LE(std::abs(labels->geometry.origin[1] + 226.8), 1e-9);
    QVERIFY(std::count_if(labels->values.begin(), labels->values.end(), [](auto v) { return v != 0; }) > 1000);
}

void tst_ResearchFormats::writesWhatItReads()
{
    const double c = std::cos(0.3), s = std::sin(0.3);
    LabelMap labels{{{7, 5, 3}, {0.9, 1.1, 3.3}, {-12.5, 33, 1e3}, {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, -1}}},
                    {}};
    for (int n = 0; n < 105; ++n)
        labels.values.push_back(static_cast<std::uint8_t>(n % 4 * 85));
    QVERIFY(writeNrrd(path("labels.nrrd"), labels));
    const auto again = readResearchLabels(path("labels.nrrd"));
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(again->values == labels.values);
    QVERIFY(again->geometry.sameGrid(labels.geometry, 1e-9));
    const auto other = writeNrrd(path("labels.nhdr"), labels);
    QVERIFY(!other && other.error().code == ErrorCode::Unsupported);
}

void tst_ResearchFormats::readsPicturesAsPillowDoes_data()
{
    QTest::addColumn<QString>("make");
    QTest::addColumn<QString>("file");
    QTest::addColumn<double>("tolerance");
    QTest::newRow("PNG grey") << "Image.fromarray(a[:,:,0])"
                              << "a.png" << 0.0;
    QTest::newRow("PNG 16 bit") << "Image.fromarray((a[:,:,0].astype('u2')*257))"
                                << "b.png" << 0.0;
    QTest::newRow("PNG colour") << "Image.fromarray(a)"
                                << "c.png" << 1.0; // Pillow rounds luminance
    QTest::newRow("PNG palette") << "Image.fromarray(a).quantize(16)"
                                 << "d.png" << 1.0;
    QTest::newRow("JPEG grey") << "Image.fromarray(a[:,:,0])"
                               << "e.jpg" << 0.0;
    QTest::newRow("JPEG colour") << "Image.fromarray(a)"
                                 << "f.JPEG" << 3.0; // by way of rounded RGB
    QTest::newRow("TIFF grey") << "Image.fromarray(a[:,:,0])"
                               << "g.tif" << 0.0;
    QTest::newRow("TIFF colour") << "Image.fromarray(a)"
                                 << "h.tiff" << 1.0;
}

void tst_ResearchFormats::readsPicturesAsPillowDoes()
{
    const auto python = pythonWith("PIL.Image");
    if (python.isEmpty())
        QSKIP("No Python with Pillow here");
    QFETCH(QString, make);
    QFETCH(QString, file);
    QFETCH(double, tolerance);
    const auto target = QString::fromStdString(path(file.toStdString()).string());
    const auto script = QString("import numpy as n\nfrom PIL import Image\n"
                                "y,x=n.mgrid[0:40,0:50]\n"
                                "a=n.stack([(5*x)%256,(6*y)%256,(2*x+3*y)%256],2).astype('u1')\n"
                                "%1.save('%2')\ni=Image.open('%2')\n"
                                "i=i if i.mode.startswith('I') else i.convert('L')\n"
                                "n.asarray(i).astype('<f4').tofile('%2.raw')")
                            .arg(make, target);
    const auto run = runTool(python, {"-c", script});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto image = readResearchFormat(path(file.toStdString()));
    QVERIFY2(image, image ? "" : image.error().message.c_str());
    QCOMPARE(image->geometry.size, (Index3{50, 40, 1}));
    QCOMPARE(image->geometry.spacing, (Vec3{1, 1, 1}));
    const auto raw = readFile(path(file.toStdString() + ".raw"));
    QVERIFY(raw && raw->size() == 8000);
    for (std::size_t n = 0; n < 2000; ++n) {
        float theirs = 0;
        std::memcpy(&theirs, raw->data() + 4 * n, 4);
        QCOMPARE_LE(std::abs(image->values[n] - theirs), tolerance);
    }
}

void tst_ResearchFormats::refusesDamagedPictures()
{
    const auto python = pythonWith("PIL.Image");
    if (python.isEmpty())
        QSKIP("No Python with Pillow here");
    for (const std::string name : {"a.png", "a.jpg", "a.tif"}) {
        const auto run = runTool(
            python,
            {"-c", QString("import numpy as n\nfrom PIL import Image\n"
                           "Image.fromarray(n.random.default_rng(1).integers(0,255,(40,50)).astype('u1')).save('%1')")
                       .arg(QString::fromStdString(path(name).string()))});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto whole = readFile(path(name));
        QVERIFY(whole && readResearchFormat(path(name)));
        for (int twentieth = 0; twentieth < 19; ++twentieth) {
            write(name, whole->substr(0, whole->size() * static_cast<std::size_t>(twentieth) / 20));
            const auto image = readResearchFormat(path(name));
            QVERIFY2(!image, name.c_str());
            QCOMPARE(image.error().code, ErrorCode::Malformed);
        }
    }
}

// A whole JPEG header, its tables included, of 65500 x 65500 grey pixels, and three bytes of them.
void tst_ResearchFormats::refusesPicturesLargerThanTheirFile()
{
    const auto table = [](char kind) {
        return std::string("\xff\xc4\x00\x14", 4) + kind + '\x01' + std::string(16, '\0');
    };
    const std::string bytes = "\xff\xd8" + std::string("\xff\xdb\x00\x43\x00", 5) + std::string(64, '\x01') +
                              std::string("\xff\xc0\x00\x0b\x08\xff\xdc\xff\xdc\x01\x01\x11\x00", 13) + table('\x00') +
                              table('\x10') + std::string("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10) +
                              std::string(3, '\0') + "\xff\xd9";
    write("large.jpg", bytes);
    const auto image = readResearchFormat(path("large.jpg"));
    QVERIFY(!image);
    QCOMPARE(image.error().code, ErrorCode::Malformed);
    QVERIFY2(image.error().message.find("65500 x 65500 pixels") != std::string::npos, image.error().message.c_str());
}

void tst_ResearchFormats::firstVolumeOfFour()
{
    std::string data;
    for (int n = 0; n < 48; ++n)
        data += static_cast<char>(n);
    write("four.nrrd", "NRRD0004\ntype: uint8\ndimension: 4\nspace: left-posterior-superior\nsizes: 2 3 4 2\n"
                       "space directions: (1,0,0) (0,1,0) (0,0,1) none\nkinds: domain domain domain list\n"
                       "encoding: raw\nspace origin: (0,0,0)\n\n" +
                           data);
    const auto last = readResearchFormat(path("four.nrrd"));
    QVERIFY2(last, last ? "" : last.error().message.c_str());
    QCOMPARE(last->geometry.size, (Index3{2, 3, 4}));
    for (std::size_t n = 0; n < 24; ++n)
        QCOMPARE(last->values[n], static_cast<float>(n));
    // A list that varies fastest, as Slicer writes segmentations: the first of each pair.
    write("pairs.nrrd", "NRRD0004\ntype: uint8\ndimension: 4\nspace: left-posterior-superior\nsizes: 2 2 3 4\n"
                        "space directions: none (1,0,0) (0,1,0) (0,0,1)\nkinds: list domain domain domain\n"
                        "encoding: raw\nspace origin: (0,0,0)\n\n" +
                            data);
    const auto first = readResearchFormat(path("pairs.nrrd"));
    QVERIFY2(first, first ? "" : first.error().message.c_str());
    QCOMPARE(first->geometry.size, (Index3{2, 3, 4}));
    for (std::size_t n = 0; n < 24; ++n)
        QCOMPARE(first->values[n], static_cast<float>(2 * n));
}

void tst_ResearchFormats::saysWhatIsWrong()
{
    QCOMPARE(readResearchFormat(path("none.nrrd")).error().code, ErrorCode::NotFound);
    write("a.bmp", "BM");
    QCOMPARE(readResearchFormat(path("a.bmp")).error().code, ErrorCode::Unsupported);
    QVERIFY(!isResearchFormatName("a.nii.gz") && isResearchFormatName("A.Mhd") && isResearchFormatName("x.JPG"));
    write("text.png", "hello");
    QCOMPARE(readResearchFormat(path("text.png")).error().code, ErrorCode::Malformed);
    write("flat.nrrd", "NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\nsizes: 2 2 2\n"
                       "space directions: (1,0,0) (2,0,0) (0,0,1)\nkinds: domain domain domain\nencoding: raw\n"
                       "space origin: (0,0,0)\n\n12345678");
    QVERIFY(!readResearchFormat(path("flat.nrrd")));
    auto high = voxels();
    high[1] = 1; // 256
    write("high.nrrd", nrrdHeader("left-posterior-superior", "raw") + high);
    QCOMPARE(readResearchLabels(path("high.nrrd")).error().code, ErrorCode::Invalid);
    QVERIFY(readResearchFormat(path("high.nrrd")));
    write("huge.nrrd", "NRRD0004\ntype: double\ndimension: 3\nspace: left-posterior-superior\n"
                       "sizes: 100000 100000 100000\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n"
                       "kinds: domain domain domain\nencoding: gzip\nspace origin: (0,0,0)\n\nx");
    QCOMPARE(readResearchFormat(path("huge.nrrd")).error().code, ErrorCode::Malformed);
}

QTEST_GUILESS_MAIN(tst_ResearchFormats)
#include "tst_research_formats.moc"
