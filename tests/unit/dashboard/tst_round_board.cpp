// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/curve_chart.h"
#include "dashboard/event_log.h"
#include "dashboard/round_board.h"
#include "dashboard/study_progress.h"
#include "dashboard/words.h"

#include <QLocale>
#include <QTableView>
#include <QTest>

using namespace consilium;
using namespace consilium::dashboard;
using namespace std::chrono_literals;
using storage::SiteRoundRow;
using storage::SiteRow;
using storage::StudySnapshot;

namespace {

const TimePoint noon = fromIso("2026-11-20T12:00:00+00:00").value();

SiteRow site(const char *name, bool online, TimePoint lastSeen)
{
    SiteRow row;
    row.name = name;
    row.enrolled = true;
    row.online = online;
    row.lastSeen = lastSeen;
    return row;
}

StudySnapshot running(int round, int rounds)
{
    StudySnapshot study;
    study.state = "running";
    study.round = round;
    study.plan.federation.rounds = rounds;
    study.started = noon - 600s;
    for (const auto *name : {"east", "north", "south", "west"})
        study.sites.push_back(site(name, true, noon - 1s));
    return study;
}

void addRound(StudySnapshot &study, int round, RoundState state, TimePoint started, std::optional<TimePoint> ended = {})
{
    study.rounds.push_back({round, state, started, ended, {}});
}

} // namespace

class tst_RoundBoard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void siteWords_data();
    void siteWords();
    void aLostSiteIsToldWithItsTime();
    void aSilentSiteIsToldEvenWhenNobodyMarkedItLost();
    void aSiteThatHasAnsweredMayGo();
    void durations_data();
    void durations();
    void ago_data();
    void ago();
    void headlines();
    void sitesInCountsTheRoundInFlightOnly();
    void timeLeftIsTheMedianOfClosedRounds();
    void timeLeftOfALateRoundIsNotNegative();
    void timeLeftTakesTheLastFiveRounds();
    void nothingIsLeftToEstimateWithoutAClosedRound();
    void failedAndIncompleteRoundsAreNoted();
    void failuresBeginWithAWord();
    void aStudyThatEndedEarlySaysSo();
    void aSiteAtRestSaysWhenItGoesOn();
    void signingOffIsNoFault();
    void missingSitesAreCountedByReason();
    void updatesThatCountLaterAreNoFault();
    void aLongNoteIsShortened();
    void aThousandSitesRefreshQuickly();
};

void tst_RoundBoard::siteWords_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<double>("progress");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("bar");
    QTest::newRow("training") << int(SiteState::Training) << 0.4 << "epoch 1 of 1"
                              << "training, epoch 1 of 1" << true;
    QTest::newRow("uploading") << int(SiteState::Uploading) << 0.806 << ""
                               << "uploading 81 %" << true;
    QTest::newRow("downloading") << int(SiteState::Downloading) << 0.0 << ""
                                 << "downloading" << true;
    QTest::newRow("counted") << int(SiteState::Counted) << 1.0 << ""
                             << "counted" << false;
    QTest::newRow("refused") << int(SiteState::NotCounted) << 0.0 << "a value is not finite"
                             << "not counted: a value is not finite" << false;
    QTest::newRow("offered") << int(SiteState::Offered) << 0.0 << ""
                             << "offered the model" << false;
}

void tst_RoundBoard::siteWords()
{
    QFETCH(int, state);
    QFETCH(double, progress);
    QFETCH(QString, detail);
    const auto study = running(7, 12);
    const SiteRoundRow row{7, "south", static_cast<SiteState>(state), progress, detail.toStdString(), noon};
    const auto said = Words::site(study.sites[2], &row, study, noon);
    QTEST(said.words, "words");
    QTEST(said.progress.has_value(), "bar");
}

void tst_RoundBoard::aLostSiteIsToldWithItsTime()
{
    const auto study = running(7, 12);
    const SiteRow west = site("west", false, noon - 42s);
    const SiteRoundRow row{7, "west", SiteState::Training, 0.3, "epoch 1 of 1", noon - 42s};
    auto said = Words::site(west, &row, study, noon);
    QCOMPARE(said.words, "lost 00:42 ago, waiting");
    QCOMPARE(said.mark, Mark::Warning);
    said = Words::site(west, &row, study, noon + 3629s); // 42 s + 3629 s = 3671 s
    QCOMPARE(said.words, "lost 1:01:11 ago, waiting");
}

void tst_RoundBoard::aSilentSiteIsToldEvenWhenNobodyMarkedItLost()
{
    const auto study = running(7, 12);
    const SiteRow west = site("west", true, noon - 125s);
    const SiteRoundRow row{7, "west", SiteState::Training, 0.3, "", noon - 125s};
    QCOMPARE(Words::site(west, &row, study, noon).words, "nothing heard for 02:05, waiting");
}

void tst_RoundBoard::aSiteThatHasAnsweredMayGo()
{
    auto study = running(7, 12);
    const SiteRow west = site("west", false, noon - 42s);
    const SiteRoundRow row{7, "west", SiteState::Counted, 1, "", noon - 60s};
    QCOMPARE(Words::site(west, &row, study, noon).mark, Mark::Done);
    study.state = "finished";
    QCOMPARE(Words::site(west, &row, study, noon).words, "counted");
}

void tst_RoundBoard::durations_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("seconds") << 59 << "less than a minute";
    QTest::newRow("a minute") << 60 << "1 min";
    QTest::newRow("rounds") << 9 * 60 + 31 << "10 min";
    QTest::newRow("nearly an hour") << 3599 << "1 h";
    QTest::newRow("hours") << 4800 << "1 h 20 min";
}

void tst_RoundBoard::durations()
{
    QFETCH(int, seconds);
    QTEST(Words::duration(std::chrono::seconds(seconds)), "words");
}

void tst_RoundBoard::ago_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("present") << 2 << "now";
    QTest::newRow("ahead of our clock") << -5 << "now";
    QTest::newRow("seconds") << 42 << "42 s ago";
    QTest::newRow("minutes") << 125 << "2 min ago";
    QTest::newRow("hours") << 2 * 3600 + 5 << "2 h ago";
}

void tst_RoundBoard::ago()
{
    QFETCH(int, seconds);
    QTEST(Words::ago(noon, noon + std::chrono::seconds(seconds)), "words");
}

void tst_RoundBoard::headlines()
{
    auto study = running(7, 12);
    QCOMPARE(Words::headline(study), "Round 7 of 12");
    study.state = "stopped";
    QCOMPARE(Words::headline(study), "Stopped in round 7 of 12");
    study = running(0, 12);
    QCOMPARE(Words::headline(study), "Waiting for sites");
    study.sites[0].enrolled = false;
    QCOMPARE(Words::roundDetail(study), "3 of 4 sites have joined");
}

void tst_RoundBoard::sitesInCountsTheRoundInFlightOnly()
{
    auto study = running(7, 12);
    addRound(study, 7, RoundState::Training, noon - 30s);
    study.siteRounds = {{6, "east", SiteState::Counted, 1, "", noon},
                        {7, "east", SiteState::Counted, 1, "", noon},
                        {7, "north", SiteState::Training, 0, "", noon},
                        {7, "west", SiteState::NotCounted, 0, "late", noon}};
    QCOMPARE(sitesIn(study), 1);
    QCOMPARE(Words::roundDetail(study), "1 of 4 sites in");
}

void tst_RoundBoard::timeLeftIsTheMedianOfClosedRounds()
{
    // Rounds of 60, 100 and 90 s are closed: median 90 s. Round 4 of 6 began 30 s ago: 60 s of it and two rounds
    // remain.
    auto study = running(4, 6);
    addRound(study, 1, RoundState::Closed, noon - 400s, noon - 340s);
    addRound(study, 2, RoundState::Closed, noon - 300s, noon - 200s);
    addRound(study, 3, RoundState::Closed, noon - 120s, noon - 30s);
    addRound(study, 4, RoundState::Training, noon - 30s);
    QCOMPARE(timeLeft(study, noon)->count(), 2 * 90 + 60);
    QCOMPARE(Words::time(study, noon), "running for 10 min, about 4 min left");
}

void tst_RoundBoard::timeLeftOfALateRoundIsNotNegative()
{
    auto study = running(2, 3);
    addRound(study, 1, RoundState::Closed, noon - 400s, noon - 340s);
    addRound(study, 2, RoundState::Training, noon - 340s);
    QCOMPARE(timeLeft(study, noon)->count(), 60); // nothing of round 2, and round 3
}

void tst_RoundBoard::timeLeftTakesTheLastFiveRounds()
{
    // Six closed rounds; the first, with its downloads, took ten times as long and is forgotten: median of 10 10 20 20
    // 20 is 20.
    auto study = running(6, 8);
    const int lengths[] = {200, 10, 10, 20, 20, 20};
    for (int i = 0; i < 6; ++i)
        addRound(study, i + 1, RoundState::Closed, noon - 1000s, noon - 1000s + std::chrono::seconds(lengths[i]));
    QCOMPARE(timeLeft(study, noon)->count(), 2 * 20);
}

void tst_RoundBoard::nothingIsLeftToEstimateWithoutAClosedRound()
{
    auto study = running(1, 3);
    addRound(study, 1, RoundState::Training, noon - 30s);
    QVERIFY(!timeLeft(study, noon));
    addRound(study, 0, RoundState::Closed, noon - 90s, noon - 30s);
    study.state = "finished";
    QVERIFY(!timeLeft(study, noon));
}

void tst_RoundBoard::failedAndIncompleteRoundsAreNoted()
{
    auto study = running(3, 12);
    study.rounds = {{1, RoundState::Closed, noon, noon, "closed without west: connection lost while training"},
                    {2, RoundState::Failed, noon, noon, ""},
                    {3, RoundState::Training, noon, {}, ""}};
    QCOMPARE(Words::notes(study),
             QStringList({"Round 2 failed.", "Round 1: closed without west: connection lost while training"}));
}

void tst_RoundBoard::failuresBeginWithAWord()
{
    Event event;
    event.text = "west has not been heard of";
    event.event = "site-lost";
    QVERIFY(eventSentence(event).startsWith("Lost: "));
    event.event = "error";
    QVERIFY(eventSentence(event).startsWith("Error: "));
    event.event = "round-state";
    QCOMPARE(eventSentence(event), "west has not been heard of");
}

void tst_RoundBoard::aStudyThatEndedEarlySaysSo()
{
    auto study = running(7, 12);
    study.state = "finished";
    study.bestRound = 5;
    QCOMPARE(Words::headline(study), "Ended after round 7 of 12");
    QCOMPARE(Words::roundDetail(study), "validation improved no more; best model: round 5");
    study.round = 12;
    QCOMPARE(Words::headline(study), "Finished after 12 rounds");
    QCOMPARE(Words::roundDetail(study), "best model: round 5");
}

void tst_RoundBoard::aSiteAtRestSaysWhenItGoesOn()
{
    const auto study = running(7, 12);
    const SiteRoundRow row{7, "south", SiteState::Training, 0, "waits for its hours, 20:00", noon, 0, 0};
    const auto said = Words::site(study.sites[2], &row, study, noon);
    QCOMPARE(said.words, "waits for its hours, 20:00");
    QCOMPARE(said.mark, Mark::Waiting);
    QVERIFY(!said.progress);
}

void tst_RoundBoard::signingOffIsNoFault()
{
    const auto study = running(7, 12);
    SiteRoundRow row{7, "south", SiteState::NotCounted, 1, "it has signed off", noon, 0, 0};
    auto said = Words::site(study.sites[2], &row, study, noon);
    QCOMPARE(said.words, "not counted: it has signed off");
    QCOMPARE(said.mark, Mark::Waiting);
    row.detail = "its change is 1000 times the round's median";
    said = Words::site(study.sites[2], &row, study, noon);
    QCOMPARE(said.words, "not counted: its change is 1000 times the round's median");
    QCOMPARE(said.mark, Mark::Bad);
}

void tst_RoundBoard::missingSitesAreCountedByReason()
{
    auto study = running(3, 12);
    addRound(study, 2, RoundState::Closed, noon - 60s, noon);
    study.rounds.back().note = "Closed without a very long list";
    for (int i = 0; i < 1000; ++i)
        study.siteRounds.push_back({2, fmt::format("site-{:04}", i),
                                    i < 600 ? SiteState::Counted : SiteState::NotCounted, 1,
                                    i == 999 ? "a value is not finite" : "connection lost while training", noon, 0, 0});
    QCOMPARE(Words::notes(study),
             QStringList("Round 2: closed without 400 sites: site-0600, site-0601, site-0602 and 396 more (connection "
                         "lost while training); site-0999 (a value is not finite)"));
}

void tst_RoundBoard::updatesThatCountLaterAreNoFault()
{
    auto study = running(3, 12);
    addRound(study, 1, RoundState::Closed, noon - 120s, noon - 60s);
    addRound(study, 2, RoundState::Closed, noon - 60s, noon);
    study.rounds[0].note = study.rounds[1].note = "Closed without west (still training)";
    const std::string later = "still training; its update counts in a later round";
    study.siteRounds = {{1, "west", SiteState::NotCounted, 1, later, noon, 0, 0},
                        {2, "east", SiteState::NotCounted, 1, "it has signed off", noon, 0, 0},
                        {2, "west", SiteState::NotCounted, 1, later, noon, 0, 0}};
    study.rounds[1].note = "Closed without east (it has signed off), west (" + later + ")";
    QCOMPARE(Words::notes(study), QStringList("Round 2: Closed without east (it has signed off), west (" +
                                              QString::fromStdString(later) + ")"));
}

void tst_RoundBoard::aLongNoteIsShortened()
{
    auto study = running(3, 12);
    addRound(study, 2, RoundState::Failed, noon - 60s, noon);
    for (int i = 0; i < 500; ++i)
        study.rounds.back().note += "word ";
    const auto notes = Words::notes(study);
    QVERIFY(notes.at(0).size() < 280);
    QVERIFY(notes.at(0).endsWith("word …"));
}

void tst_RoundBoard::aThousandSitesRefreshQuickly()
{
    // 20 rounds with everything an aggregator measures.
    StudySnapshot study = running(20, 50);
    study.sites.clear();
    for (int i = 0; i < 1000; ++i)
        study.sites.push_back(site(fmt::format("site-{:04}", i).c_str(), true, noon - 1s));
    for (int round = 1; round <= 20; ++round) {
        addRound(study, round, round < 20 ? RoundState::Closed : RoundState::Training, noon - 60s,
                 round < 20 ? std::optional(noon) : std::nullopt);
        for (const auto &site : study.sites) {
            study.siteRounds.push_back({round, site.name, SiteState::Counted, 1, "", noon, 1'000'000, 1'000'000});
            study.metrics.push_back({round, site.name, "global", "training", "loss", 0, 1.0 / round, 10});
            study.metrics.push_back({round, site.name, "global", "validation", "dice", 0, 0.5, 5});
            for (const auto *name : {"update-cosine", "update-distance", "update-norm", "weight"})
                study.metrics.push_back({round, site.name, "local", "update", name, 0, 0.5, 0});
        }
    }
    Theme theme;
    theme.series = {"#56b4e9", "#e69f00"};
    RoundBoard board;
    CurveChart loss(CurveChart::Kind::Loss), headline(CurveChart::Kind::Headline), drift(CurveChart::Kind::Drift);
    board.setTheme(theme);
    for (auto *chart : {&loss, &headline, &drift})
        chart->setTheme(theme);
    board.show();
    QVERIFY(QTest::qWaitForWindowExposed(&board));
    QBENCHMARK
    {
        board.setSnapshot(study);
        for (auto *chart : {&loss, &headline, &drift})
            chart->setSnapshot(study);
        board.repaint();
    }
    QCOMPARE(board.findChild<QTableView *>()->model()->rowCount(), 1000);
    QVERIFY(board.height() < 700);
}

QTEST_MAIN(tst_RoundBoard)
#include "tst_round_board.moc"
