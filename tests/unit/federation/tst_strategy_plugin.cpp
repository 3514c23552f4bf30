// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/aggregation.h"
#include "node/strategy_loader.h"
#include "random_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

/// A strategy from a plug-in, loaded as the program does.
class tst_StrategyPlugin : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void followsItsPaper_data();
    void followsItsPaper();
    void boundsWhatHostileSitesDo();
    void whatCannotBeLoadedIsNamed_data();
    void whatCannotBeLoadedIsNamed();

private:
    static Plan planOf(const std::string &plugin, std::map<std::string, double> settings = {})
    {
        Plan plan;
        plan.federation.strategy.kind = "plugin";
        plan.federation.strategy.plugin = plugin;
        plan.federation.strategy.settings = std::move(settings);
        return plan;
    }
    /// The step from `global` with these changes.
    Result<Dense> step(const Plan &plan, const Dense &global, const std::vector<Dense> &changes)
    {
        const auto strategy = node::loadStrategy(plan);
        if (!strategy)
            return fail(strategy.error());
        const std::filesystem::path folder = m_folder.path().toStdString();
        std::vector<Contribution> contributions;
        for (std::size_t k = 0; k < changes.size(); ++k)
            contributions.push_back(
                contributionOf("site" + std::to_string(k), modelOf(plus(global, changes[k]), DType::F64)));
        AggregationFiles files;
        files.durable = false;
        files.global = folder / "global";
        files.out = folder / "next";
        if (auto written = writeSafetensors(files.global, modelOf(global, DType::F64)); !written)
            return fail(written.error());
        if (const auto done = aggregate(**strategy, contributions, files, 1, 2); !done)
            return fail(done.error());
        return plus(denseOf(*readSafetensors(files.out)), global, -1);
    }
    QTemporaryDir m_folder;
};

void tst_StrategyPlugin::followsItsPaper_data()
{
    QTest::addColumn<double>("radius");
    QTest::addColumn<int>("iterations");
    QTest::newRow("defaults") << 1.0 << 3;
    QTest::newRow("tight, long") << 0.2 << 12;
    QTest::newRow("wide: the plain mean") << 100.0 << 1;
}

void tst_StrategyPlugin::followsItsPaper()
{
    QFETCH(double, radius);
    QFETCH(int, iterations);
    Random random(31);
    const auto global = randomDense(random, 1);
    std::vector<Dense> changes;
    std::vector<double> norms;
    for (int k = 0; k < 6; ++k) {
        changes.push_back(randomDense(random, 0.02 * (k + 1)));
        norms.push_back(std::sqrt(inner(changes.back(), changes.back())));
    }
    std::sort(norms.begin(), norms.end());
    const double tau = radius * (norms[2] + norms[3]) / 2;
    // Karimireddy et al. 2021, with whole vectors.
    Dense v(randomSize());
    for (int l = 0; l < iterations; ++l) {
        Dense sum(v.size());
        for (const auto &change : changes)
            sum = plus(sum, plus(change, v, -1), std::min(1.0, tau / distance(change, v)) / 6);
        v = plus(v, sum);
    }
    const auto plan =
        planOf("centred-clipping", radius == 1 && iterations == 3
                                       ? std::map<std::string, double>{}
                                       : std::map<std::string, double>{{"radius", radius}, {"iterations", iterations}});
    const auto got = step(plan, global, changes);
    QVERIFY2(got, got ? "" : got.error().message.c_str());
    QCOMPARE_LE(distance(*got, v), 1e-9 * std::sqrt(inner(v, v)));
}

void tst_StrategyPlugin::boundsWhatHostileSitesDo()
{
    Random random(8);
    const auto global = randomDense(random, 1), common = randomDense(random, 0.1);
    std::vector<Dense> changes;
    for (int k = 0; k < 7; ++k)
        changes.push_back(k < 2 ? plus(Dense(common.size()), common, 1000) : plus(common, randomDense(random, 0.01)));
    const auto got = step(planOf("centred-clipping", {{"iterations", 20}}), global, changes);
    QVERIFY(got);
    // Each of the two pulls by at most tau, which is the honest norm, where a mean would go 286 times as far.
    QCOMPARE_LE(distance(*got, common), 2 * std::sqrt(inner(common, common)));
}

void tst_StrategyPlugin::whatCannotBeLoadedIsNamed_data()
{
    QTest::addColumn<QString>("plugin");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("said");
    QTest::newRow("none there") << "none-such"
                                << "" << 0.0 << "none-such";
    QTest::newRow("a path") << "../centred-clipping"
                            << "" << 0.0 << "../centred-clipping";
    QTest::newRow("a task") << "volume-segmentation"
                            << "" << 0.0 << "org.consilium.TaskFactory";
    QTest::newRow("no setting of it") << "centred-clipping"
                                      << "tau" << 1.0 << "federation.strategy.settings.tau";
    QTest::newRow("radius 0") << "centred-clipping"
                              << "radius" << 0.0 << "federation.strategy.settings.radius";
    QTest::newRow("half an iteration") << "centred-clipping"
                                       << "iterations" << 0.5 << "federation.strategy.settings.iterations";
}

void tst_StrategyPlugin::whatCannotBeLoadedIsNamed()
{
    QFETCH(QString, plugin);
    QFETCH(QString, setting);
    QFETCH(double, value);
    QFETCH(QString, said);
    std::map<std::string, double> settings;
    if (!setting.isEmpty())
        settings[setting.toStdString()] = value;
    const auto loaded = node::loadStrategy(planOf(plugin.toStdString(), settings));
    QVERIFY(!loaded);
    QVERIFY2(QString::fromStdString(loaded.error().line()).contains(said), loaded.error().line().c_str());
}

QTEST_GUILESS_MAIN(tst_StrategyPlugin)
#include "tst_strategy_plugin.moc"
