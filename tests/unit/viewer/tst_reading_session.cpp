// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "reading_fixtures.h"

#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace consilium;
using namespace consilium::viewer;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const char *const kPlan = R"({"title": "Lesions", "models": ["local", "federated"], "seed": 7, "orderPerReader": false,
  "questions": [
    {"id": "better", "kind": "choice", "text": "Which is better?"},
    {"id": "missed", "kind": "checklist", "text": "Missed", "per": "side", "items": [
      {"id": "pv", "text": "periventricular"}, {"id": "it", "text": "infratentorial"}]},
    {"id": "why", "kind": "text", "text": "Why?", "required": false}]})";

} // namespace

class tst_ReadingSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void orderIsAsDescribed_data();
    void orderIsAsDescribed();
    void eachReaderHasAnOrder();
    void sidesAreBalanced();
    void pairsOfThreeModels();
    void readsToTheEnd();
    void namesNoModelWhileBlinded();
    void refusesWhatIsNoAnswer();
    void timeStandsStillWhilePaused();
    void correctionsAreKept();
    void resumesInTheMiddleOfACase();
    void survivesKill();
    void logHasEveryAnswer();
    void refusesAChangedPlan();
    void severalReadersOfOneSession();
    void anyNameIsAFile();
    void saysWhenTheDiskRefuses();
    void damagedRecordsAreNamed();

private:
    std::unique_ptr<ReadingSession> open(const std::string &reader = "Ada")
    {
        auto opened = ReadingSession::open({m_study, "first", reader}, m_plan, m_cases, m_clock);
        if (!opened) {
            qWarning("%s", opened.error().message.c_str());
            return nullptr;
        }
        return std::move(*opened);
    }
    static void answerAll(ReadingSession &session, Choice choice)
    {
        QVERIFY(session.setAnswer({0, {}}, choice));
        QVERIFY(session.setAnswer({1, Side::Left}, Checked{}));
        QVERIFY(session.setAnswer({1, Side::Right}, Checked{{"pv", 1}}));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_study;
    ReadingPlan m_plan;
    std::vector<std::string> m_cases = test::numberedCases(3);
    std::shared_ptr<test::SetClock> m_clock;
};

void tst_ReadingSession::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_study = m_dir->path().toStdString();
    m_plan = test::planOf(kPlan);
    m_clock = std::make_shared<test::SetClock>();
}

void tst_ReadingSession::orderIsAsDescribed_data()
{
    QTest::addColumn<int>("cases");
    QTest::addColumn<quint64>("seed");
    for (const int cases : {1, 2, 3, 10, 41})
        for (const quint64 seed : {quint64(0), quint64(7), quint64(9007199254740991)})
            QTest::addRow("%d cases, seed %llu", cases, static_cast<unsigned long long>(seed)) << cases << seed;
}

void tst_ReadingSession::orderIsAsDescribed()
{
    QFETCH(int, cases);
    QFETCH(quint64, seed);
    auto plan = *resolved(m_plan, test::numberedCases(cases));
    plan.seed = seed;
    const auto order = readingOrder(plan, "Ada");
    QVERIFY(order == test::expectedOrder(test::numberedCases(cases), seed));
    QVERIFY(order == readingOrder(plan, "Ada"));
    QVERIFY(order == readingOrder(plan, "Grace")); // one order for all was asked for
}

void tst_ReadingSession::eachReaderHasAnOrder()
{
    auto plan = *resolved(m_plan, test::numberedCases(20));
    plan.orderPerReader = true;
    const auto ada = readingOrder(plan, "Ada"), grace = readingOrder(plan, "Grace");
    QVERIFY(ada != grace);
    QVERIFY(ada == readingOrder(plan, "Ada"));
    for (const auto *order : {&ada, &grace}) {
        std::set<std::string> ids;
        for (const auto &item : *order)
            ids.insert(item.caseId);
        QCOMPARE(ids.size(), std::size_t(20));
    }
}

void tst_ReadingSession::sidesAreBalanced()
{
    // Over seeds every case is turned round about half the time, and comes first one time in its number: 1000 throws
    // stay within four standard deviations (63) of 500, and within 4 sqrt(1000 * 0.2 * 0.8) = 51 of 200.
    std::map<std::string, int> turned, first;
    const auto cases = test::numberedCases(5);
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        auto plan = *resolved(m_plan, cases);
        plan.seed = seed;
        const auto order = readingOrder(plan, {});
        int inSession = 0;
        for (const auto &item : order) {
            turned[item.caseId] += item.left == 1 ? 1 : 0;
            inSession += item.left == 1 ? 1 : 0;
        }
        ++first[order.front().caseId];
        QVERIFY(inSession == 2 || inSession == 3); // and within each session half of five
    }
    for (const auto &id : cases) {
        QCOMPARE_LE(std::abs(turned[id] - 500), 63);
        QCOMPARE_LE(std::abs(first[id] - 200), 51);
    }
}

void tst_ReadingSession::pairsOfThreeModels()
{
    m_plan.models = {"a", "b", "c"};
    m_plan.pairs = {{"case-1", {"c", "b"}}};
    auto plan = *resolved(m_plan, test::numberedCases(6));
    const auto shows = [](const ReadingItem &item, int low, int high) {
        return std::minmax({item.left, item.right}) == std::pair(low, high);
    };
    // In turn by the plan's order: (a,b) (a,c) (b,c), case-1 by its own pair, whatever the reading order.
    for (const auto &item : readingOrder(plan, {})) {
        const int number = item.caseId.back() - '0';
        QVERIFY(number % 3 == 0                  ? shows(item, 0, 1)
                : number % 3 == 2 || number == 1 ? shows(item, 1, 2)
                                                 : shows(item, 0, 2));
    }
    plan.pairing = Pairing::Every;
    const auto every = readingOrder(plan, {});
    QCOMPARE(every.size(), std::size_t(5 * 3 + 1));
    std::set<std::tuple<std::string, int, int>> seen;
    for (const auto &item : every)
        seen.insert({item.caseId, std::min(item.left, item.right), std::max(item.left, item.right)});
    QCOMPARE(seen.size(), every.size());
}

void tst_ReadingSession::readsToTheEnd()
{
    auto session = open();
    QVERIFY(session);
    QCOMPARE(session->count(), std::size_t(3));
    QVERIFY(session->state(0) == ReadingState::Reading);
    QVERIFY(session->state(1) == ReadingState::NotRead);
    QVERIFY(!session->progress().left);
    for (std::size_t i = 0; i < 3; ++i) {
        QCOMPARE(session->current(), i);
        m_clock->pass(std::chrono::seconds(10 * (i + 1)));
        answerAll(*session, Choice::Left);
        QVERIFY(!session->isFinished());
        QVERIFY(session->next());
        if (i == 1)
            QCOMPARE(*session->progress().left, std::chrono::milliseconds(15s)); // median of 10 and 20, one is left
    }
    QVERIFY(session->isFinished());
    QCOMPARE(session->progress().done, std::size_t(3));
    QCOMPARE(session->time(2), std::chrono::milliseconds(30s));
    m_clock->pass(60s); // after the end no time runs
    QCOMPARE(session->time(2), std::chrono::milliseconds(30s));
}

void tst_ReadingSession::namesNoModelWhileBlinded()
{
    auto session = open();
    QVERIFY(session->isBlinded());
    QCOMPARE(session->modelName(0, Side::Left).error().code, ErrorCode::Refused);
    QCOMPARE(session->unblind().error().code, ErrorCode::Refused);
    for (int i = 0; i < 3; ++i) {
        answerAll(*session, Choice::Equal);
        QVERIFY(session->next());
    }
    QCOMPARE(session->modelName(0, Side::Left).error().code, ErrorCode::Refused);
    QVERIFY(session->unblind());
    const auto order = test::expectedOrder(m_cases, 7);
    for (std::size_t i = 0; i < 3; ++i)
        QCOMPARE(*session->modelName(i, Side::Left), order[i].left == 0 ? std::string("local") : "federated");
    // From here on answers are final.
    QCOMPARE(session->setAnswer({0, {}}, Choice::Left).error().code, ErrorCode::Refused);
    QCOMPARE(session->setComment("x").error().code, ErrorCode::Refused);
    QCOMPARE(session->next().error().code, ErrorCode::Refused);
}

void tst_ReadingSession::refusesWhatIsNoAnswer()
{
    auto session = open();
    QCOMPARE(session->setAnswer({0, {}}, 3).error().code, ErrorCode::Invalid);
    QCOMPARE(session->setAnswer({1, Side::Left}, Checked{{"pons", 1}}).error().code, ErrorCode::Invalid);
    QCOMPARE(session->setAnswer({1, Side::Left}, Checked{{"pv", 2}}).error().code, ErrorCode::Invalid); // not counted
    QVERIFY(session->setAnswer({0, {}}, Choice::Right));
    const auto early = session->next();
    QCOMPARE(early.error().code, ErrorCode::Invalid);
    QVERIFY(QString::fromStdString(early.error().message).contains("'Missed'"));
    QCOMPARE(session->current(), std::size_t(0));
}

void tst_ReadingSession::timeStandsStillWhilePaused()
{
    auto session = open();
    m_clock->pass(5s);
    session->pause();
    session->pause();
    m_clock->pass(100s);
    QCOMPARE(session->time(0), std::chrono::milliseconds(5s));
    session->resumeTime();
    session->resumeTime();
    m_clock->pass(2500ms);
    QCOMPARE(session->time(0), std::chrono::milliseconds(7500ms));
    session->goTo(2);
    m_clock->pass(1s);
    QCOMPARE(session->time(0), std::chrono::milliseconds(7500ms));
    QCOMPARE(session->time(2), std::chrono::milliseconds(1s));
}

void tst_ReadingSession::correctionsAreKept()
{
    auto session = open();
    answerAll(*session, Choice::Left);
    QVERIFY(session->setAnswer({0, {}}, Choice::Right)); // a change of mind before the case is done is none
    QVERIFY(session->next());
    QVERIFY(!ReadingSession::resume({m_study, "no such", "Ada"}));
    QVERIFY(session->back());
    QVERIFY(!session->back());
    m_clock->pass(3s);
    QVERIFY(session->setAnswer({0, {}}, Choice::Equal));
    QVERIFY(session->setAnswer({0, {}}, Choice::Equal)); // the same again
    QCOMPARE(session->corrections(0), std::size_t(1));
    QVERIFY(session->next());
    QCOMPARE(session->current(), std::size_t(1)); // on to what is not read
    QVERIFY(session->flush());
    const auto record = readReadingRecord(ReadingPlace{m_study, "first", "Ada"}.recordFile());
    QVERIFY(record);
    const Correction &correction = record->readings[0].corrections.at(0);
    QCOMPARE(correction.key, std::string("better"));
    QVERIFY(correction.was == Answer(Choice::Right));
    QVERIFY(correction.at == m_clock->now());
    QVERIFY(record->readings[0].answers.at("better") == Answer(Choice::Equal));
}

void tst_ReadingSession::resumesInTheMiddleOfACase()
{
    auto session = open();
    answerAll(*session, Choice::Left);
    QVERIFY(session->setComment("small lesion at the horn"));
    QVERIFY(session->next());
    m_clock->pass(4s);
    QVERIFY(session->setAnswer({0, {}}, Choice::Right));
    const std::string id = session->caseId(1);
    const auto shown = session->shownModels();
    session.reset();

    session = open();
    QCOMPARE(session->current(), std::size_t(1));
    QCOMPARE(session->caseId(1), id);
    QCOMPARE(session->shownModels().left, shown.left);
    QCOMPARE(session->shownModels().right, shown.right);
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Choice::Right));
    QVERIFY(!session->answer({1, Side::Left}));
    QCOMPARE(session->comment(0), std::string("small lesion at the horn"));
    QCOMPARE(session->time(1), std::chrono::milliseconds(4s));
    QVERIFY(session->state(0) == ReadingState::Done);
}

void tst_ReadingSession::survivesKill()
{
    const ReadingPlace place{m_study, "first", "Ada"};
    const pid_t child = fork();
    QVERIFY(child >= 0);
    if (child == 0) {
        auto opened = ReadingSession::open(place, m_plan, m_cases, m_clock);
        if (!opened)
            _exit(1);
        auto &session = **opened;
        m_clock->pass(9s);
        const bool said = session.setAnswer({0, {}}, Choice::Left) && session.setAnswer({1, Side::Left}, Checked{}) &&
                          session.setAnswer({1, Side::Right}, Checked{{"it", 1}}) && session.next() &&
                          session.setAnswer({0, {}}, Choice::Equal) && session.flush();
        if (!said)
            _exit(2);
        raise(SIGKILL);
    }
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    // As if it had been in the middle of a line.
    QVERIFY(appendToFile(place.logFile(), R"({"sequence": 7, "ev)"));

    auto session = open();
    QVERIFY(session);
    const auto order = test::expectedOrder(m_cases, 7);
    QCOMPARE(session->current(), std::size_t(1));
    QCOMPARE(session->caseId(1), order[1].caseId);
    QCOMPARE(session->shownModels().left, order[1].left);
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Choice::Equal));
    QCOMPARE(session->time(0), std::chrono::milliseconds(9s));
    QVERIFY(session->flush());
    const auto lines = QByteArray::fromStdString(*readFile(place.logFile())).split('\n');
    QVERIFY(lines.last().isEmpty());
    QVERIFY(lines[lines.size() - 2].contains("\"resumed\"")); // on a line of its own
}

void tst_ReadingSession::logHasEveryAnswer()
{
    auto session = open();
    answerAll(*session, Choice::Left);
    QVERIFY(session->setAnswer({0, {}}, Choice::Right));
    QVERIFY(session->flush());
    const auto lines =
        QByteArray::fromStdString(*readFile(ReadingPlace{m_study, "first", "Ada"}.logFile())).trimmed().split('\n');
    QCOMPARE(lines.size(), 5);
    int expected = 1;
    for (const auto &line : lines)
        QCOMPARE(parseJson(line.toStdString())->at("sequence").get<int>(), expected++);
    const Json last = *parseJson(lines.last().toStdString());
    QCOMPARE(last.at("answer"), Json("right"));
    QCOMPARE(last.at("was"), Json("left"));
    QCOMPARE(last.at("question"), Json("better"));
}

void tst_ReadingSession::refusesAChangedPlan()
{
    QVERIFY(open());
    auto changed = m_plan;
    changed.questions[0].text = "Which is worse?";
    const auto refused = ReadingSession::open({m_study, "first", "Ada"}, changed, m_cases, m_clock);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    QVERIFY(!QString::fromStdString(refused.error().line()).contains('\n'));
    QVERIFY(QString::fromStdString(refused.error().line()).contains("'first' was begun with another plan"));
    // Another case in the study changes what "all" means.
    QCOMPARE(ReadingSession::open({m_study, "first", "Ada"}, m_plan, test::numberedCases(4), m_clock).error().code,
             ErrorCode::Refused);
    QVERIFY(ReadingSession::open({m_study, "second", "Ada"}, changed, m_cases, m_clock));
    QVERIFY(ReadingSession::resume({m_study, "first", "Ada"}, m_clock));
}

void tst_ReadingSession::severalReadersOfOneSession()
{
    QVERIFY(open("Ada"));
    auto session = open("Dr. Grace Hopper/Ö");
    QVERIFY(session);
    answerAll(*session, Choice::Left);
    QVERIFY(session->next());
    QVERIFY(session->flush());
    const auto begun = startedSessions(m_study);
    QVERIFY(begun);
    QCOMPARE(begun->size(), std::size_t(1));
    QCOMPARE(begun->front().session, std::string("first"));
    QCOMPARE(begun->front().title, std::string("Lesions"));
    QCOMPARE(begun->front().readers.size(), std::size_t(2));
    QCOMPARE(begun->front().readers[1].name, std::string("Dr. Grace Hopper/Ö"));
    QCOMPARE(begun->front().readers[1].done, std::size_t(1));
    QCOMPARE(begun->front().readers[1].total, std::size_t(3));
    QVERIFY(startedSessions("/no/such/study")->empty());
    QCOMPARE(ReadingSession::open({m_study, "first", ""}, m_plan, m_cases).error().code, ErrorCode::Invalid);
}

void tst_ReadingSession::anyNameIsAFile()
{
    for (const char *text : {"Ada", "../../etc/passwd", "a b", "a%20b", "Ünal", ".hidden", "a/b\\c"}) {
        const std::string name = fileNameFor(text);
        QVERIFY(name.find_first_of("/\\ ") == std::string::npos);
        QVERIFY(name.front() != '.');
        QCOMPARE(textOfFileName(name), std::string(text));
    }
}

void tst_ReadingSession::saysWhenTheDiskRefuses()
{
    auto session = open();
    QVERIFY(session->flush());
    // A file where the folder was: no one can write below it, the superuser neither.
    fs::remove_all(session->folder());
    QVERIFY(writeFileAtomically(session->folder(), "not a folder"));
    std::atomic<int> failures = 0;
    session->setFailureHandler([&](const Error &) { ++failures; });
    QVERIFY(session->setAnswer({0, {}}, Choice::Left));
    QCOMPARE(session->flush().error().code, ErrorCode::Io);
    QTRY_COMPARE(failures.load(), 1);
    // When there is room again, all is written with the next answer.
    fs::remove(session->folder());
    QVERIFY(session->setAnswer({1, Side::Left}, Checked{}));
    QVERIFY(session->flush());
    const auto record = readReadingRecord(ReadingPlace{m_study, "first", "Ada"}.recordFile());
    QCOMPARE(record->readings[0].answers.size(), std::size_t(2));
    session->setFailureHandler({});
}

void tst_ReadingSession::damagedRecordsAreNamed()
{
    const ReadingPlace place{m_study, "first", "Ada"};
    QVERIFY(open());
    const Json good = *readJson(place.recordFile());
    const auto after = [&](auto change) {
        Json json = good;
        change(json);
        (void)writeJson(place.recordFile(), json);
        const auto opened = ReadingSession::open(place, m_plan, m_cases);
        return opened ? ErrorCode::Internal : opened.error().code;
    };
    QCOMPARE(after([](Json &json) { json["current"] = 99; }), ErrorCode::Malformed);
    QCOMPARE(after([](Json &json) { json.erase("readings"); }), ErrorCode::Malformed);
    QCOMPARE(after([](Json &json) { json["readings"][0]["left"] = 2; }), ErrorCode::Malformed);
    QCOMPARE(after([](Json &json) { json["readings"][0]["answers"]["better"] = "both"; }), ErrorCode::Malformed);
    QCOMPARE(after([](Json &json) { json["format"] = 2; }), ErrorCode::Unsupported);
    QCOMPARE(after([](Json &json) { json["planHash"] = "0"; }), ErrorCode::Refused);
}

QTEST_GUILESS_MAIN(tst_ReadingSession)
#include "tst_reading_session.moc"
