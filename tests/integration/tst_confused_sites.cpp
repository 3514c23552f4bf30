// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// A site that is set up wrongly is told so in words, and the others go on.
class tst_ConfusedSites : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aClockTenMinutesOffIsExplained_data();
    void aClockTenMinutesOffIsExplained();
    void twoSitesWithOneIdentityCountOnce();
};

void tst_ConfusedSites::aClockTenMinutesOffIsExplained_data()
{
    QTest::addColumn<int>("offset"); // seconds
    QTest::addColumn<QString>("direction");
    QTest::newRow("ahead") << 600 << "ahead";
    QTest::newRow("behind") << -600 << "behind";
}

void tst_ConfusedSites::aClockTenMinutesOffIsExplained()
{
    QFETCH(int, offset);
    QFETCH(QString, direction);
    FaultStudy study(faultPlan(1, 2, 3), 0);
    study.startHost();
    for (const auto *site : {"north", "south", "west"})
        study.addSite(site);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    const auto west = study.join("west", 20, 5, {}, {{"CONSILIUM_TEST_CLOCK_OFFSET", QString::number(offset)}});
    const QRegularExpression words("clock is (59\\d|60\\d) s " + direction + "|clock is 10 min \\w* ?" + direction);
    QVERIFY2(waitUntil([&] { return west->said(words); }), qPrintable(west->out() + west->err()));

    QCOMPARE(study.wrongEnd(3.5), QString()); // north and south alone
    QCOMPARE(study.outcome(1, "north"), QString("counted"));
    // It never got as far as the training.
    const auto outcome = study.outcome(1, "west");
    QVERIFY2(outcome.startsWith("not counted: ") && !outcome.contains("while training"), qPrintable(outcome));
    // The host's people see why, too.
    QVERIFY2(study.boardTells(QRegularExpression("west.*clock|clock.*west")) || outcome.contains("clock"),
             qPrintable(outcome));
}

void tst_ConfusedSites::twoSitesWithOneIdentityCountOnce()
{
    FaultStudy study(faultPlan(2, 2), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    std::filesystem::copy(study.path("south"), study.path("copy"), std::filesystem::copy_options::recursive);
    const auto north = study.join("north", 10, 1, study.gate(1, "north-goes-on"));
    const auto south = study.join("south", 10, 3), copy = study.join("copy", 10, 3);
    QVERIFY(study.host().waitFor({"site-state", "south", "counted", 1}));
    QVERIFY(south->waitFor({"joined"}));
    QVERIFY2(waitUntil(
                 [&] {
                     const QRegularExpression words(
                         "(two|second|another|other|newer) (worker|computer|program|site)|twice",
                         QRegularExpression::CaseInsensitiveOption);
                     return study.boardTells(words) || south->said(words) || copy->said(words);
                 },
                 15000),
             "somebody is told that the same identity is used twice");
    study.open("north-goes-on");

    QCOMPARE(study.wrongEnd(3.75), QString());
    for (const int round : {1, 2}) {
        QCOMPARE(study.outcome(round, "south"), QString("counted"));
        QCOMPARE(study.host().count({"site-state", "south", "counted", round}), 1);
    }
}

QTEST_GUILESS_MAIN(tst_ConfusedSites)
#include "tst_confused_sites.moc"
