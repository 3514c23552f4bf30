// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"
#include "support/real_data.h"

#include "core/file.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// The main job on real scans: four hospitals of unequal size and different scanners, twelve rounds, two cores.
class tst_HippocampusStudy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFederationLearnsAndGeneralises();
    void theSameSeedGivesTheSameBytes();

private:
    QJsonObject demo(const std::filesystem::path &data, const QString &out, const QString &baselines, int rounds);
    QTemporaryDir m_folder;
};

QJsonObject tst_HippocampusStudy::demo(const std::filesystem::path &data, const QString &out, const QString &baselines,
                                       int rounds)
{
    const auto ran =
        runNode({"demo", "--task", "hippocampus", "--data", QString::fromStdString(data.string()), "--rounds",
                 QString::number(rounds), "--baselines", baselines, "--out", m_folder.filePath(out), "--json"},
                50 * 60 * 1000);
    if (ran.code != 0)
        qWarning("%s", qPrintable(ran.err.right(2000)));
    qInfo("%s", qPrintable(ran.err.right(700)));
    return QJsonDocument::fromJson(ran.out.toUtf8()).object();
}

void tst_HippocampusStudy::theFederationLearnsAndGeneralises()
{
    CONSILIUM_REAL_DATA(data, "hippocampus");
    const auto result = demo(data, "first", "local", 12);
    const auto sites = result["test"].toObject()["sites"].toArray();
    QCOMPARE(sites.size(), 4);
    for (const auto &value : sites) {
        const auto site = value.toObject();
        const auto dice = site["dice"].toDouble();
        QVERIFY2(dice >= 0.85,
                 qPrintable(site["site"].toString() + " " + QString::number(dice))); // an atlas scores 0.72
    }
    QVERIFY(result["onOtherSites"].toObject()["federated"].toDouble() >
            result["onOtherSites"].toObject()["local"].toDouble());
    QVERIFY2(result["seconds"].toObject()["total"].toDouble() < 30 * 60, "on two cores without a GPU");
}

void tst_HippocampusStudy::theSameSeedGivesTheSameBytes()
{
    CONSILIUM_REAL_DATA(data, "hippocampus");
    QVERIFY(!demo(data, "one", "none", 2).isEmpty());
    QVERIFY(!demo(data, "two", "none", 2).isEmpty());
    const auto one = readFile(m_folder.filePath("one/models/best.safetensors").toStdString());
    const auto two = readFile(m_folder.filePath("two/models/best.safetensors").toStdString());
    QVERIFY(one && two);
    QVERIFY(*one == *two);
}

QTEST_GUILESS_MAIN(tst_HippocampusStudy)
#include "tst_hippocampus_study.moc"
