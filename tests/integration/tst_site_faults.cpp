// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// A site may die, hang, come late or leave at any moment: the study ends in the model worked by hand, and its board
/// says what happened.
class tst_SiteFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killedInDownload();
    void killedInTraining();
    void killedInUpload();
    void killedAfterUpload();
    void aSiteThatHangsIsNamedAndTheRestGoesOn();
    void aSiteComesInRoundThreeAndLeavesAfterFive();

private:
    static constexpr int size = 48; // mebibytes
    static constexpr std::int64_t bytes = size * static_cast<std::int64_t>(mebibyte);
    /// One piece that was under way when the site died is fetched or sent again, and the wire's own overhead.
    static constexpr std::int64_t onceMore = 5 * static_cast<std::int64_t>(mebibyte) + bytes / 50;
};

void tst_SiteFaults::killedInDownload()
{
    FaultStudy study(faultPlan(1, 2), size);
    study.startHost();
    CuttableProxy network(study.port());
    study.addSite("north");
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1);
    network.slowDown(bytes / 2); // two seconds for the model
    auto south = study.join("south", 10, 3);
    QVERIFY(waitUntil([&] { return network.down() > bytes * 4 / 10; }));
    south->killAtOnce();
    QCOMPARE(south->count({"training"}), 0);
    QVERIFY2(network.down() < bytes * 9 / 10, "it was hit in the middle of the model");
    network.slowDown(0);
    south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"training"}));
    QCOMPARE_LE(network.down(), bytes + onceMore);

    QCOMPARE(study.wrongEnd(2), QString()); // (10 * 1 + 10 * 3) / 20
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
    QCOMPARE(study.outcome(1, "north"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
    QCOMPARE(north->waitForEnd(), 0);
}

void tst_SiteFaults::killedInTraining()
{
    FaultStudy study(faultPlan(2, 2), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    const auto north = study.join("north", 10, 1);
    auto south = study.join("south", 10, 3, study.gate(1, "never"));
    QVERIFY(south->waitFor({"progress", {}, {}, 1}));
    south->killAtOnce();
    QCOMPARE(south->count({"uploaded"}), 0);
    south = study.join("south", 10, 3);

    QCOMPARE(study.wrongEnd(3), QString()); // round 1: 2; round 2: 2 / 2 + 2
    for (const int round : {1, 2})
        QCOMPARE(study.outcome(round, "south"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_SiteFaults::killedInUpload()
{
    FaultStudy study(faultPlan(1, 2), size);
    study.startHost();
    CuttableProxy network(study.port());
    study.addSite("north");
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1);
    network.slowUp(bytes / 2);
    auto south = study.join("south", 10, 3);
    QVERIFY(waitUntil([&] { return network.up() > bytes * 4 / 10; }));
    south->killAtOnce();
    QCOMPARE(south->count({"uploaded"}), 0);
    QVERIFY2(network.up() < bytes * 9 / 10, "it was hit in the middle of the update");
    network.slowUp(0);
    south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"uploaded"}));
    QCOMPARE_LE(network.up(), bytes + onceMore);
    QCOMPARE(south->count({"training"}), 0); // what was finished is sent, not trained once more

    QCOMPARE(study.wrongEnd(2), QString());
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_SiteFaults::killedAfterUpload()
{
    FaultStudy study(faultPlan(2, 2), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    const auto north = study.join("north", 10, 1, study.gate(1, "north-goes-on"));
    auto south = study.join("south", 10, 3);
    QVERIFY(study.host().waitFor({"site-state", "south", "counted", 1}));
    south->killAtOnce();
    south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"joined"}));
    study.open("north-goes-on");

    QCOMPARE(study.wrongEnd(3), QString());
    QCOMPARE(south->count({"training", {}, {}, 1}), 0);
    QCOMPARE(south->count({"training", {}, {}, 2}), 1);
    QCOMPARE(study.host().count({"site-state", "south", "counted", 1}), 1);
    QCOMPARE(south->waitForEnd(), 0);
}

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

    // Round 1: (10 + 30 + 100) / 40 = 3.5; round 2 without east: 1.75 + 2 = 3.75; round 3: 1.875 + 3.5.
    QCOMPARE(study.wrongEnd(5.375), QString());
    QCOMPARE(study.scale(2), 3.75);
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

    // Without east a round adds 2, with it 3.5: 2, 3, then 5, 6, 6.5, then 5.25, 4.625.
    QCOMPARE(study.wrongEnd(4.625), QString());
    const double scales[] = {2, 3, 5, 6, 6.5, 5.25, 4.625};
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
