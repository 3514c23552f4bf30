// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"
#include "support/real_data.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// What one model learns on two cores: of the pooled cases of four hospitals, and of synthetic radiographs.
class tst_PooledTraining : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hippocampusOfFourHospitals();
    void landmarksOfRadiographs();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    bool run(const QStringList &arguments)
    {
        m_ran = runNode(arguments, 40 * 60 * 1000);
        if (m_ran.code != 0)
            qWarning("%s", qPrintable(m_ran.err));
        return m_ran.code == 0;
    }
    QJsonObject answer() const { return QJsonDocument::fromJson(m_ran.out.toUtf8()).object(); }

    QTemporaryDir m_folder;
    Ran m_ran;
};

void tst_PooledTraining::hippocampusOfFourHospitals()
{
    CONSILIUM_REAL_DATA(data, "hippocampus");
    QStringList sites, fingerprints;
    for (const auto *name : {"site-east", "site-north", "site-south", "site-west"}) {
        sites << QString::fromStdString((data / name).string());
        fingerprints << path(QString(name) + ".json");
        QVERIFY(run({"fingerprint", "--data", sites.back(), "--task", "hippocampus", "--out", fingerprints.back()}));
    }
    QVERIFY(run(QStringList{"plan", "--task", "hippocampus", "--fingerprint"} + fingerprints +
                QStringList{"--out", path("plan.json"), "--set", "training.batchSize=4", "--set", "federation.rounds=1",
                            "--set", "training.epochsPerRound=12", "--set", "training.batchesPerEpoch=50"}));
    QVERIFY(run(QStringList{"train", "--plan", path("plan.json"), "--data"} + sites +
                QStringList{"--out", path("pooled")}));
    qInfo("%s", qPrintable(m_ran.out));
    QVERIFY(run(
        QStringList{"evaluate", "--plan", path("plan.json"), "--model", path("pooled/model.safetensors"), "--data"} +
        sites + QStringList{"--json"}));
    const auto dice = answer()["mean"].toArray()[0].toObject();
    QCOMPARE(dice["name"].toString(), QStringLiteral("dice"));
    qInfo("mean Dice over the sites' test cases %.4f", dice["value"].toDouble());
    QVERIFY(dice["value"].toDouble() >= 0.87); // the same budget in Python reached 0.885 on unseen cases
}

void tst_PooledTraining::landmarksOfRadiographs()
{
    QVERIFY(run({"phantom", "--task", "spinopelvic", "--out", path("radiographs"), "--cases", "200", "--seed", "11"}));
    QVERIFY(run({"phantom", "--task", "spinopelvic", "--out", path("unseen"), "--cases", "40", "--seed", "99"}));
    QVERIFY(run({"fingerprint", "--data", path("radiographs"), "--task", "spinopelvic", "--out", path("f.json")}));
    QStringList plan{"plan", "--task", "spinopelvic", "--fingerprint", path("f.json"), "--out", path("spine.json")};
    for (const auto *setting : {"preprocessing.size=[256, 256]", "network.features=[64]", "network.stacks=2",
                                "training.batchSize=4", "training.optimizer.lr=0.002", "federation.rounds=18"})
        plan << "--set" << setting;
    QVERIFY(run(plan));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(run({"train", "--plan", path("spine.json"), "--data", path("radiographs"), "--out", path("spine")}));
    qInfo("%s", qPrintable(m_ran.out));
    QVERIFY2(timer.elapsed() < 20 * 60 * 1000, "on two cores without a GPU");
    QVERIFY(run({"evaluate", "--plan", path("spine.json"), "--model", path("spine/model.safetensors"), "--data",
                 path("unseen"), "--split", "all", "--json"}));
    const auto statistics = answer()["sites"].toArray()[0].toObject()["statistics"].toObject();
    const auto error = statistics["errorShare"].toObject()["median"].toDouble(1);
    const auto slope = statistics["sacralSlope"].toObject()["mean"].toDouble(90);
    qInfo("median landmark error %.4f of the height, mean sacral slope error %.2f degrees", error, slope);
    QVERIFY(error < 0.03);
    QVERIFY(slope < 5);
}

QTEST_GUILESS_MAIN(tst_PooledTraining)
#include "tst_pooled_training.moc"
