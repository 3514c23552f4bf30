// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "reading_fixtures.h"
#include "viewer/reading/reading_results.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
namespace fs = std::filesystem;

namespace {

const char *const kPlan = R"({"title": "Lesions", "models": ["local", "federated"], "seed": 3, "questions": [
    {"id": "better", "kind": "choice", "text": "Which is better?"},
    {"id": "outline", "kind": "likert", "text": "Outline", "per": "side", "low": "useless", "high": "as I would"},
    {"id": "missed", "kind": "checklist", "text": "Missed", "per": "side", "counts": true, "items": [
      {"id": "pv", "text": "periventricular"}, {"id": "it", "text": "infratentorial"}]}]})";

/// L: local is better, F: federated, E: equal; by case.
const std::map<std::string, std::string> kChoices{{"Ada", "FFFLLE"}, {"Grace", "FFLLLE"}, {"Lise", "FFFLEE"}};
const int kLocalGrades[] = {1, 2, 3, 4, 2, 3}; // the federated model always has one more
const int kLocalMissed[] = {1, 0, 2, 0, 0, 0};

bool near(std::optional<double> value, double expected)
{
    if (value && std::abs(*value - expected) <= 1e-12)
        return true;
    qWarning("%.9f is not %.9f", value.value_or(NAN), expected);
    return false;
}

} // namespace

class tst_ReadingResults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rowsAreUnblinded();
    void winsOverAllAndPerReader();
    void gradesAndTheirTest();
    void missedLesions();
    void kappaOfThreeReaders();
    void agreementOfNumbers();
    void countsOnlyWhoIsDone();
    void csvByTheRules();
    void jsonHoldsAll();

private:
    /// Reads all cases as `reader` and unblinds.
    void read(const std::string &reader);
    const ReaderAgreement *agreement(const std::string &question, const std::string &item, const std::string &measure,
                                     const std::vector<std::string> &readers) const;

    QTemporaryDir m_dir;
    fs::path m_study, m_folder;
    ReadingResults m_results;
};

void tst_ReadingResults::initTestCase()
{
    m_study = m_dir.path().toStdString();
    m_folder = ReadingPlace{m_study, "first", {}}.folder();
    for (const auto &[reader, choices] : kChoices)
        read(reader);
    auto results = readingResults(m_folder);
    QVERIFY2(results, results ? "" : results.error().message.c_str());
    m_results = std::move(*results);
}

void tst_ReadingResults::read(const std::string &reader)
{
    const auto clock = std::make_shared<test::SetClock>();
    auto opened = ReadingSession::open({m_study, "first", reader}, test::planOf(kPlan), test::numberedCases(6), clock);
    QVERIFY(opened);
    ReadingSession &session = **opened;
    while (!session.isFinished()) {
        const auto number = static_cast<std::size_t>(session.caseId(session.current()).back() - '0');
        const bool localIsLeft = session.shownModels().left == 0;
        const char better = kChoices.at(reader)[number];
        QVERIFY(session.setAnswer({0, {}}, better == 'E'                    ? Choice::Equal
                                           : (better == 'L') == localIsLeft ? Choice::Left
                                                                            : Choice::Right));
        const Side local = localIsLeft ? Side::Left : Side::Right, federated = localIsLeft ? Side::Right : Side::Left;
        QVERIFY(session.setAnswer({1, local}, kLocalGrades[number]));
        QVERIFY(session.setAnswer({1, federated}, kLocalGrades[number] + 1));
        Checked missed;
        if (kLocalMissed[number] > 0)
            missed["pv"] = kLocalMissed[number];
        QVERIFY(session.setAnswer({2, local}, missed));
        QVERIFY(session.setAnswer({2, federated}, reader == "Ada" && number == 5 ? Checked{{"it", 1}} : Checked{}));
        clock->pass(std::chrono::seconds(2 + number)); // 2 to 7 s
        QVERIFY(session.next());
    }
    QVERIFY(session.unblind());
}

const ReaderAgreement *tst_ReadingResults::agreement(const std::string &question, const std::string &item,
                                                     const std::string &measure,
                                                     const std::vector<std::string> &readers) const
{
    for (const auto &entry : m_results.agreement)
        if (entry.question == question && entry.item == item && entry.measure == measure && entry.readers == readers)
            return &entry;
    return nullptr;
}

void tst_ReadingResults::rowsAreUnblinded()
{
    QCOMPARE(m_results.readers, (std::vector<std::string>{"Ada", "Grace", "Lise"}));
    // A case has one choice, two grades and two checklists of two items.
    QCOMPARE(m_results.rows.size(), std::size_t(3 * 6 * (1 + 2 + 4)));
    int lefts = 0;
    for (const auto &row : m_results.rows) {
        const auto number = static_cast<std::size_t>(row.caseId.back() - '0');
        const bool local = row.model == "local";
        QVERIFY(row.left != row.right);
        lefts += row.question == "better" && row.left == "local" ? 1 : 0;
        if (row.question == "better") {
            const char better = kChoices.at(row.reader)[number];
            QCOMPARE(row.answer, better == 'E' ? std::string("equal") : better == 'L' ? "local" : "federated");
            QVERIFY(row.model.empty());
        } else {
            QCOMPARE(row.model, row.side == "left" ? row.left : row.right);
        }
        if (row.question == "outline")
            QCOMPARE(row.answer, std::to_string(kLocalGrades[number] + (local ? 0 : 1)));
        if (row.question == "missed" && row.item == "pv")
            QCOMPARE(row.answer, std::to_string(local ? kLocalMissed[number] : 0));
        QCOMPARE(row.time, std::chrono::milliseconds(2000 + 1000 * static_cast<int>(number)));
    }
    QCOMPARE(lefts, 9); // three of six for each reader
    QCOMPARE(m_results.times.at(0).median, std::chrono::milliseconds(4500));
    QCOMPARE(m_results.times.at(0).total, std::chrono::milliseconds(27000));
}

void tst_ReadingResults::winsOverAllAndPerReader()
{
    // More readers for: F F F L L, and all for equal.
    QCOMPARE(m_results.choices.size(), std::size_t(4));
    const ChoiceSummary &all = m_results.choices[0];
    QCOMPARE(all.reader, std::string());
    QCOMPARE(all.first, std::string("local"));
    QCOMPARE(all.firstWins, std::size_t(2));
    QCOMPARE(all.secondWins, std::size_t(3));
    QCOMPARE(all.equal, std::size_t(1));
    QVERIFY(near(all.p, 1)); // 2 (1 + 5 + 10) / 32
    QVERIFY(near(all.firstShare->share, 0.4));
    const ChoiceSummary &grace = m_results.choices[2];
    QCOMPARE(grace.reader, std::string("Grace"));
    QCOMPARE(grace.firstWins, std::size_t(3));
    QCOMPARE(grace.secondWins, std::size_t(2));
}

void tst_ReadingResults::gradesAndTheirTest()
{
    QCOMPARE(m_results.scales.size(), std::size_t(2));
    QCOMPARE(m_results.scales[0].model, std::string("local"));
    QCOMPARE(m_results.scales[0].answers, std::size_t(18));
    QCOMPARE(m_results.scales[0].median, 2.5);
    QCOMPARE(m_results.scales[1].median, 3.5);
    QCOMPARE(m_results.comparisons.size(), std::size_t(1));
    QCOMPARE(m_results.comparisons[0].cases, std::size_t(6));
    QCOMPARE(m_results.comparisons[0].medianDifference, -1.0);
    QVERIFY(near(m_results.comparisons[0].test.p, 2.0 / 64));
}

void tst_ReadingResults::missedLesions()
{
    const auto of = [&](const std::string &item, const std::string &model) {
        for (const auto &entry : m_results.items)
            if (entry.item == item && entry.model == model)
                return std::vector<std::size_t>{entry.readings, entry.ticked, entry.total};
        return std::vector<std::size_t>{};
    };
    QCOMPARE(of("pv", "local"), (std::vector<std::size_t>{18, 6, 9}));
    QCOMPARE(of("pv", "federated"), (std::vector<std::size_t>{18, 0, 0}));
    QCOMPARE(of("it", "federated"), (std::vector<std::size_t>{18, 1, 1}));
}

void tst_ReadingResults::kappaOfThreeReaders()
{
    // Ada FFFLLE, Grace FFLLLE: 5 of 6 agree; by chance (3*2 + 2*3 + 1*1) / 36 = 13/36; (30 - 13) / (36 - 13).
    QVERIFY(near(agreement("better", "", "kappa", {"Ada", "Grace"})->value, 17.0 / 23));
    // Lise FFFLEE: 5 of 6; (3*3 + 2*1 + 1*2) / 36 = 13/36.
    QVERIFY(near(agreement("better", "", "kappa", {"Ada", "Lise"})->value, 17.0 / 23));
    // 4 of 6; (2*3 + 3*1 + 1*2) / 36 = 11/36; (24 - 11) / (36 - 11).
    QVERIFY(near(agreement("better", "", "kappa", {"Grace", "Lise"})->value, 13.0 / 25));
    // Cases agree 1, 1, 1/3, 1, 1/3, 1: 7/9. Of 18 answers 8 are F, 6 L, 4 E: 116/324. (252 - 116) / (324 - 116).
    const auto *fleiss = agreement("better", "", "Fleiss kappa", {"Ada", "Grace", "Lise"});
    QVERIFY(near(fleiss->value, 17.0 / 26));
    QCOMPARE(fleiss->subjects, std::size_t(6));
}

void tst_ReadingResults::agreementOfNumbers()
{
    QVERIFY(near(agreement("outline", "", "kappa quadratic", {"Ada", "Grace"})->value, 1));
    QVERIFY(near(agreement("outline", "", "ICC(2,1)", {"Ada", "Grace", "Lise"})->value, 1));
    QVERIFY(near(agreement("missed", "pv", "kappa", {"Grace", "Lise"})->value, 1));
    // Ada ticked one of 12, Grace none: 11 of 12 agree, and 11/12 would by chance.
    const auto *lonely = agreement("missed", "it", "kappa", {"Ada", "Grace"});
    QVERIFY(near(lonely->value, 0));
    QCOMPARE(lonely->subjects, std::size_t(12));
    // Neither ticked any: no kappa, and the reason in words.
    const auto *none = agreement("missed", "it", "kappa", {"Grace", "Lise"});
    QVERIFY(!none->value);
    QVERIFY(QString::fromStdString(none->note).contains("every answer is the same"));
}

void tst_ReadingResults::countsOnlyWhoIsDone()
{
    auto records = *readSessionRecords(m_folder);
    records[0].finished = false;
    records[0].unblinded = false;
    records[1].unblinded = false;
    const auto results = resultsOf(records);
    QVERIFY(results);
    QCOMPARE(results->readers, (std::vector<std::string>{"Lise"}));
    QCOMPARE(results->leftOut.size(), std::size_t(2));
    QCOMPARE(results->leftOut[0].second, std::string("has not finished"));
    QCOMPARE(results->leftOut[1].second, std::string("has not unblinded"));
    QVERIFY(results->agreement.empty());
    records[2].unblinded = false;
    QCOMPARE(resultsOf(records).error().code, ErrorCode::Unavailable);
    records[2].planHash = "another";
    QCOMPARE(resultsOf(records).error().code, ErrorCode::Invalid);
    QCOMPARE(readingResults(m_study / "nowhere").error().code, ErrorCode::NotFound);
}

void tst_ReadingResults::csvByTheRules()
{
    ResultRow row{"Ada", 2, "case-1", "local, north", "the \"new\"", "comment", "", "", "", "one\nline", {}};
    row.time = std::chrono::milliseconds(61'007);
    QCOMPARE(resultsCsv({row}),
             std::string("reader,position,case,left,right,question,item,side,model,answer,seconds\r\n"
                         "Ada,2,case-1,\"local, north\",\"the \"\"new\"\"\",comment,,,,\"one\nline\",61.007\r\n"));
}

void tst_ReadingResults::jsonHoldsAll()
{
    const fs::path file = m_study / "results.json";
    QVERIFY(writeResults(m_results, file));
    const auto json = readJson(file);
    QVERIFY(json);
    QCOMPARE(json->at("rows").size(), m_results.rows.size());
    QCOMPARE(json->at("choices")[0].at("secondWins").get<int>(), 3);
    QCOMPARE(json->at("agreement").size(), m_results.agreement.size());
    QVERIFY(writeResults(m_results, m_study / "results.csv"));
    QCOMPARE(*readFile(m_study / "results.csv"), resultsCsv(m_results.rows));
}

QTEST_APPLESS_MAIN(tst_ReadingResults)
#include "tst_reading_results.moc"
