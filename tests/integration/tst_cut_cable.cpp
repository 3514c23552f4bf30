// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"

#include <QElapsedTimer>

using namespace consilium;
using namespace consilium::test;

/// A line that goes silent, with neither end told, for longer than a keepalive takes to notice.
class tst_CutCable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sitesComeBackIntoTheSameRound();
};

void tst_CutCable::sitesComeBackIntoTheSameRound()
{
    constexpr int size = 24;
    constexpr std::int64_t bytes = size * static_cast<std::int64_t>(mebibyte);
    FaultStudy study(faultPlan(2, 3), size);
    study.startHost();
    CuttableProxy southern(study.port()), eastern(study.port());
    study.addSite("north");
    study.addSite("south", southern.endpoint());
    study.addSite("east", eastern.endpoint());
    // One is cut off in training, the other in the middle of its upload.
    const auto north = study.join("north", 10, 1);
    const auto south = study.join("south", 10, 3, study.gate(1, "south-goes-on"));
    eastern.slowUp(bytes / 3);
    const auto east = study.join("east", 20, 5);
    QVERIFY(south->waitFor({"progress", {}, {}, 1}));
    QVERIFY(waitUntil([&] { return eastern.up() > bytes / 2; }));
    southern.cut();
    eastern.cut();
    QCOMPARE(east->count({"uploaded"}), 0);
    QElapsedTimer silence;
    silence.start();
    for (const auto *site : {"south", "east"})
        QVERIFY(study.host().waitFor({"site-lost", site}));
    eastern.slowUp(0);
    // A ping every 20 s, given up after 10: by 35 s both have seen a keepalive fail.
    QVERIFY(waitUntil([&] { return silence.elapsed() > 35000; }, 60000, 50000));
    QCOMPARE(study.host().count({"round-state", {}, "aggregating", 1}), 0); // it waited
    southern.mend();
    eastern.mend();
    for (const auto *site : {"south", "east"})
        QVERIFY(study.host().waitFor({"site-back", site}));
    study.open("south-goes-on");

    QCOMPARE(study.wrongEnd(6), QString()); // 1.5 + 3.5, then 2.5 + 3.5
    for (auto *site : {south.get(), east.get()}) {
        QCOMPARE(site->count({"training", {}, {}, 1}), 1);
        QCOMPARE(site->waitForEnd(), 0);
    }
    for (const auto *site : {"north", "south", "east"}) {
        for (const int round : {1, 2})
            QCOMPARE(study.outcome(round, site), QString("counted"));
    }
    QCOMPARE(study.host().count({"round-state", {}, "failed"}), 0);
}

QTEST_GUILESS_MAIN(tst_CutCable)
#include "tst_cut_cable.moc"
