// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"
#include "support/scripted_superlink.h"

#include "core/safetensors.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `join --superlink` as people run it, against a scripted peer in this process; tst_flower has the real one.
class tst_JoinSuperLink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void whatIsMissingIsSaid();
    void aKilledNodeFinishesItsRound();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void nodeSucceeds(const QStringList &arguments)
    {
        const auto ran = runNode(arguments, 120000);
        QVERIFY2(ran.code == 0, qPrintable(arguments.join(' ') + ": " + ran.err));
    }
    QStringList joining(const QString &endpoint, const QString &authority) const
    {
        return {"join",   "--superlink", endpoint,     "--ca",       authority,   "--plan", path("plan.json"),
                "--data", path("north"), "--site-dir", path("node"), "--threads", "1",      "--events"};
    }
    QTemporaryDir m_folder;
};

void tst_JoinSuperLink::initTestCase()
{
    QVERIFY(writeText(path("task.json"), tinyTask(2, 40)));
    nodeSucceeds({"phantom", "--task", "ms-lesions", "--out", path("north"), "--cases", "5", "--seed", "1"});
    nodeSucceeds({"fingerprint", "--data", path("north"), "--out", path("north.json")});
    nodeSucceeds(
        {"plan", "--task", path("task.json"), "--fingerprint", path("north.json"), "--out", path("plan.json")});
    nodeSucceeds({"initial-model", "--plan", path("plan.json"), "--out", path("initial.safetensors")});
}

void tst_JoinSuperLink::whatIsMissingIsSaid()
{
    const auto half = runNode({"join", "--superlink", "localhost:9092"});
    QCOMPARE(half.code, 2);
    QVERIFY2(half.err.contains("--ca"), qPrintable(half.err));
    QVERIFY(runNode({"join"}).err.contains("--superlink"));
    const auto lost = runNode(joining("localhost:9092", path("no-ca.pem")));
    QCOMPARE(lost.code, 1);
    QVERIFY2(lost.errLines().size() == 1 && lost.err.contains("no-ca.pem"), qPrintable(lost.err));
}

void tst_JoinSuperLink::aKilledNodeFinishesItsRound()
{
    ScriptedSuperLink peer(path("peer").toStdString());
    const auto arguments =
        joining(QString::fromStdString(peer.endpoint()), QString::fromStdString(peer.authorityFile.string())) +
        QStringList{"--one-run"};
    auto node = std::make_unique<RunningNode>(arguments);
    QVERIFY2(!node->waitForEvent("joined").isEmpty(), qPrintable(node->err()));
    const auto initial = readSafetensors(path("initial.safetensors").toStdString());
    QVERIFY(initial);
    const auto arrays = peer.store(*initial);
    const auto train = peer.ask(0, fedAvgQuestion("train", arrays, 1));
    QVERIFY(!node->waitForEvent("progress").isEmpty());
    node->killAtOnce();
    QVERIFY(!peer.answerTo(train));

    node = std::make_unique<RunningNode>(arguments);
    const auto uploaded = node->waitForEvent("uploaded");
    QVERIFY2(!uploaded.isEmpty(), qPrintable(node->err()));
    const auto update = peer.answerTo(train);
    QVERIFY(update);
    QCOMPARE(update->error, std::string());
    QCOMPARE(peer.nodes(), std::size_t{1}); // the same node
    const auto trained = federation::decodeArrays(update->arrays, peer.spool());
    QVERIFY(trained);
    QCOMPARE(trained->tensors.size(), initial->tensors.size());
    for (std::size_t i = 0; i < trained->tensors.size(); ++i)
        QCOMPARE(trained->tensors[i].info, initial->tensors[i].info);
    QVERIFY(trained->tensors != initial->tensors);
    // Of five patients one tests and one validates.
    QCOMPARE(std::get<std::int64_t>(*update->metric("num-examples")), std::int64_t{3});

    const auto evaluate = peer.ask(0, fedAvgQuestion("evaluate", update->arrays, 1));
    QVERIFY(!node->waitForEvent("uploaded").isEmpty());
    const auto metrics = peer.answerTo(evaluate);
    QVERIFY(metrics);
    QVERIFY2(metrics->metric("dice"), metrics->error.c_str());
    QVERIFY2(peer.faults.empty(), peer.faults.empty() ? "" : peer.faults[0].c_str());
    peer.ended = true;
    QCOMPARE(node->waitForEnd(20000), 0);
}

QTEST_GUILESS_MAIN(tst_JoinSuperLink)
#include "tst_join_superlink.moc"
