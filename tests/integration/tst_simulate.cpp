// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `simulate` as people run it: what it writes, that it goes on where it was killed, what attacks amount to, and what
/// it says of wrong input.
class tst_Simulate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void everyKindRuns();
    void killedSimulationEndsWithTheSameBytes();
    void attacksAreFactorsOfTheChange();
    void wrongInputIsOneLine_data();
    void wrongInputIsOneLine();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QStringList simulate(const QString &out, const QString &strategies, const QStringList &more = {}) const
    {
        return QStringList{"simulate", "--plan",  path("plan.json"), "--data",   path("a"), path("b"),   path("c"),
                           "--out",    path(out), "--strategies",    strategies, "--json",  "--threads", "1"} +
               more;
    }
    QJsonObject run(const QStringList &arguments)
    {
        const auto ran = runNode(arguments, 240000);
        if (ran.code != 0)
            qWarning("%s", qPrintable(ran.err));
        return QJsonDocument::fromJson(ran.out.toUtf8()).object();
    }
    /// The bytes of the last global model of a run.
    QByteArray model(const QString &out, int round) const
    {
        QDirIterator files(path(out), {QString("round-%1.safetensors").arg(round, 4, 10, QChar('0'))}, QDir::Files,
                           QDirIterator::Subdirectories);
        if (!files.hasNext())
            return {};
        QFile file(files.next());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

void tst_Simulate::initTestCase()
{
    QVERIFY2(QFile::exists(nodeProgram()), qPrintable("CONSILIUM_BIN must point to the programs: " + nodeProgram()));
    auto task = tinyTask(3, 3);
    QVERIFY(writeText(path("task.json"), task));
    QStringList fingerprints;
    for (const auto &[site, shift] : {std::pair("a", "0"), std::pair("b", "1"), std::pair("c", "2")}) {
        QCOMPARE(
            runNode({"phantom", "--task", "ms-lesions", "--out", path(site), "--cases", "4", "--site-shift", shift})
                .code,
            0);
        fingerprints << path(QString(site) + ".json");
        QCOMPARE(
            runNode({"fingerprint", "--data", path(site), "--task", path("task.json"), "--out", fingerprints.back()})
                .code,
            0);
    }
    const auto plan = runNode(QStringList{"plan", "--task", path("task.json"), "--fingerprint"} + fingerprints +
                              QStringList{"--out", path("plan.json"), "--set", "training.optimizer.kind=sgd", "--set",
                                          "training.optimizer.momentum=0", "--set", "training.optimizer.lr=0.05"});
    QVERIFY2(plan.code == 0, qPrintable(plan.err));
}

void tst_Simulate::everyKindRuns()
{
    const QStringList strategies{"fedavg",
                                 "fedavgm",
                                 "fedadagrad:serverLr=0.01",
                                 "fedadam:serverLr=0.01:betas=[0.8,0.9]",
                                 "fedyogi:serverLr=0.01",
                                 "fedprox:proximal=0.1",
                                 "fednova",
                                 "scaffold",
                                 "fedbn",
                                 "ditto",
                                 "validation-weighted",
                                 "median",
                                 "trimmed-mean:trim=0.34",
                                 "krum:byzantine=0",
                                 "multi-krum:byzantine=0:selected=1",
                                 "geometric-median",
                                 "fedbuff:buffer=2",
                                 "plugin:plugin=centred-clipping"};
    const auto result = run(simulate("kinds", strategies.join(','), {"--baselines", "local,centralised"}));
    const auto runs = result["runs"].toArray();
    QCOMPARE(runs.size(), strategies.size() + 2);
    for (int i = 0; i < runs.size(); ++i) {
        const auto record = runs[i].toObject();
        if (i < strategies.size()) {
            QCOMPARE(record["label"].toString(), strategies[i]);
            QCOMPARE(record["rounds"].toArray().size(), 3);
            QVERIFY(record["bestRound"].toInt() >= 1);
        }
        // Four patients a site: one tests, and each site is a third of the mean.
        const auto test = record["test"].toArray();
        QCOMPARE(test.size(), 3);
        double sum = 0;
        for (const auto &entry : test) {
            QCOMPARE(entry.toObject()["cases"].toInt(), 1);
            const auto metric = entry.toObject()["metrics"].toArray()[0].toObject();
            QCOMPARE(metric["name"].toString(), QStringLiteral("dice"));
            sum += metric["value"].toDouble();
        }
        QVERIFY(std::abs(record["mean"].toDouble() - sum / 3) < 1e-12);
        QCOMPARE(record.contains("personal"), record["label"].toString() == "ditto");
    }
    QCOMPARE(runs.last().toObject()["label"].toString(), QStringLiteral("centralised"));
    QCOMPARE(runs[runs.size() - 2].toObject()["matrix"].toArray().size(), 9);

    QFile csv(path("kinds/results.csv"));
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const auto rows = csv.readAll().split('\n');
    QCOMPARE(rows.first(), QByteArray("model,site,metric,value,cases"));
    QFile table(path("kinds/results.txt"));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QCOMPARE(table.readAll().count('\n'), runs.size() + 3); // heading, ditto's own models, local models elsewhere

    // Run again it finds everything done.
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(run(simulate("kinds", strategies.join(','), {"--baselines", "local,centralised"})), result);
    QVERIFY(timer.elapsed() < 15000);
}

void tst_Simulate::killedSimulationEndsWithTheSameBytes()
{
    // With state at the sites and at the host.
    const QString strategies = "scaffold,fedbn,fedadam:serverLr=0.01,fedbuff:buffer=2";
    const auto whole = run(simulate("whole", strategies));
    QCOMPARE(whole["runs"].toArray().size(), 4);
    int kills = 0;
    for (int attempt = 0; attempt < 60 && !QFile::exists(path("killed/results.json")); ++attempt) {
        auto arguments = simulate("killed", strategies);
        arguments[arguments.indexOf("--json")] = "--events";
        RunningNode node(arguments);
        // Sometimes right after a round, sometimes within one.
        if (!node.waitForEvent("round").isEmpty() && attempt % 3 != 0)
            QTest::qWait(60 * attempt);
        if (attempt >= 6)
            node.waitForEnd(240000);
        node.killAtOnce();
        kills += QFile::exists(path("killed/results.json")) ? 0 : 1;
    }
    QVERIFY(kills >= 3);
    const auto resumed = run(simulate("killed", strategies));
    for (int i = 0; i < 4; ++i) {
        auto expected = whole["runs"].toArray()[i].toObject(), got = resumed["runs"].toArray()[i].toObject();
        expected.remove("seconds");
        got.remove("seconds");
        QCOMPARE(got, expected);
    }
}

void tst_Simulate::attacksAreFactorsOfTheChange()
{
    // Times 1 is no attack, times 0 nothing learnt; and what flips the sign turns the mean of the changes over.
    QVERIFY(!run(simulate("clean", "fedavg")).isEmpty());
    QVERIFY(!run(simulate("same", "fedavg", {"--attack", "scale:1=a,b", "--attack", "scale:1=c"})).isEmpty());
    QVERIFY(!model("clean", 3).isEmpty());
    QVERIFY(model("clean", 3) == model("same", 3));
    const auto still = run(simulate("still", "fedavg", {"--attack", "scale:0=a,b,c"}))["runs"].toArray()[0].toObject();
    QVERIFY(!still.isEmpty());
    const auto rounds = still["rounds"].toArray();
    const QJsonValue sites = rounds[0].toObject()["validationSites"];
    for (const auto &round : rounds)
        QCOMPARE(QJsonValue(round.toObject()["validationSites"]), sites);
    QCOMPARE(rounds[0].toObject()["validation"].toDouble(), 0.0); // no honest site is left to believe
}

void tst_Simulate::wrongInputIsOneLine_data()
{
    QTest::addColumn<QString>("strategies");
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<QStringList>("said");
    QTest::newRow("no such kind") << "fedsgd" << QStringList{} << QStringList{"'fedsgd'", "federation.strategy.kind"};
    QTest::newRow("no such key") << "fedprox:mu=1" << QStringList{} << QStringList{"fedprox:mu=1", "mu"};
    QTest::newRow("no setting") << "fedprox:0.1" << QStringList{} << QStringList{"fedprox:0.1", "KEY=VALUE"};
    QTest::newRow("twice") << "fedavg,fedavg" << QStringList{} << QStringList{"'fedavg' is asked for twice"};
    QTest::newRow("no such plug-in") << "plugin:plugin=none-such" << QStringList{}
                                     << QStringList{"none-such", "federation.strategy.plugin"};
    QTest::newRow("too few for Krum") << "krum" << QStringList{} << QStringList{"krum", "quorum"};
    QTest::newRow("no such attack") << "fedavg" << QStringList{"--attack", "bribe=a"} << QStringList{"bribe=a"};
    QTest::newRow("no such site") << "fedavg" << QStringList{"--attack", "sign-flip=a,d"}
                                  << QStringList{"'d'", "a, b, c"};
    QTest::newRow("factor that is none") << "fedavg" << QStringList{"--attack", "scale:x=a"}
                                         << QStringList{"scale:x=a"};
    QTest::newRow("no such baseline") << "fedavg" << QStringList{"--baselines", "global"} << QStringList{"'global'"};
    QTest::newRow("site twice") << "fedavg" << QStringList{"--data", "./a"} << QStringList{"'a'"};
}

void tst_Simulate::wrongInputIsOneLine()
{
    QFETCH(QString, strategies);
    QFETCH(QStringList, more);
    QFETCH(QStringList, said);
    if (more.value(0) == "--data")
        more[1] = path("a");
    const auto ran = runNode(simulate("wrong", strategies, more));
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.errLines().size() == 1, qPrintable(ran.err));
    for (const auto &words : said)
        QVERIFY2(ran.err.contains(words), qPrintable(ran.err));
}

QTEST_GUILESS_MAIN(tst_Simulate)
#include "tst_simulate.moc"
