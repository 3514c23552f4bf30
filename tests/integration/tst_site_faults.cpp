// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// Sites that hang, come late or leave: the study goes on with those who are there, and its board says who was not.
class tst_SiteFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSiteThatHangsIsNamedAndTheRestGoesOn();
    void aSiteComesInRoundThreeAndLeavesAfterFive();
};

void tst_SiteFaults::aSiteThatHangsIsNamedAndTheRestGoesOn()
{
    FaultStudy study(faultPlan(3, 2, 5), 0);
    study.startHost();
    for (const auto *site : {"north", "south", "east"})
        study.addSite(site);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    auto east = study.join("east", 20, 5, {"--hang-in-round", "2"});
    QVERIFY(study.host().waitFor({"round-state", {}, "closed", 2}));
    QVERIFY(east->running()); // it was there all the time, and only did nothing
    east->killAtOnce();
    east = study.join("east", 20, 5);

    // Round 1: 1.5 + (10 + 30 + 100) / 40 = 5; round 2 without east: 2.5 + 2; round 3: 2.25 + 3.5.
    QCOMPARE(study.wrongEnd(5.75), QString());
    QCOMPARE(study.scale(2), 4.5);
    QCOMPARE(study.outcome(1, "east"), QString("counted"));
    const auto hung = study.outcome(2, "east");
    QVERIFY2(hung.startsWith("not counted: no progress for 5 s"), qPrintable(hung));
    QCOMPARE(study.outcome(3, "east"), QString("counted"));
    QVERIFY(study.boardTells(QRegularExpression("without east")));
}

void tst_SiteFaults::aSiteComesInRoundThreeAndLeavesAfterFive()
{
    FaultStudy study(faultPlan(7, 2, 3), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    const auto north = study.join("north", 10, 1, study.gate(2, "round-2-goes-on"));
    const auto south = study.join("south", 10, 3);
    QVERIFY(north->waitFor({"progress", {}, {}, 2}));
    study.addSite("east");
    auto east = study.join("east", 20, 5, study.gate(6, "never"));
    QVERIFY(study.host().waitFor({"site-online", "east"}));
    study.open("round-2-goes-on");
    QVERIFY(east->waitFor({"progress", {}, {}, 6}));
    east->askToStop();
    QCOMPARE(east->waitForEnd(), 1);
    QVERIFY(east->said(QRegularExpression("Stopped on request")));

    // Half of what was, and without east 2, with it 3.5.
    QCOMPARE(study.wrongEnd(4.6484375), QString());
    const double scales[] = {3.5, 3.75, 5.375, 6.1875, 6.59375, 5.296875, 4.6484375};
    for (int round = 1; round <= 7; ++round) {
        QCOMPARE(study.scale(round), scales[round - 1]);
        QCOMPARE(study.outcome(round, "south"), QString("counted"));
    }
    for (const int round : {3, 4, 5})
        QCOMPARE(study.outcome(round, "east"), QString("counted"));
    QCOMPARE(study.host().count({"site-left", "east"}), 1);
    QCOMPARE(study.host().count({"site-lost", "east"}), 0); // it said goodbye
    QVERIFY(study.outcome(6, "east").startsWith("not counted: "));
    // It never began round 7: the board must not say that it was lost while training.
    const auto last = study.outcome(7, "east");
    QVERIFY2(last == "nothing" || (last.startsWith("not counted: ") && !last.contains("training")), qPrintable(last));
}

QTEST_GUILESS_MAIN(tst_SiteFaults)
#include "tst_site_faults.moc"
