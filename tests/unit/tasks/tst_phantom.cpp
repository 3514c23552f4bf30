// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "imaging/components.h"
#include "imaging/nifti.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::tasks;

class tst_Phantom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void isADatasetOfTheTask();
    void lesionsAreBrightInFlairAndDarkInT1();
    void theSameSeedGivesTheSameFiles();
    void anotherSiteIsAnotherScanner();
    void leavesAFilledFolderAlone();
    void otherTasksHaveNone();

private:
    std::filesystem::path folder(const char *name) const
    {
        return std::filesystem::path(m_temporary.path().toStdString()) / name;
    }

    QTemporaryDir m_temporary;
    std::unique_ptr<Task> m_task;
    Json m_preset;
    Dataset m_reference;
};

namespace {

/// Mean value of the voxels with that label; 0 counts brain alone, which is not exactly 0.
double meanWhere(const imaging::Volume &volume, const imaging::LabelMap &labels, int label)
{
    double sum = 0;
    int count = 0;
    for (std::size_t voxel = 0; voxel < volume.values.size(); ++voxel) {
        if (labels.values[voxel] == label && volume.values[voxel] != 0) {
            sum += volume.values[voxel];
            ++count;
        }
    }
    return count > 0 ? sum / count : 0;
}

} // namespace

void tst_Phantom::initTestCase()
{
    auto task = loadTask("volume-segmentation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
    const auto preset = loadPreset("ms-lesions");
    QVERIFY(preset);
    m_preset = *preset;
    const auto made = m_task->phantom(m_preset, folder("reference"), 4, 0, 7);
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    auto dataset = openDataset(folder("reference"));
    QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
    m_reference = std::move(*dataset);
}

void tst_Phantom::isADatasetOfTheTask()
{
    QCOMPARE(m_reference.cases.size(), 4u);
    QCOMPARE(m_reference.channels, m_preset["channels"].get<std::vector<std::string>>());
    QCOMPARE(m_reference.labels, m_preset["labels"].get<std::vector<std::string>>());
    for (const auto &entry : m_reference.cases) {
        const auto flair = imaging::readNifti(entry.channels[0]);
        const auto t1 = imaging::readNifti(entry.channels[1]);
        const auto labels = imaging::readLabels(*entry.labels);
        QVERIFY(flair && t1 && labels);
        QVERIFY(flair->geometry.sameGrid(t1->geometry));
        QVERIFY(flair->geometry.sameGrid(labels->geometry));
        // A brain of 1 to 1.9 litres; multiple sclerosis leaves from a few to a hundred lesions, 0.2 to 60 ml in all.
        const auto brain =
            std::count_if(flair->values.begin(), flair->values.end(), [](float value) { return value != 0; });
        const double litres = static_cast<double>(brain) * flair->geometry.voxelVolume() / 1e6;
        QVERIFY2(litres > 0.9 && litres < 1.9, qPrintable(QString::number(litres)));
        const auto lesions = imaging::findLesions(*labels);
        double millilitres = 0;
        for (const auto &lesion : lesions)
            millilitres += lesion.millilitres;
        QVERIFY2(lesions.size() >= 2 && lesions.size() <= 60, qPrintable(QString::number(lesions.size())));
        QVERIFY2(millilitres > 0.2 && millilitres < 60, qPrintable(QString::number(millilitres)));
    }
}

void tst_Phantom::lesionsAreBrightInFlairAndDarkInT1()
{
    for (const auto &entry : m_reference.cases) {
        const auto flair = imaging::readNifti(entry.channels[0]);
        const auto t1 = imaging::readNifti(entry.channels[1]);
        const auto labels = imaging::readLabels(*entry.labels);
        QVERIFY(flair && t1 && labels);
        QVERIFY(meanWhere(*flair, *labels, 1) > 1.3 * meanWhere(*flair, *labels, 0));
        QVERIFY(meanWhere(*t1, *labels, 1) < meanWhere(*t1, *labels, 0));
    }
}

void tst_Phantom::theSameSeedGivesTheSameFiles()
{
    QVERIFY(m_task->phantom(m_preset, folder("again"), 2, 0, 7));
    QVERIFY(m_task->phantom(m_preset, folder("other"), 2, 0, 8));
    const auto bytes = [this](const char *dataset, const char *file) { return readFile(folder(dataset) / file); };
    for (const auto *file : {"imagesTr/phantom-0-002_0000.nii.gz", "imagesTr/phantom-0-002_0001.nii.gz",
                             "labelsTr/phantom-0-002.nii.gz"}) {
        QVERIFY(bytes("reference", file) && bytes("again", file) && bytes("other", file));
        QVERIFY2(*bytes("reference", file) == *bytes("again", file), file);
        QVERIFY2(*bytes("reference", file) != *bytes("other", file), file);
    }
}

void tst_Phantom::anotherSiteIsAnotherScanner()
{
    QVERIFY(m_task->phantom(m_preset, folder("shifted"), 1, 1, 7));
    const auto dataset = openDataset(folder("shifted"));
    QVERIFY(dataset);
    const auto here = imaging::readNifti(m_reference.cases[0].channels[0]);
    const auto there = imaging::readNifti(dataset->cases[0].channels[0]);
    QVERIFY(here && there);
    QVERIFY(here->geometry.orientation() != there->geometry.orientation());
    const double ratio = imaging::valueRange(there->values).high / imaging::valueRange(here->values).high;
    QVERIFY2(ratio > 1.3 || ratio < 1 / 1.3, "brightness must tell the scanners apart");
}

void tst_Phantom::leavesAFilledFolderAlone()
{
    QVERIFY(writeFileAtomically(folder("filled") / "mine.txt", "keep me"));
    const auto made = m_task->phantom(m_preset, folder("filled"), 1, 0, 7);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QCOMPARE(*readFile(folder("filled") / "mine.txt"), std::string("keep me"));
    QVERIFY(!std::filesystem::exists(folder("filled") / "imagesTr"));
    QVERIFY(!std::filesystem::exists(folder("filled.partial")));
}

void tst_Phantom::otherTasksHaveNone()
{
    const auto preset = loadPreset("hippocampus");
    QVERIFY(preset);
    const auto made = m_task->phantom(*preset, folder("hippocampus"), 1, 0, 7);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Unsupported);
    QVERIFY(!std::filesystem::exists(folder("hippocampus")));
}

QTEST_APPLESS_MAIN(tst_Phantom)
#include "tst_phantom.moc"
