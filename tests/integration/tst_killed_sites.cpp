// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// kill -9 of a site in every state of a round: it comes back into the same round, nothing that arrived travels again,
/// nothing that was trained is trained again.
class tst_KilledSites : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killedInDownload();
    void killedInTraining();
    void killedInUpload();
    void killedAfterUpload();

private:
    static constexpr int size = 48; // mebibytes
    static constexpr std::int64_t bytes = size * static_cast<std::int64_t>(mebibyte);
    /// The one or two pieces that were under way when the site died travel again, and the wire has its own overhead.
    static constexpr std::int64_t onceMore = 10 * static_cast<std::int64_t>(mebibyte) + bytes / 50;
};

void tst_KilledSites::killedInDownload()
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

    QCOMPARE(study.wrongEnd(3.5), QString()); // 3 / 2 + (10 * 1 + 10 * 3) / 20
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
    QCOMPARE(study.outcome(1, "north"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
    QCOMPARE(FaultStudy::halfWritten(study.path("south")), QString());
    QCOMPARE(north->waitForEnd(), 0);
}

void tst_KilledSites::killedInTraining()
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

    QCOMPARE(study.wrongEnd(3.75), QString()); // round 1: 3.5; round 2: 1.75 + 2
    for (const int round : {1, 2})
        QCOMPARE(study.outcome(round, "south"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_KilledSites::killedInUpload()
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

    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_KilledSites::killedAfterUpload()
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

    QCOMPARE(study.wrongEnd(3.75), QString());
    QCOMPARE(south->count({"training", {}, {}, 1}), 0);
    QCOMPARE(south->count({"training", {}, {}, 2}), 1);
    QCOMPARE(study.host().count({"site-state", "south", "counted", 1}), 1);
    QCOMPARE(south->waitForEnd(), 0);
}

QTEST_GUILESS_MAIN(tst_KilledSites)
#include "tst_killed_sites.moc"
