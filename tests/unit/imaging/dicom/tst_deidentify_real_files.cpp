// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deidentify.h"

#include "planted_identity.h"
#include "support/real_data.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <dcmtk/dcmdata/dcuid.h>

#include <set>

using namespace consilium;
using namespace consilium::imaging::dicom;
using namespace consilium::test;

namespace fs = std::filesystem;

class tst_DeidentifyRealFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesInEveryCharacterSetGo_data();
    void namesInEveryCharacterSetGo();
    void textObjectsAreRefusedWithAWarning();
    void burnedInTextIsWarnedOf_data();
    void burnedInTextIsWarnedOf();
    void standardCheckerFindsNoNewErrors_data();
    void standardCheckerFindsNoNewErrors();

private:
    fs::path folder(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }

    QTemporaryDir m_folder;
    const PseudonymKey m_key = PseudonymKey::fromBytes(std::string(32, 'k'));
};

namespace {

std::vector<fs::path> images(const fs::path &tree)
{
    auto files = filesBelow(tree);
    std::erase_if(files, [](const fs::path &file) { return file.extension() != ".dcm"; });
    return files;
}

/// The errors that dciodvfy finds, without the values it quotes: UIDs and dates change.
QStringList errorsIn(const fs::path &file)
{
    static const QRegularExpression quoted("<[^>]*>");
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("dciodvfy", {QString::fromStdString(file.string())});
    process.waitForFinished(20000);
    QStringList errors;
    for (auto &line : QString::fromLatin1(process.readAll()).split('\n')) {
        if (line.startsWith("Error"))
            errors << line.remove(quoted);
    }
    return errors;
}

} // namespace

void tst_DeidentifyRealFiles::namesInEveryCharacterSetGo_data()
{
    QTest::addColumn<QString>("file");
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/charset_files");
    for (const auto &file : filesBelow(data)) {
        if (file.extension() == ".dcm")
            QTest::newRow(file.filename().string().c_str()) << QString::fromStdString(file.string());
    }
}

void tst_DeidentifyRealFiles::namesInEveryCharacterSetGo()
{
    QFETCH(QString, file);
    QTemporaryDir out;
    const auto target = fs::path(out.path().toStdString()) / "out";
    auto opened = DicomFile::open(file.toStdString(), Depth::Header);
    QVERIFY(opened);
    OFString raw;
    std::vector<std::string> parts;
    QVERIFY(opened->dataset().findAndGetOFStringArray(DCM_PatientName, raw, OFTrue).good());
    std::string part;
    for (const char letter : std::string(raw.c_str()) + "^") {
        if (letter != '^' && letter != '=' && letter != ' ' && letter != '\x1b') {
            part += letter;
            continue;
        }
        if (part.size() >= 4)
            parts.push_back(part);
        part.clear();
    }
    QVERIFY(!parts.empty());
    QVERIFY(deidentify(file.toStdString(), target, m_key));
    for (const auto &image : images(target)) {
        const auto content = bytesOf(image);
        for (const auto &one : parts)
            QVERIFY2(content.find(one) == std::string::npos, one.c_str());
        QCOMPARE(identifyingTags(image).value(), std::vector<std::string>());
    }
}

void tst_DeidentifyRealFiles::textObjectsAreRefusedWithAWarning()
{
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/test_files");
    fs::create_directories(folder("texts"));
    fs::copy_file(data / "reportsi.dcm", folder("texts/Quagmire report"));
    fs::copy_file(data / "MR_small.dcm", folder("texts/image"));
    auto document = DicomFile::open(data / "MR_small.dcm", Depth::Whole);
    QVERIFY(document);
    putText(document->dataset(), DCM_SOPClassUID, UID_EncapsulatedPDFStorage);
    QVERIFY(document->format().saveFile(folder("texts/document").c_str(), EXS_LittleEndianExplicit).good());
    const auto report = deidentify(folder("texts"), folder("texts-out"), m_key);
    QVERIFY(report);
    QCOMPARE(report->files, std::size_t(1));
    QCOMPARE(report->refused.size(), std::size_t(2));
    std::string warnings;
    for (const auto &warning : report->warnings)
        warnings += warning + "\n";
    QVERIFY(warnings.find("structured report") != std::string::npos);
    QVERIFY(warnings.find("encapsulated document") != std::string::npos);
    QVERIFY(warnings.find("Quagmire") == std::string::npos);
}

void tst_DeidentifyRealFiles::burnedInTextIsWarnedOf_data()
{
    QTest::addColumn<QString>("modality");
    QTest::addColumn<QString>("burnedIn");
    QTest::addColumn<QString>("warning");
    QTest::newRow("said") << "MR"
                          << "YES"
                          << "burned into the pixels";
    QTest::newRow("ultrasound") << "US"
                                << ""
                                << "may be burned into the pixels";
    QTest::newRow("ultrasound without") << "US"
                                        << "NO"
                                        << "";
    QTest::newRow("photograph") << "XC"
                                << ""
                                << "may be burned into the pixels";
    QTest::newRow("magnetic resonance") << "MR"
                                        << ""
                                        << "";
}

void tst_DeidentifyRealFiles::burnedInTextIsWarnedOf()
{
    QFETCH(QString, modality);
    QFETCH(QString, burnedIn);
    QFETCH(QString, warning);
    CONSILIUM_REAL_DATA(source, "dicom/pydicom/test_files/MR_small.dcm");
    auto file = DicomFile::open(source, Depth::Whole);
    QVERIFY(file);
    auto &dataset = file->dataset();
    putText(dataset, DCM_Modality, modality.toStdString());
    if (!burnedIn.isEmpty())
        putText(dataset, DCM_BurnedInAnnotation, burnedIn.toStdString());
    for (const auto &tag : {DCM_StudyDescription, DCM_SeriesDescription, DCM_ProtocolName, DCM_BodyPartExamined})
        dataset.findAndDeleteElement(tag);
    QTemporaryDir work;
    const auto in = fs::path(work.path().toStdString()) / "in", out = in.parent_path() / "out";
    fs::create_directories(in);
    QVERIFY(file->format().saveFile((in / "a").c_str(), EXS_LittleEndianExplicit).good());
    const auto report = deidentify(in, out, m_key);
    QVERIFY(report);
    QCOMPARE(report->warnings.empty(), warning.isEmpty());
    if (!warning.isEmpty()) {
        QVERIFY(QString::fromStdString(report->warnings.at(0)).contains(warning));
        const auto named = report->json.at("warnings").at(0).at("file").get<std::string>();
        QVERIFY(fs::exists(out / named));
    }
}

void tst_DeidentifyRealFiles::standardCheckerFindsNoNewErrors_data()
{
    QTest::addColumn<QString>("folder");
    for (const char *name : {"pydicom/test_files", "pydicom/charset_files", "transfer-syntaxes", "seg"})
        QTest::newRow(name) << QString("dicom/") + name;
}

void tst_DeidentifyRealFiles::standardCheckerFindsNoNewErrors()
{
    if (QStandardPaths::findExecutable("dciodvfy").isEmpty())
        QSKIP("dciodvfy (dicom3tools) is not installed");
    // No SOP class or no rows in the input: the checker gives up before it looks, and looks at the output, which has a
    // meta header.
    static const std::set<std::string> notChecked{"empty_charset_LEI.dcm", "meta_missing_tsyntax.dcm",
                                                  "nested_priv_SQ.dcm"};
    QFETCH(QString, folder);
    const auto data = realData(folder.toStdString());
    if (!data)
        QSKIP("The real data is not here (set CONSILIUM_TEST_DATA)");
    int checked = 0;
    for (const auto &file : filesBelow(*data)) {
        QTemporaryDir work;
        const auto out = fs::path(work.path().toStdString()) / "out";
        if (notChecked.contains(file.filename().string()) || !deidentify(file, out, m_key))
            continue;
        ++checked;
        auto errors = errorsIn(images(out).at(0));
        for (const auto &known : errorsIn(file))
            errors.removeOne(known);
        QVERIFY2(errors.isEmpty(), qPrintable(QString::fromStdString(file.string()) + ": " + errors.join("; ")));
    }
    QVERIFY(checked > 0);
}

QTEST_GUILESS_MAIN(tst_DeidentifyRealFiles)
#include "tst_deidentify_real_files.moc"
