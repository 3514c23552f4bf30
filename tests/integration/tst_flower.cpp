// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/flower.h"
#include "support/node_program.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium::test;

/// Our nodes in a run of Flower's own: a real SuperLink over TLS, the ServerApp of packaging/flower with Flower's
/// FedAvg, every part a process of its own.
class tst_Flower : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void fedAvgAveragesOurNodes();
    void nodesRegisterThemselvesWhereTheyMay();
    void standInsWhereFlowerCannotBeHad();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void nodeSucceeds(const QStringList &arguments)
    {
        const auto ran = runNode(arguments, 120000);
        QVERIFY2(ran.code == 0, qPrintable(arguments.join(' ') + ": " + ran.err));
    }
    void flowerSucceeds(const QString &program, const QStringList &arguments)
    {
        const auto [code, words] = m_flower->run(program, arguments);
        QVERIFY2(code == 0, qPrintable(program + ' ' + arguments.join(' ') + ": " + words));
    }
    /// A SuperLink that answers; its log is at `log`.
    std::unique_ptr<QProcess> superLink(const QStringList &more);
    QStringList joining(const QString &site) const
    {
        return {"join",
                "--superlink",
                QString("127.0.0.1:%1").arg(m_fleetPort),
                "--ca",
                path("certificates/ca.pem"),
                "--plan",
                path("plan.json"),
                "--data",
                path(site),
                "--site-dir",
                path(site + "-node"),
                "--threads",
                "1",
                "--events"};
    }
    QString log() const
    {
        QFile file(m_log);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).right(3000) : QString();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<Flower> m_flower;
    QString m_log;
    int m_fleetPort = 0, m_links = 0;
};

namespace {

/// Whether the model is the mean of the nodes' updates, worked by NumPy in double precision; prints the difference.
constexpr auto compareScript = R"(
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import safetensors_file as file
final, metadata = file.read(sys.argv[2])
initial, _ = file.read(sys.argv[3])
updates = [(int(weight), file.read(name)[0]) for name, weight in zip(sys.argv[4::2], sys.argv[5::2])]
assert len(updates) == 2 and any((updates[0][1][name] != updates[1][1][name]).any() for name in initial), 'equal updates'
assert list(final) == list(initial) and len(metadata['plan']) == 64, 'names or metadata'
worst = moved = 0.0
for name, first in initial.items():
    assert final[name].dtype == first.dtype and final[name].shape == first.shape, name
    mean = sum(w * u[name].astype(np.float64) for w, u in updates) / sum(w for w, _ in updates)
    worst = max(worst, np.abs(final[name] - mean).max())
    moved = max(moved, np.abs(final[name] - first).max())
print('largest difference', worst, 'moved', moved)
assert worst <= 1e-6 and moved > 1e-3
)";

} // namespace

std::unique_ptr<QProcess> tst_Flower::superLink(const QStringList &more)
{
    m_fleetPort = freePort();
    const int control = freePort();
    if (!writeText(path("home/config.toml"), QString("[superlink]\ndefault = \"study\"\n[superlink.study]\n"
                                                     "address = \"127.0.0.1:%1\"\nroot-certificates = \"%2\"\n")
                                                 .arg(control)
                                                 .arg(path("certificates/ca.pem"))
                                                 .toUtf8()))
        return {};
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_flower->environment());
    process->setProcessChannelMode(QProcess::MergedChannels);
    m_log = path(QString("superlink-%1.log").arg(++m_links));
    process->setStandardOutputFile(m_log);
    const auto address = [](int port) { return QString("127.0.0.1:%1").arg(port); };
    process->start(m_flower->program("flower-superlink"),
                   QStringList{"--ssl-ca-certfile", path("certificates/ca.pem"), "--ssl-certfile",
                               path("certificates/server.pem"), "--ssl-keyfile", path("certificates/server.key"),
                               "--fleet-api-address", address(m_fleetPort), "--control-api-address", address(control),
                               "--serverappio-api-address", address(freePort())} +
                       more);
    if (!QTest::qWaitFor([&] { return log().contains("Starting Fleet API"); }, 120000))
        return {};
    return process;
}

void tst_Flower::initTestCase()
{
    m_flower = std::make_unique<Flower>(path("home"));
    if (!m_flower->lacks().isEmpty()) {
        qInfo("Variant: stand-ins, since Flower is not here: %s", qPrintable(m_flower->lacks()));
        return;
    }
    qInfo("Variant: Flower %s itself", Flower::version);
    QVERIFY(writeText(path("task.json"), tinyTask(2, 20)));
    nodeSucceeds({"phantom", "--task", "ms-lesions", "--out", path("north"), "--cases", "9", "--seed", "1"});
    nodeSucceeds({"phantom", "--task", "ms-lesions", "--out", path("south"), "--cases", "4", "--site-shift", "1",
                  "--seed", "2"});
    for (const auto *site : {"north", "south"})
        nodeSucceeds({"fingerprint", "--data", path(site), "--out", path(QString(site) + ".json")});
    nodeSucceeds({"plan", "--task", path("task.json"), "--fingerprint", path("north.json"), "--fingerprint",
                  path("south.json"), "--out", path("plan.json")});
    nodeSucceeds({"initial-model", "--plan", path("plan.json"), "--out", path("initial.safetensors")});
    // A copy: Flower's tools leave files beside an app.
    const QDir app(CONSILIUM_FLOWER_APP);
    QVERIFY(QDir().mkpath(path("app")));
    for (const auto &file : app.entryList(QDir::Files))
        QVERIFY(QFile::copy(app.filePath(file), path("app/" + file)));
    flowerSucceeds("bash", {path("app/make-certificates.sh"), "127.0.0.1", path("certificates")});
}

void tst_Flower::fedAvgAveragesOurNodes()
{
    if (!m_flower->lacks().isEmpty())
        QSKIP("Flower is not here");
    const auto link = superLink({"--enable-supernode-auth"});
    QVERIFY2(link, qPrintable(log()));
    for (const QString site : {"north", "south"}) {
        // A node that the SuperLink's operator has not registered says which key to hand over.
        const auto refused = runNode(joining(site), 60000);
        QCOMPARE(refused.code, 1);
        const auto key = path(site + "-node/node-key.pub");
        QVERIFY2(refused.errLines().size() == 1 && refused.err.contains(key), qPrintable(refused.err));
        flowerSucceeds(m_flower->program("flwr"), {"supernode", "register", key, "study"});
    }
    RunningNode north(joining("north") + QStringList{"--one-run"});
    RunningNode south(joining("south") + QStringList{"--one-run"});
    QVERIFY2(!north.waitForEvent("joined").isEmpty(), qPrintable(north.err()));
    QVERIFY2(!south.waitForEvent("joined").isEmpty(), qPrintable(south.err()));
    flowerSucceeds(m_flower->program("flwr"), {"run", path("app"), "study", "--run-config",
                                               QString("rounds=2 nodes=2 initial-model=\"%1\" final-model=\"%2\"")
                                                   .arg(path("initial.safetensors"), path("final.safetensors"))});
    QStringList updates;
    for (auto *node : {&north, &south}) {
        const QString site = node == &north ? "north" : "south";
        QJsonObject update;
        for (const auto *step : {"round 1, train", "round 1, evaluate", "round 2, train", "round 2, evaluate"}) {
            const auto uploaded = node->waitForEvent("uploaded", site, 120000);
            QVERIFY2(uploaded["examples"].toInt() > 0, qPrintable(site + ", " + step + ": " + log()));
            if (QString(step) == "round 2, train")
                update = uploaded;
        }
        QCOMPARE(update["round"].toInt(), 2);
        updates << path(site + "-node/models/local.safetensors") << QString::number(update["examples"].toInt());
    }
    // Of nine patients one tests and one validates, of four as well: 7 and 2 train.
    QCOMPARE(updates[1], QString("7"));
    QCOMPARE(updates[3], QString("2"));
    QCOMPARE(north.waitForEnd(60000), 0);
    QCOMPARE(south.waitForEnd(60000), 0);
    QVERIFY2(QFile::exists(path("final.safetensors")), qPrintable(log()));

    const auto [code, words] =
        m_flower->run(m_flower->program("python"), QStringList{"-c", compareScript, path("app"),
                                                               path("final.safetensors"), path("initial.safetensors")} +
                                                       updates);
    qInfo("%s", qPrintable(words.trimmed()));
    QVERIFY2(code == 0, qPrintable(words));
    nodeSucceeds({"evaluate", "--plan", path("plan.json"), "--model", path("final.safetensors"), "--data",
                  path("north"), "--json"});
    link->terminate();
    link->waitForFinished(15000);
}

void tst_Flower::nodesRegisterThemselvesWhereTheyMay()
{
    if (!m_flower->lacks().isEmpty())
        QSKIP("Flower is not here");
    const auto link = superLink({});
    QVERIFY2(link, qPrintable(log()));
    QStringList ids;
    for (int start = 0; start < 2; ++start) { // the second time it is known already, and online since it was killed
        RunningNode node(joining("south"));
        const auto joined = node.waitForEvent("joined");
        QVERIFY2(!joined.isEmpty(), qPrintable(node.err()));
        ids << joined["node"].toString();
        node.killAtOnce();
    }
    QCOMPARE(ids[0], ids[1]);
    link->terminate();
    link->waitForFinished(15000);
}

void tst_Flower::standInsWhereFlowerCannotBeHad()
{
    if (m_flower->lacks().isEmpty())
        QSKIP("Flower itself is here");
    for (const auto *test : {"tst_flower_vectors", "tst_superlink", "tst_join_superlink"}) {
        qInfo("Runs instead: %s", test);
        flowerSucceeds(QDir(QCoreApplication::applicationDirPath()).filePath(test), {});
    }
}

QTEST_GUILESS_MAIN(tst_Flower)
#include "tst_flower.moc"
