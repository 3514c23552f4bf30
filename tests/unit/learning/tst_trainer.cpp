// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/inference.h"
#include "learning/training/trainer.h"
#include "support/learning_plans.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::learning;
using test::emptySample;
using test::tinyPlan;

namespace {

/// Bright ball in a darker, wavy background.
Sample ballSample()
{
    auto sample = emptySample({14, 16, 18});
    std::size_t i = 0;
    for (int z = 0; z < 14; ++z)
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 18; ++x, ++i) {
                sample.labels[i] = std::hypot(z - 7, y - 6, x - 10) < 4.5;
                sample.image[i] =
                    static_cast<float>(0.5 * std::sin(x) * std::cos(1.3 * y + z)) + (sample.labels[i] ? 1.0f : 0.0f);
            }
    return sample;
}

Plan ballPlan()
{
    auto plan = tinyPlan({8, 16}, {16, 16, 16});
    plan.training.batchSize = 2;
    plan.training.batchesPerEpoch = 20;
    plan.training.optimizer = {"sgd", 0.02, 0.9, true, 3e-5};
    return plan;
}

double dice(const std::vector<std::uint8_t> &a, const std::vector<std::uint8_t> &b)
{
    double shared = 0, sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        shared += a[i] && b[i];
        sum += (a[i] != 0) + (b[i] != 0);
    }
    return 2 * shared / sum;
}

} // namespace

class tst_Trainer : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setThreads(1); }
    void learnsOneCase_data();
    void learnsOneCase();
    void learnsFlatSlices();
    void sameSeedGivesTheSameBytes();
    void reportsAndStops();
    void nothingIsLearntAtTheEndOfTheSchedule();
    void impossibleCasesAreNamed();
};

void tst_Trainer::learnsOneCase_data()
{
    QTest::addColumn<QString>("optimizer");
    QTest::newRow("SGD") << "sgd";
    QTest::newRow("AdamW") << "adamw";
}

void tst_Trainer::learnsOneCase()
{
    QFETCH(QString, optimizer);
    auto plan = ballPlan();
    if (optimizer == "adamw")
        plan.training.optimizer = {"adamw", 2e-3, 0, false, 1e-2};
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto before = predict(*network, plan, samples[0]);
    FitOptions options;
    options.steps = options.totalSteps = 80;
    const auto summary = fit(*network, plan, samples, options);
    QVERIFY2(summary, summary ? "" : summary.error().message.c_str());
    QCOMPARE(summary->steps, 80);
    const auto after = predict(*network, plan, samples[0]);
    QVERIFY(before && after);
    QCOMPARE_LT(dice(before->labels, samples[0].labels), 0.8);
    QCOMPARE_GT(dice(after->labels, samples[0].labels), 0.9);
}

void tst_Trainer::learnsFlatSlices()
{
    auto plan = ballPlan();
    plan.network.dimensions = 2;
    plan.training.patch = {16, 16};
    plan.training.batchSize = 8;
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    FitOptions options;
    options.steps = options.totalSteps = 200;
    QVERIFY(fit(*network, plan, samples, options));
    const auto prediction = predict(*network, plan, samples[0]);
    QVERIFY(prediction);
    QCOMPARE_GT(dice(prediction->labels, samples[0].labels), 0.9);
}

void tst_Trainer::sameSeedGivesTheSameBytes()
{
    auto plan = ballPlan();
    plan.augmentation = {};
    plan.network.deepSupervision = true;
    plan.network.features = {4, 6, 8, 8};
    std::vector samples{ballSample()};
    const auto trained = [&](std::uint64_t seed) {
        auto network = Network::create(plan, 3);
        FitOptions options;
        options.steps = 5;
        options.totalSteps = 10;
        options.seed = seed;
        const bool done = fit(*network, plan, samples, options).has_value();
        return done ? network->state() : ModelState{};
    };
    const auto first = trained(1);
    QVERIFY(!first.tensors.empty());
    QVERIFY(first == trained(1));
    QVERIFY(!(first == trained(2)));
    setThreads(2);
    const auto two = trained(1);
    QVERIFY(two == trained(1));
    setThreads(1);
}

void tst_Trainer::reportsAndStops()
{
    const auto plan = ballPlan(); // 20 batches an epoch: a report every second one
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    std::vector<int> steps;
    FitOptions options;
    options.steps = options.totalSteps = 7;
    options.progress = [&](const FitProgress &progress) {
        steps.push_back(progress.step);
        return std::isfinite(progress.loss) && progress.steps == 7;
    };
    QVERIFY(fit(*network, plan, samples, options));
    QVERIFY(steps == std::vector<int>({2, 4, 6, 7}));

    options.progress = [](const FitProgress &progress) { return progress.step < 4; };
    const auto stopped = fit(*network, plan, samples, options);
    QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
}

void tst_Trainer::nothingIsLearntAtTheEndOfTheSchedule()
{
    const auto plan = ballPlan();
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto before = network->state();
    FitOptions options;
    options.firstStep = options.totalSteps = 100; // lr * (1 - 100/100)^0.9 = 0
    options.steps = 2;
    QVERIFY(fit(*network, plan, samples, options));
    QVERIFY(network->state() == before);
}

void tst_Trainer::impossibleCasesAreNamed()
{
    const auto plan = ballPlan();
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto before = network->state();
    const auto complaint = [&](std::vector<Sample> samples) {
        const auto result = fit(*network, plan, samples, {});
        return !result && result.error().code == ErrorCode::Invalid ? result.error().message : std::string();
    };
    QVERIFY(!complaint({}).empty());
    auto bad = ballSample();
    bad.id = "site_017";
    bad.image[100] = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(complaint({ballSample(), bad}).find("site_017") != std::string::npos);
    bad = ballSample();
    bad.id = "site_018";
    bad.labels[5] = 2;
    QVERIFY(complaint({bad}).find("site_018") != std::string::npos);
    bad = ballSample();
    bad.id = "site_019";
    bad.labels.clear();
    QVERIFY(complaint({bad}).find("site_019") != std::string::npos);
    bad = ballSample();
    bad.id = "site_020";
    bad.image.resize(2 * bad.image.size());
    bad.channels = 2;
    QVERIFY(complaint({bad}).find("site_020") != std::string::npos);
    QVERIFY(network->state() == before);
}

QTEST_GUILESS_MAIN(tst_Trainer)
#include "tst_trainer.moc"
