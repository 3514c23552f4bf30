// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/results_model.h"
#include "dashboard/test_results.h"

#include <QFont>
#include <QLocale>
#include <QTest>

using namespace consilium;
using namespace consilium::dashboard;

namespace {

storage::MetricRow test(std::string site, std::string model, double value, int cases, std::string name = "dice")
{
    return {12, std::move(site), std::move(model), "test", std::move(name), 0, value, cases};
}

/// Two sites; the numbers are those of a made-up study.
storage::StudySnapshot everything()
{
    storage::StudySnapshot shot;
    shot.bestRound = 9;
    shot.plan.task = "ms-lesions";
    shot.sites.resize(2);
    shot.sites[0].name = "north";
    shot.sites[1].name = "south";
    shot.metrics = {test("north", "best", 0.90, 6),
                    test("south", "best", 0.80, 4),
                    test("north", "local-north", 0.88, 6),
                    test("south", "local-north", 0.65, 4),
                    test("north", "local-south", 0.70, 6),
                    test("south", "local-south", 0.75, 4),
                    test("north", "personal-north", 0.91, 6),
                    test("south", "personal-south", 0.79, 4),
                    test("north", "round-2", 0.60, 6),
                    test("south", "round-2", 0.50, 4),
                    test("north", "round-12", 0.89, 6),
                    test("south", "round-12", 0.81, 4),
                    test("north", "update-south", 0.72, 6),
                    test("south", "update-south", 0.78, 4),
                    test("north", "best", 31.0 / 6, 6, "lesions"),
                    test("south", "best", 12.0 / 4, 4, "lesions"),
                    test("north", "best", 0.4, 6, "dice:lesion")};
    return shot;
}

const TestRow *row(const TestResults &results, const std::string &model)
{
    const auto found = std::ranges::find(results.rows, model, &TestRow::model);
    return found == results.rows.end() ? nullptr : &*found;
}

} // namespace

class tst_TestResults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void nothingBeforeTheTest();
    void theOwnModelIsKeptApartFromTheOthers();
    void aMeanNeedsEverySite();
    void modelsComeInTheOrderOfInterest();
    void valuesCarryTheirSupport();
    void theBestOfEachColumnIsMarked();
    void equalFiguresAreBothBest();
    void personalModelsStayAway();
    void oldStudiesHaveNoLesions();
    void theTableSaysWhatItShows();
    void manySitesAndModels();
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
    QCOMPARE(results.sites, std::vector<std::string>({"north", "south"}));
    QCOMPARE(*results.federated, 0.85); // every site weighs alike
    QCOMPARE(*results.own, (0.88 + 0.75) / 2);
    QCOMPARE(*results.others, 0.60); // north (0.70 + 0.50) / 2, south (0.65 + 0.55) / 2
    QVERIFY(!results.personal);
    QCOMPARE(results.rows[0].mean.cases, 10);
}

void tst_TestResults::aMeanNeedsEverySite()
{
    storage::StudySnapshot shot;
    shot.metrics = {test("north", "best", 0.9, 6), test("south", "best", 0.8, 4), test("south", "local-south", 0.7, 4)};
    const auto results = testResults(shot);
    QVERIFY(!results.own);
    QVERIFY(results.federated);
    QVERIFY(row(results, "best")->mean.value);
    QVERIFY(!row(results, "local-south")->mean.value);
}

void tst_TestResults::modelsComeInTheOrderOfInterest()
{
    std::vector<std::string> models;
    for (const auto &row : testResults(everything()).rows)
        models.push_back(row.model);
    QCOMPARE(models, std::vector<std::string>({"best", "round-12", "round-2", "personal-north", "personal-south",
                                               "update-south", "local-north", "local-south"}));
}

void tst_TestResults::valuesCarryTheirSupport()
{
    const auto results = testResults(everything());
    const auto &best = *row(results, "best");
    QCOMPARE(*best.cells[0].value, 0.90);
    QCOMPARE(best.cells[0].cases, 6);
    QCOMPARE(*best.cells[0].lesions, 31);
    QCOMPARE(*best.mean.lesions, 43); // 31 + 12
    QVERIFY(!row(results, "round-2")->cells[0].lesions);
}

void tst_TestResults::theBestOfEachColumnIsMarked()
{
    const auto results = testResults(everything());
    QVERIFY(row(results, "personal-north")->cells[0].best); // 0.91 at north
    QVERIFY(row(results, "round-12")->cells[1].best);       // 0.81 at south
    int marked = 0;
    for (const auto &row : results.rows) {
        for (const auto &cell : row.cells)
            marked += cell.best;
    }
    QCOMPARE(marked, 2);
    // (0.90 + 0.80) / 2 and (0.89 + 0.81) / 2 are both 0.85.
    QVERIFY(row(results, "best")->mean.best);
    QVERIFY(row(results, "round-12")->mean.best);
}

void tst_TestResults::equalFiguresAreBothBest()
{
    storage::StudySnapshot shot;
    shot.metrics = {test("north", "best", 0.8502, 6), test("north", "round-1", 0.8499, 6),
                    test("north", "round-2", 0.8488, 6)};
    const auto results = testResults(shot); // read as 0.850, 0.850, 0.849
    QVERIFY(row(results, "best")->cells[0].best);
    QVERIFY(row(results, "round-1")->cells[0].best);
    QVERIFY(!row(results, "round-2")->cells[0].best);
}

void tst_TestResults::personalModelsStayAway()
{
    const auto results = testResults(everything());
    const auto &personal = *row(results, "personal-north");
    QVERIFY(personal.cells[0].value);
    QVERIFY(!personal.cells[1].value);
    QVERIFY(personal.staysAway("south"));
    QVERIFY(!personal.staysAway("north"));
    QCOMPARE(*results.personal, (0.91 + 0.79) / 2);

    ResultsModel model;
    model.setResults(results, SiteColours({"north", "south"}), everything());
    const auto away = model.index(3, 2);
    QCOMPARE(away.data().toString(), "–");
    QCOMPARE(away.data(Qt::ToolTipRole).toString(), "stays at its site");
    QCOMPARE(away.data(ResultsModel::SupportRole).toString(), QString());
}

void tst_TestResults::oldStudiesHaveNoLesions()
{
    storage::StudySnapshot shot;
    shot.metrics = {test("north", "best", 0.9, 6), test("north", "local-north", 0.8, 6)};
    const auto results = testResults(shot);
    QVERIFY(!results.hasLesions);
    ResultsModel model;
    model.setResults(results, SiteColours({"north"}), shot);
    QCOMPARE(model.index(0, 1).data(ResultsModel::SupportRole).toString(), "6");
}

void tst_TestResults::theTableSaysWhatItShows()
{
    ResultsModel model;
    model.setResults(testResults(everything()), SiteColours({"north", "south"}), everything());
    QCOMPARE(model.columnCount(), 3);
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), "Mean");
    QCOMPARE(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), "north");
    QCOMPARE(model.headerData(0, Qt::Vertical, Qt::DisplayRole).toString(), "Federated, best (round 9)");
    QCOMPARE(model.headerData(6, Qt::Vertical, Qt::DisplayRole).toString(), "north, alone");
    QCOMPARE(model.index(0, 1).data().toString(), "0.900");
    QCOMPARE(model.index(0, 1).data(ResultsModel::SupportRole).toString(), "6 · 31");
    QCOMPARE(model.index(0, 1).data(Qt::ToolTipRole).toString(),
             "Federated, best (round 9) at north: 0.900 (6 cases with 31 lesions)");
    QVERIFY(model.index(3, 1).data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(!model.index(0, 1).data(Qt::FontRole).isValid());
}

void tst_TestResults::manySitesAndModels()
{
    storage::StudySnapshot shot;
    for (int site = 0; site < 40; ++site) {
        for (int model = 0; model < 40; ++model)
            shot.metrics.push_back(test("site-" + std::to_string(site), "local-site-" + std::to_string(model),
                                        site == model ? 0.9 : 0.5, 3));
    }
    const auto results = testResults(shot);
    QCOMPARE(results.rows.size(), 40u);
    QCOMPARE(results.sites.size(), 40u);
    QCOMPARE(*results.own, 0.9);
    QCOMPARE(*results.others, 0.5);
}

QTEST_MAIN(tst_TestResults)
#include "tst_test_results.moc"
