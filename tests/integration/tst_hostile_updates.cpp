// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"
#include "support/scripted_site.h"

using namespace consilium;
using namespace consilium::test;

/// What a member of the study may send, by mistake or on purpose: it is refused with a reason on the board, or counted
/// once, and the model is that of the others.
class tst_HostileUpdates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void valuesThatAreNoNumbersAreRefused();
    void aThousandTimesTheNormIsRefused();
    void anotherShapeIsRefused();
    void anotherPlanIsRefused();
    void aDuplicateCountsOnce();
    void aReplayedUpdateCountsOnce();

private:
    /// Three honest sites and west, told to misbehave in round 1 of 2; ends well, and the reason on the board.
    QString reasonFor(const QStringList &misbehaviour);
};

QString tst_HostileUpdates::reasonFor(const QStringList &misbehaviour)
{
    FaultStudy study(faultPlan(2, 3), 8);
    study.startHost();
    for (const auto *site : {"north", "south", "east", "west"})
        study.addSite(site);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3), east = study.join("east", 20, 5),
               west = study.join("west", 40, 2, misbehaviour);
    // Round 1 without west: 1.5 + (10 + 30 + 100) / 40 = 5. Round 2 with it: 2.5 + (10 + 30 + 100 + 80) / 80 = 5.25.
    const auto wrong = study.wrongEnd(5.25);
    if (!wrong.isEmpty())
        return "wrong end: " + wrong + "; west " + study.outcome(1, "west");
    if (study.scale(1) != 5)
        return QString("the scale of round 1 is %1").arg(study.scale(1));
    for (const auto *site : {"north", "south", "east"}) {
        if (study.outcome(1, site) != "counted")
            return QString(site) + " is " + study.outcome(1, site);
    }
    if (study.outcome(2, "west") != "counted")
        return "in round 2 west is " + study.outcome(2, "west");
    if (!study.boardTells(QRegularExpression("west.*not counted")))
        return "no event tells of it";
    return study.outcome(1, "west");
}

void tst_HostileUpdates::valuesThatAreNoNumbersAreRefused()
{
    const auto reason = reasonFor({"--nan-in-round", "1"});
    QVERIFY2(reason.startsWith("not counted: ") && reason.contains("finite"), qPrintable(reason));
}

void tst_HostileUpdates::aThousandTimesTheNormIsRefused()
{
    // What training changed is -0.5, 1.5 and 3.5 times the pattern, and west's 500 times; the limit is ten times the
    // median.
    const auto reason = reasonFor({"--scale-in-round", "1", "--scale", "1000"});
    QVERIFY2(reason.startsWith("not counted: ") && reason.contains("times the round's median"), qPrintable(reason));
}

void tst_HostileUpdates::anotherShapeIsRefused()
{
    const auto reason = reasonFor({"--other-shape-in-round", "1"});
    QVERIFY2(reason.startsWith("not counted: ") && reason.contains("'head'") && reason.contains("1 x 2"),
             qPrintable(reason));
}

void tst_HostileUpdates::anotherPlanIsRefused()
{
    FaultStudy study(faultPlan(1, 2, 5), 0);
    study.startHost();
    for (const auto *site : {"north", "south", "west"})
        study.addSite(site);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    {
        ScriptedSite west(study.path("west"));
        const auto asked = west.nextTraining();
        west.push(west.reply(asked, patternModel(9, 0), 1000, std::string(64, 'a')), asked.id);
        QVERIFY(waitUntil([&] { return study.outcome(1, "west") != "offered"; }));
    }
    QCOMPARE(study.wrongEnd(3.5), QString());
    const auto reason = study.outcome(1, "west");
    QVERIFY2(reason.startsWith("not counted: ") && reason.contains("plan"), qPrintable(reason));
}

void tst_HostileUpdates::aDuplicateCountsOnce()
{
    FaultStudy study(faultPlan(1, 2, 5), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("west");
    const auto north = study.join("north", 10, 1, study.gate(1, "north-goes-on"));
    {
        ScriptedSite west(study.path("west"));
        const auto asked = west.nextTraining();
        QCOMPARE(asked.model.tensors, patternModel(3, 0).tensors);
        const auto answer = west.reply(asked, patternModel(4.5, 0), 10, west.planHash());
        const auto sent = west.push(answer, asked.id);
        QVERIFY2(sent.ok(), sent.error_message().c_str());
        QVERIFY(study.host().waitFor({"site-state", "west", "counted", 1}));
        QVERIFY(west.push(answer, asked.id).ok()); // the very same, as after a lost acknowledgement
        west.push(answer, asked.id, true);
        west.push(west.reply(asked, patternModel(100, 0), 1000, west.planHash()), asked.id); // and a second opinion
        study.open("north-goes-on");
        QVERIFY(study.host().waitFor({"round-state", {}, "evaluating", 1}));
    }
    QCOMPARE(study.wrongEnd(3.5), QString()); // the mean of 1.5 + 1 and 4.5
    QCOMPARE(study.outcome(1, "west"), QString("counted"));
    QCOMPARE(study.host().count({"site-state", "west", "counted", 1}), 1);
}

void tst_HostileUpdates::aReplayedUpdateCountsOnce()
{
    FaultStudy study(faultPlan(2, 2, 5), 0);
    study.startHost();
    study.addSite("north");
    study.addSite("west");
    const auto north = study.join("north", 10, 1);
    {
        ScriptedSite west(study.path("west"));
        const auto first = west.nextTraining();
        const auto old = west.reply(first, patternModel(4.5, 0), 10, west.planHash());
        QVERIFY(west.push(old, first.id).ok());
        const auto second = west.nextTraining();
        QCOMPARE(second.message.number("round"), 2);
        QCOMPARE(second.model.tensors, patternModel(3.5, 0).tensors);
        // Round 1's update once more, as what it was.
        west.push(old, first.id);
        west.push(old, first.id, true);
        QCOMPARE(study.board().siteRounds.size(), std::size_t{4});
        QVERIFY(west.push(west.reply(second, patternModel(4.75, 0), 10, west.planHash()), second.id).ok());
        QVERIFY(study.host().waitFor({"site-state", "west", "counted", 2}));
    }
    QCOMPARE(study.wrongEnd(3.75), QString()); // the mean of 1.75 + 1 and 4.75
    for (const int round : {1, 2}) {
        QCOMPARE(study.outcome(round, "west"), QString("counted"));
        QCOMPARE(study.host().count({"site-state", "west", "counted", round}), 1);
    }
}

QTEST_GUILESS_MAIN(tst_HostileUpdates)
#include "tst_hostile_updates.moc"
