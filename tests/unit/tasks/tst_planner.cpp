// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace consilium;
using namespace consilium::tasks;

class tst_Planner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void patchShrinksToTheMedianImage();
    void patchStaysWhereImagesAreLarger();
    void patchFollowsTheSpacing();
    void spacingIsTheMedianOverCases();
    void theTaskMayFixTheSpacing();
    void sameFingerprintsSameHash();
    void refusesOtherLabels();
    void refusesWhatIsNoFingerprint();
    void warnsOfASiteWithTooFewCases();
    void whatTheTaskLeavesOpenIsFound();
    void configuringAnewKeepsTheKindAlone();
    void thickSlicesTakeTheTenthPercentile();
    void fewSlicesAreReadOneByOne();
    void fewVoxelsAcrossStayInThreeDimensions();
    void warnsOfWhatActsInLocalTrainingAlone();
    void ctIsScaledByTheForegroundOfAllSites();
    void ctNeedsForeground();
    void settingsWinAndAreAppliedTogether();
    void otherNetworksFit_data();
    void otherNetworksFit();
    void badRequestsAreOneLine_data();
    void badRequestsAreOneLine();
    void tellsWhatThePlanAmountsTo();

private:
    Json fingerprint(int cases, std::array<double, 3> size, std::array<double, 3> spacing) const
    {
        return {{"format", 1},
                {"cases", cases},
                {"channels", m_preset["channels"]},
                {"labels", m_preset["labels"]},
                {"size", {{"median", size}}},
                {"spacing", {{"median", spacing}}}};
    }
    Result<Plan> plan(const std::vector<Json> &fingerprints, const PlanRequest &request = {})
    {
        return planOf(m_preset, fingerprints, request);
    }
    Result<Plan> planOf(const Json &preset, const std::vector<Json> &fingerprints, const PlanRequest &request = {})
    {
        m_reasons.clear();
        return m_task->plan(preset, fingerprints, request, m_reasons);
    }
    bool says(const std::string &words) const
    {
        return std::any_of(m_reasons.begin(), m_reasons.end(),
                           [&words](const std::string &reason) { return reason.find(words) != std::string::npos; });
    }
    Json openPreset() const
    {
        auto preset = m_preset;
        preset["plan"] = Json::object();
        return preset;
    }

    std::unique_ptr<Task> m_task;
    Json m_preset;
    std::vector<std::string> m_reasons;
};

void tst_Planner::initTestCase()
{
    auto task = loadTask("volume-segmentation");
    QVERIFY2(task, task ? "" : task.error().line().c_str());
    m_task = std::move(*task);
    // Four resolutions: patches in steps of 8.
    m_preset = {{"name", "test"},
                {"kind", "volume-segmentation"},
                {"channels", {"T1"}},
                {"labels", {"background", "lesion"}},
                {"plan", {{"network", {{"features", {8, 16, 32, 64}}}}, {"training", {{"patch", {64, 64, 64}}}}}}};
}

void tst_Planner::patchShrinksToTheMedianImage()
{
    const auto made = plan({fingerprint(10, {35, 50, 64}, {1, 1, 1})});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->training.patch, (std::vector{40, 56, 64})); // 35 up to 5 * 8, 50 up to 7 * 8
    QVERIFY(says("40 x 56 x 64"));
}

void tst_Planner::patchStaysWhereImagesAreLarger()
{
    const auto made = plan({fingerprint(10, {182, 218, 182}, {1, 1, 1})});
    QVERIFY(made);
    QCOMPARE(made->training.patch, (std::vector{64, 64, 64}));
}

void tst_Planner::patchFollowsTheSpacing()
{
    // The small site's slices are 5 mm; at the 1 mm of the large site its images would be 100 voxels high. By cases,
    // half of all images are no higher than 40.
    const auto made = plan({fingerprint(30, {40, 40, 40}, {1, 1, 1}), fingerprint(10, {40, 40, 20}, {1, 1, 5})});
    QVERIFY(made);
    QCOMPARE(made->preprocessing.spacing, (std::array<double, 3>{1, 1, 1}));
    QCOMPARE(made->training.patch, (std::vector{40, 40, 40}));
}

void tst_Planner::spacingIsTheMedianOverCases()
{
    const auto made = plan({fingerprint(10, {40, 40, 40}, {1, 1, 3}), fingerprint(25, {40, 40, 40}, {0.5, 1, 3}),
                            fingerprint(10, {40, 40, 40}, {2, 1.00000012, 3})});
    QVERIFY(made);
    QCOMPARE(made->preprocessing.spacing, (std::array<double, 3>{0.5, 1, 3}));
    QCOMPARE(made->preprocessing.normalisation, (std::vector<std::string>{"zscore"}));
}

void tst_Planner::theTaskMayFixTheSpacing()
{
    auto preset = m_preset;
    preset["plan"]["preprocessing"]["spacing"] = {2, 2, 2};
    const std::vector fingerprints{fingerprint(10, {40, 40, 40}, {1, 1, 1})};
    const auto made = planOf(preset, fingerprints);
    QVERIFY(made);
    QCOMPARE(made->preprocessing.spacing, (std::array<double, 3>{2, 2, 2}));
    QCOMPARE(made->training.patch, (std::vector{24, 24, 24})); // 20 voxels of 2 mm, up to 3 * 8
}

void tst_Planner::sameFingerprintsSameHash()
{
    const auto one = fingerprint(10, {40, 40, 40}, {1, 1, 1});
    const auto other = fingerprint(12, {44, 44, 44}, {1.2, 1.2, 1.2});
    const auto first = plan({one, other});
    const auto second = plan({other, one});
    QVERIFY(first && second);
    QCOMPARE(first->hash(), second->hash());
}

void tst_Planner::refusesOtherLabels()
{
    auto other = fingerprint(10, {40, 40, 40}, {1, 1, 1});
    other["labels"] = {"background", "scar"};
    const auto made = plan({fingerprint(10, {40, 40, 40}, {1, 1, 1}), other});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QVERIFY(QString::fromStdString(made.error().message).contains("Fingerprint 2"));
    QVERIFY(QString::fromStdString(made.error().message).contains("scar"));
}

void tst_Planner::refusesWhatIsNoFingerprint()
{
    QCOMPARE(plan({}).error().code, ErrorCode::Invalid);
    QCOMPARE(plan({Json::object()}).error().code, ErrorCode::Malformed);
    QCOMPARE(plan({Json::array()}).error().code, ErrorCode::Malformed);
    auto newer = fingerprint(10, {40, 40, 40}, {1, 1, 1});
    newer["format"] = 2;
    QCOMPARE(plan({newer}).error().code, ErrorCode::Unsupported);
    QCOMPARE(plan({fingerprint(10, {0, 40, 40}, {1, 1, 1})}).error().code, ErrorCode::Malformed);
    auto broken = fingerprint(10, {40, 40, 40}, {1, 1, 1});
    broken["spacing"]["percentile10"] = "thin";
    QCOMPARE(plan({broken}).error().code, ErrorCode::Malformed);
    broken = fingerprint(10, {40, 40, 40}, {1, 1, 1});
    broken["modalities"] = Json::array();
    QCOMPARE(plan({broken}).error().code, ErrorCode::Malformed);
}

void tst_Planner::warnsOfASiteWithTooFewCases()
{
    QVERIFY(plan({fingerprint(3, {40, 40, 40}, {1, 1, 1})}));
    QVERIFY(says("3 case(s), fewer than the 10"));
}

void tst_Planner::whatTheTaskLeavesOpenIsFound()
{
    // The hippocampus of nnU-Net's paper, whose patch is 40 x 56 x 40 with three halvings.
    const auto made = planOf(openPreset(), {fingerprint(260, {35, 50, 36}, {1, 1, 1})});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->training.patch, (std::vector{40, 56, 40}));
    QCOMPARE(made->network.features, (std::vector{32, 64, 128, 256}));
    QCOMPARE(patchDivisor(made->network), (std::vector{8, 8, 8}));
    QCOMPARE(made->training.batchSize, 9);
}

void tst_Planner::configuringAnewKeepsTheKindAlone()
{
    auto preset = m_preset;
    preset["plan"]["network"]["kind"] = "residual-unet";
    preset["plan"]["training"]["batchSize"] = 3;
    preset["plan"]["training"]["batchesPerEpoch"] = 17;
    PlanRequest request;
    request.configure = true;
    const auto made = planOf(preset, {fingerprint(100, {182, 218, 182}, {1, 1, 1})}, request);
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->network.kind, std::string("residual-unet"));
    QCOMPARE(made->network.features, (std::vector{32, 64, 128, 256, 320, 320}));
    QCOMPARE(made->training.patch, (std::vector{128, 128, 128}));
    QCOMPARE(made->training.batchSize, 2);
    QCOMPARE(made->training.batchesPerEpoch, 17);
    request.memory = 2e9;
    const auto small = planOf(preset, {fingerprint(100, {182, 218, 182}, {1, 1, 1})}, request);
    QVERIFY(small);
    QVERIFY(small->training.patch[0] < 128);
}

void tst_Planner::thickSlicesTakeTheTenthPercentile()
{
    auto one = fingerprint(30, {320, 320, 20}, {0.62, 0.62, 3.6});
    one["spacing"]["percentile10"] = {0.6, 0.6, 3.0};
    one["spacing"]["percentile90"] = {0.7, 0.7, 4.0};
    const auto made = planOf(openPreset(), {one});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->preprocessing.spacing, (std::array<double, 3>{0.62, 0.62, 3.0}));
    QVERIFY(says("along z"));
}

void tst_Planner::fewSlicesAreReadOneByOne()
{
    const auto made = planOf(openPreset(), {fingerprint(40, {256, 256, 6}, {1, 1, 9})});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->network.dimensions, 2);
    QCOMPARE(made->training.patch, (std::vector{256, 256}));
    QCOMPARE(made->augmentation.mirror, (std::vector{0, 1}));
    QVERIFY(says("only 6 slices"));
}

void tst_Planner::fewVoxelsAcrossStayInThreeDimensions()
{
    const auto made = planOf(openPreset(), {fingerprint(40, {6, 256, 256}, {9, 1, 1})});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->network.dimensions, 3);
    QVERIFY(says("only 6 voxels along x"));
}

void tst_Planner::warnsOfWhatActsInLocalTrainingAlone()
{
    QVERIFY(plan({fingerprint(10, {64, 64, 64}, {1, 1, 1})},
                 {8e9, false, {{"training.patience", "5"}, {"training.schedule.kind", "plateau"}}}));
    QVERIFY(says("Check: training.patience=5 acts in local training alone"));
    QVERIFY(says("Check: training.schedule.kind=plateau acts in local training alone"));
}

void tst_Planner::ctIsScaledByTheForegroundOfAllSites()
{
    const auto site = [this](double voxels, double mean, double deviation, double low, double high) {
        auto json = fingerprint(10, {64, 64, 64}, {1, 1, 1});
        json["modalities"] = {"CT"};
        json["intensity"] = Json::array({{{"pooled",
                                           {{"voxels", voxels},
                                            {"mean", mean},
                                            {"deviation", deviation},
                                            {"percentile0.5", low},
                                            {"percentile99.5", high}}}}});
        return json;
    };
    // 3 and 5 (mean 4, deviation sqrt 2) with 8, 10 and 12 (mean 10, deviation 2): of all five the mean is 7.6, and the
    // squares about it sum to 21.16 + 6.76 + 0.16 + 5.76 + 19.36 = 53.2.
    const auto made = plan({site(2, 4, std::sqrt(2), 0, 10), site(3, 10, 2, 5, 20)});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->preprocessing.normalisation, (std::vector<std::string>{"ct"}));
    const auto [low, high, mean, deviation] = made->preprocessing.intensities.front();
    QCOMPARE(mean, 7.6);
    QCOMPARE(deviation, std::sqrt(53.2 / 4));
    QCOMPARE(low, 3.0);   // (2 * 0 + 3 * 5) / 5
    QCOMPARE(high, 16.0); // (2 * 10 + 3 * 20) / 5
    // One site that does not say so, and a task that does not: a person should look.
    auto other = site(3, 10, 2, 5, 20);
    other["modalities"] = {"other"};
    const auto mixed = plan({site(2, 4, 1, 0, 10), other});
    QVERIFY(mixed);
    QCOMPARE(mixed->preprocessing.normalisation, (std::vector<std::string>{"zscore"}));
    QVERIFY(says("Check: 1 of 2 sites say"));
}

void tst_Planner::ctNeedsForeground()
{
    auto preset = m_preset;
    preset["channels"] = {"CT"};
    const auto made = planOf(preset, {fingerprint(10, {64, 64, 64}, {1, 1, 1})});
    QVERIFY(!made);
    QVERIFY(QString::fromStdString(made.error().line()).contains("channel CT"));
}

void tst_Planner::settingsWinAndAreAppliedTogether()
{
    // Four resolutions in the task, two here; 36 divides by 2 and not by 8. Neither setting would hold alone.
    const auto made = plan({fingerprint(10, {64, 64, 64}, {1, 1, 1})}, {8e9,
                                                                        false,
                                                                        {{"network.features", "[4, 8]"},
                                                                         {"training.patch", "[36, 36, 36]"},
                                                                         {"federation.strategy.kind", "fedavg"},
                                                                         {"seed", "11"}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->training.patch, (std::vector{36, 36, 36}));
    QCOMPARE(made->network.features, (std::vector{4, 8}));
    QCOMPARE(made->seed, 11u);
    QVERIFY(says("As asked: training.patch=[36, 36, 36]"));
    // The task's strides go as far as the features asked for.
    auto preset = m_preset;
    preset["plan"]["network"]["strides"] = {{1, 1, 1}, {2, 2, 1}, {2, 2, 1}, {2, 2, 2}};
    const auto flat =
        planOf(preset, {fingerprint(10, {64, 64, 64}, {1, 1, 1})}, {8e9, false, {{"network.features", "[4, 8, 16]"}}});
    QVERIFY2(flat, flat ? "" : flat.error().line().c_str());
    QCOMPARE(patchDivisor(flat->network), (std::vector{4, 4, 1}));
}

void tst_Planner::otherNetworksFit_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<std::vector<int>>("patch");
    QTest::newRow("plain") << "unet" << 3 << std::vector{64, 64, 24};
    QTest::newRow("residual") << "residual-unet" << 3 << std::vector{64, 64, 24};
    QTest::newRow("AH-Net") << "ahnet" << 3 << std::vector{64, 64, 32};
    QTest::newRow("in two dimensions") << "unet" << 2 << std::vector{256, 256};
}

void tst_Planner::otherNetworksFit()
{
    QFETCH(QString, kind);
    QFETCH(int, dimensions);
    QFETCH(std::vector<int>, patch);
    auto preset = m_preset;
    preset["plan"]["network"]["blocks"] = {2, 2, 2, 2};
    preset["plan"]["augmentation"]["mirror"] = {0, 2};
    const auto made = planOf(
        preset, {fingerprint(20, {256, 256, 20}, {1, 1, 2})},
        {8e9, false, {{"network.kind", kind.toStdString()}, {"network.dimensions", std::to_string(dimensions)}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QCOMPARE(made->network.kind, kind.toStdString());
    QCOMPARE(made->training.patch, patch);
    QCOMPARE(made->network.blocks.empty(), kind != "unet" || dimensions == 2);
}

void tst_Planner::badRequestsAreOneLine_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("named");
    QTest::newRow("no such key") << "training.batchSizes"
                                 << "4"
                                 << "'training.batchSizes' is not a key";
    QTest::newRow("no such key inside a value") << "seed.small"
                                                << "4"
                                                << "'seed'";
    QTest::newRow("of another type") << "training.batchSize"
                                     << "many"
                                     << "'training.batchSize'";
    QTest::newRow("a section that is none") << "preprocessing"
                                            << "3"
                                            << "'preprocessing'";
    QTest::newRow("impossible spacing") << "preprocessing.spacing"
                                        << "[0, 1, 1]"
                                        << "'preprocessing.spacing'";
    QTest::newRow("patch that does not divide") << "training.patch"
                                                << "[30, 30, 30]"
                                                << "'training.patch'";
    QTest::newRow("patch of other dimensions") << "training.patch"
                                               << "[32, 32]"
                                               << "'training.patch'";
    QTest::newRow("network of no kind") << "network.kind"
                                        << "transformer"
                                        << "'network.kind'";
    QTest::newRow("strides of another length") << "network.strides"
                                               << "[[1, 1, 1]]"
                                               << "'network.strides'";
    QTest::newRow("strides beyond every patch") << "network.strides"
                                                << "[[1,1,1],[1000000,1,1],[1000000,1,1],[1000000,1,1]]"
                                                << "'network.strides'";
    QTest::newRow("patch beyond every memory") << "training.patch"
                                               << "[4096, 4096, 4096]"
                                               << "'training.patch'";
}

void tst_Planner::badRequestsAreOneLine()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, named);
    const auto made =
        plan({fingerprint(10, {64, 64, 64}, {1, 1, 1})}, {8e9, false, {{key.toStdString(), value.toStdString()}}});
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(made.error().line());
    QVERIFY2(line.contains(named) && !line.contains('\n'), qPrintable(line));
}

void tst_Planner::tellsWhatThePlanAmountsTo()
{
    // 1 -> 4 -> 4 maps with 27 weights each, norms of 2 * 4; two labels from 4 maps with a bias.
    const auto made = plan({fingerprint(10, {64, 64, 64}, {1, 1, 1})},
                           {8e9, false, {{"network.features", "[4]"}, {"training.patch", "[10, 10, 10]"}}});
    QVERIFY2(made, made ? "" : made.error().line().c_str());
    QVERIFY(says(fmt::format("{} weights", 4 * 27 + 16 * 27 + 2 * 8 + 2 * 4 + 2)));
    QVERIFY(says(fmt::format("{} multiply-adds", 1000 * (4 * 27 + 16 * 27 + 2 * 4))));
    QVERIFY(says("MB of memory") && says("50 round(s) of 250 step(s)"));
    // A plan that needs more than there is says so.
    QVERIFY(plan({fingerprint(10, {64, 64, 64}, {1, 1, 1})}, {1e6, false, {}}));
    QVERIFY(says("Check: that is more than 1 MB"));
}

QTEST_APPLESS_MAIN(tst_Planner)
#include "tst_planner.moc"
