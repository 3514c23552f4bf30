// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_schedule.h"

#include "core/file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::federation;
using namespace std::chrono_literals;

namespace {

TimePoint at(const char *iso)
{
    return *fromIso(iso);
}

ScheduleSettings settingsOf(const char *hours)
{
    ScheduleSettings settings;
    settings.hours = *DailyHours::parse(hours);
    return settings;
}

Standing standing(const ScheduleSettings &settings, const char *iso)
{
    return standingOf(settings, at(iso), SiteClock::system().minuteOfDay);
}

} // namespace

class tst_SiteSchedule : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        // Central European time by its rule, so that no list of zones is needed: an hour ahead of UTC, two from the
        // last Sunday of March, 01:00 UTC, to the last of October.
        qputenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
    }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsHours();
    void readsBandwidth();
    void hoursOfTheDayAndAcrossMidnight_data();
    void hoursOfTheDayAndAcrossMidnight();
    void saysWhenItGoesOn();
    void summerTimeMovesTheHours();
    void anHourThatIsSkippedOrComesTwice();
    void aPauseIsAboveTheHours();
    void isKeptInTheSitesFolder();
    void refusesWhatIsNoSchedule_data();
    void refusesWhatIsNoSchedule();
    void aChangeActsWhileItRuns();
    void aDamagedFileLeavesWhatWasInForce();
    void waitsAndTells();
    void theLineFollowsTheFile();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    /// Time that passes only by waiting; `each` runs at every wait.
    SiteClock clock(const std::function<void()> &each = [] {})
    {
        m_time = at("2026-06-10T10:00:00Z"); // noon in summer
        m_steady = Bandwidth::Time() + 1h;
        return {[this] { return m_time; }, SiteClock::system().minuteOfDay, [this] { return m_steady; },
                [this, each](std::chrono::milliseconds time) {
                    m_time += time;
                    m_steady += time;
                    each();
                }};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    TimePoint m_time;
    Bandwidth::Time m_steady;
};

void tst_SiteSchedule::readsHours()
{
    QVERIFY((**DailyHours::parse("20:00-06:30") == DailyHours{1200, 390}));
    QVERIFY((**DailyHours::parse("00:00-24:00") == DailyHours{0, 1440}));
    QVERIFY(!DailyHours::parse("any")->has_value());
    QCOMPARE((*DailyHours::parse("07:05-18:00"))->inWords(), std::string("07:05-18:00"));
    for (const auto *text : {"", "20:00", "20-6", "8:00-9:00", "24:00-06:00", "20:00-24:01", "20:60-21:00",
                             "20:00-06:0x", "20:00 06:00", "20:00-06:00 ", "08:00-08:00", "-1:00-02:00"})
        QVERIFY2(!DailyHours::parse(text), text);
}

void tst_SiteSchedule::readsBandwidth()
{
    QCOMPARE(**ScheduleSettings::parseBandwidth("10M"), 1e7);
    QCOMPARE(**ScheduleSettings::parseBandwidth("1.5M"), 1.5e6);
    QCOMPARE(**ScheduleSettings::parseBandwidth("500K"), 5e5);
    QCOMPARE(**ScheduleSettings::parseBandwidth("2G"), 2e9);
    QCOMPARE(**ScheduleSettings::parseBandwidth("800000"), 8e5);
    QVERIFY(!ScheduleSettings::parseBandwidth("none")->has_value());
    for (const auto *text : {"", "fast", "10Mbit", "-5M", "0", "999", "nan", "inf", "1e7", "5000G"})
        QVERIFY2(!ScheduleSettings::parseBandwidth(text), text);
}

void tst_SiteSchedule::hoursOfTheDayAndAcrossMidnight_data()
{
    QTest::addColumn<QString>("hours");
    QTest::addColumn<QString>("utc"); // in January the clock on the wall is one hour ahead
    QTest::addColumn<bool>("works");
    QTest::newRow("night, a minute early") << "20:00-06:00"
                                           << "2026-01-15T18:59:59.999Z" << false;
    QTest::newRow("night, begins") << "20:00-06:00"
                                   << "2026-01-15T19:00:00Z" << true;
    QTest::newRow("night, before midnight") << "20:00-06:00"
                                            << "2026-01-15T22:59:00Z" << true;
    QTest::newRow("night, midnight") << "20:00-06:00"
                                     << "2026-01-15T23:00:00Z" << true;
    QTest::newRow("night, last minute") << "20:00-06:00"
                                        << "2026-01-16T04:59:59Z" << true;
    QTest::newRow("night, over") << "20:00-06:00"
                                 << "2026-01-16T05:00:00Z" << false;
    QTest::newRow("day, begins") << "08:30-17:00"
                                 << "2026-01-15T07:30:00Z" << true;
    QTest::newRow("day, over") << "08:30-17:00"
                               << "2026-01-15T16:00:00Z" << false;
    QTest::newRow("until midnight, within") << "20:00-24:00"
                                            << "2026-01-15T22:59:59Z" << true;
    QTest::newRow("until midnight, over") << "20:00-24:00"
                                          << "2026-01-15T23:00:00Z" << false;
    QTest::newRow("from midnight, before") << "00:00-05:00"
                                           << "2026-01-15T22:59:59Z" << false;
    QTest::newRow("from midnight, begins") << "00:00-05:00"
                                           << "2026-01-15T23:00:00Z" << true;
    QTest::newRow("until 00:00, within") << "20:00-00:00"
                                         << "2026-01-15T22:59:59Z" << true;
    QTest::newRow("until 00:00, over") << "20:00-00:00"
                                       << "2026-01-15T23:00:00Z" << false;
}

void tst_SiteSchedule::hoursOfTheDayAndAcrossMidnight()
{
    QFETCH(QString, hours);
    QFETCH(QString, utc);
    QFETCH(bool, works);
    QCOMPARE(standing(settingsOf(qPrintable(hours)), qPrintable(utc)).mayWork, works);
}

void tst_SiteSchedule::saysWhenItGoesOn()
{
    const auto waits = standing(settingsOf("20:00-06:00"), "2026-01-15T11:23:45Z");
    QVERIFY(waits.next == at("2026-01-15T19:00:00Z"));
    QCOMPARE(waits.words, std::string("waits for its hours, 20:00"));
    const auto tomorrow = standing(settingsOf("08:00-09:00"), "2026-01-15T08:00:00Z"); // 09:00: just over
    QVERIFY(tomorrow.next == at("2026-01-16T07:00:00Z"));
    const auto works = standing(settingsOf("08:00-09:00"), "2026-01-15T07:30:00Z");
    QVERIFY(works.mayWork && works.next == at("2026-01-15T07:30:00Z") && works.words.empty());
}

void tst_SiteSchedule::summerTimeMovesTheHours()
{
    // On 29 March 2026 at 01:00 UTC the clock goes from 02:00 to 03:00; 20:00 is 19:00 UTC before and 18:00 UTC after.
    const auto spring = standing(settingsOf("20:00-06:00"), "2026-03-28T12:00:00Z");
    QVERIFY(spring.next == at("2026-03-28T19:00:00Z"));
    const auto after = standing(settingsOf("20:00-06:00"), "2026-03-29T04:00:00Z"); // 06:00 already
    QVERIFY(!after.mayWork);
    QVERIFY(after.next == at("2026-03-29T18:00:00Z"));
    // The morning's 05:00, asked for the evening before the change: 03:00 UTC, not 04:00.
    const auto across = standing(settingsOf("05:00-06:00"), "2026-03-28T20:00:00Z");
    QVERIFY(across.next == at("2026-03-29T03:00:00Z"));
    // On 25 October 2026 at 01:00 UTC it goes back from 03:00 to 02:00: 05:00 is 04:00 UTC again.
    const auto autumn = standing(settingsOf("05:00-06:00"), "2026-10-24T20:00:00Z");
    QVERIFY(autumn.next == at("2026-10-25T04:00:00Z"));
}

void tst_SiteSchedule::anHourThatIsSkippedOrComesTwice()
{
    // 02:30 does not come on 29 March: the clock enters the hours at 03:00, which is 01:00 UTC.
    QVERIFY(standing(settingsOf("02:30-04:00"), "2026-03-29T00:30:00Z").next == at("2026-03-29T01:00:00Z"));
    // Hours within the skipped one are missed that day.
    QVERIFY(standing(settingsOf("02:15-02:45"), "2026-03-29T00:30:00Z").next == at("2026-03-30T00:15:00Z"));
    // On 25 October 02:00 to 03:00 comes twice, and the site works in both.
    QVERIFY(standing(settingsOf("02:15-02:45"), "2026-10-25T00:20:00Z").mayWork);
    QVERIFY(standing(settingsOf("02:15-02:45"), "2026-10-25T00:50:00Z").next == at("2026-10-25T01:15:00Z"));
    QVERIFY(standing(settingsOf("02:15-02:45"), "2026-10-25T01:30:00Z").mayWork);
}

void tst_SiteSchedule::aPauseIsAboveTheHours()
{
    auto settings = settingsOf("20:00-06:00");
    settings.paused = true;
    const auto paused = standing(settings, "2026-01-15T11:00:00Z");
    QVERIFY(!paused.mayWork && !paused.next);
    QCOMPARE(paused.words, std::string("paused by the site"));
}

void tst_SiteSchedule::isKeptInTheSitesFolder()
{
    QVERIFY(*ScheduleSettings::read(folder()) == ScheduleSettings{});
    auto settings = settingsOf("20:00-06:00");
    settings.bandwidth = 1.25e6;
    settings.paused = true;
    QVERIFY(settings.write(folder()));
    QVERIFY(*ScheduleSettings::read(folder()) == settings);
    const auto json = readJson(folder() / "schedule.json");
    QVERIFY(*json == Json::parse(R"({"format":1,"hours":"20:00-06:00","bytesPerSecond":1250000.0,"paused":true})"));
}

void tst_SiteSchedule::refusesWhatIsNoSchedule_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("not JSON") << "hours: any";
    QTest::newRow("not an object") << "[1]";
    QTest::newRow("hours missing") << R"({"format":1,"bytesPerSecond":null,"paused":false})";
    QTest::newRow("hours wrong") << R"({"format":1,"hours":"25:00-06:00","bytesPerSecond":null,"paused":false})";
    QTest::newRow("no rate") << R"({"format":1,"hours":null,"bytesPerSecond":0,"paused":false})";
    QTest::newRow("rate as text") << R"({"format":1,"hours":null,"bytesPerSecond":"10M","paused":false})";
    QTest::newRow("paused as text") << R"({"format":1,"hours":null,"bytesPerSecond":null,"paused":"no"})";
    QTest::newRow("newer") << R"({"format":2,"hours":null,"bytesPerSecond":null,"paused":false})";
}

void tst_SiteSchedule::refusesWhatIsNoSchedule()
{
    QFETCH(QString, text);
    QVERIFY(writeFileAtomically(folder() / "schedule.json", text.toStdString()));
    const auto settings = ScheduleSettings::read(folder());
    QVERIFY(!settings);
    QVERIFY2(settings.error().message.find("schedule.json") != std::string::npos, settings.error().message.c_str());
    QVERIFY(!SiteSchedule::open(folder(), clock()));
}

void tst_SiteSchedule::aChangeActsWhileItRuns()
{
    const auto schedule = SiteSchedule::open(folder(), clock());
    QVERIFY(schedule);
    QVERIFY((*schedule)->standing().mayWork);
    ScheduleSettings paused;
    paused.paused = true;
    QVERIFY(paused.write(folder()));
    m_steady += 1s;
    QCOMPARE((*schedule)->standing().words, std::string("paused by the site"));
    QVERIFY(settingsOf("20:00-06:00").write(folder()));
    m_steady += 1s;
    QCOMPARE((*schedule)->standing().words, std::string("waits for its hours, 20:00"));
    QVERIFY(std::filesystem::remove(folder() / "schedule.json"));
    m_steady += 1s;
    QVERIFY((*schedule)->standing().mayWork);
}

void tst_SiteSchedule::aDamagedFileLeavesWhatWasInForce()
{
    ScheduleSettings paused;
    paused.paused = true;
    QVERIFY(paused.write(folder()));
    const auto schedule = SiteSchedule::open(folder(), clock());
    QVERIFY(schedule);
    QVERIFY(writeFileAtomically(folder() / "schedule.json", "{"));
    m_steady += 5s;
    QVERIFY(!(*schedule)->standing().mayWork);
    QVERIFY(ScheduleSettings{}.write(folder()));
    m_steady += 1s;
    QVERIFY((*schedule)->standing().mayWork);
}

void tst_SiteSchedule::waitsAndTells()
{
    // Noon: hours begin at 20:00. At 15:00 the site is paused, at 22:00 resumed; at once nothing is told.
    const auto schedule = SiteSchedule::open(folder(), clock([this] {
                                                 if (m_time == at("2026-06-10T13:00:00Z")) {
                                                     auto paused = settingsOf("20:00-06:00");
                                                     paused.paused = true;
                                                     QVERIFY(paused.write(folder()));
                                                 }
                                                 if (m_time == at("2026-06-10T20:00:00Z"))
                                                     QVERIFY(settingsOf("20:00-06:00").write(folder()));
                                             }));
    QVERIFY(schedule);
    std::vector<std::pair<std::string, std::string>> told;
    const auto tell = [&](const std::string &words) { told.emplace_back(toIso(m_time).substr(11, 5), words); };
    const auto never = [] { return false; };
    QVERIFY((*schedule)->waitUntilAllowed(tell, never));
    QVERIFY(told.empty());
    QVERIFY(settingsOf("20:00-06:00").write(folder()));
    m_steady += 1s;
    QVERIFY((*schedule)->waitUntilAllowed(tell, never));
    const std::vector<std::pair<std::string, std::string>> expected{
        {"10:00", "waits for its hours, 20:00"}, {"13:00", "paused by the site"}, {"20:00", ""}};
    QVERIFY(told == expected);
    QVERIFY(m_time - at("2026-06-10T20:00:00Z") <= 1200ms);
    // A stop ends the wait.
    m_time = at("2026-06-10T10:00:00Z");
    QVERIFY(!(*schedule)->waitUntilAllowed(tell, [&] { return m_time >= at("2026-06-10T10:00:05Z"); }));
    QVERIFY(m_time <= at("2026-06-10T10:00:06Z"));
}

void tst_SiteSchedule::theLineFollowsTheFile()
{
    ScheduleSettings settings;
    settings.bandwidth = 1e6;
    QVERIFY(settings.write(folder()));
    const auto schedule = SiteSchedule::open(folder(), clock());
    QVERIFY(schedule);
    const auto start = m_steady;
    const auto never = [] { return false; };
    QVERIFY((*schedule)->takeBandwidth(60'000'000, never));
    QVERIFY(std::chrono::abs(m_steady - start - 60s) < 100ms);
    QVERIFY(ScheduleSettings{}.write(folder()));
    const auto lifted = m_steady;
    QVERIFY((*schedule)->takeBandwidth(60'000'000, never));
    QVERIFY(m_steady - lifted < 1200ms);
}

QTEST_APPLESS_MAIN(tst_SiteSchedule)
#include "tst_site_schedule.moc"
