// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task.h"

#include <QTest>

#include <algorithm>

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
    Result<Plan> plan(const std::vector<Json> &fingerprints)
    {
        m_reasons.clear();
        return m_task->plan(m_preset, fingerprints, m_reasons);
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
    QVERIFY(std::any_of(m_reasons.begin(), m_reasons.end(),
                        [](const std::string &reason) { return reason.find("40 x 56 x 64") != std::string::npos; }));
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
    std::vector<std::string> reasons;
    const auto made = m_task->plan(preset, fingerprints, reasons);
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
}

void tst_Planner::warnsOfASiteWithTooFewCases()
{
    QVERIFY(plan({fingerprint(3, {40, 40, 40}, {1, 1, 1})}));
    QVERIFY(std::any_of(m_reasons.begin(), m_reasons.end(), [](const std::string &reason) {
        return reason.find("3 case(s), fewer than the 10") != std::string::npos;
    }));
}

QTEST_APPLESS_MAIN(tst_Planner)
#include "tst_planner.moc"
