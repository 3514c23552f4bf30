// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"
#include "support/small_disk.h"

using namespace consilium;
using namespace consilium::test;

/// The coordinator is killed in every state of a round, and its disk fails: started again it goes on in the same round,
/// and nothing that sites had uploaded is trained again.
class tst_HostFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killedWhileDistributing();
    void killedWhileCollecting();
    void killedWhileAggregating();
    void killedWhileWritingTheModel();
    void aFullDiskIsSaidAndNothingIsLost();
    void aReadOnlyDiskIsSaidInOneLine();

private:
    enum class Moment { Aggregating, Writing };
    void killedAt(Moment moment);
};

void tst_HostFaults::killedWhileDistributing()
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

    QCOMPARE(study.wrongEnd(2), QString());
    QCOMPARE(north->count({"training"}), 1);
    QCOMPARE(south->count({"training"}), 1);
    QCOMPARE(north->waitForEnd(), 0);
    QCOMPARE(south->waitForEnd(), 0);
}

void tst_HostFaults::killedWhileCollecting()
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
    QVERIFY(east->waitFor({"host-lost"}) || east->count({"training"}) == 1);
    study.open("east-goes-on");

    QCOMPARE(study.wrongEnd(5.25), QString()); // 3.5, then 1.75 + 3.5
    for (auto *site : {north.get(), south.get(), east.get()})
        QCOMPARE(site->count({"training", {}, {}, 1}), 1);
    for (const auto *site : {"north", "south", "east"})
        QCOMPARE(study.outcome(1, site), QString("counted"));
}

void tst_HostFaults::killedAt(Moment moment)
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
        QCOMPARE(study.wrongEnd(2), QString());
        QCOMPARE(north->count({"training"}), 1);
        QCOMPARE(south->count({"training"}), 1);
        return;
    }
    QFAIL("The moment was not hit in five attempts");
}

void tst_HostFaults::killedWhileAggregating()
{
    killedAt(Moment::Aggregating);
}

void tst_HostFaults::killedWhileWritingTheModel()
{
    killedAt(Moment::Writing);
}

void tst_HostFaults::aFullDiskIsSaidAndNothingIsLost()
{
    const SmallDisk disk(192);
    if (!disk.mounted())
        QSKIP("a small disk of its own can be mounted by root alone");
    FaultStudy study(faultPlan(2, 2), 16, disk.path() / "study");
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    const auto north = study.join("north", 10, 1, study.gate(1, "go-on")),
               south = study.join("south", 10, 3, study.gate(1, "go-on"));
    for (auto *site : {north.get(), south.get()})
        QVERIFY(site->waitFor({"progress", {}, {}, 1}));
    disk.fillUpTo(6 * mebibyte); // less than one update
    study.open("go-on");
    const QRegularExpression words("disk is full|No space left on device");
    QVERIFY(waitUntil([&] { return study.host().said(words) || north->said(words) || south->said(words); }));
    QVERIFY2(waitUntil([&] { return study.host().said(words); }), "the host says it itself");
    QCOMPARE(study.outcome(2, "north"), QString("nothing"));

    disk.makeRoom();
    // It may have stopped with that one line, or go on by itself.
    if (!study.host().running()) {
        QCOMPARE(study.host().err().count('\n'), 1);
        study.startHost();
    }
    QCOMPARE(study.wrongEnd(3), QString());
    for (auto *site : {north.get(), south.get()}) {
        QCOMPARE(site->count({"training", {}, {}, 1}), 1); // what was trained is not lost
        QCOMPARE(site->waitForEnd(), 0);
    }
}

void tst_HostFaults::aReadOnlyDiskIsSaidInOneLine()
{
    const SmallDisk disk(64);
    if (!disk.mounted())
        QSKIP("a small disk of its own can be mounted by root alone");
    const FaultStudy study(faultPlan(1, 1), 0, disk.path() / "study");
    QVERIFY(disk.makeReadOnly());
    const auto ran =
        runNode({"host", QString::fromStdString(study.paths().folder.string()), "--listen", "127.0.0.1:0"}, 20000);
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains("read-only", Qt::CaseInsensitive) &&
                 ran.err.contains(QString::fromStdString(study.paths().folder.string())),
             qPrintable(ran.err));
}

QTEST_GUILESS_MAIN(tst_HostFaults)
#include "tst_host_faults.moc"
