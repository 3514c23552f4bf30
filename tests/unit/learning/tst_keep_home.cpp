// SPDX-License-Identifier: GPL-3.0-or-later
// The tensors that FedBN leaves at home unless a plan says otherwise are those of the normalisation layers, of every
// network there is: the weight of a norm layer has one dimension, that of a convolution more.
#include "core/name_pattern.h"
#include "learning/network.h"
#include "support/learning_plans.h"

#include <QTest>

using namespace consilium;

class tst_KeepHome : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void normsStayHome_data();
    void normsStayHome();
};

void tst_KeepHome::normsStayHome_data()
{
    QTest::addColumn<QString>("kind");
    for (const auto *kind : {"unet", "residual-unet", "ahnet", "hourglass"})
        QTest::newRow(kind) << kind;
}

void tst_KeepHome::normsStayHome()
{
    QFETCH(QString, kind);
    auto plan = test::tinyPlan({4, 6, 8}, {32, 32, 32});
    plan.network.kind = kind.toStdString();
    if (kind == "ahnet")
        plan.network.features = {8};
    if (kind == "hourglass") {
        plan = test::tinyPlan({8}, {64, 64});
        plan.network.kind = "hourglass";
        plan.data.kind = "landmark-localisation";
        plan.data.labels = {};
        plan.data.landmarks = {"spot"};
    }
    const auto network = learning::Network::create(plan, 1);
    QVERIFY2(network, network ? "" : network.error().message.c_str());
    const auto state = network->state();
    int home = 0;
    for (const auto &tensor : state.tensors) {
        const auto &name = tensor.info.name;
        const auto *weight = state.find(name.substr(0, name.rfind('.')) + ".weight");
        QVERIFY2(weight, name.c_str());
        const bool stays = matchesAnyPattern(name, plan.federation.strategy.keepHome);
        home += stays;
        QVERIFY2(stays == (weight->info.shape.size() == 1), name.c_str());
    }
    QCOMPARE_GT(home, 0);
}

QTEST_APPLESS_MAIN(tst_KeepHome)
#include "tst_keep_home.moc"
