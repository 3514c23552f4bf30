// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/agreement.h"
#include "evaluation/paired_comparison.h"

#include <QtTest>
#include <cmath>

using namespace consilium;
using namespace consilium::evaluation;

namespace {

/// Answers of two readers whose cross table is `counts`.
std::pair<std::vector<Category>, std::vector<Category>> answersOf(const std::vector<std::vector<int>> &counts)
{
    std::pair<std::vector<Category>, std::vector<Category>> answers;
    for (std::size_t i = 0; i < counts.size(); ++i)
        for (std::size_t j = 0; j < counts.size(); ++j)
            for (int n = 0; n < counts[i][j]; ++n) {
                answers.first.push_back(static_cast<int>(i));
                answers.second.push_back(static_cast<int>(j));
            }
    return answers;
}

bool near(double value, double expected, double tolerance)
{
    if (std::abs(value - expected) <= tolerance)
        return true;
    qWarning("%.6f is not %.6f", value, expected);
    return false;
}

/// Six targets, four judges: Shrout and Fleiss 1979, table 2.
const std::vector<std::vector<std::optional<double>>> kJudges{{9, 2, 5, 8}, {6, 1, 3, 2},  {8, 4, 6, 8},
                                                              {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};

} // namespace

class tst_Agreement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cohensTables();
    void standardErrorsOfFleissBook();
    void weightsAsSasHasThem();
    void kappaByHand();
    void missingAnswersAreCounted();
    void whatHasNoKappa();
    void fleissTenSubjects();
    void fleissByHand();
    void fleissOfTwoIsScottsPi();
    void shroutAndFleiss();
    void intraclassIgnoresWhatItMay();
    void intraclassOfPerfectReaders();
    void whatHasNoIntraclassCorrelation();
    void signTestByHand();
    void wilsonAsPublished();
    void signedRanksByHand();
};

void tst_Agreement::cohensTables() // Cohen 1968, table 1: kappa 0.492, weighted 0.348
{
    const std::vector<std::vector<double>> counts{{88, 14, 18}, {10, 40, 10}, {2, 6, 12}};
    const std::vector<std::vector<double>> plain{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    // Disagreements weigh 1, 3 and 6.
    const std::vector<std::vector<double>> weighted{{1, 5. / 6, 3. / 6}, {5. / 6, 1, 0}, {3. / 6, 0, 1}};
    QVERIFY(near(kappaOfTable(counts, plain)->kappa, 0.492, 5e-4));
    QVERIFY(near(kappaOfTable(counts, weighted)->kappa, 0.348, 5e-4));
}

void tst_Agreement::standardErrorsOfFleissBook() // Fleiss, Statistical Methods for Rates and Proportions, table 13.1
{
    const auto [first, second] = answersOf({{75, 1, 4}, {5, 4, 1}, {0, 0, 10}});
    const auto kappa = cohenKappa(first, second, 3);
    QVERIFY(kappa);
    QVERIFY(near(kappa->observed, 0.89, 1e-12));
    QVERIFY(near(kappa->expected, 0.66, 1e-12));
    QVERIFY(near(kappa->kappa, 0.23 / 0.34, 1e-12));
    QVERIFY(near(kappa->standardError, 0.087, 1e-3));
    QCOMPARE(kappa->subjects, std::size_t(100));
}

void tst_Agreement::weightsAsSasHasThem() // PROC FREQ, AGREE option, as quoted by statsmodels
{
    const auto [first, second] = answersOf({{0, 4, 1}, {0, 8, 0}, {0, 1, 5}});
    const auto plain = cohenKappa(first, second, 3);
    QVERIFY(near(plain->kappa, 0.4842, 5e-5));
    QVERIFY(near(plain->standardError, 0.1380, 5e-5));
    QVERIFY(near(plain->low, 0.2137, 5e-5));
    QVERIFY(near(plain->high, 0.7547, 5e-5));
    const auto linear = cohenKappa(first, second, 3, KappaWeights::Linear);
    QVERIFY(near(linear->kappa, 0.4701, 5e-5));
    QVERIFY(near(linear->standardError, 0.1457, 5e-5));
    QVERIFY(near(linear->low, 0.1845, 5e-5));
    QVERIFY(near(linear->high, 0.7558, 5e-5));
}

void tst_Agreement::kappaByHand()
{
    // Two of four agree; margins 1/2 each: 0.5 by chance.
    QVERIFY(near(cohenKappa(std::vector<Category>{0, 0, 1, 1}, std::vector<Category>{0, 1, 0, 1}, 2)->kappa, 0, 1e-12));
    // Always opposite.
    const auto opposite = cohenKappa(std::vector<Category>{0, 0, 1, 1}, std::vector<Category>{1, 1, 0, 0}, 2);
    QVERIFY(near(opposite->kappa, -1, 1e-12));
    QCOMPARE_GE(opposite->low, -1.0);
    const auto same =
        cohenKappa(std::vector<Category>{0, 2, 1}, std::vector<Category>{0, 2, 1}, 3, KappaWeights::Quadratic);
    QVERIFY(near(same->kappa, 1, 1e-12));
    QVERIFY(near(same->standardError, 0, 1e-9));
    // Quadratic weights, answers (0,1) (1,1) (2,1): mean squared distance 2/3 over 4, expected the same.
    QVERIFY(near(
        cohenKappa(std::vector<Category>{0, 1, 2}, std::vector<Category>{1, 1, 1}, 3, KappaWeights::Quadratic)->kappa,
        0, 1e-12));
}

void tst_Agreement::missingAnswersAreCounted()
{
    const std::vector<Category> first{0, {}, 1, 1, 0}, second{0, 1, 1, {}, 0};
    const auto kappa = cohenKappa(first, second, 2);
    QVERIFY(kappa);
    QCOMPARE(kappa->subjects, std::size_t(3));
    QCOMPARE(kappa->leftOut, std::size_t(2));
    QVERIFY(near(kappa->kappa, 1, 1e-12));
}

void tst_Agreement::whatHasNoKappa()
{
    const std::vector<Category> zeros{0, 0, 0}, none{{}, {}, {}};
    QCOMPARE(cohenKappa(zeros, zeros, 2).error().code, ErrorCode::Unavailable);
    QCOMPARE(cohenKappa(zeros, none, 2).error().code, ErrorCode::Invalid);
    QCOMPARE(cohenKappa(zeros, std::vector<Category>{0, 1}, 2).error().code, ErrorCode::Invalid);
    QCOMPARE(cohenKappa(zeros, std::vector<Category>{0, 1, 2}, 2).error().code, ErrorCode::Invalid);
    QCOMPARE(fleissKappa(std::vector<std::vector<Category>>{{0, 0}, {0, 0}}, 2).error().code, ErrorCode::Unavailable);
}

void tst_Agreement::fleissTenSubjects() // the worked example of fourteen raters, ten subjects, five categories: 0.210
{
    const std::vector<std::vector<int>> counts{{0, 0, 0, 0, 14}, {0, 2, 6, 4, 2}, {0, 0, 3, 5, 6}, {0, 3, 9, 2, 0},
                                               {2, 2, 8, 1, 1},  {7, 7, 0, 0, 0}, {3, 2, 6, 3, 0}, {2, 5, 3, 2, 2},
                                               {6, 5, 2, 1, 0},  {0, 2, 2, 3, 7}};
    const auto kappa = fleissKappaOfCounts(counts);
    QVERIFY(kappa);
    QVERIFY(near(kappa->observed, 0.378, 5e-4));
    QVERIFY(near(kappa->expected, 0.213, 5e-4));
    QVERIFY(near(kappa->kappa, 0.210, 5e-4));
}

void tst_Agreement::fleissByHand()
{
    // Subjects AAA, AAB, BBB, and one with B alone: agreement (1 + 1/3 + 1) / 3 = 7/9; shares 5/9 and 4/9, 41/81 by
    // chance; kappa (63 - 41) / 40.
    const std::vector<std::vector<Category>> answers{{0, 0, 0}, {0, 0, 1}, {1, 1, 1}, {{}, 1, {}}};
    const auto kappa = fleissKappa(answers, 2);
    QVERIFY(kappa);
    QVERIFY(near(kappa->kappa, 22.0 / 40, 1e-12));
    QCOMPARE(kappa->subjects, std::size_t(3));
    QCOMPARE(kappa->leftOut, std::size_t(1));
    // Two categories: variance 2 / (N n (n - 1)), here 2 / 18.
    QVERIFY(near(*kappa->nullStandardError, std::sqrt(2.0 / 18), 1e-12));
    // One answer of the second is missing: AA agrees fully, shares 4/8 each. (1 + 1 + 1) / 3 against 1/2.
    const auto holes =
        fleissKappa(std::vector<std::vector<Category>>{{0, 0, {}}, {0, 0, {}}, {1, 1, {}}, {1, 1, {}}}, 2);
    QVERIFY(near(holes->kappa, 1, 1e-12));
    QCOMPARE(holes->missingAnswers, std::size_t(4));
    const auto uneven = fleissKappa(std::vector<std::vector<Category>>{{0, 0, 0}, {1, 1, {}}}, 2);
    QVERIFY(!uneven->nullStandardError);
}

void tst_Agreement::fleissOfTwoIsScottsPi()
{
    // Both answered (A,A) twice, (A,B) once, (B,B) once: agreement 3/4; A has 5 of 8, chance (25 + 9) / 64.
    const auto kappa = fleissKappa(std::vector<std::vector<Category>>{{0, 0}, {0, 0}, {0, 1}, {1, 1}}, 2);
    const double chance = 34.0 / 64;
    QVERIFY(near(kappa->kappa, (0.75 - chance) / (1 - chance), 1e-12));
}

void tst_Agreement::shroutAndFleiss() // table 4; intervals as the psych package for R prints them
{
    const auto icc = intraclassCorrelations(kJudges);
    QVERIFY(icc);
    const auto check = [](const IntraclassCorrelation &one, double value, double low, double high) {
        return near(one.value, value, 5e-3) && near(one.low, low, 6e-3) && near(one.high, high, 6e-3);
    };
    QVERIFY(check(icc->oneWay, 0.17, -0.133, 0.72));
    QVERIFY(check(icc->agreement, 0.29, 0.019, 0.76));
    QVERIFY(check(icc->consistency, 0.71, 0.342, 0.95));
    QVERIFY(check(icc->oneWayAverage, 0.44, -0.884, 0.91));
    QVERIFY(check(icc->agreementAverage, 0.62, 0.071, 0.93));
    QVERIFY(check(icc->consistencyAverage, 0.91, 0.676, 0.99));
    QCOMPARE(icc->subjects, std::size_t(6));
    QCOMPARE(icc->readers, std::size_t(4));
    QCOMPARE(icc->leftOut, std::size_t(0));
}

void tst_Agreement::intraclassIgnoresWhatItMay()
{
    // A row with a hole is left out and said; consistency does not see that one judge is stricter, agreement does.
    auto values = kJudges;
    values.push_back({5, {}, 5, 5});
    const auto holes = intraclassCorrelations(values);
    const auto whole = intraclassCorrelations(kJudges);
    QCOMPARE(holes->leftOut, std::size_t(1));
    QVERIFY(near(holes->agreement.value, whole->agreement.value, 1e-12));
    auto shifted = kJudges;
    for (auto &row : shifted)
        *row[1] += 100;
    const auto strict = intraclassCorrelations(shifted);
    QVERIFY(near(strict->consistency.value, whole->consistency.value, 1e-9));
    QCOMPARE_LT(strict->agreement.value, 0.01);
}

void tst_Agreement::intraclassOfPerfectReaders()
{
    const auto same = intraclassCorrelations(std::vector<std::vector<std::optional<double>>>{{1, 1}, {4, 4}, {2, 2}});
    QVERIFY(same);
    for (const auto &one : {same->oneWay, same->agreement, same->consistency, same->agreementAverage}) {
        QVERIFY(near(one.value, 1, 1e-12));
        QVERIFY(near(one.low, 1, 1e-9));
        QVERIFY(near(one.high, 1, 1e-9));
    }
    // Always one more: consistent, not agreeing. Rows (1,2) (2,3) (3,4): MSR 2, MSC 1.5, MSE 0; 2 / (2 + 2 * 1.5 / 3).
    const auto more = intraclassCorrelations(std::vector<std::vector<std::optional<double>>>{{1, 2}, {2, 3}, {3, 4}});
    QVERIFY(near(more->consistency.value, 1, 1e-9));
    QVERIFY(near(more->agreement.value, 2.0 / 3, 1e-9));
}

void tst_Agreement::whatHasNoIntraclassCorrelation()
{
    using Rows = std::vector<std::vector<std::optional<double>>>;
    QCOMPARE(intraclassCorrelations(Rows{{1, 1}, {1, 1}}).error().code, ErrorCode::Unavailable);
    QCOMPARE(intraclassCorrelations(Rows{{1, 2}, {{}, 1}}).error().code, ErrorCode::Invalid);
    QCOMPARE(intraclassCorrelations(Rows{{1}, {2}}).error().code, ErrorCode::Invalid);
    QCOMPARE(intraclassCorrelations(Rows{{1, 2}, {2, NAN}}).error().code, ErrorCode::Invalid);
}

void tst_Agreement::signTestByHand()
{
    QVERIFY(near(signTest(5, 0), 2.0 / 32, 1e-12));
    QVERIFY(near(signTest(1, 9), 2.0 * 11 / 1024, 1e-12));
    QCOMPARE(signTest(3, 3), 1.0);
    QCOMPARE(signTest(0, 0), 1.0);
}

void tst_Agreement::wilsonAsPublished() // Newcombe, Statistics in Medicine 17, 1998, table I, method 3
{
    const auto check = [](std::size_t successes, std::size_t trials, double low, double high) {
        const auto interval = wilsonInterval(successes, trials);
        return near(interval->low, low, 5e-5) && near(interval->high, high, 5e-5);
    };
    QVERIFY(check(81, 263, 0.2553, 0.3662));
    QVERIFY(check(15, 148, 0.0624, 0.1605));
    QVERIFY(check(0, 20, 0, 0.1611));
    QVERIFY(check(1, 29, 0.0061, 0.1718));
    QVERIFY(!wilsonInterval(0, 0));
}

void tst_Agreement::signedRanksByHand()
{
    // All five positive: one of 2^5 arrangements on each side.
    const auto positive = signedRankTest(std::vector<double>{1, 2, 3, 4, 5, 0});
    QCOMPARE(positive.pairs, std::size_t(5));
    QCOMPARE(positive.positive, 15.0);
    QVERIFY(near(positive.p, 2.0 / 32, 1e-12));
    // Ranks of sizes 1 1 2: 1.5 1.5 3. W- is 1.5; sums of at most 1.5: none, either of the two: 3 of 8.
    const auto ties = signedRankTest(std::vector<double>{1, -1, 2});
    QCOMPARE(ties.positive, 4.5);
    QVERIFY(near(ties.p, 2.0 * 3 / 8, 1e-12));
    QCOMPARE(signedRankTest({}).p, 1.0);
}

QTEST_APPLESS_MAIN(tst_Agreement)
#include "tst_agreement.moc"
