// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// kill -9 of the coordinator in every state of a round: started again it goes on in the same round, and nothing that
/// sites had uploaded is trained again.
class tst_KilledHost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killedWhileDistributing();
    void killedWhileCollecting();
    void killedWhileAggregating();
    void killedWhileWritingTheModel();

private:
    enum class Moment { Aggregating, Writing };
    void killedAt(Moment moment);
};

void tst_KilledHost::killedWhileDistributing()
{
    constexpr int size = 32;
    constexpr std::int64_t bytes = size * static_cast<std::int64_t>(mebibyte);
    FaultStudy study(faultPlan(1, 2), size);
    study.startHost();
    CuttableProxy network(study.port());
    network.slowDown(bytes / 2);
    study.addSite("north", network.endpoint());
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    QVERIFY(waitUntil([&] { return network.down() > bytes / 2; }));
    study.host().killAtOnce();
    QCOMPARE(north->count({"training"}) + south->count({"training"}), 0);
    network.slowDown(0);
    study.startHost();

    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(north->count({"training"}), 1);
    QCOMPARE(south->count({"training"}), 1);
    QCOMPARE(north->waitForEnd(), 0);
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_KilledHost::killedWhileCollecting()
{
    FaultStudy study(faultPlan(2, 3), 8);
    study.startHost();
    for (const auto *site : {"north", "south", "east"})
        study.addSite(site);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3),
               east = study.join("east", 20, 5, study.gate(1, "east-goes-on"));
    for (const auto *site : {"north", "south"})
        QVERIFY(study.host().waitFor({"site-state", site, "counted", 1}));
    study.host().killAtOnce();
    QCOMPARE(study.board().rounds.at(0).state, RoundState::Collecting);
    study.startHost();
    study.open("east-goes-on");

    QCOMPARE(study.wrongEnd(6), QString()); // 1.5 + 3.5, then 2.5 + 3.5
    for (auto *site : {north.get(), south.get(), east.get()})
        QCOMPARE(site->count({"training", {}, {}, 1}), 1);
    for (const auto *site : {"north", "south", "east"})
        QCOMPARE(study.outcome(1, site), QString("counted"));
}

void tst_KilledHost::killedAt(Moment moment)
{
    // Large enough that combining the updates takes a while; the moment is short all the same, so it is tried again
    // until it was hit.
    constexpr int size = 96;
    for (int attempt = 1; attempt <= 5; ++attempt) {
        FaultStudy study(faultPlan(1, 2), size);
        study.startHost();
        study.addSite("north");
        study.addSite("south");
        const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
        const auto half = [&] {
            for (const auto &entry : std::filesystem::directory_iterator(study.paths().model(1).parent_path())) {
                std::error_code ignored;
                if (entry.path().filename().string().starts_with("round-0001.safetensors.partial-") &&
                    std::filesystem::file_size(entry.path(), ignored) > mebibyte)
                    return true;
            }
            return false;
        };
        const auto came = [&] {
            return moment == Moment::Writing ? half() : study.host().count({"round-state", {}, "aggregating", 1}) > 0;
        };
        QVERIFY(waitUntil([&] { return came() || std::filesystem::exists(study.paths().model(1)); }, 60000, 300));
        study.host().killAtOnce();
        const bool hit = !std::filesystem::exists(study.paths().model(1)) && (moment != Moment::Writing || half());
        if (!hit)
            continue;
        QCOMPARE(study.board().rounds.at(0).state, RoundState::Aggregating);
        QCOMPARE(study.outcome(1, "north"), QString("counted"));
        QCOMPARE(study.outcome(1, "south"), QString("counted"));
        study.startHost();
        QCOMPARE(study.wrongEnd(3.5), QString());
        QCOMPARE(north->count({"training"}), 1);
        QCOMPARE(south->count({"training"}), 1);
        return;
    }
    QFAIL("The moment was not hit in five attempts");
}

void tst_KilledHost::killedWhileAggregating()
{
    killedAt(Moment::Aggregating);
}

void tst_KilledHost::killedWhileWritingTheModel()
{
    killedAt(Moment::Writing);
}

QTEST_GUILESS_MAIN(tst_KilledHost)
#include "tst_killed_host.moc"
