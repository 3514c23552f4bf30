// SPDX-License-Identifier: GPL-3.0-or-later
#include "reading_fixtures.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;

class tst_ReadingPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryKey();
    void writesWhatItReads();
    void faultsNameTheKey_data();
    void faultsNameTheKey();
    void plansThatComeAlong();
    void stepsInOrder();
    void resolvesAll();
    void cannotBegin();
    void theHashIsOfTheContent();
};

namespace {

const char *const kWhole = R"({
  "title": "Local or federated", "kind": "lesions", "cases": ["c", "a"], "models": ["local", "federated", "ensemble"],
  "pairing": "every", "pairs": {"a": ["ensemble", "local"]}, "blinded": false, "seed": 9007199254740991,
  "orderPerReader": false, "questions": [
    {"id": "better", "kind": "choice", "text": "Which is better?", "per": "case", "required": false, "keys": "qwe"},
    {"id": "outline", "kind": "likert", "text": "Outline", "per": "side", "low": "useless", "high": "as I would"},
    {"id": "missed", "kind": "checklist", "text": "Missed", "per": "side", "counts": true, "items": [
      {"id": "periventricular", "text": "periventricular"}, {"id": "it", "text": "infratentorial", "key": "x"}]},
    {"id": "why", "kind": "text", "text": "Why?"}]})";

} // namespace

void tst_ReadingPlan::readsEveryKey()
{
    const auto plan = test::planOf(kWhole);
    QCOMPARE(plan.title, std::string("Local or federated"));
    QCOMPARE(plan.kind, std::string("lesions"));
    QVERIFY(!plan.allCases);
    QCOMPARE(plan.cases, (std::vector<std::string>{"c", "a"}));
    QCOMPARE(plan.models.size(), std::size_t(3));
    QVERIFY(plan.pairing == Pairing::Every);
    QCOMPARE(plan.pairs.at("a").first, std::string("ensemble"));
    QVERIFY(!plan.blinded);
    QCOMPARE(plan.seed, std::uint64_t(9007199254740991));
    QVERIFY(!plan.orderPerReader);
    QCOMPARE(plan.questions.size(), std::size_t(4));
    QCOMPARE(plan.questions[0].keys, std::string("QWE"));
    QVERIFY(!plan.questions[0].required);
    QCOMPARE(plan.questions[1].keys, std::string("12345"));
    QCOMPARE(plan.questions[1].high, std::string("as I would"));
    QVERIFY(plan.questions[2].scope == QuestionScope::Side);
    QVERIFY(plan.questions[2].counts);
    QCOMPARE(plan.questions[2].items[0].key, 'P');
    QCOMPARE(plan.questions[2].items[1].key, 'X');
    QVERIFY(plan.questions[3].required);
}

void tst_ReadingPlan::writesWhatItReads()
{
    const auto plan = test::planOf(kWhole);
    const auto again = ReadingPlan::fromJson(plan.toJson());
    QVERIFY(again);
    QCOMPARE(again->toJson(), plan.toJson());
}

void tst_ReadingPlan::faultsNameTheKey_data()
{
    QTest::addColumn<QString>("change"); // a JSON patch (RFC 7396) onto a plan that is right
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown") << R"({"colour": 1})"
                             << "reading plan: unknown key 'colour'";
    QTest::newRow("no title") << R"({"title": null})"
                              << "title: is missing";
    QTest::newRow("case twice") << R"({"cases": ["a", "a"]})"
                                << "cases: names 'a' twice";
    QTest::newRow("no case") << R"({"cases": []})"
                             << "cases: must be";
    QTest::newRow("pairing") << R"({"pairing": "some"})"
                             << "pairing: must be one of rotate, every";
    QTest::newRow("pair of one") << R"({"pairs": {"a": ["local"]}})"
                                 << "pairs.a: must be two different models";
    QTest::newRow("seed") << R"({"seed": -1})"
                          << "seed: must be a whole number";
    QTest::newRow("blinded") << R"({"blinded": "yes"})"
                             << "blinded: must be true or false";
    QTest::newRow("no question") << R"({"questions": []})"
                                 << "questions: must be";
    const auto question = [](const char *text) { return QStringLiteral(R"({"questions": [%1]})").arg(text); };
    QTest::newRow("kind") << question(R"({"id": "a", "kind": "guess", "text": "?"})") << "questions[0].kind: must be";
    QTest::newRow("no id") << question(R"({"kind": "text", "text": "?"})") << "questions[0].id: is missing";
    QTest::newRow("id") << question(R"({"id": "a b", "kind": "text", "text": "?"})") << "questions[0].id: must be";
    QTest::newRow("id twice") << question(R"({"id": "a", "kind": "text", "text": "?"},
                                             {"id": "a", "kind": "text", "text": "?"})")
                              << "questions[1].id: another question has it";
    QTest::newRow("choice per side") << question(R"({"id": "a", "kind": "choice", "text": "?", "per": "side"})")
                                     << "questions[0].per: must be one of case";
    QTest::newRow("keys") << question(R"({"id": "a", "kind": "choice", "text": "?", "keys": "11"})")
                          << "questions[0].keys: must be three different";
    QTest::newRow("unknown in question") << question(R"({"id": "a", "kind": "text", "text": "?", "low": "x"})")
                                         << "questions[0]: unknown key 'low'";
    QTest::newRow("likert ends") << question(R"({"id": "a", "kind": "likert", "text": "?", "low": "x"})")
                                 << "questions[0].high: is missing";
    QTest::newRow("items") << question(R"({"id": "a", "kind": "checklist", "text": "?", "items": []})")
                           << "questions[0].items: must be";
    QTest::newRow("item keys") << question(R"({"id": "a", "kind": "checklist", "text": "?", "items": [
                                    {"id": "x", "text": "pons"}, {"id": "y", "text": "pallidum"}]})")
                               << "questions[0].items[1].key: must be one letter";
    QTest::newRow("unknown in item") << question(R"({"id": "a", "kind": "checklist", "text": "?", "items": [
                                    {"id": "x", "text": "pons", "side": 1}]})")
                                     << "questions[0].items[0]: unknown key 'side'";
}

void tst_ReadingPlan::faultsNameTheKey()
{
    QFETCH(QString, change);
    QFETCH(QString, message);
    Json json = *parseJson(kWhole);
    json.erase("pairs");
    json.merge_patch(*parseJson(change.toStdString()));
    const auto plan = ReadingPlan::fromJson(json);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::Malformed);
    QVERIFY2(QString::fromStdString(plan.error().message).startsWith(message), plan.error().message.c_str());
}

void tst_ReadingPlan::plansThatComeAlong()
{
    const auto plans = readingPlansIn(std::filesystem::path(CONSILIUM_RESOURCES) / "reading");
    QVERIFY2(plans, plans ? "" : plans.error().message.c_str());
    std::vector<std::string> kinds;
    for (const auto &plan : *plans)
        kinds.push_back(plan.kind);
    QCOMPARE(kinds, (std::vector<std::string>{"landmarks", "lesions"}));
    const ReadingPlan &lesions = plans->at(1);
    QVERIFY(lesions.blinded);
    std::vector<std::string> regions;
    for (const auto &item : lesions.questions.at(1).items)
        regions.push_back(item.id);
    QCOMPARE(regions, (std::vector<std::string>{"periventricular", "juxtacortical", "infratentorial"}));
    QVERIFY(readingPlansIn("/no/such/folder")->empty());
}

void tst_ReadingPlan::stepsInOrder()
{
    const auto plan = test::planOf(kWhole);
    std::vector<std::string> keys;
    for (const auto &step : steps(plan))
        keys.push_back(answerKey(plan, step));
    QCOMPARE(keys, (std::vector<std::string>{"better", "outline.left", "outline.right", "missed.left", "missed.right",
                                             "why"}));
}

void tst_ReadingPlan::resolvesAll()
{
    auto plan = test::planOf(kWhole);
    plan.allCases = true;
    plan.cases.clear();
    const std::vector<std::string> study{"a", "b"};
    const auto whole = resolved(plan, study);
    QVERIFY(whole);
    QVERIFY(!whole->allCases);
    QCOMPARE(whole->cases, study);
}

void tst_ReadingPlan::cannotBegin()
{
    const auto plan = test::planOf(kWhole);
    const std::vector<std::string> study{"a", "b"};
    const auto missing = resolved(plan, study);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(QString::fromStdString(missing.error().message).contains("asks for c,"));
    auto one = plan;
    one.models = {"local"};
    QCOMPARE(resolved(one, {}).error().code, ErrorCode::Invalid);
    auto stranger = plan;
    stranger.pairs["c"] = {"local", "nobody"};
    QVERIFY(QString::fromStdString(resolved(stranger, {}).error().message).startsWith("pairs.c: 'nobody'"));
    auto none = plan;
    none.allCases = true;
    QCOMPARE(resolved(none, {}).error().code, ErrorCode::Invalid);
}

void tst_ReadingPlan::theHashIsOfTheContent()
{
    const auto plan = test::planOf(kWhole);
    auto other = plan;
    QCOMPARE(*planHash(plan), *planHash(other));
    other.questions[0].text = "Which is worse?";
    QVERIFY(*planHash(plan) != *planHash(other));
}

QTEST_APPLESS_MAIN(tst_ReadingPlan)
#include "tst_reading_plan.moc"
