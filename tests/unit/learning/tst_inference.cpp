// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform_memory.h"
#include "learning/network_parts.h"
#include "support/learning_plans.h"
#include "support/whole_prediction.h"

#include <QTest>

#include <cmath>
#include <cstring>

using namespace consilium;
using namespace consilium::learning;
using test::emptySample;
using test::predict;
using test::tinyPlan;

namespace {

Sample noisySample(std::array<std::int64_t, 3> size)
{
    auto sample = emptySample(size);
    for (std::size_t i = 0; i < sample.image.size(); ++i)
        sample.image[i] = static_cast<float>(std::sin(0.37 * i) + std::cos(0.011 * i * i));
    return sample;
}

std::vector<float> wholeVolume(Network &network, const std::vector<float> &image,
                               const std::vector<std::int64_t> &shape)
{
    torch::NoGradGuard frozen;
    auto &parts = network.parts();
    const auto x = torch::from_blob(const_cast<float *>(image.data()), shape);
    const auto y = torch::softmax(parts.body->forward(parts.prepared(x)).contiguous(), 1);
    return {y.data_ptr<float>(), y.data_ptr<float>() + y.numel()};
}

} // namespace

class tst_Inference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneTileIsTheWholeVolume();
    void slicesAreIndependent();
    void smallCaseIsPaddedWithZeros();
    void constantNetworkLeavesNoSeams_data();
    void constantNetworkLeavesNoSeams();
    void flippingTheCaseFlipsThePrediction();
    void mirroringMakesThePredictionSymmetric();
    void labelsAreTheMostProbable();
    void stopsAndComplains();
    void ensembleIsTheMeanOfItsNetworks();
    void mirrorsTheAxesOfThePlanAlone_data();
    void mirrorsTheAxesOfThePlanAlone();
    void planesComeOnceInOrder_data();
    void planesComeOnceInOrder();
    void aFailingSinkEndsIt();
    void memoryDoesNotGrowWithDepth();
};

void tst_Inference::oneTileIsTheWholeVolume()
{
    const auto plan = tinyPlan({4, 8, 8}, {8, 12, 16});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto sample = noisySample({16, 12, 8});
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    QVERIFY(prediction->probabilities == wholeVolume(*network, sample.image, {1, 1, 16, 12, 8}));
}

void tst_Inference::slicesAreIndependent()
{
    const auto plan = tinyPlan({4, 8}, {8, 12});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto sample = noisySample({11, 12, 8});
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    for (int z = 0; z < 11; ++z) {
        const std::vector<float> slice(sample.image.begin() + z * 96, sample.image.begin() + (z + 1) * 96);
        const auto alone = wholeVolume(*network, slice, {1, 1, 12, 8});
        for (int label = 0; label < 2; ++label)
            for (int i = 0; i < 96; ++i)
                QCOMPARE_LE(std::abs(alone[label * 96 + i] - prediction->probabilities[(label * 11 + z) * 96 + i]),
                            1e-5f);
    }
}

void tst_Inference::smallCaseIsPaddedWithZeros()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto sample = noisySample({4, 6, 5});
    // By hand: 2, 1 and 1 voxels of zeros before z, y and x.
    std::vector<float> padded(512, 0.0f);
    for (int z = 0; z < 4; ++z)
        for (int y = 0; y < 6; ++y)
            for (int x = 0; x < 5; ++x)
                padded[((z + 2) * 8 + y + 1) * 8 + x + 1] = sample.image[(z * 6 + y) * 5 + x];
    const auto whole = wholeVolume(*network, padded, {1, 1, 8, 8, 8});
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    QCOMPARE(prediction->labels.size(), 120u);
    QCOMPARE(prediction->probabilities.size(), 240u);
    for (int label = 0; label < 2; ++label)
        for (int z = 0; z < 4; ++z)
            for (int y = 0; y < 6; ++y)
                for (int x = 0; x < 5; ++x)
                    QCOMPARE(prediction->probabilities[((label * 4 + z) * 6 + y) * 5 + x],
                             whole[((label * 8 + z + 2) * 8 + y + 1) * 8 + x + 1]);
}

void tst_Inference::constantNetworkLeavesNoSeams_data()
{
    QTest::addColumn<double>("overlap");
    QTest::addColumn<int>("z");
    QTest::newRow("no overlap") << 0.0 << 8;
    QTest::newRow("half overlap") << 0.5 << 19;
    QTest::newRow("smaller than the patch in z") << 0.75 << 3;
}

void tst_Inference::constantNetworkLeavesNoSeams()
{
    QFETCH(double, overlap);
    QFETCH(int, z);
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    auto state = network->state();
    for (auto &tensor : state.tensors)
        if (tensor.info.name == "heads.0.weight")
            std::ranges::fill(tensor.values, std::byte(0));
        else if (tensor.info.name == "heads.0.bias")
            tensor = Tensor::fromFloats("heads.0.bias", {2}, std::vector{0.0f, std::log(3.0f)});
    QVERIFY(network->load(state));
    const auto sample = noisySample({z, 21, 13});

    plan.inference.overlap = overlap;
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    const auto voxels = sample.voxels();
    for (std::int64_t i = 0; i < voxels; ++i) {
        QCOMPARE_LE(std::abs(prediction->probabilities[i] - 0.25f), 1e-6f);
        QCOMPARE_LE(std::abs(prediction->probabilities[voxels + i] - 0.75f), 1e-6f);
        QCOMPARE(int(prediction->labels[i]), 1);
    }
}

void tst_Inference::flippingTheCaseFlipsThePrediction()
{
    // A constant is blind to misplaced tiles; this is not. Tiles and weights are symmetric, so a network with symmetric
    // kernels sees the same in a reversed case.
    const auto plan = tinyPlan({3}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    {
        torch::NoGradGuard frozen;
        for (auto &parameter : network->parts().body->trained())
            if (parameter.dim() == 5)
                parameter.copy_((parameter + parameter.flip({2, 3, 4})) / 2);
    }
    const auto sample = noisySample({20, 8, 14});
    auto turned = sample;
    std::ranges::reverse(turned.image);
    const auto a = predict(*network, plan, sample), b = predict(*network, plan, turned);
    QVERIFY(a && b);
    const auto voxels = sample.voxels();
    for (int label = 0; label < 2; ++label)
        for (std::int64_t i = 0; i < voxels; ++i)
            QCOMPARE_LE(std::abs(a->probabilities[label * voxels + i] - b->probabilities[(label + 1) * voxels - 1 - i]),
                        1e-4f);
}

void tst_Inference::mirroringMakesThePredictionSymmetric()
{
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    auto sample = noisySample({8, 8, 8});
    for (int row = 0; row < 512; row += 8)
        for (int x = 0; x < 4; ++x)
            sample.image[row + 7 - x] = sample.image[row + x];

    plan.inference.mirror = true;
    plan.augmentation.mirror = {0};
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    for (int row = 0; row < 1024; row += 8)
        for (int x = 0; x < 4; ++x)
            QCOMPARE_LE(std::abs(prediction->probabilities[row + 7 - x] - prediction->probabilities[row + x]), 1e-5f);
}

void tst_Inference::labelsAreTheMostProbable()
{
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.data.labels = {"background", "a", "b", "c"};
    auto network = Network::create(plan, 8);
    QVERIFY(network);
    const auto sample = noisySample({9, 12, 10});
    const auto prediction = predict(*network, plan, sample);
    QVERIFY(prediction);
    const auto voxels = sample.voxels();
    for (std::int64_t i = 0; i < voxels; ++i) {
        float sum = 0;
        for (int label = 0; label < 4; ++label) {
            sum += prediction->probabilities[label * voxels + i];
            QCOMPARE_LE(prediction->probabilities[label * voxels + i],
                        prediction->probabilities[prediction->labels[i] * voxels + i]);
        }
        QCOMPARE_LE(std::abs(sum - 1), 1e-5f);
    }
}

void tst_Inference::stopsAndComplains()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    double last = 0;

    InferenceOptions options;
    options.progress = [&](double done) {
        last = done;
        return done < 0.4;
    };
    const auto stopped = predict(*network, plan, noisySample({16, 16, 16}), options);
    QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
    QVERIFY(last >= 0.4 && last < 1); // of 27 tiles, nine in a row of planes, eight at once

    auto twoChannels = emptySample({8, 8, 8}, 2);
    twoChannels.id = "case-3";
    const auto refused = predict(*network, plan, twoChannels);
    QVERIFY(!refused && refused.error().code == ErrorCode::Invalid);
    QVERIFY(refused.error().message.find("case-3") != std::string::npos);
}

void tst_Inference::ensembleIsTheMeanOfItsNetworks()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto a = Network::create(plan, 1), b = Network::create(plan, 2);
    QVERIFY(a && b);
    const auto sample = noisySample({11, 13, 9});
    const auto first = predict(*a, plan, sample), second = predict(*b, plan, sample);
    QVERIFY(first && second);
    Network *const both[]{&*a, &*b};
    float largestDifference = 0, largestError = 0;
    const auto done =
        predictPlanes(both, plan, sample, {}, [&](std::int64_t z, std::span<const float> plane) -> Result<> {
            for (std::int64_t label = 0; label < 2; ++label)
                for (std::int64_t i = 0; i < 13 * 9; ++i) {
                    const auto at = (label * 11 + z) * 13 * 9 + i;
                    const float one = first->probabilities[at], other = second->probabilities[at];
                    largestDifference = std::max(largestDifference, std::abs(one - other));
                    largestError = std::max(largestError, std::abs(plane[label * 13 * 9 + i] - (one + other) / 2));
                }
            return {};
        });
    QVERIFY(done);
    QCOMPARE_GE(largestDifference, 0.01f);
    QCOMPARE_LE(largestError, 1e-6f);
    QVERIFY(!predictPlanes({}, plan, sample, {}, [](auto, auto) -> Result<> { return {}; }));
}

void tst_Inference::mirrorsTheAxesOfThePlanAlone_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<int>("axis"); // of the plan: x, y, z
    QTest::newRow("3D, x") << 3 << 0;
    QTest::newRow("3D, y") << 3 << 1;
    QTest::newRow("3D, z") << 3 << 2;
    QTest::newRow("2D, x") << 2 << 0;
    QTest::newRow("2D, y") << 2 << 1;
}

void tst_Inference::mirrorsTheAxesOfThePlanAlone()
{
    // The mean of the answer and of the reversed answer to the reversed case: worked out here by reversing the volume.
    QFETCH(int, dimensions);
    QFETCH(int, axis);
    auto plan = tinyPlan({4, 8}, std::vector<int>(dimensions, 8));
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    const auto sample = noisySample({8, 8, 8});
    const auto reversed = [axis](const std::vector<float> &values) {
        const int stride = axis == 0 ? 1 : axis == 1 ? 8 : 64;
        auto result = values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto place = static_cast<int>(i) / stride % 8;
            result[i] = values[i + (7 - 2 * place) * stride];
        }
        return result;
    };
    auto turned = sample;
    turned.image = reversed(sample.image);
    const auto plain = predict(*network, plan, sample), back = predict(*network, plan, turned);
    plan.inference.mirror = true;
    plan.augmentation.mirror = {axis};
    const auto mirrored = predict(*network, plan, sample);
    QVERIFY(plain && back && mirrored);
    const auto other = reversed(back->probabilities);
    float largestDifference = 0;
    for (std::size_t i = 0; i < other.size(); ++i) {
        const float mean = (plain->probabilities[i] + other[i]) / 2;
        QCOMPARE_LE(std::abs(mirrored->probabilities[i] - mean), 1e-5f);
        largestDifference = std::max(largestDifference, std::abs(plain->probabilities[i] - mean));
    }
    QCOMPARE_GE(largestDifference, 1e-3f);
}

void tst_Inference::planesComeOnceInOrder_data()
{
    QTest::addColumn<std::vector<int>>("patch");
    QTest::addColumn<int>("depth");
    QTest::newRow("volume") << std::vector<int>{8, 8, 8} << 29;
    QTest::newRow("thinner than a tile") << std::vector<int>{8, 8, 16} << 3;
    QTest::newRow("one plane") << std::vector<int>{8, 8, 8} << 1;
    QTest::newRow("slices") << std::vector<int>{8, 8} << 19;
    QTest::newRow("one slice") << std::vector<int>{16, 16} << 1;
}

void tst_Inference::planesComeOnceInOrder()
{
    QFETCH(std::vector<int>, patch);
    QFETCH(int, depth);
    const auto plan = tinyPlan({4, 8}, patch);
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    Network *const networks[]{&*network};
    std::vector<std::int64_t> planes;
    std::vector<double> progress;
    bool probabilities = true;
    InferenceOptions options;
    options.progress = [&](double done) {
        progress.push_back(done);
        return true;
    };
    const auto done = predictPlanes(networks, plan, noisySample({depth, 12, 9}), options,
                                    [&](std::int64_t z, std::span<const float> plane) -> Result<> {
                                        planes.push_back(z);
                                        probabilities = probabilities && plane.size() == 2 * 12 * 9;
                                        for (int i = 0; i < 108 && probabilities; ++i)
                                            probabilities = std::abs(plane[i] + plane[108 + i] - 1) < 1e-5f;
                                        return {};
                                    });
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(planes.size(), std::size_t(depth));
    for (int z = 0; z < depth; ++z)
        QCOMPARE(planes[z], z);
    QVERIFY(probabilities);
    QVERIFY(std::ranges::is_sorted(progress));
    QCOMPARE(progress.back(), 1.0);
}

void tst_Inference::aFailingSinkEndsIt()
{
    const auto plan = tinyPlan({4, 8}, {8, 8, 8});
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    Network *const networks[]{&*network};
    int planes = 0;
    const auto done = predictPlanes(networks, plan, noisySample({24, 8, 8}), {}, [&](auto, auto) -> Result<> {
        return ++planes < 6 ? Result<>{} : fail(ErrorCode::Io, "The disk is full");
    });
    QVERIFY(!done && done.error().code == ErrorCode::Io);
    QCOMPARE(planes, 6);
}

void tst_Inference::memoryDoesNotGrowWithDepth()
{
    // Of 8 labels on 192 x 192 x 320 voxels, all probabilities would be 377 MB, the planes of one tile 19 MB.
    auto plan = tinyPlan({4}, {96, 96, 16});
    plan.inference.overlap = 0;
    plan.data.labels = {"0", "1", "2", "3", "4", "5", "6", "7"};
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    Network *const networks[]{&*network};
    const auto sink = [](auto, auto) -> Result<> { return {}; };
    QVERIFY(predictPlanes(networks, plan, emptySample({16, 192, 192}), {}, sink));
    const auto sample = emptySample({320, 192, 192});
    const auto before = platform::peakMemory();
    if (!before)
        QSKIP("This system does not tell a process's peak memory");
    QVERIFY(predictPlanes(networks, plan, sample, {}, sink));
    const double growth = *platform::peakMemory() - *before;
    QVERIFY2(growth < 40e6, qPrintable(QString("%1 MB more").arg(growth / 1e6)));
}

QTEST_GUILESS_MAIN(tst_Inference)
#include "tst_inference.moc"
