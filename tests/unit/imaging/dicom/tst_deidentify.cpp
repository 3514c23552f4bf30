// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deidentify.h"

#include "core/hash.h"
#include "planted_identity.h"
#include "support/real_data.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <dcmtk/dcmdata/dcuid.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <set>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace fs = std::filesystem;

class tst_Deidentify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingPlantedIsLeft();
    void pixelsKeepTheirBytesAndSyntax();
    void pydicomReadsEveryFile();
    void filesSayWhatWasDone();
    void safePrivateElementsStay();
    void intervalsAndPseudonymsHoldAcrossSeriesAndRuns();
    void anotherKeyGivesAnotherPseudonym();
    void referencesStillPointAtTheirImages();
    void resultDoesNotDependOnThreads();
    void unknownElementsAreCleanedByWhatTheyAre();
    void identifyingTagsAreNamedAndThenGone();
    void deidentifyingTwiceFindsNothingMore();
    void reportCountsByTagWithoutValues();
    void failuresLeaveNothing();
    void stoppingLeavesNothing_data();
    void stoppingLeavesNothing();

private:
    fs::path folder(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
    /// The planted tree, de-identified with the first key; made once.
    const DeidentifyReport *deidentified();

    QTemporaryDir m_folder;
    const PseudonymKey m_key = PseudonymKey::fromBytes(std::string(32, 'k'));
    std::optional<DeidentifyReport> m_report;
};

namespace {

const char *const sources[] = {
    "MR_small.dcm",     "CT_small.dcm",       "MR_small_bigendian.dcm",          "MR_small_implicit.dcm",
    "MR_small_RLE.dcm", "JPEG2000.dcm",       "MR_small_jpeg_ls_lossless.dcm",   "image_dfl.dcm",
    "UN_sequence.dcm",  "nested_priv_SQ.dcm", "dicomdirtests/77654033/CT2/17106"};

std::string value(const fs::path &file, const DcmTagKey &tag)
{
    auto opened = DicomFile::open(file, Depth::Header);
    return opened ? text(opened->dataset(), tag) : "unreadable";
}

/// The value as it stands in the file, whatever its VR: implicit files give private elements none.
std::string bytesOfElement(DcmItem &item, const DcmTagKey &tag)
{
    DcmElement *element = nullptr;
    if (item.findAndGetElement(tag, element).bad())
        return {};
    Uint8 *bytes = nullptr;
    if (element->getUint8Array(bytes).good() && bytes)
        return {reinterpret_cast<const char *>(bytes), element->getLength()};
    return text(item, tag);
}

std::vector<fs::path> images(const fs::path &tree)
{
    auto files = filesBelow(tree);
    std::erase_if(files, [](const fs::path &file) { return file.extension() != ".dcm"; });
    return files;
}

std::chrono::sys_days day(const std::string &date)
{
    using namespace std::chrono;
    return sys_days{year{std::stoi(date.substr(0, 4))} / month{unsigned(std::stoi(date.substr(4, 2)))} /
                    std::chrono::day{unsigned(std::stoi(date.substr(6, 2)))}};
}

/// What a Python program with pydicom prints for the files below a folder.
struct Printed
{
    int code = -1;
    QByteArray out, err;
};

Printed python(const char *program, const QStringList &arguments)
{
    QProcess process;
    process.start("/usr/bin/python3", QStringList{"-W", "ignore", "-c", program} + arguments);
    process.waitForFinished(50000);
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

bool hasPydicom()
{
    return QFile::exists("/usr/bin/python3") && python("import pydicom", {}).code == 0;
}

// The syntax and the hash of the value of Pixel Data of every file, sorted: names and order play no part.
const char *const pixelHashes = R"(
import hashlib, os, pydicom, sys
for line in sorted(
        str(data.file_meta.get('TransferSyntaxUID')) + ' ' + hashlib.sha256(data.PixelData).hexdigest()
        for folder, _, names in os.walk(sys.argv[1]) for name in names if not name.endswith('.json')
        for data in [pydicom.dcmread(os.path.join(folder, name), force=True)] if 'PixelData' in data):
    print(line)
)";

const char *const readAll = R"(
import os, pydicom, sys
count = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith('.dcm'):
            data = pydicom.dcmread(os.path.join(folder, name))
            assert data.file_meta.MediaStorageSOPInstanceUID == data.SOPInstanceUID
            assert data.preamble == bytes(128)
            str(data)
            count += 1
print(count)
)";

} // namespace

void tst_Deidentify::initTestCase()
{
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/test_files");
    int number = 0;
    for (const char *source : sources) {
        const auto name = fmt::format("{} {}/078-05-1120/{}-{}", familyName, givenName, patientId, ++number);
        QVERIFY2(plant(data / source, folder("planted") / name), source);
    }
    std::ofstream(folder("planted") / "notes of Quagmire.txt") << "no DICOM\n";
    // What the test rests on: every identifier is really there.
    for (const auto &identifier : plantedIdentifiers)
        QVERIFY2(!leaks(folder("planted"), {identifier}).empty(), identifier.c_str());
}

const DeidentifyReport *tst_Deidentify::deidentified()
{
    if (!m_report) {
        auto report = deidentify(folder("planted"), folder("out"), m_key);
        if (!report) {
            qWarning("%s", report.error().line().c_str());
            return nullptr;
        }
        m_report = std::move(*report);
    }
    return &*m_report;
}

void tst_Deidentify::nothingPlantedIsLeft()
{
    const auto *report = deidentified();
    QVERIFY(report);
    QCOMPARE(report->files, std::size(sources));
    QCOMPARE(report->patients, std::size_t(1));
    const auto left = leaks(folder("out"), plantedIdentifiers);
    QVERIFY2(left.empty(), left.empty() ? "" : left.front().c_str());
    // Nor the words apart.
    const auto words = leaks(folder("out"), {"Larkspur", "ebbmail", "88412097", "7719034", "Ephraim"});
    QVERIFY2(words.empty(), words.empty() ? "" : words.front().c_str());
    for (const auto &warning : report->warnings) {
        for (const auto &identifier : plantedIdentifiers)
            QVERIFY(lowered(warning).find(lowered(identifier)) == std::string::npos);
    }
}

void tst_Deidentify::pixelsKeepTheirBytesAndSyntax()
{
    if (!hasPydicom())
        QSKIP("python3-pydicom is not installed");
    QVERIFY(deidentified());
    const auto before = python(pixelHashes, {QString::fromStdString(folder("planted").string())});
    const auto after = python(pixelHashes, {QString::fromStdString(folder("out").string())});
    QVERIFY2(before.code == 0, before.err.constData());
    QVERIFY2(after.code == 0, after.err.constData());
    QVERIFY(before.out.count('\n') >= 9); // all that hold pixels
    QCOMPARE(after.out, before.out);
}

void tst_Deidentify::pydicomReadsEveryFile()
{
    if (!hasPydicom())
        QSKIP("python3-pydicom is not installed");
    QVERIFY(deidentified());
    const auto printed = python(readAll, {QString::fromStdString(folder("out").string())});
    QVERIFY2(printed.code == 0, printed.err.constData());
    QCOMPARE(printed.out.trimmed().toInt(), int(std::size(sources)));
}

void tst_Deidentify::filesSayWhatWasDone() // PS3.15 E.1.1 items 6 and 7; CID 7050
{
    QVERIFY(deidentified());
    for (const auto &file : images(folder("out"))) {
        auto opened = DicomFile::open(file, Depth::Header);
        QVERIFY(opened);
        auto &dataset = opened->dataset();
        QCOMPARE(text(dataset, DCM_PatientIdentityRemoved), std::string("YES"));
        QCOMPARE(text(dataset, DCM_LongitudinalTemporalInformationModified), std::string("MODIFIED"));
        QCOMPARE(text(dataset, DCM_PatientAge), std::string("090Y"));
        QCOMPARE(text(dataset, DCM_PatientBirthDate), std::string());
        QCOMPARE(text(dataset, DCM_SeriesDescription), std::string("FLAIR"));
        QCOMPARE(text(dataset, DCM_StudyDescription), std::string("AX T2 BRAIN"));
        QCOMPARE(text(dataset, DCM_PatientName), m_key.patient(patientId));
        std::set<std::string> codes;
        DcmItem *item = nullptr;
        for (signed long i = 0; dataset.findAndGetSequenceItem(DCM_DeidentificationMethodCodeSequence, item, i).good();
             ++i)
            codes.insert(text(*item, DCM_CodeValue) + " " + text(*item, DCM_CodingSchemeDesignator));
        QCOMPARE(codes, (std::set<std::string>{"113100 DCM", "113105 DCM", "113107 DCM"}));
        QCOMPARE(file.lexically_relative(folder("out")).begin()->string(), m_key.patient(patientId));
    }
}

void tst_Deidentify::safePrivateElementsStay()
{
    QVERIFY(deidentified());
    for (const auto &file : images(folder("out"))) {
        auto opened = DicomFile::open(file, Depth::Header);
        QVERIFY(opened);
        auto &dataset = opened->dataset();
        QCOMPARE(text(dataset, DcmTagKey(0x0019, 0x0042)), std::string("SIEMENS MR HEADER"));
        QCOMPARE(bytesOfElement(dataset, DcmTagKey(0x0019, 0x420C)), std::string("1000")); // b value
        QVERIFY(!dataset.tagExists(DcmTagKey(0x0019, 0x4208)));                            // on no list
        QVERIFY(!dataset.tagExists(DcmTagKey(0x0019, 0x420D))); // on the list, but a name in it
        QVERIFY(!dataset.tagExists(DcmTagKey(0x0029, 0x0010)));
    }
}

void tst_Deidentify::intervalsAndPseudonymsHoldAcrossSeriesAndRuns()
{
    CONSILIUM_REAL_DATA(source, "dicom/pydicom/test_files/MR_small.dcm");
    // One visit in one run, a second visit, of another modality's name, in another.
    QVERIFY(plant(source, folder("first/a"), "20120229"));
    QVERIFY(plant(source, folder("second/b"), "20130315"));
    QVERIFY(deidentify(folder("first"), folder("first-out"), m_key));
    QVERIFY(deidentify(folder("second"), folder("second-out"), m_key));
    const auto first = images(folder("first-out")).at(0), second = images(folder("second-out")).at(0);
    QCOMPARE(value(first, DCM_PatientID), value(second, DCM_PatientID));
    const auto shifted = value(first, DCM_StudyDate), later = value(second, DCM_StudyDate);
    QVERIFY(shifted != "20120229");
    QCOMPARE((day(later) - day(shifted)).count(), (day("20130315") - day("20120229")).count());
    QCOMPARE((day(shifted) - day("20120229")).count(), m_key.dateShift(patientId));
    QCOMPARE(value(first, DCM_SeriesDate), shifted);
    QCOMPARE(value(first, DCM_AcquisitionDateTime), shifted + "101530.25"); // the time stays, the zone goes
    QCOMPARE(value(first, DCM_StudyTime), value(source, DCM_StudyTime));
    // One study, so one UID in both runs.
    QCOMPARE(value(first, DCM_StudyInstanceUID), value(second, DCM_StudyInstanceUID));
    QVERIFY(value(first, DCM_StudyInstanceUID) != value(source, DCM_StudyInstanceUID));
}

void tst_Deidentify::anotherKeyGivesAnotherPseudonym()
{
    QVERIFY(deidentified());
    const auto other = PseudonymKey::fromBytes(std::string(32, 'o'));
    QVERIFY(deidentify(folder("planted"), folder("other-key"), other));
    const auto first = images(folder("out")).at(0), second = images(folder("other-key")).at(0);
    for (const auto &tag : {DCM_PatientID, DCM_SOPInstanceUID, DCM_StudyDate})
        QVERIFY(value(first, tag) != value(second, tag));
}

void tst_Deidentify::referencesStillPointAtTheirImages()
{
    CONSILIUM_REAL_DATA(source, "dicom/pydicom/test_files/CT_small.dcm");
    const auto target = value(source, DCM_SOPInstanceUID), series = value(source, DCM_SeriesInstanceUID);
    auto referring = DicomFile::open(source, Depth::Whole);
    QVERIFY(referring);
    auto &dataset = referring->dataset();
    putText(dataset, DCM_SOPInstanceUID, "1.2.3.4.5.6.7");
    DcmItem *item = nullptr;
    QVERIFY(dataset.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, item).good());
    putText(*item, DCM_SeriesInstanceUID, series);
    QVERIFY(item->findOrCreateSequenceItem(DCM_ReferencedImageSequence, item).good());
    putText(*item, DCM_ReferencedSOPClassUID, UID_CTImageStorage);
    putText(*item, DCM_ReferencedSOPInstanceUID, target);
    fs::create_directories(folder("references"));
    fs::copy_file(source, folder("references/target"));
    QVERIFY(referring->format().saveFile(folder("references/referring").c_str(), EXS_LittleEndianExplicit).good());

    QVERIFY(deidentify(folder("references"), folder("references-out"), m_key));
    std::set<std::string> instances;
    int references = 0;
    for (const auto &file : images(folder("references-out")))
        instances.insert(value(file, DCM_SOPInstanceUID));
    for (const auto &file : images(folder("references-out"))) {
        auto opened = DicomFile::open(file, Depth::Header);
        if (opened->dataset().findAndGetSequenceItem(DCM_ReferencedSeriesSequence, item).bad())
            continue;
        ++references;
        QCOMPARE(text(*item, DCM_SeriesInstanceUID), text(opened->dataset(), DCM_SeriesInstanceUID));
        QVERIFY(item->findAndGetSequenceItem(DCM_ReferencedImageSequence, item).good());
        QVERIFY(instances.contains(text(*item, DCM_ReferencedSOPInstanceUID)));
        QCOMPARE(text(*item, DCM_ReferencedSOPClassUID), std::string(UID_CTImageStorage));
    }
    QCOMPARE(references, 1);
}

void tst_Deidentify::resultDoesNotDependOnThreads()
{
    const auto hashes = [](const fs::path &tree) {
        std::map<std::string, std::string> all;
        for (const auto &file : filesBelow(tree))
            all[file.lexically_relative(tree).generic_string()] = sha256Hex(bytesOf(file));
        return all;
    };
    DeidentifyOptions one, four;
    one.threads = 1;
    four.threads = 4;
    QVERIFY(deidentify(folder("planted"), folder("one"), m_key, one));
    const auto expected = hashes(folder("one"));
    for (int run = 0; run < 10; ++run) {
        fs::remove_all(folder("four"));
        QVERIFY(deidentify(folder("planted"), folder("four"), m_key, four));
        QCOMPARE(hashes(folder("four")), expected);
    }
}

void tst_Deidentify::unknownElementsAreCleanedByWhatTheyAre()
{
    CONSILIUM_REAL_DATA(source, "dicom/pydicom/test_files/MR_small.dcm");
    // Archives that do not know an element keep it as UN: here a description, a sequence and a date.
    auto file = DicomFile::open(source, Depth::Whole);
    QVERIFY(file);
    auto &dataset = file->dataset();
    for (const auto &tag : {DCM_SeriesDescription, DCM_StudyDate, DCM_PatientName})
        dataset.findAndDeleteElement(tag);
    putBytes(dataset, DcmTag(DCM_SeriesDescription, EVR_UN), "AX T1 Quagmire");
    putBytes(dataset, DcmTag(DCM_StudyDate, EVR_UN), "20120229");
    putBytes(dataset, DcmTag(DCM_PatientName, EVR_UN), "Quagmire^Wilhelmina");
    // (0018,9152) MR Metabolite Map Sequence, one item of undefined VR rules: implicit little endian, (0018,9080) CS
    // "WATER", (0010,0010) "Quagmire".
    const std::string inner("\x10\0\x10\0\x08\0\0\0Quagmire\x18\0\x80\x90\x06\0\0\0WATER ", 8 + 8 + 8 + 6);
    std::string item("\xfe\xff\x00\xe0", 4);
    item += static_cast<char>(inner.size());
    item += std::string(3, '\0') + inner;
    putBytes(dataset, DcmTag(0x0018, 0x9152, EVR_UN), item);
    fs::create_directories(folder("unknown"));
    QVERIFY(file->format().saveFile(folder("unknown/a").c_str(), EXS_LittleEndianExplicit).good());

    QVERIFY(deidentify(folder("unknown"), folder("unknown-out"), m_key));
    const auto out = images(folder("unknown-out")).at(0);
    QVERIFY(leaks(folder("unknown-out"), {"Quagmire", "20120229"}).empty());
    QCOMPARE(value(out, DCM_SeriesDescription), std::string("AX T1"));
    const auto shift = m_key.dateShift(value(source, DCM_PatientID));
    QCOMPARE((day(value(out, DCM_StudyDate)) - day("20120229")).count(), shift);
    auto opened = DicomFile::open(out, Depth::Header);
    DcmItem *map = nullptr;
    QVERIFY(opened->dataset().findAndGetSequenceItem(DcmTagKey(0x0018, 0x9152), map).good());
    QCOMPARE(text(*map, DcmTagKey(0x0018, 0x9080)), std::string("WATER"));
}

void tst_Deidentify::identifyingTagsAreNamedAndThenGone()
{
    QVERIFY(deidentified());
    const auto before = identifyingTags(filesBelow(folder("planted")).at(0));
    QVERIFY(before);
    const std::set<std::string> lines(before->begin(), before->end());
    for (const char *line :
         {"PatientName (0010,0010)", "PatientID (0010,0020)", "PatientBirthDate (0010,0030)", "StudyDate (0008,0020)",
          "AccessionNumber (0008,0050)", "ImageComments (0020,4000)", "SourceApplicationEntityTitle (0002,0016)"})
        QVERIFY2(lines.contains(line), line);
    for (const auto &line : lines) {
        for (const auto &identifier : plantedIdentifiers)
            QVERIFY(lowered(line).find(lowered(identifier)) == std::string::npos);
    }
    for (const auto &file : images(folder("out")))
        QCOMPARE(identifyingTags(file).value(), std::vector<std::string>());
    // Saying that it was done is not having done it.
    auto liar = DicomFile::open(images(folder("out")).at(0), Depth::Whole);
    QVERIFY(liar);
    putText(liar->dataset(), DCM_PatientName, "Quagmire^Wilhelmina");
    QVERIFY(liar->format().saveFile(folder("liar").c_str(), EXS_LittleEndianExplicit).good());
    QCOMPARE(identifyingTags(folder("liar")).value(), std::vector<std::string>{"PatientName (0010,0010)"});
}

void tst_Deidentify::deidentifyingTwiceFindsNothingMore()
{
    QVERIFY(deidentified());
    const auto again = deidentify(folder("out"), folder("again"), m_key);
    QVERIFY(again);
    QCOMPARE(again->files, std::size(sources));
    for (const auto &tag : again->json.at("tags")) {
        const auto name = tag.at("name").get<std::string>();
        QVERIFY2(!tag.contains("removed") && !tag.contains("emptied") && !tag.contains("cleaned"), name.c_str());
    }
    QCOMPARE(again->json.at("privateElements").at("removed").get<int>(), 0);
    for (const auto &file : images(folder("again")))
        QCOMPARE(identifyingTags(file).value(), std::vector<std::string>());
}

void tst_Deidentify::reportCountsByTagWithoutValues()
{
    const auto *report = deidentified();
    QVERIFY(report);
    const auto written = readJson(folder("out") / "deidentification.json");
    QVERIFY(written);
    QCOMPARE(written->dump(), report->json.dump());
    std::map<std::string, Json> tags;
    for (const auto &tag : report->json.at("tags"))
        tags[tag.at("tag").get<std::string>()] = tag;
    const int files = int(std::size(sources));
    QCOMPARE(tags.at("(0010,1040)").at("removed").get<int>(), files); // address
    QCOMPARE(tags.at("(0008,0050)").at("emptied").get<int>(), files); // accession number
    QCOMPARE(tags.at("(0010,0010)").at("replaced").get<int>(), files);
    QCOMPARE(tags.at("(0008,0020)").at("shifted").get<int>(), files);
    QCOMPARE(tags.at("(0008,103E)").at("cleaned").get<int>(), files);
    QVERIFY(report->json.at("privateElements").at("removed").get<int>() >= 3 * files);
    QVERIFY(report->json.at("privateElements").at("kept").get<int>() >= files);
    QCOMPARE(report->json.at("notCopied").at("notDicom").get<int>(), 1);
}

void tst_Deidentify::failuresLeaveNothing()
{
    const auto codeOf = [&](const fs::path &in, const fs::path &out) {
        const auto report = deidentify(in, out, m_key);
        return report ? std::optional<ErrorCode>() : report.error().code;
    };
    fs::create_directories(folder("full"));
    std::ofstream(folder("full/file")) << "x";
    fs::create_directories(folder("no-dicom"));
    std::ofstream(folder("no-dicom/file")) << "no DICOM\n";
    QCOMPARE(codeOf(folder("absent"), folder("new")), ErrorCode::NotFound);
    QCOMPARE(codeOf(folder("planted"), folder("full")), ErrorCode::Invalid);
    QCOMPARE(codeOf(folder("no-dicom"), folder("new")), ErrorCode::Invalid);
    QCOMPARE(codeOf(folder("planted"), folder("planted/out")), ErrorCode::Invalid);
    const auto before = fs::current_path();
    fs::current_path(folder("planted"));
    QCOMPARE(codeOf(".", "anon"), ErrorCode::Invalid);
    QCOMPARE(codeOf(folder("planted"), "anon/"), ErrorCode::Invalid);
    fs::current_path(before);
    QCOMPARE(codeOf(folder("planted"), folder("full/file/out")), ErrorCode::Io); // below a file: nobody may write there
    fs::create_directories(folder("taken.partial"));
    QCOMPARE(codeOf(folder("planted"), folder("taken")), ErrorCode::Busy);
    QVERIFY(fs::exists(folder("taken.partial")));
    QVERIFY(!fs::exists(folder("new")));
    QVERIFY(!fs::exists(folder("new.partial")));
    QVERIFY(!fs::exists(folder("planted/out")));
    QVERIFY(!fs::exists(folder("planted/anon")));
    QCOMPARE(filesBelow(folder("full")).size(), std::size_t(1));
    fs::create_directories(folder("empty"));
    QVERIFY(!codeOf(folder("planted"), folder("empty"))); // an empty folder is as good as none
}

void tst_Deidentify::stoppingLeavesNothing_data()
{
    QTest::addColumn<int>("after");
    QTest::newRow("first header") << 1;
    QTest::newRow("first file written") << int(std::size(sources)) + 2; // one input is no DICOM
    QTest::newRow("last file written") << 2 * int(std::size(sources)) + 1;
}

void tst_Deidentify::stoppingLeavesNothing()
{
    QFETCH(int, after);
    DeidentifyOptions options;
    options.progress = [after](std::size_t done, std::size_t) { return int(done) < after; };
    const auto report = deidentify(folder("planted"), folder("stopped"), m_key, options);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::Cancelled);
    QVERIFY(!fs::exists(folder("stopped")));
    QVERIFY(!fs::exists(folder("stopped.partial")));
}

QTEST_GUILESS_MAIN(tst_Deidentify)
#include "tst_deidentify.moc"
