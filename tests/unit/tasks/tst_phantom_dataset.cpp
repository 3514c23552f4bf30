// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/phantom_dataset.h"

#include "core/file.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "tasks/dataset.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::tasks;

class tst_PhantomDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isADatasetOfTheTask_data();
    void isADatasetOfTheTask();
    void landmarksLieBesideTheirRadiograph();
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
    QVERIFY(!std::filesystem::exists(folder("spinopelvic/labelsTr")));
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
