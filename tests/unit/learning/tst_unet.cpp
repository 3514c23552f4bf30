// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/network_parts.h"
#include "learning/networks/layers.h"
#include "support/learning_plans.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace consilium;
using namespace consilium::learning;
using test::tinyPlan;

class tst_UNet : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void logitsHaveTheExtentsOfTheImage_data();
    void logitsHaveTheExtentsOfTheImage();
    void headsHalveTheExtents();
    void extentsFollowTheStridesOfEachAxis();
    void parametersAreCountedByHand();
    void residualParametersAreCountedByHand();
    void multiplyAddsAreCountedByHand();
    void weightsAreHeNormal();
    void residualBlocksBeginAsTheWayRoundThem();
    void sameSeedGivesTheSameBytes();
    void upsamplingIsTheTransposedConvolution_data();
    void upsamplingIsTheTransposedConvolution();
    void normalisationIsInstanceNorm();
    void layoutInMemoryChangesNothing();
    void stateRoundTrips();
    void loadNamesTheOffendingTensor();
    void devicesThatAreNotThereAreRefused();
};

void tst_UNet::logitsHaveTheExtentsOfTheImage_data()
{
    QTest::addColumn<QList<int>>("patch"); // x, y, z
    QTest::addColumn<int>("channels");
    QTest::newRow("2D, two channels") << QList<int>{12, 20} << 2;
    QTest::newRow("3D, one channel") << QList<int>{8, 12, 16} << 1;
    QTest::newRow("3D, two channels") << QList<int>{16, 8, 4} << 2;
}

void tst_UNet::logitsHaveTheExtentsOfTheImage()
{
    QFETCH(QList<int>, patch);
    QFETCH(int, channels);
    auto plan = tinyPlan({4, 6, 8}, {patch.begin(), patch.end()});
    plan.data.channels.assign(channels, "MR");
    plan.data.labels = {"background", "a", "b"};
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    std::vector<std::int64_t> shape{2, channels};
    shape.insert(shape.end(), patch.rbegin(), patch.rend());
    auto expected = shape;
    expected[1] = 3;
    auto &parts = network->parts();
    QVERIFY(parts.body->forward(parts.prepared(torch::randn(shape))).sizes().vec() == expected);
}

void tst_UNet::headsHalveTheExtents()
{
    auto plan = tinyPlan({4, 4, 4, 4}, {16, 8, 24});
    plan.network.deepSupervision = true;
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    auto &parts = network->parts();
    const auto heads = parts.body->heads(parts.prepared(torch::randn({1, 1, 24, 8, 16})));
    QCOMPARE(heads.size(), 2u); // decoder resolutions 1, 1/2 and 1/4, the coarsest without a head
    QVERIFY(heads[0].sizes().vec() == std::vector<std::int64_t>({1, 2, 24, 8, 16}));
    QVERIFY(heads[1].sizes().vec() == std::vector<std::int64_t>({1, 2, 12, 4, 8}));
}

void tst_UNet::extentsFollowTheStridesOfEachAxis()
{
    for (const char *kind : {"unet", "residual-unet"}) {
        auto plan = tinyPlan({4, 4, 4, 4}, {16, 12, 6});
        plan.network.kind = kind;
        plan.network.deepSupervision = true;
        plan.network.strides = {{1, 1, 1}, {2, 1, 1}, {2, 2, 1}, {1, 2, 2}}; // x, y, z
        auto network = Network::create(plan, 1);
        QVERIFY(network);
        auto &parts = network->parts();
        const auto heads = parts.body->heads(parts.prepared(torch::randn({1, 1, 6, 12, 16})));
        QCOMPARE(heads.size(), 2u);
        QVERIFY(heads[0].sizes().vec() == std::vector<std::int64_t>({1, 2, 6, 12, 16}));
        QVERIFY(heads[1].sizes().vec() == std::vector<std::int64_t>({1, 2, 6, 12, 8}));
    }
}

void tst_UNet::parametersAreCountedByHand()
{
    // 3D, features 4 and 8, 2 labels. Convolutions have no bias, each norm has a scale and a shift per channel.
    // encoder 0: 27*1*4 + 8, 27*4*4 + 8    = 116 + 440
    // encoder 1: 27*4*8 + 16, 27*8*8 + 16  = 880 + 1744
    // up 0: 8*8*4 + 4                      = 260
    // decoder 0: 27*8*4 + 8, 27*4*4 + 8    = 872 + 440
    // head: 4*2 + 2                        = 10
    const auto spatial = summarise(tinyPlan({4, 8}, {8, 8, 8}));
    QVERIFY(spatial);
    QCOMPARE(spatial->parameters, 116 + 440 + 880 + 1744 + 260 + 872 + 440 + 10);
    // 2D, one resolution of 3 features: 9*1*3 + 6, 9*3*3 + 6, head 3*2 + 2
    const auto flat = summarise(tinyPlan({3}, {8, 8}));
    QVERIFY(flat);
    QCOMPARE(flat->parameters, 33 + 87 + 8);
}

void tst_UNet::residualParametersAreCountedByHand()
{
    // 2D, features 4, 6 and 6; kernels 3x3; blocks 1, 2, 1; 3 labels.
    // stem: 9*1*4 + 8                                            = 44
    // encoder 0: 2 * (9*4*4 + 8), nothing in the way round       = 304
    // encoder 1: 9*4*6 + 12, 9*6*6 + 12, skip 4*6 + 12           = 228 + 336 + 36
    //            2 * (9*6*6 + 12)                                = 672
    // encoder 2: 2 * (9*6*6 + 12), averaged in the way round     = 672
    // up: 4*6*6 + 6, 4*6*4 + 4                                   = 150 + 100
    // decoder: 9*12*6 + 12, 9*8*4 + 8                            = 660 + 296
    // head: 4*3 + 3                                              = 15
    auto plan = tinyPlan({4, 6, 6}, {8, 8});
    plan.data.labels = {"background", "a", "b"};
    plan.network.kind = "residual-unet";
    plan.network.blocks = {1, 2, 1};
    const auto summary = summarise(plan);
    QVERIFY(summary);
    QCOMPARE(summary->parameters, 44 + 304 + 228 + 336 + 36 + 672 + 672 + 150 + 100 + 660 + 296 + 15);
}

void tst_UNet::multiplyAddsAreCountedByHand()
{
    // 3D, features 4 and 8, 2 labels, 16 x 8 x 8 = 1024 voxels, 128 at the coarser resolution.
    // encoder 0: 1024 * 27 * (1*4 + 4*4)    = 552960
    // encoder 1: 128 * 27 * (4*8 + 8*8)     = 331776
    // up 0: every coarse voxel makes 8: 1024 * 8*4 = 32768
    // decoder 0: 1024 * 27 * (8*4 + 4*4)    = 1327104
    // head: 1024 * 4*2                      = 8192
    const auto summary = summarise(tinyPlan({4, 8}, {16, 8, 8}));
    QVERIFY(summary);
    QCOMPARE(summary->multiplyAdds, 552960.0 + 331776 + 32768 + 1327104 + 8192);
}

void tst_UNet::weightsAreHeNormal() // He et al. 2015: variance 2 / ((1 + slope^2) fan-in)
{
    auto network = Network::create(tinyPlan({32, 64}, {8, 8, 8}), 5);
    QVERIFY(network);
    const auto state = network->state();
    const auto *tensor = state.find("encoder.1.1.conv.weight");
    QVERIFY(tensor);
    double sum = 0, squares = 0;
    for (const float value : tensor->floats()) {
        sum += value;
        squares += static_cast<double>(value) * value;
    }
    const auto count = static_cast<double>(tensor->info.elements()); // 110592
    const double deviation = std::sqrt(2 / (1.0001 * 27 * 64));
    QCOMPARE_LE(std::abs(sum / count), 5 * deviation / std::sqrt(count));
    QCOMPARE_LE(std::abs(std::sqrt(squares / count) / deviation - 1), 5 / std::sqrt(2 * count));
    for (const auto &each : state.tensors)
        if (each.info.shape.size() == 1)
            for (const float value : each.floats())
                QCOMPARE(value, each.info.name.ends_with("norm.weight") ? 1.0f : 0.0f);
}

void tst_UNet::residualBlocksBeginAsTheWayRoundThem()
{
    auto plan = tinyPlan({4, 6}, {8, 8});
    plan.network.kind = "residual-unet";
    const auto network = Network::create(plan, 5);
    QVERIFY(network);
    int zero = 0;
    for (const auto &tensor : network->state().tensors)
        if (tensor.info.name.ends_with("norm.weight")) {
            const bool last = tensor.info.name.ends_with("second.norm.weight");
            for (const float value : tensor.floats())
                QCOMPARE(value, last ? 0.0f : 1.0f);
            zero += last;
        }
    QCOMPARE(zero, 1 + 3); // nnU-Net's first two resolutions have 1 and 3 blocks
}

void tst_UNet::sameSeedGivesTheSameBytes()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    torch::manual_seed(1);
    const auto first = Network::create(plan, 42)->state();
    torch::manual_seed(2);
    const auto second = Network::create(plan, 42)->state();
    QVERIFY(first == second);
    QVERIFY(!(first == Network::create(plan, 43)->state()));
}

void tst_UNet::upsamplingIsTheTransposedConvolution_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::newRow("2D") << 2;
    QTest::newRow("3D") << 3;
}

void tst_UNet::upsamplingIsTheTransposedConvolution()
{
    QFETCH(int, dimensions);
    torch::NoGradGuard frozen;
    Upsampling up(5, 3, onEveryAxis(dimensions, 2));
    up->weight.normal_();
    up->bias.normal_();
    std::vector<std::int64_t> shape{2, 5, 3, 4, 6};
    shape.resize(2 + dimensions);
    const auto x = torch::randn(shape);
    const auto expected = dimensions == 2 ? torch::conv_transpose2d(x, up->weight, up->bias, 2)
                                          : torch::conv_transpose3d(x, up->weight, up->bias, 2);
    const auto actual = up->forward(x);
    QVERIFY(actual.sizes() == expected.sizes());
    QCOMPARE_LE((actual - expected).abs().max().item<double>(), 1e-5);
}

void tst_UNet::normalisationIsInstanceNorm()
{
    InstanceNorm norm(3);
    const auto x = torch::randn({2, 3, 4, 5, 6}) * 3 + 7;
    const auto y = norm->forward(x).detach().flatten(2);
    QCOMPARE_LE(y.mean(2).abs().max().item<double>(), 1e-5);
    QCOMPARE_LE((y.var(2, false) - 1).abs().max().item<double>(), 1e-4);
}

void tst_UNet::layoutInMemoryChangesNothing()
{
    auto network = Network::create(tinyPlan({8, 16, 32}, {16, 24, 8}), 3);
    QVERIFY(network);
    auto &parts = network->parts();
    const auto gradients = [&](torch::MemoryFormat format) {
        torch::manual_seed(9);
        const auto x = torch::randn({2, 1, 8, 24, 16}).contiguous(format);
        parts.body->zero_grad();
        const auto y = parts.body->forward(x);
        (y * torch::randn(y.sizes())).sum().backward();
        std::vector<torch::Tensor> result{y.detach()};
        for (const auto &parameter : parts.body->trained())
            result.push_back(parameter.grad().clone());
        return result;
    };
    const auto plain = gradients(torch::MemoryFormat::Contiguous);
    const auto last = gradients(torch::MemoryFormat::ChannelsLast3d);
    for (std::size_t i = 0; i < plain.size(); ++i)
        QCOMPARE_LE((plain[i] - last[i]).norm().item<double>(), 1e-4 * plain[i].norm().item<double>());
}

void tst_UNet::stateRoundTrips()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    const auto source = Network::create(plan, 1);
    auto target = Network::create(plan, 2);
    QVERIFY(source && target);
    const auto state = source->state();
    QVERIFY(target->load(state));
    QVERIFY(target->state() == state);
    auto &a = const_cast<Network &>(*source).parts(), &b = target->parts();
    const auto x = a.prepared(torch::randn({1, 1, 8, 8, 8}));
    QVERIFY(torch::equal(a.body->forward(x), b.body->forward(x)));
}

void tst_UNet::loadNamesTheOffendingTensor()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto good = network->state();

    auto missing = good;
    missing.tensors.erase(missing.tensors.begin());
    auto result = network->load(missing);
    QVERIFY(!result && result.error().code == ErrorCode::Invalid);
    QVERIFY(result.error().message.find("encoder.0.0.conv.weight") != std::string::npos);

    auto unknown = good;
    unknown.tensors.push_back(Tensor::fromFloats("surprise", {1}, std::vector{1.0f}));
    result = network->load(unknown);
    QVERIFY(!result && result.error().message.find("surprise") != std::string::npos);

    auto reshaped = good;
    reshaped.tensors.back() = Tensor::fromFloats("heads.0.bias", {3}, std::vector{1.0f, 2.0f, 3.0f});
    result = network->load(reshaped);
    QVERIFY(!result && result.error().message.find("heads.0.bias") != std::string::npos);
    QVERIFY(network->state() == good); // nothing of it was taken
}

void tst_UNet::devicesThatAreNotThereAreRefused()
{
    QVERIFY(checkDevice("cpu"));
    for (const char *device : {"cuda:99", "gpu", "cuda:", "cuda:x", ""}) {
        const auto result = checkDevice(device);
        QVERIFY2(!result && result.error().code == ErrorCode::Unsupported, device);
    }
    auto plan = tinyPlan({4}, {8, 8});
    plan.network.kind = "transformer";
    const auto network = Network::create(plan, 1);
    QVERIFY(!network && network.error().code == ErrorCode::Unsupported);
}

QTEST_GUILESS_MAIN(tst_UNet)
#include "tst_unet.moc"
