// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"
#include "support/small_disk.h"

using namespace consilium;
using namespace consilium::test;

/// What the coordinator's disk may do to a study: it is said in words, and nothing is lost.
class tst_HostDisk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFullDiskIsSaidAndNothingIsLost();
    void aReadOnlyDiskIsSaidInOneLine();
};

void tst_HostDisk::aFullDiskIsSaidAndNothingIsLost()
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
    QCOMPARE(study.wrongEnd(3.75), QString());
    for (auto *site : {north.get(), south.get()}) {
        QCOMPARE(site->count({"training", {}, {}, 1}), 1); // what was trained is not lost
        QCOMPARE(site->waitForEnd(), 0);
    }
}

void tst_HostDisk::aReadOnlyDiskIsSaidInOneLine()
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

QTEST_GUILESS_MAIN(tst_HostDisk)
#include "tst_host_disk.moc"
