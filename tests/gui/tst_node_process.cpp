// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/node_process.h"

#include <QSignalSpy>
#include <QTest>

using namespace consilium;
using app::NodeProcess;

class tst_NodeProcess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsArriveWholeAndInOrder();
    void aFailureIsItsLastLine();
    void wrongUsageOfTheRealNodeIsTold();
    void aProgramThatIsNotThereIsNamed();
    void stopEndsOneThatListens();
    void stopEndsOneThatDoesNot();
};

void tst_NodeProcess::eventsArriveWholeAndInOrder()
{
    NodeProcess node("sh");
    QStringList texts;
    connect(&node, &NodeProcess::event, this,
            [&](const Json &event) { texts << QString::fromStdString(event.at("text")); });
    QSignalSpy finished(&node, &NodeProcess::finished);
    // A line in two pieces, one that is no JSON, and a last one.
    node.start({"-c", R"(printf '{"text":'; sleep 0.1; printf '"one"}\nnot json\n[1]\n{"text":"two"}\n')"});
    QVERIFY(finished.wait(5000));
    QCOMPARE(finished.first().first().toBool(), true);
    QCOMPARE(texts, QStringList({"one", "two"}));
}

void tst_NodeProcess::aFailureIsItsLastLine()
{
    NodeProcess node("sh");
    QSignalSpy finished(&node, &NodeProcess::finished);
    node.start(
        {"-c", "echo 'some log' >&2; echo 'consilium-node: Port 9 is in use. Close the other program' >&2; exit 1"});
    QVERIFY(finished.wait(5000));
    QCOMPARE(finished.size(), 1);
    QCOMPARE(finished.first().at(0).toBool(), false);
    QCOMPARE(finished.first().at(1).toString(), "Port 9 is in use. Close the other program");
    QVERIFY(node.errorOutput().contains("some log"));
}

void tst_NodeProcess::wrongUsageOfTheRealNodeIsTold()
{
    NodeProcess node(qEnvironmentVariable("CONSILIUM_BIN") + "/consilium-node");
    QSignalSpy finished(&node, &NodeProcess::finished);
    node.start({"demo", "--no-such-option"});
    QVERIFY(finished.wait(20000));
    QCOMPARE(finished.first().at(0).toBool(), false);
    QVERIFY(!finished.first().at(1).toString().isEmpty());
}

void tst_NodeProcess::aProgramThatIsNotThereIsNamed()
{
    NodeProcess node("/no/such/consilium-node");
    QSignalSpy finished(&node, &NodeProcess::finished);
    node.start({"demo"});
    QVERIFY(!finished.isEmpty() || finished.wait(5000));
    QVERIFY(finished.first().at(1).toString().contains("/no/such/consilium-node"));
    QVERIFY(!node.isRunning());
}

void tst_NodeProcess::stopEndsOneThatListens()
{
    NodeProcess node("sh");
    QSignalSpy finished(&node, &NodeProcess::finished), events(&node, &NodeProcess::event);
    node.start(
        {"-c", R"(trap 'echo stopped cleanly >&2; exit 1' TERM; echo '{"text":"up"}'; while :; do sleep 0.1; done)"});
    QVERIFY(events.wait(5000));
    node.stop(10000);
    QVERIFY(node.isStopping());
    QVERIFY(finished.wait(5000));
    QCOMPARE(finished.first().at(1).toString(), "stopped cleanly");
}

void tst_NodeProcess::stopEndsOneThatDoesNot()
{
    NodeProcess node("sh");
    QSignalSpy finished(&node, &NodeProcess::finished), events(&node, &NodeProcess::event);
    node.start({"-c", R"(trap '' TERM; echo '{"text":"up"}'; while :; do sleep 0.1; done)"});
    QVERIFY(events.wait(5000));
    node.stop(300);
    QVERIFY(finished.wait(5000));
    QCOMPARE(finished.first().at(0).toBool(), false);
    QVERIFY(!node.isRunning());
}

QTEST_GUILESS_MAIN(tst_NodeProcess)
#include "tst_node_process.moc"
