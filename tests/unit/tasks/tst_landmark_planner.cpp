// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task.h"

#include <QTest>
#include <algorithm>

using namespace consilium;
using namespace consilium::tasks;

class tst_LandmarkPlanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theTaskFixesSizeAndNetwork();
    void aSizeBringsItsPatch();
    void settingsAreTakenTogether();
    void anImpossibleSizeNamesItsKey();
    void theBatchFitsIntoTheMemory();
    void anAskedForBatchStays();
    void tooLittleMemoryIsSaid();
    void sameFingerprintsSameHash();
    void theOrderOfLandmarksIsHashed();
    void aSiteMayLackALandmark();
    void refusesALandmarkOfAnotherName();
    void refusesOtherChannels();
    void refusesWhatIsNoFingerprint();
    void warnsOfASiteWithTooFewCases();
    void aModuleNeedsNoFormula();
    void automaticConfigurationIsAnswered();
    void warnsOfWhatActsInLocalTrainingAlone();
    void spinopelvicIsThePapers();

private:
    Json fingerprint(int cases, std::array<double, 2> size = {1000, 1400}, std::array<double, 2> spacing = {0.3, 0.3})
    {
        return {{"format", 1},
                {"cases", cases},
                {"channels", {"X-ray"}},
                {"landmarks", {"a", "b"}},
                {"landmarkCases", {cases, cases}},
                {"size", {{"median", size}}},
                {"spacing", {{"median", spacing}}}};
    }
    Result<Plan> plan(const std::vector<Json> &fingerprints, const PlanRequest &request = {})
    {
        m_reasons.clear();
        return m_task->plan(m_preset, fingerprints, request, m_reasons);
    }
    bool says(const std::string &words) const
    {
        return std::any_of(m_reasons.begin(), m_reasons.end(),
                           [&words](const std::string &reason) { return reason.find(words) != std::string::npos; });
    }

    std::unique_ptr<Task> m_task;
    Json m_preset;
    std::vector<std::string> m_reasons;
};

void tst_LandmarkPlanner::initTestCase()
{
    auto task = loadTask("landmark-localisation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
    m_preset = {{"name", "test"},
                {"kind", "landmark-localisation"},
                {"channels", {"X-ray"}},
                {"landmarks", {"a", "b"}},
                {"plan",
                 {{"network", {{"kind", "hourglass"}, {"dimensions", 2}, {"features", {16}}, {"stacks", 1}}},
                  {"preprocessing", {{"size", {128, 128}}}},
                  {"augmentation", {{"mirror", Json::array()}}},
                  {"training", {{"patch", {128, 128}}, {"batchSize", 4}, {"loss", "dsnt"}}}}}};
}

void tst_LandmarkPlanner::theTaskFixesSizeAndNetwork()
{
    const auto made = plan({fingerprint(10)});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->data.kind, std::string("landmark-localisation"));
    QCOMPARE(made->data.landmarks, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(made->preprocessing.size, (std::vector{128, 128}));
    QCOMPARE(made->preprocessing.normalisation, (std::vector<std::string>{"zscore"}));
    QCOMPARE(made->training.batchSize, 4);
    QVERIFY(says("10 radiograph(s) at 1 site(s), 2 landmarks"));
    QVERIFY(says("3.3 mm a pixel")); // 1400 rows of 0.3 mm on 128 pixels
    QVERIFY(says("million parameters") && says("multiply-adds"));
}

void tst_LandmarkPlanner::aSizeBringsItsPatch()
{
    const auto made = plan({fingerprint(10)}, {.settings = {{"preprocessing.size", "[64,64]"}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->preprocessing.size, (std::vector{64, 64}));
    QCOMPARE(made->training.patch, (std::vector{64, 64}));
    QVERIFY(says("training.patch=[64,64] with it"));
}

void tst_LandmarkPlanner::settingsAreTakenTogether()
{
    const auto made = plan({fingerprint(10)}, {.settings = {{"preprocessing.size", "[192,192]"},
                                                            {"network.features", "[24]"},
                                                            {"training.patch", "[192,192]"}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->training.patch, (std::vector{192, 192}));
    QCOMPARE(made->network.features, (std::vector{24}));
    QVERIFY(says("As asked: network.features=[24]"));
}

void tst_LandmarkPlanner::anImpossibleSizeNamesItsKey()
{
    // The stem and the hourglass halve six times.
    const auto made = plan({fingerprint(10)}, {.settings = {{"preprocessing.size", "[100,100]"}}});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QVERIFY(QString::fromStdString(made.error().message).contains("training.patch"));
}

void tst_LandmarkPlanner::theBatchFitsIntoTheMemory()
{
    const auto roomy = plan({fingerprint(10)}, {.memory = 64e9, .settings = {}});
    QVERIFY(roomy && roomy->training.batchSize == 4);
    int before = 4;
    // Less memory never makes the batch larger, and at last there is no batch.
    for (double memory = 1e9; memory > 1e5; memory /= 1.25) {
        const auto made = plan({fingerprint(10)}, {.memory = memory, .settings = {}});
        if (!made)
            break;
        QVERIFY(made->training.batchSize >= 1 && made->training.batchSize <= before);
        before = made->training.batchSize;
        QCOMPARE(says(" instead of 4: training takes about"), before < 4);
    }
    QCOMPARE(before, 1);
}

void tst_LandmarkPlanner::anAskedForBatchStays()
{
    const auto made = plan({fingerprint(10)}, {.memory = 1e6, .settings = {{"training.batchSize", "8"}}});
    QVERIFY(made);
    QCOMPARE(made->training.batchSize, 8);
    QVERIFY(says("Check: Batches of 8"));
}

void tst_LandmarkPlanner::tooLittleMemoryIsSaid()
{
    const auto made = plan({fingerprint(10)}, {.memory = 1e6, .settings = {}});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(made.error().line());
    QVERIFY2(line.contains("128 x 128") && line.contains("Give more memory") && !line.contains('\n'), qPrintable(line));
}

void tst_LandmarkPlanner::sameFingerprintsSameHash()
{
    const auto one = fingerprint(10), other = fingerprint(12, {900, 1200}, {0.4, 0.4});
    const auto first = plan({one, other}), second = plan({other, one});
    QVERIFY(first && second);
    QCOMPARE(first->hash(), second->hash());
}

void tst_LandmarkPlanner::theOrderOfLandmarksIsHashed()
{
    // Heatmaps come in that order: another order is another study.
    const auto first = plan({fingerprint(10)});
    auto preset = m_preset;
    preset["landmarks"] = {"b", "a"};
    const std::vector fingerprints{fingerprint(10)};
    const auto second = m_task->plan(preset, fingerprints, {}, m_reasons);
    QVERIFY(first && second);
    QVERIFY(first->hash() != second->hash());
}

void tst_LandmarkPlanner::aSiteMayLackALandmark()
{
    auto other = fingerprint(10);
    other["landmarks"] = {"b"};
    other["landmarkCases"] = {7};
    const auto made = plan({fingerprint(10), other});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QVERIFY(says("Check: \"a\" is on 10 of them only"));
}

void tst_LandmarkPlanner::refusesALandmarkOfAnotherName()
{
    auto other = fingerprint(10);
    other["landmarks"] = {"a", "c"};
    const auto made = plan({fingerprint(10), other});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QVERIFY(QString::fromStdString(made.error().message).contains("Fingerprint 2 has the landmark \"c\""));
}

void tst_LandmarkPlanner::refusesOtherChannels()
{
    auto other = fingerprint(10);
    other["channels"] = {"low", "high"};
    const auto made = plan({other});
    QVERIFY(!made);
    QVERIFY(QString::fromStdString(made.error().message).contains("2 channel(s) (low, high), the task 1"));
}

void tst_LandmarkPlanner::refusesWhatIsNoFingerprint()
{
    QCOMPARE(plan({}).error().code, ErrorCode::Invalid);
    QCOMPARE(plan({Json::object()}).error().code, ErrorCode::Malformed);
    QCOMPARE(plan({Json::array()}).error().code, ErrorCode::Malformed);
    auto newer = fingerprint(10);
    newer["format"] = 2;
    QCOMPARE(plan({newer}).error().code, ErrorCode::Unsupported);
    QCOMPARE(plan({fingerprint(10, {0, 40})}).error().code, ErrorCode::Malformed);
    QCOMPARE(plan({fingerprint(0)}).error().code, ErrorCode::Malformed);
}

void tst_LandmarkPlanner::warnsOfASiteWithTooFewCases()
{
    QVERIFY(plan({fingerprint(3)}));
    QVERIFY(says("3 case(s), fewer than the 10"));
}

void tst_LandmarkPlanner::aModuleNeedsNoFormula()
{
    const auto made =
        plan({fingerprint(10)},
             {.memory = 1e6,
              .settings = {{"network.kind", "torchscript"}, {"network.module", '"' + std::string(64, 'a') + '"'}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->network.kind, std::string("torchscript"));
    QCOMPARE(made->training.batchSize, 4);
    QVERIFY(says("Batches of 4: what training the module takes in memory is not known"));
}

void tst_LandmarkPlanner::automaticConfigurationIsAnswered()
{
    const auto given = plan({fingerprint(10)});
    QVERIFY(given && !says("automatically"));
    const auto made = plan({fingerprint(10)}, {.configure = true, .settings = {}});
    QVERIFY(made && made->hash() == given->hash());
    QVERIFY(says("Nothing but the batch is found automatically"));
}

void tst_LandmarkPlanner::warnsOfWhatActsInLocalTrainingAlone()
{
    QVERIFY(plan({fingerprint(10)}));
    QVERIFY(!says("local training alone"));
    QVERIFY(plan({fingerprint(10)}, {.settings = {{"training.patience", "5"}}}));
    QVERIFY(says("Check: training.patience=5 acts in local training alone"));
    QVERIFY(plan({fingerprint(10)}, {.settings = {{"training.schedule.kind", "plateau"}}}));
    QVERIFY(says("Check: training.schedule.kind=plateau acts in local training alone"));
}

void tst_LandmarkPlanner::spinopelvicIsThePapers()
{
    const auto preset = loadPreset("spinopelvic");
    QVERIFY(preset);
    auto one = fingerprint(20);
    one["landmarks"] = (*preset)["landmarks"];
    one["landmarkCases"] = std::vector<int>(29, 20);
    const std::vector fingerprints{one};
    m_reasons.clear();
    const auto made = m_task->plan(*preset, fingerprints, {.memory = 80e9, .settings = {}}, m_reasons);
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->preprocessing.size, (std::vector{768, 768}));
    QCOMPARE(made->outputs(), 29u);
    QCOMPARE(made->augmentation.rotation, 10.0);
    const auto names = m_task->metrics(*made);
    QCOMPARE(names, (std::vector<std::string>{"found", "error", "errorShare", "sacralSlope", "pelvicTilt",
                                              "pelvicIncidence", "lumbarLordosis"}));
    QCOMPARE(m_task->metrics(*plan({fingerprint(10)})), (std::vector<std::string>{"found", "error", "errorShare"}));
}

QTEST_GUILESS_MAIN(tst_LandmarkPlanner)
#include "tst_landmark_planner.moc"
