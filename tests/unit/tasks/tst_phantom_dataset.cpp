// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/phantom_dataset.h"

#include "core/file.h"
#include "imaging/dicom/deidentify.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "tasks/dataset.h"
#include "tasks/task.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <set>

using namespace consilium;
using namespace consilium::tasks;

class tst_PhantomDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isADatasetOfTheTask_data();
    void isADatasetOfTheTask();
    void landmarksLieBesideTheirRadiograph();
    void dicomHoldsTheSameVoxelsAndLabels_data();
    void dicomHoldsTheSameVoxelsAndLabels();
    void dcm2niixAgrees_data();
    void dcm2niixAgrees();
    void dicomRadiographsKeepTheirLandmarks();
    void dicomNamesAnInventedPatient();
    void theSameSeedGivesTheSameFiles();
    void takesATaskFile();
    void refusesWhatDoesNotFit_data();
    void refusesWhatDoesNotFit();
    void leavesAFilledFolderAlone();

private:
    std::filesystem::path folder(const std::string &name) const
    {
        return std::filesystem::path(m_temporary.path().toStdString()) / name;
    }

    QTemporaryDir m_temporary;
};

void tst_PhantomDataset::isADatasetOfTheTask_data()
{
    QTest::addColumn<QString>("task");
    for (const char *task : {"ms-lesions", "hippocampus", "prostate"})
        QTest::addRow("%s", task) << QString(task);
}

void tst_PhantomDataset::isADatasetOfTheTask()
{
    QFETCH(QString, task);
    const auto preset = loadPreset(task.toStdString());
    QVERIFY2(preset, preset ? "" : preset.error().line().c_str());
    const auto made = writePhantomDataset(*preset, folder(task.toStdString()), {2, 1, 7, 0});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    const auto dataset = openDataset(folder(task.toStdString()));
    QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
    QCOMPARE(dataset->cases.size(), 2u);
    QCOMPARE(dataset->cases[1].id, std::string("phantom-1-002"));
    QCOMPARE(dataset->channels, (*preset)["channels"].get<std::vector<std::string>>());
    QCOMPARE(dataset->labels, (*preset)["labels"].get<std::vector<std::string>>());
    for (const auto &entry : dataset->cases) {
        const auto labels = imaging::readLabels(*entry.labels);
        QVERIFY(labels);
        for (const auto &file : entry.channels) {
            const auto image = imaging::readNifti(file);
            QVERIFY(image);
            QVERIFY(image->geometry.sameGrid(labels->geometry));
        }
    }
}

void tst_PhantomDataset::landmarksLieBesideTheirRadiograph()
{
    const auto preset = loadPreset("spinopelvic");
    QVERIFY2(preset, preset ? "" : preset.error().line().c_str());
    QVERIFY(writePhantomDataset(*preset, folder("spinopelvic"), {1, 0, 7, 0}));
    const auto image = imaging::readNifti(folder("spinopelvic/imagesTr/phantom-0-001_0000.nii.gz"));
    const auto landmarks = imaging::readLandmarks(folder("spinopelvic/landmarksTr/phantom-0-001.mrk.json"));
    QVERIFY(image && landmarks);
    std::vector<std::string> names;
    for (const auto &point : landmarks->points) {
        names.push_back(point.name);
        const auto pixel = image->geometry.toIndex(point.position);
        QVERIFY(pixel[0] > 0 && pixel[0] < image->geometry.size[0] - 1);
        QVERIFY(pixel[1] > 0 && pixel[1] < image->geometry.size[1] - 1);
        QVERIFY(std::abs(pixel[2]) < 1e-3);
    }
    QCOMPARE(names, (*preset)["landmarks"].get<std::vector<std::string>>());
    const auto description = readJson(folder("spinopelvic/dataset.json"));
    QVERIFY(description);
    QCOMPARE((*description)["landmarks"].get<std::vector<std::string>>(), names);
    const auto dataset = openDataset(folder("spinopelvic"));
    QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
    QCOMPARE(dataset->landmarks, names);
    QVERIFY(dataset->labels.empty() && !dataset->cases.front().labels);
    QVERIFY(*dataset->cases.front().landmarks == folder("spinopelvic/landmarksTr/phantom-0-001.mrk.json"));
    QVERIFY(std::filesystem::remove(*dataset->cases.front().landmarks));
    const auto without = openDataset(folder("spinopelvic"));
    QVERIFY(!without && without.error().line().find("phantom-0-001") != std::string::npos);
}

void tst_PhantomDataset::dicomHoldsTheSameVoxelsAndLabels_data()
{
    isADatasetOfTheTask_data();
}

void tst_PhantomDataset::dicomHoldsTheSameVoxelsAndLabels()
{
    QFETCH(QString, task);
    const auto preset = loadPreset(task.toStdString());
    QVERIFY(preset);
    const auto nifti = folder(task.toStdString() + "-nifti"), dicom = folder(task.toStdString() + "-dicom");
    QVERIFY(writePhantomDataset(*preset, nifti, {1, 1, 7, 0}));
    const auto made = writePhantomDataset(*preset, dicom, {1, 1, 7, 0, PhantomFormat::Dicom});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    const auto dataset = openDataset(nifti);
    QVERIFY(dataset);
    const auto &entry = dataset->cases.front();
    const auto patient = dicom / entry.id;
    for (std::size_t channel = 0; channel < dataset->channels.size(); ++channel) {
        const auto reference = imaging::readNifti(entry.channels[channel]);
        const auto scanned = imaging::dicom::scanSeries(patient / dataset->channels[channel]);
        QVERIFY2(scanned, scanned ? "" : scanned.error().line().c_str());
        QCOMPARE(scanned->series.size(), 1u);
        QVERIFY(scanned->series.front().warnings.empty());
        const auto volume = imaging::dicom::loadSeries(scanned->series.front());
        QVERIFY(volume && reference);
        QVERIFY(volume->geometry.sameGrid(reference->geometry));
        QVERIFY(volume->values == reference->values);
    }
    const auto labels = imaging::readLabels(*entry.labels);
    const auto beside = imaging::readLabels(patient / "labels.nii.gz");
    QVERIFY(labels && beside);
    QVERIFY(labels->values == beside->values);
    const auto segmentation = imaging::dicom::readSegmentation(patient / "labels.dcm", &labels->geometry);
    QVERIFY2(segmentation, segmentation ? "" : segmentation.error().line().c_str());
    QCOMPARE(segmentation->segments.size() + 1, dataset->labels.size());
    QVERIFY(segmentation->merged().values == labels->values);
}

void tst_PhantomDataset::dcm2niixAgrees_data()
{
    isADatasetOfTheTask_data();
}

/// An independent converter finds every voxel of the DICOM files where the NIfTI files have it.
void tst_PhantomDataset::dcm2niixAgrees()
{
    const auto program = QStandardPaths::findExecutable("dcm2niix");
    if (program.isEmpty())
        QSKIP("dcm2niix is not installed");
    QFETCH(QString, task);
    const auto preset = loadPreset(task.toStdString());
    QVERIFY(preset);
    const auto nifti = folder(task.toStdString() + "-n"), dicom = folder(task.toStdString() + "-d");
    // Site 1 stores its axes otherwise, or obliquely.
    QVERIFY(writePhantomDataset(*preset, nifti, {1, 1, 9, 0}));
    QVERIFY(writePhantomDataset(*preset, dicom, {1, 1, 9, 0, PhantomFormat::Dicom}));
    const auto dataset = openDataset(nifti);
    QVERIFY(dataset);
    const auto &entry = dataset->cases.front();
    for (std::size_t channel = 0; channel < dataset->channels.size(); ++channel) {
        const auto series = dicom / entry.id / dataset->channels[channel];
        QProcess converter;
        converter.start(program, {"-b", "n", "-z", "n", "-f", "converted", "-o", QString::fromStdString(dicom.string()),
                                  QString::fromStdString(series.string())});
        QVERIFY(converter.waitForFinished());
        QCOMPARE(converter.exitCode(), 0);
        const auto converted = imaging::readNifti(dicom / "converted.nii");
        const auto reference = imaging::readNifti(entry.channels[channel]);
        QVERIFY(converted && reference);
        QVERIFY(converted->values.size() == reference->values.size());
        const auto &size = converted->geometry.size;
        int wrong = 0;
        double farthest = 0;
        for (int k = 0; k < size[2]; ++k) {
            for (int j = 0; j < size[1]; ++j) {
                for (int i = 0; i < size[0]; ++i) {
                    const auto index =
                        reference->geometry.toIndex(converted->geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k}));
                    imaging::Index3 nearest{};
                    for (std::size_t axis = 0; axis < 3; ++axis) {
                        nearest[axis] = std::clamp(static_cast<int>(std::lround(index[axis])), 0,
                                                   reference->geometry.size[axis] - 1);
                        farthest = std::max(farthest, std::abs(index[axis] - nearest[axis]));
                    }
                    wrong += converted->at(i, j, k) != reference->at(nearest[0], nearest[1], nearest[2]) ? 1 : 0;
                }
            }
        }
        QCOMPARE(wrong, 0);
        QVERIFY2(farthest < 1e-3, qPrintable(QString::number(farthest)));
        QVERIFY(std::filesystem::remove(dicom / "converted.nii"));
    }
}

void tst_PhantomDataset::dicomRadiographsKeepTheirLandmarks()
{
    const auto preset = loadPreset("spinopelvic");
    QVERIFY(preset);
    // Site 0 has its patients face left, site 2 right.
    for (const int shift : {0, 2}) {
        const auto nifti = folder(fmt::format("xray-{}-nifti", shift)),
                   dicom = folder(fmt::format("xray-{}-dicom", shift));
        QVERIFY(writePhantomDataset(*preset, nifti, {1, shift, 7, 0}));
        const auto made = writePhantomDataset(*preset, dicom, {1, shift, 7, 0, PhantomFormat::Dicom});
        QVERIFY2(made, made ? "" : made.error().line().c_str());
        const auto id = fmt::format("phantom-{}-001", shift);
        const auto reference = imaging::readNifti(nifti / "imagesTr" / (id + "_0000.nii.gz"));
        const auto scanned = imaging::dicom::scanSeries(dicom / id / "X-ray");
        QVERIFY(scanned && scanned->series.size() == 1);
        QVERIFY(scanned->series.front().spacingSource == imaging::dicom::SpacingSource::Patient);
        const auto image = imaging::dicom::loadSeries(scanned->series.front());
        QVERIFY(image && reference);
        QVERIFY(image->values == reference->values);
        const auto there = imaging::readLandmarks(dicom / id / "landmarks.mrk.json");
        const auto here = imaging::readLandmarks(nifti / "landmarksTr" / (id + ".mrk.json"));
        QVERIFY(here && there);
        QCOMPARE(there->points.size(), here->points.size());
        for (std::size_t point = 0; point < here->points.size(); ++point) {
            const auto pixel = reference->geometry.toIndex(here->points[point].position);
            const auto other = image->geometry.toIndex(there->points[point].position);
            QVERIFY(std::abs(pixel[0] - other[0]) < 1e-2 && std::abs(pixel[1] - other[1]) < 1e-2);
        }
    }
}

void tst_PhantomDataset::dicomNamesAnInventedPatient()
{
    const auto preset = loadPreset("hippocampus");
    QVERIFY(preset);
    QVERIFY(writePhantomDataset(*preset, folder("named"), {2, 0, 7, 0, PhantomFormat::Dicom}));
    std::set<std::string> patients;
    for (const auto *id : {"phantom-0-001", "phantom-0-002"}) {
        const auto scanned = imaging::dicom::scanSeries(folder("named") / id / "T1");
        QVERIFY(scanned);
        patients.insert(scanned->series.front().patientId);
        QVERIFY(scanned->series.front().patientName.find("Invented") != std::string::npos);
        const auto tags = imaging::dicom::identifyingTags(folder("named") / id / "T1" / "IMG-0001.dcm");
        QVERIFY(tags);
        for (const std::string tag : {"PatientName", "PatientID", "PatientBirthDate"})
            QVERIFY2(std::any_of(tags->begin(), tags->end(), [&](const auto &line) { return line.starts_with(tag); }),
                     tag.c_str());
    }
    QCOMPARE(patients.size(), 2u);
}

void tst_PhantomDataset::theSameSeedGivesTheSameFiles()
{
    const auto preset = loadPreset("ms-lesions");
    QVERIFY(preset);
    // Neither the number of cases nor of threads changes a case.
    QVERIFY(writePhantomDataset(*preset, folder("reference"), {3, 0, 7, 2}));
    QVERIFY(writePhantomDataset(*preset, folder("again"), {2, 0, 7, 1}));
    QVERIFY(writePhantomDataset(*preset, folder("other"), {2, 0, 8, 2}));
    const auto bytes = [this](const char *dataset, const char *file) { return readFile(folder(dataset) / file); };
    for (const auto *file : {"imagesTr/phantom-0-002_0000.nii.gz", "imagesTr/phantom-0-002_0001.nii.gz",
                             "labelsTr/phantom-0-002.nii.gz"}) {
        QVERIFY(bytes("reference", file) && bytes("again", file) && bytes("other", file));
        QVERIFY2(*bytes("reference", file) == *bytes("again", file), file);
        QVERIFY2(*bytes("reference", file) != *bytes("other", file), file);
    }
}

void tst_PhantomDataset::takesATaskFile()
{
    auto json = *loadPreset("hippocampus");
    json["name"] = "mine";
    json["labels"] = {"background", "head", "tail"};
    QVERIFY(writeJson(folder("mine.json"), json));
    const auto preset = loadPreset(folder("mine.json").string());
    QVERIFY(preset);
    QVERIFY(writePhantomDataset(*preset, folder("mine"), {1, 0, 7, 0}));
    const auto dataset = openDataset(folder("mine"));
    QVERIFY(dataset);
    QCOMPARE(dataset->labels, json["labels"].get<std::vector<std::string>>());
}

void tst_PhantomDataset::refusesWhatDoesNotFit_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const int invalid = static_cast<int>(ErrorCode::Invalid), unsupported = static_cast<int>(ErrorCode::Unsupported);
    QTest::newRow("no phantom") << "phantom"
                                << "null" << unsupported << "Task 'prostate' has no phantom";
    QTest::newRow("unknown phantom") << "phantom"
                                     << "\"liver\"" << unsupported << "no phantom 'liver'";
    QTest::newRow("labels") << "labels"
                            << "[\"background\"]" << invalid << "1 labels";
    QTest::newRow("channels") << "channels"
                              << "[\"T2\", \"ADC\"]" << invalid << "2 channels";
    QTest::newRow("landmarks") << "landmarks"
                               << "[\"apex\"]" << invalid << "1 landmarks";
}

void tst_PhantomDataset::refusesWhatDoesNotFit()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(int, code);
    QFETCH(QString, says);
    auto preset = *loadPreset("prostate");
    preset[key.toStdString()] = Json::parse(value.toStdString());
    const auto made = writePhantomDataset(preset, folder("refused"), {1, 0, 7, 0});
    QVERIFY(!made);
    QCOMPARE(static_cast<int>(made.error().code), code);
    QVERIFY2(made.error().line().find(says.toStdString()) != std::string::npos, made.error().line().c_str());
    QVERIFY(!std::filesystem::exists(folder("refused")));
    QVERIFY(!std::filesystem::exists(folder("refused.partial")));
}

void tst_PhantomDataset::leavesAFilledFolderAlone()
{
    QVERIFY(writeFileAtomically(folder("filled") / "mine.txt", "keep me"));
    const auto made = writePhantomDataset(*loadPreset("ms-lesions"), folder("filled"), {1, 0, 7, 0});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QCOMPARE(*readFile(folder("filled") / "mine.txt"), std::string("keep me"));
    QVERIFY(!std::filesystem::exists(folder("filled") / "imagesTr"));
    QVERIFY(!std::filesystem::exists(folder("filled.partial")));
}

QTEST_APPLESS_MAIN(tst_PhantomDataset)
#include "tst_phantom_dataset.moc"
