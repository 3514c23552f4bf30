// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/plan.h"

#include <QTest>

using namespace consilium;

namespace {

Json smallPlan()
{
    return Json::parse(R"({"format": 1, "task": "hippocampus", "seed": 3,
        "data": {"channels": ["T1"], "labels": ["background", "anterior", "posterior"]},
        "network": {"features": [8, 16, 32]},
        "preprocessing": {"normalisation": ["zscore"]},
        "training": {"patch": [40, 56, 40]}})");
}

/// A change to smallPlan() that makes it a plan for landmarks, with `more` upon it.
QString landmarks(const char *more)
{
    auto change = Json::parse(R"({"data": {"kind": "landmark-localisation", "labels": [], "landmarks": ["a", "b"]},
        "network": {"kind": "hourglass", "dimensions": 2, "features": [16]}, "augmentation": {"mirror": []},
        "preprocessing": {"size": [64, 64]}, "training": {"patch": [64, 64], "loss": "dsnt"}})");
    change.merge_patch(Json::parse(more));
    return QString::fromStdString(change.dump());
}

} // namespace

class tst_Plan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTripsThroughJson();
    void hashDoesNotDependOnOrderOrSpace();
    void hashIsThatOfTheCanonicalText();
    void wrongKeysAreNamed_data();
    void wrongKeysAreNamed();
    void largestPlans_data();
    void largestPlans();
    void setChangesOneKey();
};

void tst_Plan::roundTripsThroughJson()
{
    const auto plan = Plan::fromJson(smallPlan());
    QVERIFY(plan);
    QCOMPARE(plan->training.patch, (std::vector<int>{40, 56, 40}));
    const auto again = Plan::fromJson(plan->toJson());
    QVERIFY(again);
    QCOMPARE(again->hash(), plan->hash());
}

void tst_Plan::hashDoesNotDependOnOrderOrSpace()
{
    const auto a = Json::parse(
        R"({"task":"t","format":1,"data":{"labels":["b","l"],"channels":["c"]},"preprocessing":{"normalisation":["none"]},"training":{"patch":[96,96,96],"foreground":0.5}})");
    const auto b = Json::parse(R"({ "training": {"foreground": 5e-1, "patch": [96, 96, 96]}, "format": 1, "task": "t",
        "preprocessing": {"normalisation": ["none"]}, "data": {"channels": ["c"], "labels": ["b", "l"]} })");
    const auto first = Plan::fromJson(a), second = Plan::fromJson(b);
    QVERIFY2(first, first ? "" : first.error().message.c_str());
    QVERIFY(second);
    QCOMPARE(first->hash(), second->hash());
}

void tst_Plan::hashIsThatOfTheCanonicalText()
{
    const auto plan = Plan::fromJson(smallPlan());
    QVERIFY(plan);
    QCOMPARE(plan->hash(), sha256Hex(*canonicalJson(plan->toJson())));
    QCOMPARE(plan->hash().size(), std::size_t{64});
}

void tst_Plan::wrongKeysAreNamed_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown at the top") << R"({"lernrate": 1})"
                                        << "lernrate";
    QTest::newRow("unknown inside") << R"({"training": {"batchsize": 2}})"
                                    << "training.batchsize";
    QTest::newRow("unknown deep inside") << R"({"training": {"optimizer": {"learningRate": 1}}})"
                                         << "training.optimizer.learningRate";
    QTest::newRow("wrong type") << R"({"training": {"batchSize": "two"}})"
                                << "training.batchSize";
    QTest::newRow("impossible") << R"({"training": {"batchSize": 0}})"
                                << "training.batchSize";
    QTest::newRow("patch does not fit the network") << R"({"training": {"patch": [40, 55, 40]}})"
                                                    << "training.patch";
    QTest::newRow("patch of other dimensions") << R"({"network": {"dimensions": 2}})"
                                               << "augmentation.mirror";
    QTest::newRow("unknown network") << R"({"network": {"kind": "transformer"}})"
                                     << "network.kind";
    QTest::newRow("unknown strategy") << R"({"federation": {"strategy": {"kind": "magic"}}})"
                                      << "federation.strategy.kind";
    QTest::newRow("control variates with momentum") << R"({"federation": {"strategy": {"kind": "scaffold"}}})"
                                                    << "training.optimizer";
    QTest::newRow("control variates of a running mean") << R"({"federation": {"strategy": {"kind": "scaffold"}},
               "training": {"optimizer": {"momentum": 0}, "average": 0.9}})"
                                                        << "training.average";
    QTest::newRow("schedule by rounds that names none") << R"({"training": {"schedule": {"kind": "rounds"}}})"
                                                        << "training.schedule.milestones";
    QTest::newRow("milestones out of order")
        << R"({"training": {"schedule": {"kind": "rounds", "milestones": [20, 10]}}})"
        << "training.schedule.milestones";
    QTest::newRow("epochs of another length") << R"({"training": {"epochLength": "days"}})"
                                              << "training.epochLength";
    QTest::newRow("newer format") << R"({"format": 2})"
                                  << "format";
    QTest::newRow("one label only") << R"({"data": {"labels": ["background"]}})"
                                    << "data.labels";
    QTest::newRow("privacy that is not there") << R"({"privacy": {"clip": 1.0}})"
                                               << "privacy.clip";
    QTest::newRow("section of the wrong type") << R"({"network": 3})"
                                               << "network";
    QTest::newRow("patch of 2^31 voxels") << R"({"training": {"patch": [1024, 1024, 2048], "batchSize": 1}})"
                                          << "training.patch";
    QTest::newRow("extents whose product overflows 64 bits")
        << R"({"training": {"patch": [1073741824, 1073741824, 1073741824]}})"
        << "training.patch";
    QTest::newRow("batch of 2^31 voxels") << R"({"training": {"patch": [512, 512, 1024], "batchSize": 8}})"
                                          << "training.batchSize";
    QTest::newRow("batch of 2^31 values in two channels")
        << R"({"data": {"channels": ["a", "b"]}, "preprocessing": {"normalisation": ["none", "none"]},
               "training": {"patch": [512, 512, 1024], "batchSize": 4}})"
        << "training.batchSize";
    QTest::newRow("batch") << R"({"training": {"batchSize": 5000}})"
                           << "training.batchSize";
    QTest::newRow("2^32 steps") << R"({"training": {"epochsPerRound": 16384, "batchesPerEpoch": 16384},
                                       "federation": {"rounds": 16}})"
                                << "federation.rounds";
    QTest::newRow("epochs") << R"({"training": {"epochsPerRound": 2000000}})"
                            << "training.epochsPerRound";
    QTest::newRow("pictures of no size") << landmarks(R"({"preprocessing": {"size": []}})") << "preprocessing.size";
    QTest::newRow("pictures of another size")
        << landmarks(R"({"preprocessing": {"size": [128, 128]}})") << "training.patch";
    QTest::newRow("module for landmarks in 3D") << landmarks(R"({"network": {"kind": "torchscript", "dimensions": 3,
        "module": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
        "training": {"patch": [64, 64, 64]}})") << "network.dimensions";
}

void tst_Plan::wrongKeysAreNamed()
{
    QFETCH(QString, change);
    QFETCH(QString, named);
    auto json = smallPlan();
    json.merge_patch(Json::parse(change.toStdString()));
    const auto plan = Plan::fromJson(json);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, ErrorCode::Invalid);
    QVERIFY2(plan.error().message.find("'" + named.toStdString() + "'") != std::string::npos,
             plan.error().message.c_str());
}

void tst_Plan::largestPlans_data()
{
    QTest::addColumn<QString>("change");
    QTest::newRow("2^30 voxels") << R"({"training": {"patch": [512, 512, 1024], "batchSize": 4}})";
    QTest::newRow("2^31 - 2^16 steps") << R"({"training": {"epochsPerRound": 1024, "batchesPerEpoch": 64},
                                              "federation": {"rounds": 32767}})";
    QTest::newRow("landmarks") << landmarks("{}");
}

void tst_Plan::largestPlans()
{
    QFETCH(QString, change);
    auto json = smallPlan();
    json.merge_patch(Json::parse(change.toStdString()));
    const auto plan = Plan::fromJson(json);
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    QVERIFY(plan->totalSteps() > 0);
}

void tst_Plan::setChangesOneKey()
{
    auto plan = *Plan::fromJson(smallPlan());
    QVERIFY(plan.set("training.batchSize", "6"));
    QCOMPARE(plan.training.batchSize, 6);
    QVERIFY(plan.set("training.optimizer.kind", "adamw"));
    QCOMPARE(plan.training.optimizer.kind, std::string("adamw"));
    const auto before = plan.hash();
    QVERIFY(!plan.set("training.batchSizes", "6"));
    QVERIFY(!plan.set("training.patch", "[3, 3, 3]"));
    QCOMPARE(plan.hash(), before);
}

QTEST_APPLESS_MAIN(tst_Plan)
#include "tst_plan.moc"
