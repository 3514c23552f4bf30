// SPDX-License-Identifier: GPL-3.0-or-later
// Two of seven hospitals send updates that are turned over or blown up, on real scans: the mean gives way, and the
// strategies that are made for it do not.
#include "support/real_data.h"
#include "support/simulated_runs.h"

#include <QTest>

#include <algorithm>
#include <filesystem>

using namespace consilium;
using namespace consilium::test;

namespace fs = std::filesystem;

class tst_Poisoning : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void robustStrategiesStayByTheCleanRun_data();
    void robustStrategiesStayByTheCleanRun();

private:
    /// Part `part` of `parts` of a site's cases: every parts-th, by name.
    bool addPart(const fs::path &site, const QString &name, int part, int parts);

    SimulatedRuns m_runs;
    QStringList m_sites;
    double m_clean = 0;
};

bool tst_Poisoning::addPart(const fs::path &site, const QString &name, int part, int parts)
{
    const fs::path folder = m_runs.path(name).toStdString();
    std::vector<fs::path> labels;
    for (const auto &entry : fs::directory_iterator(site / "labelsTr"))
        labels.push_back(fs::absolute(entry.path()));
    std::ranges::sort(labels);
    std::error_code error;
    fs::create_directories(folder / "imagesTr", error);
    fs::create_directories(folder / "labelsTr", error);
    fs::copy_file(site / "dataset.json", folder / "dataset.json", error);
    for (std::size_t i = static_cast<std::size_t>(part); i < labels.size() && !error; i += parts) {
        const auto name = labels[i].filename().string();
        const auto image = name.substr(0, name.size() - std::string(".nii.gz").size()) + "_0000.nii.gz";
        fs::create_symlink(labels[i], folder / "labelsTr" / name, error);
        if (!error)
            fs::create_symlink(fs::absolute(site / "imagesTr" / image), folder / "imagesTr" / image, error);
    }
    m_sites << m_runs.path(name);
    return !error;
}

void tst_Poisoning::initTestCase()
{
    CONSILIUM_REAL_DATA(data, "hippocampus");
    for (const auto &[site, parts] :
         {std::pair("east", 1), std::pair("north", 3), std::pair("south", 2), std::pair("west", 1)}) {
        for (int part = 0; part < parts; ++part)
            QVERIFY(
                addPart(data / (std::string("site-") + site), QString("%1-%2").arg(site).arg(part + 1), part, parts));
    }
    QCOMPARE(m_sites.size(), 7);
    // Many steps a round: what the sites' changes have in common grows with them faster than their noise, and a median
    // that cannot tell the two apart learns slowly, attacked or not.
    QVERIFY(m_runs.plan("hippocampus", m_sites, "plan.json",
                        {"network.dimensions=2", "network.features=[8,16,32]", "training.patch=[40,56]",
                         "augmentation.mirror=[0]", "training.batchSize=4", "training.batchesPerEpoch=100",
                         "training.optimizer.lr=0.008", "training.foreground=0.6", "federation.rounds=16",
                         "evaluation.everyRounds=16"}));
    m_clean = m_runs.simulate("plan.json", m_sites, {"fedavg"}, "clean")["fedavg"].test;
    QVERIFY(m_clean > 0.75);
}

void tst_Poisoning::robustStrategiesStayByTheCleanRun_data()
{
    QTest::addColumn<QString>("attack");
    QTest::newRow("turned over, five times as large") << "scale:-5";
    QTest::newRow("ten times as large") << "scale:10";
}

void tst_Poisoning::robustStrategiesStayByTheCleanRun()
{
    QFETCH(QString, attack);
    const QStringList robust{"median", "trimmed-mean:trim=0.3", "krum:byzantine=2", "geometric-median"};
    const auto outcomes = m_runs.simulate("plan.json", m_sites, QStringList{"fedavg"} + robust, "attacked",
                                          {"--attack", attack + "=north-1,west-1"});
    QCOMPARE(outcomes.size(), 1 + robust.size());
    QVERIFY(outcomes["fedavg"].test < m_clean - 0.03);
    for (const auto &strategy : robust)
        QVERIFY2(
            outcomes[strategy].test >= m_clean - 0.03,
            qPrintable(
                QString("%1: %2 where the clean run has %3").arg(strategy).arg(outcomes[strategy].test).arg(m_clean)));
}

QTEST_GUILESS_MAIN(tst_Poisoning)
#include "tst_poisoning.moc"
