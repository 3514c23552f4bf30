// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"

#include <random>

using namespace consilium;
using namespace consilium::test;

/// Killed again and again, at instants that nobody chose.
class tst_AnyInstant : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void killsAtRandomInstantsChangeNothing_data();
    void killsAtRandomInstantsChangeNothing();
};

void tst_AnyInstant::killsAtRandomInstantsChangeNothing_data()
{
    QTest::addColumn<unsigned>("seed");
    for (const unsigned seed : {1U, 2U, 3U})
        QTest::addRow("seed %u", seed) << seed;
}

void tst_AnyInstant::killsAtRandomInstantsChangeNothing()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    constexpr int rounds = 6;
    FaultStudy study(faultPlan(rounds, 3), 16);
    study.startHost();
    const std::vector<std::tuple<std::string, int, double>> sites{{"north", 10, 1}, {"south", 10, 3}, {"east", 20, 5}};
    const QStringList steps{"--steps", "15", "--step-ms", "100"}; // so that rounds last longer than a restart
    std::vector<std::unique_ptr<RunningProgram>> workers;
    for (const auto &[name, samples, wish] : sites) {
        study.addSite(name);
        workers.push_back(study.join(name, samples, wish, steps));
    }
    int kills = 0;
    for (; kills < 12 && study.board().state != "finished"; ++kills) {
        const auto wait = std::uniform_int_distribution(100, 2500)(random);
        const auto victim = std::uniform_int_distribution<std::size_t>(0, 2 * sites.size() - 1)(random);
        const int closed = study.host().count({"round-state", {}, "closed"});
        // Until the instant comes, or the study is over before it.
        waitUntil([&] { return !study.host().running(); }, wait);
        if (victim < sites.size()) {
            workers[victim]->killAtOnce();
            const auto &[name, samples, wish] = sites[victim];
            workers[victim] = study.join(name, samples, wish, steps);
        } else {
            study.host().killAtOnce();
            study.startHost();
        }
        // Each run gets somewhere before the next kill, as it does between two failures of a machine.
        waitUntil(
            [&] {
                return !study.host().running() || study.host().count({"round-state", {}, "closed"}) > closed;
            },
            victim < sites.size() ? 1 : 3000);
    }
    QVERIFY(kills >= 5);

    // s(r) = s(r - 1) / 2 + 3.5: 5, 6, 6.5, 6.75, 6.875, 6.9375.
    QCOMPARE(study.wrongEnd(6.9375, 120000), QString());
    for (int round = 1; round <= rounds; ++round) {
        for (const auto &[name, samples, wish] : sites)
            QCOMPARE(study.outcome(round, name), QString("counted"));
    }
}

QTEST_GUILESS_MAIN(tst_AnyInstant)
#include "tst_any_instant.moc"
