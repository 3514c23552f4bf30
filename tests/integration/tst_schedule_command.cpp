// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "core/plan.h"
#include "support/node_program.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `schedule` as a site's technician runs it.
class tst_ScheduleCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void withoutASettingItShows();
    void setsOneThingAtATime();
    void badInputIsOneLine_data();
    void badInputIsOneLine();
    void anotherFolderIsRefused();

private:
    Ran schedule(const QStringList &more) const
    {
        return runNode(QStringList{"schedule", "--site-dir", m_folder->path()} + more);
    }
    Json shown() const { return Json::parse(schedule({"--json"}).out.toStdString()); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_ScheduleCommand::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto plan = Json::parse(R"({"format":1,"task":"toy","data":{"channels":["c"],"labels":["b","l"]},
        "preprocessing":{"normalisation":["none"]}})");
    QVERIFY(writeJson(m_folder->path().toStdString() + "/site.json", {{"format", 1},
                                                                      {"studyId", "s-1"},
                                                                      {"title", "Lesions"},
                                                                      {"site", "north"},
                                                                      {"endpoint", "host.example:9470"},
                                                                      {"plan", plan}}));
}

void tst_ScheduleCommand::withoutASettingItShows()
{
    const auto ran = schedule({});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY2(ran.out.contains("north") && ran.out.contains("at any time") && ran.out.contains("no limit") &&
                 ran.out.contains("may work"),
             qPrintable(ran.out));
    QVERIFY(!QFile::exists(m_folder->filePath("schedule.json")));
    const auto json = shown();
    QVERIFY(json["hours"].is_null() && json["bytesPerSecond"].is_null());
    QCOMPARE(json["site"].get<std::string>(), std::string("north"));
    QCOMPARE(json["mayWork"].get<bool>(), true);
}

void tst_ScheduleCommand::setsOneThingAtATime()
{
    QVERIFY(schedule({"--hours", "20:00-06:00"}).code == 0);
    const auto ran = schedule({"--bandwidth", "10M", "--pause"});
    QVERIFY(ran.code == 0);
    QVERIFY2(ran.out.contains("20:00-06:00") && ran.out.contains("10 MB a second (80 Mbit/s)") &&
                 ran.out.contains("paused by the site"),
             qPrintable(ran.out));
    auto json = shown();
    QCOMPARE(json["hours"].get<std::string>(), std::string("20:00-06:00"));
    QCOMPARE(json["bytesPerSecond"].get<double>(), 1e7);
    QCOMPARE(json["paused"].get<bool>(), true);
    QCOMPARE(json["mayWork"].get<bool>(), false);
    QVERIFY(json["next"].is_null());
    QVERIFY(schedule({"--resume", "--hours", "any", "--bandwidth", "none"}).code == 0);
    json = shown();
    QVERIFY(json["hours"].is_null() && json["bytesPerSecond"].is_null() && json["paused"] == false);
    QCOMPARE(json["mayWork"].get<bool>(), true);
}

void tst_ScheduleCommand::badInputIsOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("names");
    QTest::addColumn<int>("code");
    QTest::newRow("hours") << QStringList{"--hours", "8 to 5"} << "--hours" << 1;
    QTest::newRow("bandwidth") << QStringList{"--bandwidth", "fast"} << "--bandwidth" << 1;
    QTest::newRow("too little") << QStringList{"--bandwidth", "5"} << "--bandwidth" << 1;
    QTest::newRow("both ways") << QStringList{"--pause", "--resume"} << "--resume" << 2;
}

void tst_ScheduleCommand::badInputIsOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, names);
    QFETCH(int, code);
    const auto ran = schedule(arguments);
    QCOMPARE(ran.code, code);
    QVERIFY2(ran.err.contains(names), qPrintable(ran.err));
    if (code == 1)
        QCOMPARE(ran.errLines().size(), 1);
    QVERIFY(!QFile::exists(m_folder->filePath("schedule.json")));
}

void tst_ScheduleCommand::anotherFolderIsRefused()
{
    QVERIFY(QFile::remove(m_folder->filePath("site.json")));
    const auto ran = schedule({"--pause"});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.err.contains("is not a site folder"), qPrintable(ran.err));
    QVERIFY(!QFile::exists(m_folder->filePath("schedule.json")));
}

QTEST_APPLESS_MAIN(tst_ScheduleCommand)
#include "tst_schedule_command.moc"
