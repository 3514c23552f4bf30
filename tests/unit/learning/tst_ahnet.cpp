// SPDX-License-Identifier: GPL-3.0-or-later
#include "finite_differences.h"
#include "learning/networks/ahnet.h"
#include "learning/networks/ahnet_slices.h"
#include "learning/training/loss.h"
#include "learning/training/trainer.h"
#include "network_parity.h"
#include "support/learning_plans.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace consilium;
using namespace consilium::learning;

namespace {

Plan ahnetPlan(int width, std::vector<int> patch)
{
    auto plan = test::tinyPlan({width}, std::move(patch));
    plan.network.kind = "ahnet";
    return plan;
}

std::int64_t count(const std::vector<torch::Tensor> &parameters)
{
    std::int64_t sum = 0;
    for (const auto &parameter : parameters)
        sum += parameter.numel();
    return sum;
}

} // namespace

class tst_AHNet : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void logitsHaveTheExtentsOfTheImage_data();
    void logitsHaveTheExtentsOfTheImage();
    void encoderIsThatOfResNet50();
    void decoderByHand();
    void runningStatisticsTravelWithTheModel();
    void encoderOfSlicesActsOnEverySlice();
    void encoderOfAnotherWidthIsRefused();
    void singleValuesCannotBeNormalised();
    void gradientAgreesWithFiniteDifferences();
    void agreesWithPython_data();
    void agreesWithPython();
};

void tst_AHNet::logitsHaveTheExtentsOfTheImage_data()
{
    QTest::addColumn<QList<int>>("patch"); // x, y, z
    QTest::newRow("3D, a cube") << QList<int>{32, 32, 32};
    QTest::newRow("3D, wide") << QList<int>{96, 64, 32};
    QTest::newRow("2D") << QList<int>{64, 96};
}

void tst_AHNet::logitsHaveTheExtentsOfTheImage()
{
    QFETCH(QList<int>, patch);
    auto plan = ahnetPlan(4, {patch.begin(), patch.end()});
    plan.data.channels = {"T2", "ADC"};
    plan.data.labels = {"background", "peripheral zone", "transition zone"};
    auto network = Network::create(plan, 1);
    QVERIFY2(network, network ? "" : network.error().line().c_str());
    std::vector<std::int64_t> shape{2, 2};
    shape.insert(shape.end(), patch.rbegin(), patch.rend());
    auto expected = shape;
    expected[1] = 3;
    auto &parts = network->parts();
    const torch::NoGradGuard frozen;
    QVERIFY(parts.body->forward(parts.prepared(torch::randn(shape))).sizes().vec() == expected);
    const auto summary = summarise(plan);
    QVERIFY(summary && summary->multiplyAdds > 0);
}

void tst_AHNet::encoderIsThatOfResNet50()
{
    // ResNet-50 has 25,557,032 parameters, of which its classifier has 2048 * 1000 + 1000. With three colours in 2D, or
    // three slices of one channel in 3D, nothing else differs.
    QCOMPARE(count(AHNetEncoder(AHNetShape{2, 3, 2, 64})->parameters()), 25557032 - 2049000);
    QCOMPARE(count(AHNetEncoder(AHNetShape{3, 1, 2, 64})->parameters()), 25557032 - 2049000);
}

void tst_AHNet::decoderByHand()
{
    // A dense layer on c channels, growing by 20: norms 2 c + 160 + 40 + 40, convolutions 80 c + 80 * 20 * 9 + 20 * 20
    // * 3 + 20 * 20; of three layers from s channels on 246 s + 53,640. With the projections from 2048, 1084, 572, 316
    // and 124 channels to s = 1024, 512, 256, 64 and 64 that makes 3,567,272. The pooled means of 124 channels take 4 *
    // 124, the last norm 2 * 128, the logits 128 * 9.
    QCOMPARE(count(AHNet(AHNetShape{3, 1, 1, 64})->parameters()), 23508032 + 3567272 + 4 * 124 + 2 * 128 + 128 * 9);
}

void tst_AHNet::runningStatisticsTravelWithTheModel()
{
    const auto plan = ahnetPlan(2, {32, 32, 32});
    auto network = Network::create(plan, 3), other = Network::create(plan, 4);
    QVERIFY(network && other);
    auto &parts = network->parts();
    parts.body->train();
    for (int step = 0; step < 3; ++step)
        parts.body->forward(parts.prepared(torch::randn({2, 1, 32, 32, 32})));
    const auto state = network->state();
    const auto *batches = state.find("encoder.stemNorm.num_batches_tracked");
    QVERIFY(batches && batches->info.dtype == DType::I64 && batches->info.shape.empty());
    QCOMPARE(static_cast<int>(batches->values.front()), 3);
    QVERIFY(state.find("encoder.stemNorm.running_var"));
    QVERIFY(other->load(state));
    QVERIFY(other->state() == state);
    parts.body->eval();
    other->parts().body->eval();
    const auto x = parts.prepared(torch::randn({1, 1, 32, 32, 32}));
    QVERIFY(torch::equal(parts.body->forward(x), other->parts().body->forward(x)));
}

void tst_AHNet::encoderOfSlicesActsOnEverySlice()
{
    // Of a volume whose slices are all the same, kernels within slices and maxima over pairs of slices give at every
    // depth what the network of slices gives.
    auto flat = Network::create(ahnetPlan(4, {64, 96}), 5), deep = Network::create(ahnetPlan(4, {64, 96, 64}), 6);
    QVERIFY(flat && deep);
    torch::manual_seed(1);
    const auto slice = torch::randn({2, 1, 96, 64});
    const torch::NoGradGuard frozen;
    flat->parts().body->train(); // moves the running statistics from where they start
    flat->parts().body->forward(slice);
    const auto transferred = withEncoderOfSlices(deep->state(), flat->state());
    QVERIFY(transferred);
    QVERIFY(deep->load(*transferred));

    const auto encoderOf = [](Network &network) {
        network.parts().body->eval();
        return std::dynamic_pointer_cast<AHNetEncoderImpl>(network.parts().body->named_children()["encoder"]);
    };
    const auto expected = encoderOf(*flat)->forward(slice);
    const auto maps = encoderOf(*deep)->forward(slice.unsqueeze(2).expand({2, 1, 64, 96, 64}));
    QCOMPARE(maps.size(), 6u);
    const std::array<std::int64_t, 6> depths{32, 16, 16, 8, 4, 2};
    for (std::size_t k = 0; k < maps.size(); ++k) {
        QCOMPARE(maps[k].size(2), depths[k]);
        const auto difference = (maps[k] - expected[k].unsqueeze(2)).abs().max().item<double>();
        QCOMPARE_LE(difference, 1e-4 * expected[k].abs().max().item<double>());
    }
}

void tst_AHNet::encoderOfAnotherWidthIsRefused()
{
    const auto flat = Network::create(ahnetPlan(4, {32, 32}), 5);
    const auto deep = Network::create(ahnetPlan(2, {32, 32, 32}), 6);
    QVERIFY(flat && deep);
    auto transferred = withEncoderOfSlices(deep->state(), flat->state());
    QVERIFY(!transferred && transferred.error().code == ErrorCode::Invalid);
    QVERIFY(transferred.error().message.find("encoder.stem.weight") != std::string::npos);
    auto partial = flat->state();
    partial.tensors.erase(partial.tensors.begin());
    transferred = withEncoderOfSlices(deep->state(), partial);
    QVERIFY(!transferred && transferred.error().message.find("lacks the tensor encoder.") != std::string::npos);
}

void tst_AHNet::singleValuesCannotBeNormalised()
{
    auto plan = ahnetPlan(2, {32, 32, 32}); // a single voxel where it is coarsest
    plan.training.batchSize = 1;
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const std::vector samples{test::emptySample({32, 32, 32})};
    const auto trained = fit(*network, plan, samples, {});
    QVERIFY(!trained);
    QVERIFY2(trained.error().line().find("larger patches or batches") != std::string::npos,
             trained.error().line().c_str());
}

void tst_AHNet::gradientAgreesWithFiniteDifferences()
{
    torch::manual_seed(6);
    AHNet network(AHNetShape{3, 1, 2, 2});
    network->draw(5);
    network->to(torch::kDouble);
    test::enliven(*network);
    const auto image = torch::randn({1, 1, 32, 64, 64}, torch::kDouble);
    const auto labels = torch::randint(0, 2, {1, 32, 64, 64}, torch::kLong);
    const auto disagreement = test::gradientDisagreement(
        *network, [&] { return segmentationLoss(network->forward(image), labels, "dice+ce"); });
    QVERIFY2(disagreement.isEmpty(), qPrintable(disagreement));
}

void tst_AHNet::agreesWithPython_data()
{
    QTest::addColumn<QList<int>>("patch");
    QTest::addColumn<bool>("twice");
    QTest::newRow("3D, float32") << QList<int>{64, 64, 32} << false;
    QTest::newRow("3D, float64") << QList<int>{64, 64, 32} << true;
    QTest::newRow("2D, float32") << QList<int>{96, 64} << false;
    QTest::newRow("2D, float64") << QList<int>{96, 64} << true;
}

void tst_AHNet::agreesWithPython()
{
    QFETCH(QList<int>, patch);
    QFETCH(bool, twice);
    if (test::pythonWith("torch").isEmpty())
        QSKIP("needs python3-torch");
    auto plan = ahnetPlan(8, {patch.begin(), patch.end()});
    plan.data.labels = {"background", "a", "b"};
    auto network = Network::create(plan, 8);
    QVERIFY(network);
    const auto type = twice ? torch::kDouble : torch::kFloat;
    network->parts().body->to(type);
    torch::manual_seed(7);
    test::enliven(*network->parts().body);
    std::vector<std::int64_t> shape{2, 1};
    shape.insert(shape.end(), patch.rbegin(), patch.rend());
    auto labelShape = shape;
    labelShape.erase(labelShape.begin() + 1);
    const auto labels = torch::randint(0, 3, labelShape, torch::kLong);
    QString complaint;
    const auto differences = test::differencesFromPython(
        *network, {{"image", torch::randn(shape).to(type)}, {"labels", labels}},
        [&](const auto &heads) { return segmentationLoss(heads.front(), labels, "dice+ce"); }, "ahnet_reference.py",
        complaint);
    QVERIFY2(differences.size() == 2 + 2 * 3, qPrintable(complaint));
    for (const auto &[what, difference] : differences)
        qInfo("%s %.1e", what.c_str(), difference);
    for (const auto &[what, difference] : differences)
        QVERIFY2(difference <= 1e-5 || (!twice && test::needsDouble(what)), what.c_str());
}

QTEST_GUILESS_MAIN(tst_AHNet)
#include "tst_ahnet.moc"
