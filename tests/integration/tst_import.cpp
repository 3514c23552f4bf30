// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/nifti.h"
#include "support/node_program.h"
#include "support/real_data.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QDirIterator>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

namespace {

Volume ramp(Index3 size, float start)
{
    Volume volume;
    volume.geometry.size = size;
    volume.geometry.spacing = {0.8, 0.9, 2};
    volume.geometry.origin = {10, -20, 30};
    for (std::int64_t n = 0; n < volume.geometry.voxels(); ++n)
        volume.values.push_back(start + static_cast<float>(n));
    return volume;
}

QJsonObject jsonOf(const Ran &ran)
{
    return QJsonDocument::fromJson(ran.out.toUtf8()).object();
}

QStringList filesBelow(const QString &folder)
{
    QStringList files;
    for (QDirIterator entry(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); entry.hasNext();)
        files.append(entry.next());
    files.sort();
    return files;
}

} // namespace

class tst_Import : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void everySeriesBecomesNifti();
    void oneSeriesByUid();
    void deidentifiedOutputHoldsNoIdentity();
    void keyInTheOutputIsRefused_data();
    void keyInTheOutputIsRefused();
    void deidentifiedFailuresNameNobody();
    void patientIsWhomDeidentifyTakesHimFor_data();
    void patientIsWhomDeidentifyTakesHimFor();
    void nothingIsOverwritten();
    void brokenSeriesLeavesNothing();
    void inspectNamesAGap();
    void resultsThatGoNowhereAreNoSuccess();
    void referenceImages();
    void figuresOfReading();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

/// Two series of a patient with a telling name: an MR volume and a radiograph.
void tst_Import::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    dicom::SeriesDescription description;
    description.patientName = "Mustermann^Erika";
    description.patientId = "MRN4711";
    description.description = "Erika Mustermann brain";
    description.protocol = "for Mustermann";
    description.uidSeed = "import";
    description.seriesNumber = "3";
    QVERIFY(dicom::writeSeries(path("in/mr").toStdString(), ramp({12, 10, 6}, 0), description));
    description.seriesNumber = "4";
    description.modality = "DX";
    description.projection = true;
    QVERIFY(dicom::writeSeries(path("in/dx").toStdString(), ramp({30, 40, 1}, 100), description));
}

void tst_Import::everySeriesBecomesNifti()
{
    QVERIFY(writeText(path("in/notes.txt"), "not an image"));
    const auto ran = runNode({"import", "--dicom", path("in"), "--out", path("out"), "--json"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto json = jsonOf(ran);
    QCOMPARE(json["series"].toArray().size(), 2);
    QCOMPARE(json["skipped"].toArray().size(), 1);
    QCOMPARE(json["notConverted"].toArray().size(), 0);
    const auto file = path("out/003_Erika-Mustermann-brain.nii.gz");
    const auto volume = readNifti(file.toStdString());
    QVERIFY2(volume, volume ? "" : volume.error().line().c_str());
    QVERIFY(volume->geometry.sameGrid(ramp({12, 10, 6}, 0).geometry, 1e-4));
    QCOMPARE(volume->values, ramp({12, 10, 6}, 0).values);
    const auto facts = readJson(path("out/003_Erika-Mustermann-brain.json").toStdString());
    QVERIFY(facts);
    QCOMPARE((*facts)["MagneticFieldStrength"].get<double>(), 3.0);
    QCOMPARE((*facts)["SpacingSource"].get<std::string>(), std::string("patient"));
    const auto radiograph = readNifti(path("out/004_Erika-Mustermann-brain.nii.gz").toStdString());
    QVERIFY(radiograph);
    QCOMPARE(radiograph->values, ramp({30, 40, 1}, 100).values);
}

void tst_Import::oneSeriesByUid()
{
    const auto all = jsonOf(runNode({"import", "--dicom", path("in"), "--out", path("all"), "--json"}));
    const auto uid = all["series"].toArray()[1].toObject()["uid"].toString();
    QVERIFY(uid.startsWith("2.25."));
    const auto one = runNode({"import", "--dicom", path("in"), "--out", path("one"), "--series", uid, "--json"});
    QCOMPARE(one.code, 0);
    QCOMPARE(jsonOf(one)["series"].toArray().size(), 1);
    QCOMPARE(filesBelow(path("one")).size(), 2);
    const auto unknown = runNode({"import", "--dicom", path("in"), "--out", path("none"), "--series", "1.2.3"});
    QCOMPARE(unknown.code, 1);
    QCOMPARE(unknown.errLines().size(), 1);
    QVERIFY2(unknown.err.contains("1.2.3") && unknown.err.contains(uid), qPrintable(unknown.err));
    QVERIFY(!QFile::exists(path("none")));
}

void tst_Import::deidentifiedOutputHoldsNoIdentity()
{
    const QStringList arguments{"import", "--dicom", path("in"), "--deidentify", "--key", path("secret.key"), "--json"};
    const auto ran = runNode(arguments + QStringList{"--out", path("out")});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto files = filesBelow(path("out"));
    QCOMPARE(files.size(), 4);
    for (const auto &file : files) {
        QFile in(file);
        QVERIFY(in.open(QIODevice::ReadOnly));
        const auto bytes = QFileInfo(file).fileName().toUtf8() + in.readAll();
        for (const char *identity : {"Erika", "Mustermann", "MRN4711", "20260101"})
            QVERIFY2(!bytes.contains(identity), qPrintable(file + " holds " + identity));
    }
    QVERIFY(!ran.out.contains("Mustermann") && !ran.out.contains("MRN4711"));
    // The same key gives the same pseudonym, another key another.
    const auto patient = [](const Ran &one) {
        return jsonOf(one)["series"].toArray()[0].toObject()["patient"].toString();
    };
    QCOMPARE(patient(runNode(arguments + QStringList{"--out", path("again")})), patient(ran));
    const auto other = runNode({"import", "--dicom", path("in"), "--out", path("other"), "--deidentify", "--key",
                                path("other.key"), "--json"});
    QVERIFY(patient(other) != patient(ran));
}

void tst_Import::keyInTheOutputIsRefused_data()
{
    QTest::addColumn<QString>("out");
    QTest::addColumn<QString>("key");
    QTest::newRow("a slash at the end") << "new/"
                                        << "new/pseudonym.key";
    QTest::newRow("absolute in relative") << "new"
                                          << "@/new/pseudonym.key";
    QTest::newRow("relative in absolute") << "@/new"
                                          << "new/pseudonym.key";
}

void tst_Import::keyInTheOutputIsRefused()
{
    QFETCH(QString, out);
    QFETCH(QString, key);
    out.replace("@", m_folder->path());
    key.replace("@", m_folder->path());
    const auto before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_folder->path()));
    const auto ran = runNode({"import", "--dicom", "in", "--out", out, "--deidentify", "--key", key});
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains("would lie in the output"), qPrintable(ran.err));
    QVERIFY(!QFile::exists(path("new")));
}

void tst_Import::deidentifiedFailuresNameNobody()
{
    QVERIFY(QDir(path("in")).rename("mr", "Mustermann"));
    QVERIFY(writeText(path("in/Erika.txt"), "not an image"));
    QFile last(path("in/Mustermann/IMG-0006.dcm"));
    QVERIFY(last.open(QIODevice::ReadWrite));
    QVERIFY(last.resize(last.size() - 50));
    last.close();
    for (const bool json : {true, false}) {
        auto arguments =
            QStringList{"import",       "--dicom", path("in"),        "--out", path(json ? "json" : "text"),
                        "--deidentify", "--key",   path("secret.key")};
        const auto ran = runNode(json ? arguments << "--json" : arguments);
        QCOMPARE(ran.code, 1);
        for (const char *identity : {"Erika", "Mustermann", "MRN4711", "IMG-0006"})
            QVERIFY2(!(ran.out + ran.err).contains(identity), qPrintable(ran.out + ran.err));
        QVERIFY2(ran.err.contains("series 3 (MR): its files are damaged"), qPrintable(ran.err));
        if (json) {
            const auto failed = jsonOf(ran)["notConverted"].toArray()[0].toObject();
            QCOMPARE(failed["number"].toInt(), 3);
            QCOMPARE(failed["modality"].toString(), QString("MR"));
            QCOMPARE(jsonOf(ran)["skipped"].toArray().size(), 1);
        } else {
            QVERIFY2(ran.out.contains("series 3 (MR): its files are damaged"), qPrintable(ran.out));
        }
    }
}

void tst_Import::patientIsWhomDeidentifyTakesHimFor_data()
{
    QTest::addColumn<QStringList>("one"); // ID, its issuer, name
    QTest::addColumn<QStringList>("other");
    QTest::newRow("ID") << QStringList{"MRN1", "", "A"} << QStringList{"MRN2", "", "A"};
    QTest::newRow("issuer") << QStringList{"MRN1", "Ebbwater", "A"} << QStringList{"MRN1", "Larkspur", "A"};
    QTest::newRow("name") << QStringList{"", "", "Mustermann^Erika"} << QStringList{"", "", "Mustermann^Max"};
    QTest::newRow("study") << QStringList{"", "", ""} << QStringList{"", "", ""};
}

/// Two patients, told apart by one thing, are the same two for both commands.
void tst_Import::patientIsWhomDeidentifyTakesHimFor()
{
    for (const char *which : {"one", "other"}) {
        const auto patient = *static_cast<QStringList *>(QTest::qData(which, qMetaTypeId<QStringList>()));
        dicom::SeriesDescription description;
        description.uidSeed = which;
        const auto folder = path("two/") + which;
        QVERIFY(dicom::writeSeries(folder.toStdString(), ramp({4, 4, 1}, 0), description));
        const auto name = filesBelow(folder).at(0).toStdString();
        DcmFileFormat file;
        QVERIFY(file.loadFile(name.c_str()).good());
        const DcmTagKey tags[] = {DCM_PatientID, DCM_IssuerOfPatientID, DCM_PatientName};
        for (int n = 0; n < 3; ++n)
            QVERIFY(file.getDataset()->putAndInsertString(tags[n], qPrintable(patient[n])).good());
        QVERIFY(file.saveFile(name.c_str()).good());
    }
    const auto imported = runNode({"import", "--dicom", path("two"), "--out", path("nifti"), "--deidentify", "--key",
                                   path("secret.key"), "--json"});
    QVERIFY2(imported.code == 0, qPrintable(imported.err));
    const auto cleaned =
        runNode({"deidentify", "--in", path("two"), "--out", path("dicom"), "--key", path("secret.key")});
    QVERIFY2(cleaned.code == 0, qPrintable(cleaned.err));
    QStringList patients;
    for (const auto &series : jsonOf(imported)["series"].toArray())
        patients << series.toObject()["patient"].toString();
    patients.sort();
    QCOMPARE(patients.size(), 2);
    QVERIFY(patients[0] != patients[1]);
    QCOMPARE(QDir(path("dicom")).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name), patients);
}

void tst_Import::nothingIsOverwritten()
{
    QVERIFY(writeText(path("out/004_Erika-Mustermann-brain.json"), "mine"));
    const auto ran = runNode({"import", "--dicom", path("in"), "--out", path("out")});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains("is there already"), qPrintable(ran.err));
    QCOMPARE(filesBelow(path("out")).size(), 1);
}

void tst_Import::brokenSeriesLeavesNothing()
{
    QFile last(path("in/mr/IMG-0006.dcm"));
    QVERIFY(last.open(QIODevice::ReadWrite));
    QVERIFY(last.resize(last.size() - 50)); // breaks off within the pixels
    last.close();
    const auto ran = runNode({"import", "--dicom", path("in"), "--out", path("out"), "--json"});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains("IMG-0006.dcm"), qPrintable(ran.err));
    for (const auto &file : filesBelow(path("out")))
        QVERIFY2(file.contains("004_"), qPrintable(file));
    QCOMPARE(jsonOf(ran)["notConverted"].toArray().size(), 1);
}

// Two of twelve slices are gone: the series is shown with its gap, and a damaged one beside it hides nothing.
void tst_Import::inspectNamesAGap()
{
    const std::filesystem::path folder(m_folder->path().toStdString());
    dicom::SeriesDescription description;
    description.uidSeed = "gap";
    QVERIFY(dicom::writeSeries(folder / "gap", ramp({8, 6, 12}, 0), description));
    for (const char *slice : {"IMG-0004.dcm", "IMG-0005.dcm"})
        QVERIFY(std::filesystem::remove(folder / "gap" / slice));
    const auto ran = runNode({"inspect", "--json", QString::fromStdString((folder / "gap").string())});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto seen = jsonOf(ran);
    QCOMPARE(seen["files"].toInt(), 10);
    QCOMPARE(seen["dimensions"].toArray().at(2).toInt(), 12);
    QVERIFY2(QJsonDocument(seen["warnings"].toArray()).toJson().contains("missing"), qPrintable(ran.out));
}

void tst_Import::resultsThatGoNowhereAreNoSuccess()
{
    if (!QFile::exists(QStringLiteral("/dev/full")))
        QSKIP("This system has no /dev/full");
    const std::filesystem::path folder(m_folder->path().toStdString());
    dicom::SeriesDescription description;
    description.uidSeed = "full";
    QVERIFY(dicom::writeSeries(folder / "series", ramp({8, 6, 3}, 0), description));
    QProcess node;
    node.setStandardOutputFile(QStringLiteral("/dev/full"));
    node.start(nodeProgram(), {"inspect", QString::fromStdString((folder / "series").string())});
    QVERIFY(node.waitForFinished(30000));
    QCOMPARE(node.exitCode(), 1);
    QVERIFY(node.readAllStandardError().contains("standard output"));
}

void tst_Import::referenceImages()
{
    CONSILIUM_REAL_DATA(folder, "dicom/transfer-syntaxes/In");
    const auto ran =
        runNode({"import", "--dicom", QString::fromStdString(folder.string()), "--out", path("out"), "--json"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QCOMPARE(jsonOf(ran)["series"].toArray().size(), 9);
    QCOMPARE(filesBelow(path("out")).size(), 18);
}

void tst_Import::figuresOfReading()
{
    const auto ran = runNode({"bench", "io", "--slices", "20", "--runs", "1", "--json"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto json = jsonOf(ran);
    QVERIFY(json["seconds"].toDouble() > 0);
    QCOMPARE(json["dimensions"].toArray()[2].toInt(), 20);
    QCOMPARE(runNode({"bench"}).code, 2);
}

QTEST_GUILESS_MAIN(tst_Import)
#include "tst_import.moc"
