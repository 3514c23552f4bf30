// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/test_results.h"

#include <QTest>

using namespace consilium;
using namespace consilium::dashboard;

namespace {

storage::MetricRow test(std::string site, std::string model, double value, int cases)
{
    return {12, std::move(site), std::move(model), "test", "dice", 0, value, cases};
}

} // namespace

class tst_TestResults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingBeforeTheTest();
    void theOwnModelIsKeptApartFromTheOthers();
    void aMeanNeedsEverySite();
};

void tst_TestResults::nothingBeforeTheTest()
{
    storage::StudySnapshot shot;
    shot.metrics = {{1, "north", "global", "validation", "dice", 0, 0.5, 4}};
    QVERIFY(testResults(shot).rows.empty());
}

void tst_TestResults::theOwnModelIsKeptApartFromTheOthers()
{
    storage::StudySnapshot shot;
    shot.metrics = {test("south", "best", 0.80, 4),        test("north", "best", 0.90, 6),
                    test("north", "local-north", 0.88, 6), test("north", "local-south", 0.70, 6),
                    test("north", "local-east", 0.50, 6),  test("south", "local-south", 0.75, 4),
                    test("south", "local-north", 0.65, 4), test("south", "local-east", 0.55, 4)};
    const auto results = testResults(shot);
    QCOMPARE(results.rows.size(), 2u);
    QCOMPARE(results.rows[0].site, std::string("north"));
    QCOMPARE(results.rows[0].cases, 6);
    QCOMPARE(*results.rows[0].federated, 0.90);
    QCOMPARE(*results.rows[0].own, 0.88);
    QCOMPARE(*results.rows[0].others, 0.60); // (0.70 + 0.50) / 2
    QCOMPARE(results.mean.cases, 10);
    QCOMPARE(*results.mean.federated, 0.85); // every site weighs alike
    QCOMPARE(*results.mean.others, 0.60);
}

void tst_TestResults::aMeanNeedsEverySite()
{
    storage::StudySnapshot shot;
    shot.metrics = {test("north", "best", 0.9, 6), test("south", "best", 0.8, 4), test("south", "local-south", 0.7, 4)};
    const auto results = testResults(shot);
    QVERIFY(!results.rows[0].own);
    QVERIFY(!results.mean.own);
    QVERIFY(results.mean.federated);
}

QTEST_APPLESS_MAIN(tst_TestResults)
#include "tst_test_results.moc"
