// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/small_dataset.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace consilium;
using namespace consilium::tasks;
using consilium::test::gridOf;
using consilium::test::SmallDataset;

class tst_Fingerprint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void handWorkedDataset();
    void sizesAreThoseOfTheCanonicalFrame();
    void countsCasesThatHoldALabel();
    void percentilesOverCases();
    void poolsTheForegroundOfAllCases();
    void knowsCt();
    void holdsNoNames();
    void refusesADatasetOfAnotherTask();
    void namesTheCaseThatCannotBeRead();

private:
    std::unique_ptr<Task> m_task;
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<SmallDataset> m_dataset;
};

void tst_Fingerprint::initTestCase()
{
    auto task = loadTask("volume-segmentation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
}

void tst_Fingerprint::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_dataset = std::make_unique<SmallDataset>(std::filesystem::path(m_temporary->path().toStdString()) / "data");
    QVERIFY(m_dataset->describe());
}

void tst_Fingerprint::handWorkedDataset()
{
    // Values 1 to 64 in 4 x 4 x 4 voxels; the label is the cuboid of the first two along each axis: 1, 2, 5, 6, 17, 18,
    // 21, 22.
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4, 2)));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY2(fingerprint, fingerprint ? "" : fingerprint.error().line().c_str());
    QVERIFY((*fingerprint)["cases"] == Json(1));
    QVERIFY((*fingerprint)["labels"] == Json({"background", "lesion"}));
    QVERIFY((*fingerprint)["spacing"]["median"] == Json({2.0, 2.0, 2.0}));
    const auto &image = (*fingerprint)["intensity"][0]["image"];
    QCOMPARE(image["mean"].get<double>(), 32.5);
    QCOMPARE(image["median"].get<double>(), 32.5);
    QCOMPARE(image["deviation"].get<double>(), std::sqrt(64.0 * 65 / 12)); // of 1..n: n (n + 1) / 12
    QCOMPARE(image["percentile99.5"].get<double>(), 1 + 0.995 * 63);
    const auto &foreground = (*fingerprint)["intensity"][0]["foreground"];
    QCOMPARE(foreground["mean"].get<double>(), 11.5);
    QCOMPARE(foreground["median"].get<double>(), 11.5);
}

void tst_Fingerprint::sizesAreThoseOfTheCanonicalFrame()
{
    // Stored with k towards the patient's left, i to the back, j to the head: left-right is the third file axis.
    auto geometry = gridOf(5, 6, 7);
    geometry.direction = {imaging::Vec3{0, 0, 1}, imaging::Vec3{1, 0, 0}, imaging::Vec3{0, 1, 0}};
    QVERIFY(m_dataset->addCase("a", geometry));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    QVERIFY((*fingerprint)["size"]["median"] == Json({7.0, 5.0, 6.0}));
}

void tst_Fingerprint::countsCasesThatHoldALabel()
{
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4)) && m_dataset->addCase("b", gridOf(4, 4, 6)) &&
            m_dataset->addCase("c", gridOf(4, 4, 8), 0));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    QVERIFY((*fingerprint)["labelCases"] == Json({3, 2}));
    QVERIFY((*fingerprint)["size"]["minimum"] == Json({4.0, 4.0, 4.0}));
    QVERIFY((*fingerprint)["size"]["median"] == Json({4.0, 4.0, 6.0}));
    QVERIFY((*fingerprint)["size"]["maximum"] == Json({4.0, 4.0, 8.0}));
}

void tst_Fingerprint::percentilesOverCases()
{
    // Heights of 4, 8 and 12 voxels of 2 mm: the 10th percentile lies a fifth of the way from the first to the second.
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4, 2)) && m_dataset->addCase("b", gridOf(4, 4, 8, 2)) &&
            m_dataset->addCase("c", gridOf(4, 4, 12, 2)));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    QCOMPARE((*fingerprint)["size"]["percentile10"][2].get<double>(), 4.8);
    QCOMPARE((*fingerprint)["size"]["percentile90"][2].get<double>(), 11.2);
    QCOMPARE((*fingerprint)["extent"]["median"][2].get<double>(), 16.0);
    QCOMPARE((*fingerprint)["spacing"]["percentile10"][2].get<double>(), 2.0);
}

void tst_Fingerprint::poolsTheForegroundOfAllCases()
{
    // The labelled voxels are 1, 2 in rows of 4 (see handWorkedDataset) and, in the second case of 2 x 2 x 2, the
    // first.
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4)) && m_dataset->addCase("b", gridOf(2, 2, 2)) &&
            m_dataset->addCase("c", gridOf(4, 4, 4), 0));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    const auto &pooled = (*fingerprint)["intensity"][0]["pooled"];
    QCOMPARE(pooled["voxels"].get<int>(), 9);
    QCOMPARE(pooled["mean"].get<double>(), (92.0 + 1) / 9); // 1 + 2 + 5 + 6 + 17 + 18 + 21 + 22 = 92
    QCOMPARE(pooled["median"].get<double>(), 6.0);
    // 1 + 4 + 25 + 36 + 289 + 324 + 441 + 484 + 1 = 1605
    QCOMPARE(pooled["deviation"].get<double>(), std::sqrt((1605 - 93.0 * 93 / 9) / 8));
    QCOMPARE((*fingerprint)["intensity"][0]["foreground"]["mean"].get<double>(), (11.5 + 1) / 2);
}

void tst_Fingerprint::knowsCt()
{
    QVERIFY(m_dataset->describe({{"channel_names", {{"0", "CT"}}}, {"labels", {{"background", 0}, {"lesion", 1}}}}));
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4), 0));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    QVERIFY((*fingerprint)["modalities"] == Json::array({"CT"}));
    QVERIFY((*fingerprint)["intensity"][0]["pooled"].is_null());
}

void tst_Fingerprint::holdsNoNames()
{
    QVERIFY(m_dataset->addCase("Lovelace_Ada", gridOf(4, 4, 4)));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(fingerprint);
    const auto text = QString::fromStdString(fingerprint->dump());
    QVERIFY(!text.contains("Lovelace"));
    QVERIFY(!text.contains(QString::fromStdString(m_dataset->folder().string())));
    QVERIFY2(text.size() < 2000, "a summary, not data");
}

void tst_Fingerprint::refusesADatasetOfAnotherTask()
{
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4)));
    const auto preset = loadPreset("hippocampus"); // two labels where this dataset has one
    QVERIFY(preset);
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), *preset);
    QVERIFY(!fingerprint);
    QVERIFY(QString::fromStdString(fingerprint.error().message).contains("labels"));
}

void tst_Fingerprint::namesTheCaseThatCannotBeRead()
{
    QVERIFY(m_dataset->addCase("a", gridOf(4, 4, 4)) && m_dataset->addCase("b", gridOf(4, 4, 4)) &&
            m_dataset->addCase("c", gridOf(4, 4, 4)));
    QVERIFY(writeFileAtomically(m_dataset->image("b"), "not an image"));
    QVERIFY(writeFileAtomically(m_dataset->image("c"), "not an image"));
    const auto fingerprint = m_task->fingerprint(m_dataset->folder(), Json::object());
    QVERIFY(!fingerprint);
    const auto message = QString::fromStdString(fingerprint.error().message);
    QVERIFY2(message.contains("Case b") && message.contains("b_0000.nii.gz"), qPrintable(message));
}

QTEST_APPLESS_MAIN(tst_Fingerprint)
#include "tst_fingerprint.moc"
