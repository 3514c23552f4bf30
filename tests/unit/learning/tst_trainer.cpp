// SPDX-License-Identifier: GPL-3.0-or-later
#include "ball_case.h"
#include "learning/training/trainer.h"
#include "support/whole_prediction.h"

#include <QTest>

#include <array>
#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::learning;
using test::ballPlan;
using test::ballSample;
using test::predict;
using test::smallBallPlan;

namespace {

double dice(const std::vector<std::uint8_t> &a, const std::vector<std::uint8_t> &b)
{
    double shared = 0, sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        shared += a[i] && b[i];
        sum += (a[i] != 0) + (b[i] != 0);
    }
    return 2 * shared / sum;
}

/// One landmark in a picture of 64 x 64, by the smallest hourglass.
Plan landmarkPlan()
{
    auto plan = test::tinyPlan({8}, {64, 64});
    plan.data.kind = "landmark-localisation";
    plan.data.labels = {};
    plan.data.landmarks = {"spot"};
    plan.network.kind = "hourglass";
    plan.network.stacks = 1;
    plan.preprocessing.size = {64, 64};
    plan.training.loss = "dsnt";
    plan.training.batchSize = 4;
    plan.training.batchesPerEpoch = 10;
    plan.training.optimizer = {"adam", 5e-3, 0, false, {0.9, 0.999}, 0};
    plan.training.schedule.kind = "constant";
    return plan;
}

/// A bright spot where the landmark is.
Sample spotSample(int x, int y)
{
    auto sample = test::emptySample({1, 64, 64});
    sample.labels.clear();
    for (int row = 0; row < 64; ++row)
        for (int column = 0; column < 64; ++column)
            sample.image[row * 64 + column] = static_cast<float>(
                3 * std::exp(-std::hypot(row - y, column - x) * std::hypot(row - y, column - x) / 18));
    sample.points = {{static_cast<double>(x), static_cast<double>(y), true}};
    return sample;
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
    void runningMeanByHand();
    void bestEpochIsTheResult();
    void endsEarly();
    void failedValidationEndsIt();
    void retainsWhatItKnew();
    void bfloat16LearnsAsWell();
    void findsALandmark();
    void weightsThatOverflowAreNoResult();
    void impossibleCasesAreNamed();
    void impossiblePicturesAreNamed();
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
        plan.training.optimizer = {"adamw", 2e-3, 0, false, {0.9, 0.999}, 1e-2};
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

void tst_Trainer::runningMeanByHand()
{
    // m <- d m + (1 - d) w, beginning with the weights before the first step, where d is 2/11 after step 1, 3/12 after
    // step 2, and after step 3 the plan's 0.28, which is less than 4/13.
    const std::array decays{2.0 / 11, 0.25, 0.28};
    auto plan = smallBallPlan();
    std::vector samples{ballSample()};
    const auto trained = [&](int steps) {
        auto network = Network::create(plan, 3).value();
        FitOptions options;
        options.steps = steps;
        options.totalSteps = 10;
        return steps == 0 || fit(network, plan, samples, options) ? network.state() : ModelState{};
    };
    std::vector<ModelState> weights;
    for (const int steps : {0, 1, 2, 3})
        weights.push_back(trained(steps));
    plan.training.average = 0.28;
    const auto averaged = trained(3);
    QCOMPARE(averaged.tensors.size(), weights[0].tensors.size());
    for (std::size_t i = 0; i < averaged.tensors.size(); ++i)
        for (std::size_t k = 0; k < averaged.tensors[i].floats().size(); ++k) {
            double mean = weights[0].tensors[i].floats()[k];
            for (int step = 1; step <= 3; ++step)
                mean = decays[step - 1] * mean + (1 - decays[step - 1]) * weights[step].tensors[i].floats()[k];
            QCOMPARE_LE(std::abs(averaged.tensors[i].floats()[k] - mean), 1e-6);
        }
}

void tst_Trainer::bestEpochIsTheResult()
{
    auto plan = smallBallPlan();
    plan.training.average = 0.5;
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const std::vector scores{0.1, 0.7, 0.4, 0.7, 0.2};
    std::vector<ModelState> validated;
    FitOptions options;
    options.steps = options.totalSteps = 23;
    options.validate = [&](Network &now) {
        validated.push_back(now.state());
        return Result<double>(scores[validated.size() - 1]);
    };
    const auto summary = fit(*network, plan, samples, options);
    QVERIFY(summary);
    // Four epochs of five steps and the three steps that are left; of equal scores the first counts.
    QCOMPARE(validated.size(), 5u);
    QCOMPARE(summary->bestEpoch, 2);
    QCOMPARE(summary->scores.size(), 5u);
    QCOMPARE(summary->scores[3].epoch, 4);
    QCOMPARE(summary->scores[3].score, 0.7);
    QVERIFY(!summary->endedEarly);
    QVERIFY(network->state() == validated[1]);
}

void tst_Trainer::endsEarly()
{
    auto plan = smallBallPlan();
    plan.training.patience = 2;
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    int epochs = 0;
    FitOptions options;
    options.steps = options.totalSteps = 100;
    options.validate = [&](Network &) { return Result<double>(++epochs == 3 ? 0.9 : 0.5); };
    const auto summary = fit(*network, plan, samples, options);
    QVERIFY(summary);
    QVERIFY(summary->endedEarly);
    QCOMPARE(summary->bestEpoch, 3);
    QCOMPARE(summary->steps, 25); // epochs 4 and 5 were no better than the third
}

void tst_Trainer::failedValidationEndsIt()
{
    const auto plan = smallBallPlan();
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    FitOptions options;
    options.steps = 10;
    options.validate = [](Network &) -> Result<double> { return fail(ErrorCode::Io, "Case 7 is gone"); };
    const auto failed = fit(*network, plan, samples, options);
    QVERIFY(!failed && failed.error().code == ErrorCode::Io);
    options.validate = [](Network &) { return Result<double>(std::nan("")); };
    const auto unmeasured = fit(*network, plan, samples, options);
    QVERIFY(!unmeasured && unmeasured.error().message.find("step 5") != std::string::npos);
}

void tst_Trainer::retainsWhatItKnew()
{
    // A network that knows the ball is trained on an image of nothing. What it forgets of the ball it forgets less of
    // the more it is asked to retain.
    auto plan = ballPlan();
    plan.training.patch = {8, 8, 8};
    std::vector ball{ballSample()}, nothing{ballSample()};
    std::fill(nothing[0].labels.begin(), nothing[0].labels.end(), std::uint8_t{0});
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    FitOptions options;
    options.steps = options.totalSteps = 80;
    QVERIFY(fit(*network, plan, ball, options));
    const auto knows = network->state();
    const auto before = predict(*network, plan, ball[0]);
    QVERIFY(before);
    options.steps = options.totalSteps = 30;
    QVERIFY(fit(*network, plan, nothing, options));
    const auto forgot = predict(*network, plan, ball[0]);
    QVERIFY(network->load(knows));
    options.retention = Retention{knows, 50, 2};
    QVERIFY(fit(*network, plan, nothing, options));
    const auto retained = predict(*network, plan, ball[0]);
    QVERIFY(forgot && retained);
    QCOMPARE_LT(dice(forgot->labels, before->labels), 0.3);
    QCOMPARE_GT(dice(retained->labels, before->labels), 0.8);

    options.retention->model.tensors.pop_back();
    const auto unfit = fit(*network, plan, nothing, options);
    QVERIFY(!unfit && unfit.error().code == ErrorCode::Invalid);
}

void tst_Trainer::bfloat16LearnsAsWell()
{
    auto plan = ballPlan();
    plan.training.precision = "bfloat16";
    std::vector samples{ballSample()};
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    FitOptions options;
    options.steps = options.totalSteps = 80;
    const auto summary = fit(*network, plan, samples, options);
    QVERIFY2(summary, summary ? "" : summary.error().message.c_str());
    const auto after = predict(*network, plan, samples[0]);
    QVERIFY(after);
    QCOMPARE_GT(dice(after->labels, samples[0].labels), 0.9);
}

void tst_Trainer::findsALandmark()
{
    const auto plan = landmarkPlan();
    std::vector<Sample> samples{spotSample(20, 40), spotSample(45, 15), spotSample(33, 30), spotSample(12, 52)};
    auto network = Network::create(plan, 3);
    QVERIFY2(network, network ? "" : network.error().message.c_str());
    FitOptions options;
    options.steps = options.totalSteps = 12;
    std::vector<double> losses;
    options.progress = [&](const FitProgress &progress) {
        losses.push_back(progress.loss);
        return true;
    };
    const auto summary = fit(*network, plan, samples, options);
    QVERIFY2(summary, summary ? "" : summary.error().message.c_str());
    QCOMPARE_LT(losses.back(), 0.7 * losses.front());
}

void tst_Trainer::weightsThatOverflowAreNoResult()
{
    // The loss of the only step is that of the first weights. Decay of 1e3 times a rate of 1e38 is beyond any float.
    auto plan = smallBallPlan();
    plan.training.optimizer = {"sgd", 1e38, 0, false, {0.9, 0.999}, 1e3};
    plan.training.schedule.kind = "constant";
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto overflown = fit(*network, plan, std::vector{ballSample()}, {});
    QVERIFY(!overflown && overflown.error().code == ErrorCode::Internal);
    QVERIFY2(overflown.error().message.find("weights were not finite after step 1 of 1") != std::string::npos,
             overflown.error().message.c_str());
}

void tst_Trainer::impossiblePicturesAreNamed()
{
    const auto plan = landmarkPlan();
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto complaint = [&](const Sample &sample) {
        const auto result = fit(*network, plan, std::vector{sample}, {});
        return !result && result.error().code == ErrorCode::Invalid ? QString::fromStdString(result.error().line())
                                                                    : QString();
    };
    auto sample = spotSample(20, 40);
    sample.id = "film-3";
    auto bad = sample;
    bad.points.clear();
    QVERIFY(complaint(bad).contains("film-3 has 0 landmarks where the plan has 1"));
    bad = sample;
    bad.points[0].x = std::numeric_limits<double>::infinity();
    QVERIFY(complaint(bad).contains("film-3") && complaint(bad).contains("spot"));
    bad = sample;
    bad.points[0].visible = false;
    QVERIFY(complaint(bad).contains("film-3"));
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
