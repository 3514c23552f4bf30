// SPDX-License-Identifier: GPL-3.0-or-later
#include "finite_differences.h"
#include "learning/inference/landmark_inference.h"
#include "learning/networks/hourglass.h"
#include "learning/training/landmark_loss.h"
#include "learning/training/precision.h"
#include "learning/training/trainer.h"
#include "network_parity.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace consilium;
using namespace consilium::learning;

namespace {

Plan radiographPlan(int features, int stacks, int width, int height)
{
    Plan plan;
    plan.task = "tiny";
    plan.data.kind = "landmark-localisation";
    plan.data.channels = {"DX"};
    plan.data.landmarks = {"a", "b", "c"};
    plan.network.kind = "hourglass";
    plan.network.dimensions = 2;
    plan.network.features = {features};
    plan.network.stacks = stacks;
    plan.preprocessing.normalisation = {"rescale"};
    plan.training.patch = {width, height};
    plan.training.loss = "dsnt";
    return plan;
}

/// Pictures of 64 x 64 with a disc, a ring and a square whose middles are the landmarks.
std::vector<Sample> pictures()
{
    const std::vector<std::array<SamplePoint, 3>> places{{{{14, 40, true}, {45, 17, true}, {50.5, 48, true}}},
                                                         {{{30, 12, true}, {12.5, 50, true}, {50, 30, true}}},
                                                         {{{50, 10, true}, {36, 36, true}, {10, 20.5, true}}},
                                                         {{{20, 22, true}, {50, 50.5, true}, {22, 52, true}}}};
    std::vector<Sample> samples;
    for (const auto &points : places) {
        Sample sample;
        sample.id = "case_" + std::to_string(samples.size());
        sample.size = {1, 64, 64};
        sample.points.assign(points.begin(), points.end());
        for (int y = 0; y < 64; ++y)
            for (int x = 0; x < 64; ++x) {
                const auto from = [&](int l) { return std::hypot(x - points[l].x, y - points[l].y); };
                const bool ring = std::abs(from(1) - 6) < 1.5;
                const bool square = std::abs(x - points[2].x) < 5 && std::abs(y - points[2].y) < 5;
                sample.image.push_back(from(0) < 6 ? 1.0f : ring ? 0.8f : square ? 0.5f : 0.1f);
            }
        samples.push_back(std::move(sample));
    }
    return samples;
}

} // namespace

class tst_Hourglass : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heatmapsAreAQuarterAsFine_data();
    void heatmapsAreAQuarterAsFine();
    void parametersAreThoseOfPublicImplementations();
    void sameSeedGivesTheSameBytes();
    void earlierStacksDoNotSeeLaterOnes();
    void gradientAgreesWithFiniteDifferences();
    void halfTheBitsAnswerAlike();
    void agreesWithPython_data();
    void agreesWithPython();
    void learnsFourPicturesByHeart();
};

void tst_Hourglass::heatmapsAreAQuarterAsFine_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("stacks");
    QTest::newRow("square, one stack") << 64 << 64 << 1;
    QTest::newRow("wide, three stacks") << 128 << 64 << 3;
    QTest::newRow("high, two stacks") << 64 << 192 << 2;
}

void tst_Hourglass::heatmapsAreAQuarterAsFine()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, stacks);
    auto network = Network::create(radiographPlan(8, stacks, width, height), 1);
    QVERIFY(network);
    const torch::NoGradGuard frozen;
    auto &parts = network->parts();
    const auto image = parts.prepared(torch::randn({2, 1, height, width}));
    const auto heads = parts.body->heads(image);
    QCOMPARE(heads.size(), static_cast<std::size_t>(stacks));
    for (const auto &head : heads)
        QVERIFY(head.sizes().vec() == std::vector<std::int64_t>({2, 3, height / 4, width / 4}));
    QVERIFY(torch::equal(parts.body->forward(image), heads.front()));
}

void tst_Hourglass::parametersAreThoseOfPublicImplementations()
{
    // Public implementations of the paper for human poses (three colours, 16 joints, 256 features) have 6.73 million
    // parameters with two stacks and 25.59 million with eight. By hand, a residual module of 256 features:
    // 256*128+128 + 9*128*128+128 + 128*256+256, norms 2*(256+128+128)                   = 214,528
    // A stack: 13 in the hourglass and 1 behind it, 256*256+256 and a norm of 2*256, 16 heatmaps of 257
    //                                                                          3,003,392 + 66,304 + 4,112 = 3,073,808
    // The way back in all but the last: 256*256+256 + 16*256+256                          = 70,144
    // The stem: 49*3*64+64 and 2*64, residuals 64 to 128 (58,112), 128 to 256 (230,912), 256 to 256 = 513,152
    // A group norm has the scale and shift of the batch norm that it replaces, so the counts are the same.
    for (const int stacks : {1, 2, 8}) {
        StackedHourglass network(HourglassShape{3, 16, 256, stacks});
        std::int64_t parameters = 0;
        for (const auto &parameter : network->trained())
            parameters += parameter.numel();
        QCOMPARE(parameters, 513152 + stacks * 3073808 + (stacks - 1) * 70144);
        if (stacks == 2)
            QCOMPARE(std::round(static_cast<double>(parameters) / 1e4), 673.0);
        if (stacks == 8)
            QCOMPARE(std::round(static_cast<double>(parameters) / 1e4), 2559.0);
    }
}

void tst_Hourglass::sameSeedGivesTheSameBytes()
{
    const auto plan = radiographPlan(4, 1, 64, 64);
    const auto first = Network::create(plan, 42), second = Network::create(plan, 42), other = Network::create(plan, 43);
    QVERIFY(first && second && other);
    QVERIFY(first->state() == second->state());
    QVERIFY(!(first->state() == other->state()));
}

void tst_Hourglass::earlierStacksDoNotSeeLaterOnes()
{
    auto network = Network::create(radiographPlan(8, 2, 64, 64), 1);
    QVERIFY(network);
    const torch::NoGradGuard frozen;
    auto &body = *network->parts().body;
    const auto image = torch::randn({1, 1, 64, 64});
    const auto before = body.heads(image);
    for (auto &item : body.named_parameters())
        if (item.key().starts_with("stacks.1."))
            item.value().mul_(2);
    const auto after = body.heads(image);
    QVERIFY(!torch::equal(before[0], after[0])); // the last stack comes first
    QVERIFY(torch::equal(before[1], after[1]));
}

void tst_Hourglass::gradientAgreesWithFiniteDifferences()
{
    torch::manual_seed(6);
    StackedHourglass network(HourglassShape{1, 2, 4, 2});
    network->draw(5);
    network->to(torch::kDouble);
    test::enliven(*network);
    const auto image = torch::randn({1, 1, 64, 64}, torch::kDouble);
    const auto points = torch::rand({1, 2, 2}, torch::kDouble) * 2 - 1, weights = torch::ones({1, 2}, torch::kDouble);
    const auto disagreement =
        test::gradientDisagreement(*network, [&] { return landmarkLoss(network->heads(image), points, weights); });
    QVERIFY2(disagreement.isEmpty(), qPrintable(disagreement));
}

void tst_Hourglass::halfTheBitsAnswerAlike()
{
    // bfloat16 keeps 8 bits: an operation is off by 2^-9 at most, and some 50 in a row by a few per cent.
    auto network = Network::create(radiographPlan(16, 1, 64, 64), 1);
    QVERIFY(network);
    auto &parts = network->parts();
    torch::manual_seed(4);
    const auto image = parts.prepared(torch::randn({2, 1, 64, 64}));
    const auto answer = [&](const char *kind) {
        const Precision precision(kind, parts.device);
        return parts.body->forward(image);
    };
    const auto whole = answer("float32"), half = answer("bfloat16");
    if (half.scalar_type() == torch::kFloat)
        QSKIP("This processor has no instructions for bfloat16");
    QVERIFY(half.scalar_type() == torch::kBFloat16);
    const auto apart = ((half.to(torch::kFloat) - whole).norm() / whole.norm()).item<double>();
    QVERIFY2(apart > 0 && apart < 0.05, qPrintable(QString::number(apart)));
    half.sum().backward();
    for (const auto &parameter : parts.body->trained())
        QVERIFY(parameter.grad().defined() && parameter.grad().scalar_type() == torch::kFloat);
}

void tst_Hourglass::agreesWithPython_data()
{
    QTest::addColumn<bool>("twice");
    QTest::newRow("float32") << false;
    QTest::newRow("float64") << true;
}

void tst_Hourglass::agreesWithPython()
{
    QFETCH(bool, twice);
    if (test::pythonWith("torch").isEmpty())
        QSKIP("needs python3-torch");
    auto network = Network::create(radiographPlan(32, 2, 64, 128), 8);
    QVERIFY(network);
    const auto type = twice ? torch::kDouble : torch::kFloat;
    network->parts().body->to(type);
    torch::manual_seed(7);
    test::enliven(*network->parts().body);
    const auto points = (torch::rand({2, 3, 2}) * 2 - 1).to(type);
    auto weights = torch::ones({2, 3}, type);
    weights[1][0] = 0;
    QString complaint;
    const auto differences = test::differencesFromPython(
        *network, {{"image", torch::rand({2, 1, 128, 64}).to(type)}, {"points", points}, {"weights", weights}},
        [&](const auto &heads) { return landmarkLoss(heads, points, weights); }, "hourglass_reference.py", complaint);
    QVERIFY2(differences.size() == 2 * 2 + 2 * 3, qPrintable(complaint));
    for (const auto &[what, difference] : differences)
        qInfo("%s %.1e", what.c_str(), difference);
    for (const auto &[what, difference] : differences)
        QVERIFY2(difference <= 1e-5 || (!twice && test::needsDouble(what)), what.c_str());
}

void tst_Hourglass::learnsFourPicturesByHeart()
{
    auto plan = radiographPlan(32, 1, 64, 64);
    plan.augmentation.rotation = 0;
    plan.augmentation.scaling = plan.augmentation.gamma = {1, 1};
    plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.augmentation.mirror = {};
    plan.augmentation.noise = 0;
    plan.training.batchSize = 4;
    plan.training.optimizer.kind = "adamw";
    plan.training.optimizer.lr = 2e-3;
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto samples = pictures();
    FitOptions options;
    options.steps = options.totalSteps = 150;
    const auto trained = fit(*network, plan, samples, options);
    QVERIFY2(trained, trained ? "" : trained.error().line().c_str());
    const std::array networks{&*network};
    double sum = 0;
    for (const auto &sample : samples) {
        const auto points = locate(networks, plan, sample);
        QVERIFY(points);
        for (std::size_t l = 0; l < 3; ++l)
            sum += std::hypot(points->at(l).x - sample.points[l].x, points->at(l).y - sample.points[l].y);
    }
    qInfo("mean error %.3f pixels, loss %.3f, %.0f ms a step", sum / 12, trained->loss, 1000 * trained->secondsPerStep);
    QCOMPARE_LE(sum / 12, 1.0);
}

QTEST_GUILESS_MAIN(tst_Hourglass)
#include "tst_hourglass.moc"
