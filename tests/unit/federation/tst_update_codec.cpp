// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_codec.h"

#include "core/random.h"
#include "federation/update_layout.h"
#include "support/memory_update.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

namespace {

Plan::Updates deltas(const std::string &encoding, double share = 0.01)
{
    Plan::Updates updates;
    updates.content = "delta";
    updates.encoding = encoding;
    updates.share = share;
    return updates;
}

ModelState model(const std::vector<float> &values, const std::string &name = "w")
{
    return {{Tensor::fromFloats(name, {static_cast<std::int64_t>(values.size())}, values)}, {}};
}

ModelState zeros(std::size_t count)
{
    return model(std::vector<float>(count));
}

} // namespace

class tst_UpdateCodec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aFullModelTravelsAsItIs();
    void changesAreDifferences();
    void halvesByHand();
    void halvesLoseAtMostTheirFormula();
    void bytesByHand();
    void bytesLoseAtMostHalfAStep();
    void theLargestTravelTiesByPlace();
    void theLargestAreThoseOfASort();
    void lostPartsAreSentLater();
    void sumsOfChangesArrive_data();
    void sumsOfChangesArrive();
    void controlVariatesAreChangesAlready();
    void everyFloatingTypeIsRead();
    void sizesAreAsPromised_data();
    void sizesAreAsPromised();
    void costIsSaidInWords();
    void whatStaysHomeIsNotCounted();
    void refusesWhatCannotTravel();
};

void tst_UpdateCodec::aFullModelTravelsAsItIs()
{
    const auto trained = model({1, 2, 3});
    const auto update = encodeUpdate(trained, zeros(3), {}, nullptr);
    QVERIFY(update);
    QVERIFY(update->state == trained);
    QVERIFY(update->residual.tensors.empty());
}

void tst_UpdateCodec::changesAreDifferences()
{
    auto trained = model({1.5F, -2}), base = model({1, 2});
    trained.tensors.push_back(tensorOf<std::int64_t>("seen", DType::I64, {}, {41}));
    base.tensors.push_back(tensorOf<std::int64_t>("seen", DType::I64, {}, {7}));
    base.tensors.push_back(Tensor::fromFloats("norm", {1}, std::vector{3.0F})); // stays home, and was not trained here
    const auto update = encodeUpdate(trained, base, deltas("float32"), nullptr);
    QVERIFY(update);
    QCOMPARE(valuesOf<float>(update->state, "w"), (std::vector<float>{0.5F, -4}));
    QCOMPARE(valuesOf<std::int64_t>(update->state, "seen"), std::vector<std::int64_t>{41});
    QCOMPARE(update->state.tensors.size(), std::size_t{2});
    QVERIFY(update->residual.tensors.empty());
}

void tst_UpdateCodec::halvesByHand()
{
    // The largest, 3 = 1.5 * 2^1, goes to 2^14 by a scale of 2^-13: 1 is then 2^13 = 0x7000, -0.5 is -2^12 = 0xec00,
    // 3 is 1.5 * 2^14 = 0x7600. One, and a bit below its last place of 2^-10, rounds to one and leaves the bit.
    const auto update = encodeUpdate(model({1, -0.5F, 3, 0, 1 + 0x1p-12F}), zeros(5), deltas("float16"), nullptr);
    QVERIFY(update);
    QCOMPARE(valuesOf<std::uint16_t>(update->state, "w"),
             (std::vector<std::uint16_t>{0x7000, 0xec00, 0x7600, 0, 0x7000}));
    QCOMPARE(valuesOf<float>(update->state, "w#scale"), std::vector{0x1p-13F});
    QVERIFY(update->state.find("w#scale")->info.shape.empty());
    QCOMPARE(valuesOf<float>(update->residual, "w"), (std::vector<float>{0, 0, 0, 0, 0x1p-12F}));
}

void tst_UpdateCodec::halvesLoseAtMostTheirFormula()
{
    Random random(5);
    for (const double size : {1.0, 1e-30, 1e34, 1e-45}) {
        std::vector<float> values(4000);
        for (auto &value : values)
            value = static_cast<float>(size * random.normal() * std::pow(10, random.uniform(-12, 3)));
        const auto how = deltas("float16");
        const auto update = encodeUpdate(model(values), zeros(values.size()), how, nullptr);
        QVERIFY(update);
        const auto scale = static_cast<double>(valuesOf<float>(update->state, "w#scale")[0]);
        const auto arrived = unpacked(update->state, "w", values.size(), how);
        const auto left = valuesOf<float>(update->residual, "w");
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto lost = std::abs(arrived[i] - values[i]);
            QVERIFY(lost <= std::max(0x1p-11 * std::abs(values[i]), 0x1p-25 * scale));
            QCOMPARE(static_cast<double>(left[i]), static_cast<double>(values[i]) - arrived[i]);
        }
    }
}

void tst_UpdateCodec::bytesByHand()
{
    // The first block of 1024 has 254 as its largest: a scale of 2. -127 is -63.5 of it, a tie that goes to -64; 3 is
    // 1.5, to 2; 1 is 0.5, to 0. The second block has a scale of its own, 0.25.
    std::vector<float> values(1026);
    values[0] = 254;
    values[1] = -127;
    values[2] = 3;
    values[3] = 1;
    values[1024] = -31.75F;
    values[1025] = 0.3F;
    const auto update = encodeUpdate(model(values), zeros(1026), deltas("int8"), nullptr);
    QVERIFY(update);
    const auto bytes = valuesOf<std::int8_t>(update->state, "w");
    QCOMPARE(std::vector<int>(bytes.begin(), bytes.begin() + 5), (std::vector<int>{127, -64, 2, 0, 0}));
    QCOMPARE(std::vector<int>(bytes.begin() + 1024, bytes.end()), (std::vector<int>{-127, 1}));
    QCOMPARE(valuesOf<float>(update->state, "w#scale"), (std::vector<float>{2, 0.25F}));
    const auto left = valuesOf<float>(update->residual, "w");
    QCOMPARE(std::vector<float>(left.begin(), left.begin() + 5), (std::vector<float>{0, 1, -1, 1, 0}));
    QCOMPARE(left[1025], static_cast<float>(static_cast<double>(0.3F) - 0.25));
}

void tst_UpdateCodec::bytesLoseAtMostHalfAStep()
{
    Random random(6);
    for (const double size : {1.0, 1e-6, 1e37, 1e-43}) { // the last: scales that are subnormal floats
        std::vector<float> values(5000);
        for (auto &value : values)
            value = static_cast<float>(size * random.normal());
        const auto how = deltas("int8");
        const auto update = encodeUpdate(model(values), zeros(values.size()), how, nullptr);
        QVERIFY(update);
        const auto scales = valuesOf<float>(update->state, "w#scale");
        const auto arrived = unpacked(update->state, "w", values.size(), how);
        for (std::size_t i = 0; i < values.size(); ++i)
            QVERIFY(std::abs(arrived[i] - values[i]) <= scales[i / 1024] / 2.0);
    }
    const auto nothing = encodeUpdate(zeros(3), zeros(3), deltas("int8"), nullptr);
    QCOMPARE(valuesOf<float>(nothing->state, "w#scale"), std::vector{0.0F});
}

void tst_UpdateCodec::theLargestTravelTiesByPlace()
{
    // Two of six: of the three that are 3 in size, the first two.
    const auto update = encodeUpdate(model({1, -3, 3, 2, 0, 3}), zeros(6), deltas("top-k", 1.0 / 3), nullptr);
    QVERIFY(update);
    QCOMPARE(update->state.tensors.size(), std::size_t{2});
    QCOMPARE(valuesOf<std::int32_t>(update->state, "w#index"), (std::vector<std::int32_t>{1, 2}));
    QCOMPARE(valuesOf<float>(update->state, "w#value"), (std::vector<float>{-3, 3}));
    QCOMPARE(valuesOf<float>(update->residual, "w"), (std::vector<float>{1, 0, 0, 2, 0, 3}));
    QCOMPARE(keptValues(100, 0.07), std::int64_t{7});
    QCOMPARE(keptValues(1'000'000, 1e-9), std::int64_t{1});
    QCOMPARE(keptValues(10, 1), std::int64_t{10});
    QCOMPARE(keptValues(0, 0.5), std::int64_t{0});
}

void tst_UpdateCodec::theLargestAreThoseOfASort()
{
    Random random(7);
    for (const int count : {1, 2, 50, 777}) {
        std::vector<float> values(static_cast<std::size_t>(count));
        for (auto &value : values)
            value = static_cast<float>(random.below(20) - 10); // many ties
        for (const double share : {0.001, 0.1, 0.5, 1.0}) {
            std::vector<std::int32_t> order(values.size());
            std::iota(order.begin(), order.end(), 0);
            std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
                return std::abs(values[static_cast<std::size_t>(a)]) > std::abs(values[static_cast<std::size_t>(b)]);
            });
            order.resize(static_cast<std::size_t>(keptValues(count, share)));
            std::sort(order.begin(), order.end());
            const auto update = encodeUpdate(model(values), zeros(values.size()), deltas("top-k", share), nullptr);
            QVERIFY(update);
            QCOMPARE(valuesOf<std::int32_t>(update->state, "w#index"), order);
        }
    }
}

void tst_UpdateCodec::lostPartsAreSentLater()
{
    // Each round changes by (1, 0.25) and sends one value. The second grows by 0.25 until, in round 5, it is 1.25 and
    // above the first's 1; in round 4 they are equal, and the first goes.
    ModelState residual;
    std::vector<std::pair<int, float>> sent;
    for (int round = 1; round <= 6; ++round) {
        auto update = encodeUpdate(model({1, 0.25F}), zeros(2), deltas("top-k", 0.5), &residual);
        QVERIFY(update);
        sent.emplace_back(valuesOf<std::int32_t>(update->state, "w#index")[0],
                          valuesOf<float>(update->state, "w#value")[0]);
        residual = std::move(update->residual);
    }
    const std::vector<std::pair<int, float>> expected{{0, 1}, {0, 1}, {0, 1}, {0, 1}, {1, 1.25F}, {0, 2}};
    QVERIFY(sent == expected);
}

void tst_UpdateCodec::sumsOfChangesArrive_data()
{
    QTest::addColumn<QString>("encoding");
    QTest::newRow("float16") << "float16";
    QTest::newRow("int8") << "int8";
    QTest::newRow("top-k") << "top-k";
}

void tst_UpdateCodec::sumsOfChangesArrive()
{
    QFETCH(QString, encoding);
    const auto how = deltas(encoding.toStdString(), 0.1);
    constexpr std::size_t count = 3000;
    constexpr int rounds = 400;
    // Steps of a fixed direction, some of them far below what one update can say, and noise.
    Random random(8);
    std::vector<double> direction(count), truth(count), arrived(count), forgetful(count);
    for (auto &value : direction)
        value = random.normal() * std::pow(10, random.uniform(-3, 0));
    ModelState residual;
    for (int round = 0; round < rounds; ++round) {
        std::vector<float> change(count);
        for (std::size_t i = 0; i < count; ++i) {
            change[i] = static_cast<float>(direction[i] + 0.01 * random.normal());
            truth[i] += change[i];
        }
        auto update = encodeUpdate(model(change), zeros(count), how, &residual);
        QVERIFY(update);
        residual = std::move(update->residual);
        const auto other = encodeUpdate(model(change), zeros(count), how, nullptr);
        const auto now = unpacked(update->state, "w", count, how), then = unpacked(other->state, "w", count, how);
        for (std::size_t i = 0; i < count; ++i) {
            arrived[i] += now[i];
            forgetful[i] += then[i];
        }
    }
    // What has not arrived is the last residual and nothing else: Karimireddy et al. 2019, the sum telescopes.
    const auto left = valuesOf<float>(residual, "w");
    double missing = 0, forgotten = 0, size = 0;
    for (std::size_t i = 0; i < count; ++i) {
        QVERIFY(std::abs(truth[i] - arrived[i] - static_cast<double>(left[i])) < 1e-5 * rounds);
        missing += std::pow(truth[i] - arrived[i], 2);
        forgotten += std::pow(truth[i] - forgetful[i], 2);
        size += truth[i] * truth[i];
    }
    missing = std::sqrt(missing / size);
    forgotten = std::sqrt(forgotten / size);
    // top-k with a tenth of the values holds back some ten rounds of 400; the others part of one step.
    QVERIFY2(missing < (encoding == "top-k" ? 0.1 : 1e-3), qPrintable(QString::number(missing)));
    QVERIFY2(forgotten > 5 * missing, qPrintable(QString("%1, %2").arg(forgotten).arg(missing)));
}

void tst_UpdateCodec::controlVariatesAreChangesAlready()
{
    auto trained = model({5, 5}), base = model({4, 4});
    trained.tensors.push_back(Tensor::fromFloats("control/w", {2}, std::vector{0.5F, -0.25F}));
    base.tensors.push_back(Tensor::fromFloats("control/w", {2}, std::vector{9.0F, 9.0F}));
    for (const auto *encoding : {"float32", "float16", "int8"}) {
        const auto how = deltas(encoding);
        const auto update = encodeUpdate(trained, base, how, nullptr);
        QVERIFY(update);
        QVERIFY(std::abs(unpacked(update->state, "w", 2, how)[1] - 1) < 1e-6);
        const auto control = unpacked(update->state, "control/w", 2, how);
        QVERIFY(std::abs(control[0] - 0.5) < 1e-6);
        QVERIFY(std::abs(control[1] + 0.25) < 0.5 / 127);
    }
}

void tst_UpdateCodec::everyFloatingTypeIsRead()
{
    const ModelState trained{{tensorOf<double>("d", DType::F64, {1}, {1 + 0x1p-30}),
                              tensorOf<std::uint16_t>("h", DType::F16, {1}, {0x3e00}),   // 1.5
                              tensorOf<std::uint16_t>("b", DType::BF16, {1}, {0xc040})}, // -3
                             {}};
    const ModelState base{{tensorOf<double>("d", DType::F64, {1}, {1}),
                           tensorOf<std::uint16_t>("h", DType::F16, {1}, {0x3c00}),   // 1
                           tensorOf<std::uint16_t>("b", DType::BF16, {1}, {0x3f80})}, // 1
                          {}};
    const auto update = encodeUpdate(trained, base, deltas("float32"), nullptr);
    QVERIFY(update);
    QCOMPARE(valuesOf<float>(update->state, "d"), std::vector{0x1p-30F});
    QCOMPARE(valuesOf<float>(update->state, "h"), std::vector{0.5F});
    QCOMPARE(valuesOf<float>(update->state, "b"), std::vector{-4.0F});
}

void tst_UpdateCodec::sizesAreAsPromised_data()
{
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<qint64>("bytes");
    // 2051 and 7 values, a scalar, and an int64. int8: 3 + 1 + 1 blocks. A hundredth, at least one: 21, 1 and 1.
    QTest::newRow("float32") << "float32" << qint64{4 * 2059 + 8};
    QTest::newRow("float16") << "float16" << qint64{2 * 2059 + 3 * 4 + 8};
    QTest::newRow("int8") << "int8" << qint64{2059 + 5 * 4 + 8};
    QTest::newRow("top-k") << "top-k" << qint64{23 * 8 + 8};
}

void tst_UpdateCodec::sizesAreAsPromised()
{
    QFETCH(QString, encoding);
    QFETCH(qint64, bytes);
    ModelState state = zeros(2051);
    state.tensors.push_back(Tensor::fromFloats("bias", {7, 1}, std::vector<float>(7, 1)));
    state.tensors.push_back(Tensor::fromFloats("temperature", {}, std::vector{2.0F}));
    state.tensors.push_back(tensorOf<std::int64_t>("seen", DType::I64, {}, {1}));
    const auto how = deltas(encoding.toStdString());
    const auto update = encodeUpdate(state, state, how, nullptr);
    QVERIFY(update);
    QCOMPARE(static_cast<qint64>(update->state.bytes()), bytes);
    std::vector<TensorInfo> infos;
    for (const auto &tensor : state.tensors)
        infos.push_back(tensor.info);
    QCOMPARE(static_cast<qint64>(encodedBytes(infos, how)), bytes);
}

void tst_UpdateCodec::costIsSaidInWords()
{
    const std::size_t model = 5'600'000;
    QCOMPARE(updatesInWords({}, model), std::string("the whole model, 5.6 MB each round"));
    QCOMPARE(updatesInWords(deltas("float32"), model), std::string("changes, 5.6 MB each round"));
    QCOMPARE(updatesInWords(deltas("float16"), model),
             std::string("changes as 16-bit numbers, 2.8 MB instead of 5.6 MB each round"));
    QCOMPARE(updatesInWords(deltas("int8"), model),
             std::string("changes as 8-bit numbers, 1.4 MB instead of 5.6 MB each round"));
    // 14,000 values of 8 bytes; 1,400 of them.
    QCOMPARE(updatesInWords(deltas("top-k"), model),
             std::string("the largest 1 % of the changes, 0.1 MB instead of 5.6 MB each round"));
    QCOMPARE(updatesInWords(deltas("top-k", 0.001), model),
             std::string("the largest 0.1 % of the changes, 11.2 kB instead of 5.6 MB each round"));
}

void tst_UpdateCodec::whatStaysHomeIsNotCounted()
{
    const std::vector<TensorInfo> model{{"enc.0.conv.weight", DType::F32, {8}},
                                        {"enc.0.norm.weight", DType::F32, {4}},
                                        {"enc.0.norm.count", DType::I64, {}},
                                        {"head.bn", DType::F32, {2}}};
    const auto names = [&](const Plan::Strategy &strategy) {
        std::vector<std::string> names;
        for (const auto &tensor : leavingTensors(model, strategy))
            names.push_back(tensor.name);
        return names;
    };
    Plan::Strategy strategy;
    QCOMPARE(names(strategy).size(), std::size_t{4});
    strategy.kind = "fedbn";
    QCOMPARE(names(strategy), (std::vector<std::string>{"enc.0.conv.weight", "head.bn"}));
    strategy.keepHome = {"*.bn", "enc.*.weight"};
    QCOMPARE(names(strategy), (std::vector<std::string>{"enc.0.norm.count"}));
    strategy.keepHome = {"norm"}; // without a star, a whole name
    QCOMPARE(names(strategy).size(), std::size_t{4});
    strategy.kind = "scaffold";
    QCOMPARE(names(strategy),
             (std::vector<std::string>{"enc.0.conv.weight", "enc.0.norm.weight", "enc.0.norm.count", "head.bn",
                                       "control/enc.0.conv.weight", "control/enc.0.norm.weight", "control/head.bn"}));
}

void tst_UpdateCodec::refusesWhatCannotTravel()
{
    const auto refusal = [](const ModelState &trained, const ModelState &base, const ModelState *residual = nullptr) {
        const auto update = encodeUpdate(trained, base, deltas("int8"), residual);
        return update ? std::string("accepted") : update.error().message;
    };
    const auto contains = [](const std::string &text, const char *part) {
        return text.find(part) != std::string::npos;
    };
    QVERIFY(contains(refusal(model({1, NAN}), zeros(2)), "'w' holds values that are not finite"));
    QVERIFY(contains(refusal(model({3e38F}), model({-3e38F})), "'w' holds values that are not finite"));
    QVERIFY(contains(refusal(model({1}), zeros(2)), "'w' has another type or shape"));
    QVERIFY(contains(refusal(model({1}, "v"), zeros(1)), "'v' is not in the model"));
    QVERIFY(contains(refusal(model({1}, "w#scale"), model({1}, "w#scale")), "'w#scale' has a '#'"));
    const auto old = zeros(3);
    QVERIFY(contains(refusal(model({1}), zeros(1), &old), "left over of tensor 'w'"));
}

QTEST_APPLESS_MAIN(tst_UpdateCodec)
#include "tst_update_codec.moc"
