// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "federation/aggregation.h"
#include "federation/aggregation_timing.h"
#include "random_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <array>
#include <cmath>
#include <random>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

namespace {

/// Hands out values at odd addresses, as they lie in what arrived over the wire, and forgets what is released.
class OddlyPlaced : public UpdateReader
{
public:
    explicit OddlyPlaced(const ModelState &state) : m_state(state)
    {
        for (const auto &tensor : state.tensors) {
            m_tensors.push_back(tensor.info);
            m_values.emplace_back(tensor.values.size() + 3);
            std::ranges::copy(tensor.values, m_values.back().begin() + 3);
        }
    }
    const std::vector<TensorInfo> &tensors() const override { return m_tensors; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &) const override
    {
        const auto width = byteSize(m_tensors[index].dtype);
        return std::span(m_values[index]).subspan(3 + (begin * width), count * width);
    }
    void release(std::size_t index, std::size_t begin, std::size_t count) const override
    {
        const auto width = byteSize(m_tensors[index].dtype);
        std::ranges::fill(std::span(m_values[index]).subspan(3 + (begin * width), count * width), std::byte{0xff});
    }
    bool allReleased() const
    {
        return std::ranges::all_of(m_values, [](const auto &values) {
            return std::all_of(values.begin() + 3, values.end(), [](auto byte) { return byte == std::byte{0xff}; });
        });
    }

private:
    ModelState m_state;
    std::vector<TensorInfo> m_tensors;
    mutable std::vector<std::vector<std::byte>> m_values;
};

} // namespace

class tst_Aggregation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fedAvgIsTheWeightedMean();
    void neitherOrderNorThreadsMatter_data();
    void neitherOrderNorThreadsMatter();
    void tilesDoNotShow();
    void updatesMayLieAnywhere_data();
    void updatesMayLieAnywhere();
    void changesCountLikeModels();
    void clippedChangesCountLess();
    void integersAreRounded();
    void halfPrecisionIsRoundedOnce();
    void tensorsOfAnyTypeMayFollowEachOther();
    void tensorsThatStayAreTakenOver();
    void aThousandSites_data();
    void aThousandSites();
    void driftIsMeasured();
    void refusesWhatDoesNotFit();
    void valuesBeyondTheTypeAreNoModel();
    void memoryOfAnotherModelIsRefused();
    void timesItself();

private:
    std::filesystem::path file(const std::string &name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path save(const std::string &name, const ModelState &state) const
    {
        return writeSafetensors(file(name), state) ? file(name) : std::filesystem::path();
    }
    static std::unique_ptr<Strategy> strategy(const std::string &kind = "fedavg")
    {
        Plan plan;
        plan.federation.strategy.kind = kind;
        return std::move(*makeStrategy(plan));
    }
    static ModelState model(std::vector<float> values)
    {
        const auto count = static_cast<std::int64_t>(values.size());
        return {{Tensor::fromFloats("w", {count}, values)}, {}};
    }
    template <typename T>
    static ModelState model(DType type, std::vector<T> values, const std::string &name = "w")
    {
        Tensor tensor{{name, type, {static_cast<std::int64_t>(values.size())}}, {}};
        const auto bytes = std::as_bytes(std::span(values));
        tensor.values.assign(bytes.begin(), bytes.end());
        return {{tensor}, {}};
    }
    template <typename T>
    std::vector<T> valuesIn(const std::filesystem::path &from, std::size_t tensor = 0) const
    {
        const auto state = readSafetensors(from);
        if (!state)
            return {};
        std::vector<T> values(state->tensors[tensor].values.size() / sizeof(T));
        std::memcpy(values.data(), state->tensors[tensor].values.data(), values.size() * sizeof(T));
        return values;
    }
    Result<Aggregated> run(const ModelState &global, std::vector<Contribution> contributions,
                           const std::string &kind = "fedavg", int threads = 2,
                           const std::vector<std::string> &stays = {}) const
    {
        AggregationFiles files;
        files.global = save("global", global);
        files.out = file("out");
        files.memory = file("memory");
        files.memoryOut = file("memoryOut");
        files.metadata = {{"round", "1"}};
        files.durable = false;
        return aggregate(*strategy(kind), std::move(contributions), files, 1, threads, stays);
    }
    QTemporaryDir m_folder;
};

void tst_Aggregation::fedAvgIsTheWeightedMean()
{
    // (72*1 + 34*2 + 25*4) / 131 = 240/131; (72*-1 + 34*0.5 + 25*3) / 131 = 20/131. Worked by hand.
    const auto done =
        run(model({0, 0}), {contributionOf("north", model({1, -1}), 72), contributionOf("south", model({2, 0.5F}), 34),
                            contributionOf("east", model({4, 3}), 25)});
    QVERIFY(done);
    const auto mean = readSafetensors(file("out"));
    QVERIFY(mean);
    QCOMPARE(mean->tensors[0].floats()[0], static_cast<float>(240.0 / 131.0));
    QCOMPARE(mean->tensors[0].floats()[1], static_cast<float>(20.0 / 131.0));
    QCOMPARE(mean->metadata.at("round"), std::string("1"));
    QCOMPARE(done->sites, (std::vector<std::string>{"east", "north", "south"}));
    QCOMPARE(done->weights, (std::vector<double>{25.0 / 131, 72.0 / 131, 34.0 / 131}));
}

void tst_Aggregation::neitherOrderNorThreadsMatter_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"fedavg", "fedadam", "median", "trimmed-mean", "krum", "geometric-median"})
        QTest::newRow(kind) << kind;
}

void tst_Aggregation::neitherOrderNorThreadsMatter()
{
    QFETCH(QString, kind);
    // Several stripes, and tensors that end within a tile.
    constexpr std::size_t large = 700'003, small = 1025;
    Random random(3);
    const auto make = [&] {
        std::vector<float> first(large), second(small);
        for (auto *values : {&first, &second})
            std::generate(values->begin(), values->end(), [&] { return static_cast<float>(random.normal()); });
        return ModelState{{Tensor::fromFloats("large", {large}, first), Tensor::fromFloats("small", {small}, second)},
                          {}};
    };
    const auto global = make();
    std::vector<Contribution> sites;
    for (int i = 0; i < 5; ++i)
        sites.push_back(contributionOf("site" + std::to_string(i), make(), 10 + 7 * i));
    std::string bytes, memory;
    std::optional<Aggregated> first;
    std::mt19937 shuffler(1);
    for (int order = 0; order < 6; ++order) {
        if (order == 1)
            std::reverse(sites.begin(), sites.end());
        if (order > 1)
            std::shuffle(sites.begin(), sites.end(), shuffler);
        const auto done = run(global, sites, kind.toStdString(), std::array{1, 2, 4}[order % 3]);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        const bool remembers = kind == "fedadam";
        if (order == 0) {
            first = *done;
            bytes = *readFile(file("out"));
            memory = remembers ? *readFile(file("memoryOut")) : "";
        }
        QVERIFY(*readFile(file("out")) == bytes);
        QVERIFY(!remembers || *readFile(file("memoryOut")) == memory);
        QCOMPARE(done->weights, first->weights);
        QCOMPARE(done->stepNorm, first->stepNorm);
        for (std::size_t i = 0; i < sites.size(); ++i) {
            QCOMPARE(done->drift[i].norm, first->drift[i].norm);
            QCOMPARE(done->drift[i].cosine, first->drift[i].cosine);
            QCOMPARE(done->drift[i].distance, first->drift[i].distance);
        }
    }
}

void tst_Aggregation::tilesDoNotShow()
{
    const std::size_t count = 3 * 512 * 1024 + 17; // many tiles and a rest
    std::vector<float> a(count), b(count), old(count);
    for (std::size_t i = 0; i < count; ++i) {
        a[i] = static_cast<float>(i % 1000);
        b[i] = static_cast<float>(i % 77);
        old[i] = static_cast<float>(i % 3);
    }
    QVERIFY(run(model(old), {contributionOf("a", model(a), 1), contributionOf("b", model(b), 3)}));
    const auto mean = valuesIn<float>(file("out"));
    QCOMPARE(mean.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto expected = static_cast<float>((0.25 * a[i]) + (0.75 * b[i]));
        if (mean[i] != expected)
            QCOMPARE(mean[i], expected);
    }
}

void tst_Aggregation::updatesMayLieAnywhere_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"fedavg", "median"})
        QTest::newRow(kind) << kind;
}

void tst_Aggregation::updatesMayLieAnywhere()
{
    QFETCH(QString, kind);
    constexpr std::size_t count = 70'001;
    Random random(12);
    const auto make = [&] {
        std::vector<float> floats(count);
        std::generate(floats.begin(), floats.end(), [&] { return static_cast<float>(random.normal()); });
        auto state = model(floats);
        std::vector<double> doubles(1030);
        std::generate(doubles.begin(), doubles.end(), [&] { return random.normal(); });
        state.tensors.push_back(model(DType::F64, doubles, "d").tensors[0]);
        return state;
    };
    const auto global = make();
    std::vector<Contribution> aligned, odd;
    std::vector<std::shared_ptr<const OddlyPlaced>> readers;
    for (const char *site : {"a", "b", "c"}) {
        const auto update = make();
        aligned.push_back(contributionOf(site, update, 3));
        odd.push_back(aligned.back());
        readers.push_back(std::make_shared<const OddlyPlaced>(update));
        odd.back().update = readers.back();
    }
    QVERIFY(run(global, aligned, kind.toStdString(), 1));
    const auto expected = *readFile(file("out"));
    QVERIFY(run(global, odd, kind.toStdString(), 1));
    QVERIFY(*readFile(file("out")) == expected);
    for (const auto &reader : readers)
        QVERIFY(reader->allReleased());
}

void tst_Aggregation::changesCountLikeModels()
{
    // Whole numbers: 10 + (1*2 + 3*6) / 4 = 15, exactly, either way.
    const auto whole = run(model({10}), {contributionOf("a", model({12}), 1), contributionOf("b", model({16}), 3)});
    QVERIFY(whole);
    QCOMPARE(valuesIn<float>(file("out"))[0], 15.0F);
    auto a = contributionOf("a", model({2}), 1), b = contributionOf("b", model({6}), 3);
    a.delta = b.delta = true;
    const auto change = run(model({10}), {a, b});
    QVERIFY(change);
    QCOMPARE(valuesIn<float>(file("out"))[0], 15.0F);
    QCOMPARE(change->drift[1].norm, whole->drift[1].norm);
    QCOMPARE(change->drift[1].distance, 1.0); // |16 - 15|
    QCOMPARE(whole->drift[1].distance, 1.0);
}

void tst_Aggregation::clippedChangesCountLess()
{
    auto loud = contributionOf("loud", model({108}), 1);
    loud.scale = 0.125; // 100 counts as 12.5
    const auto quiet = contributionOf("quiet", model({11}), 1);
    for (const auto &[kind, expected] : {std::pair("fedavg", 8 + (12.5 + 3) / 2), std::pair("median", 8 + 7.75)}) {
        const auto done = run(model({8}), {quiet, loud}, kind);
        QVERIFY(done);
        QCOMPARE(valuesIn<float>(file("out"))[0], static_cast<float>(expected));
        QCOMPARE(done->drift[0].norm, 100.0);
    }
}

void tst_Aggregation::integersAreRounded()
{
    // (10 + 2 * 13) / 3 = 12; (1 + 2 * 2) / 3 = 1.67; (0 + 2 * 1) / 3.
    using Numbers = std::vector<std::int64_t>;
    const auto counter = [](Numbers values) { return model<std::int64_t>(DType::I64, std::move(values), "steps"); };
    const auto a = contributionOf("a", counter({10, 1, 1'000'000'007}), 1);
    const auto b = contributionOf("b", counter({13, 2, 1'000'000'007}), 2);
    for (const char *kind : {"fedavg", "fedadam", "fednova"}) {
        auto first = a, second = b;
        first.steps = 1;
        second.steps = 4;
        QVERIFY(run(counter({0, 0, 5}), {first, second}, kind));
        const auto mean = valuesIn<std::int64_t>(file("out"));
        // FedNova weighs by p_i / tau_i, 1/3 and 1/6: (2 * 10 + 13) / 3 and (2 * 1 + 2) / 3.
        const bool nova = std::string(kind) == "fednova";
        QCOMPARE(mean, nova ? (Numbers{11, 1, 1'000'000'007}) : (Numbers{12, 2, 1'000'000'007}));
    }
    // Integers of a site that sends changes are its own, and never clipped.
    auto change = b;
    change.delta = true;
    change.scale = 0.01;
    QVERIFY(run(counter({0, 0, 5}), {a, change}));
    QCOMPARE(valuesIn<std::int64_t>(file("out")), (Numbers{12, 2, 1'000'000'007}));
    QVERIFY(run(model<std::uint8_t>(DType::U8, {0, 250}),
                {contributionOf("a", model<std::uint8_t>(DType::U8, {255, 250}), 1),
                 contributionOf("b", model<std::uint8_t>(DType::U8, {254, 251}), 1)},
                "median"));
    QCOMPARE(valuesIn<std::uint8_t>(file("out"))[1], std::uint8_t{250}); // 250.5 to the even one
    QVERIFY(run(model<std::uint8_t>(DType::Bool, {0, 1}),
                {contributionOf("a", model<std::uint8_t>(DType::Bool, {1, 1}), 2),
                 contributionOf("b", model<std::uint8_t>(DType::Bool, {0, 0}), 1)}));
    QCOMPARE(valuesIn<std::uint8_t>(file("out")), (std::vector<std::uint8_t>{1, 1}));
}

void tst_Aggregation::halfPrecisionIsRoundedOnce()
{
    using Bits = std::vector<std::uint16_t>;
    const auto half = [](DType type, Bits bits) { return model<std::uint16_t>(type, std::move(bits)); };
    // F16: 1 and 2; 1 and 1 + 2^-10, whose mean lies between two numbers, the even one is 1; 1 + 2^-10 and 1 + 2^-9,
    // the even one is 1 + 2^-9; the smallest number and three times that; 65504 twice.
    QVERIFY(run(half(DType::F16, Bits(5)),
                {contributionOf("a", half(DType::F16, {0x3C00, 0x3C00, 0x3C01, 0x0001, 0x7BFF})),
                 contributionOf("b", half(DType::F16, {0x4000, 0x3C01, 0x3C02, 0x0003, 0x7BFF}))}));
    QCOMPARE(valuesIn<std::uint16_t>(file("out")), (Bits{0x3E00, 0x3C00, 0x3C02, 0x0002, 0x7BFF}));
    // BF16: 1 and 2; 1 and 1 + 2^-7; -3 and -3.
    QVERIFY(run(half(DType::BF16, Bits(3)), {contributionOf("a", half(DType::BF16, {0x3F80, 0x3F80, 0xC040})),
                                             contributionOf("b", half(DType::BF16, {0x4000, 0x3F81, 0xC040}))}));
    QCOMPARE(valuesIn<std::uint16_t>(file("out")), (Bits{0x3FC0, 0x3F80, 0xC040}));
    // Changes travel in float32: 1 + (0.5 + 0.25) / 2 = 1.375 = 0x3D80.
    auto a = contributionOf("a", model({0.5F})), b = contributionOf("b", model({0.25F}));
    a.delta = b.delta = true;
    QVERIFY(run(half(DType::F16, {0x3C00}), {a, b}));
    QCOMPARE(valuesIn<std::uint16_t>(file("out")), (Bits{0x3D80}));
    // F64 keeps what float32 would lose.
    const auto fine = [](double value) { return model<double>(DType::F64, {value}); };
    QVERIFY(run(fine(1), {contributionOf("a", fine(1 + 0x1p-40)), contributionOf("b", fine(1 + 0x1p-41))}));
    QCOMPARE(valuesIn<double>(file("out"))[0], 1 + 0x1.8p-41);
}

void tst_Aggregation::tensorsOfAnyTypeMayFollowEachOther()
{
    // Three bytes before floats: nothing after them lies where a float may be read or written as such.
    const auto mixed = [](std::uint8_t byte, float number) {
        auto state = model<std::uint8_t>(DType::U8, {byte, byte, byte}, "bytes");
        state.tensors.push_back(Tensor::fromFloats("floats", {5}, std::vector<float>(5, number)));
        state.tensors.push_back(tensorOf("doubles", {2}, DType::F64, std::vector<double>(2, number)));
        state.tensors.push_back(Tensor::fromFloats("nothing", {0, 4}, {}));
        return state;
    };
    const auto sent = [&](const char *name, std::uint8_t byte, float number) {
        auto contribution = contributionOf(name, ModelState{});
        contribution.update = *readerOf(save(name, mixed(byte, number)));
        return contribution;
    };
    for (const char *kind : {"fedavg", "fedavgm", "median", "geometric-median"}) {
        std::filesystem::remove(file("memory"));
        QVERIFY(run(mixed(1, 1), {sent("a", 4, 2), sent("b", 8, 4)}, kind));
        const auto state = readSafetensors(file("out"));
        QVERIFY2(state, state ? "" : state.error().message.c_str());
        QCOMPARE(state->tensors[0].values[2], std::byte{6});
        QCOMPARE(valuesOf(state->tensors[1]), Dense(5, 3.0));
        QCOMPARE(valuesOf(state->tensors[2]), Dense(2, 3.0));
        QCOMPARE(state->tensors[3].info.shape, (std::vector<std::int64_t>{0, 4}));
    }
}

void tst_Aggregation::tensorsThatStayAreTakenOver()
{
    const auto two = [](float norm, float weight) {
        return ModelState{{Tensor::fromFloats("enc.norm.weight", {1}, std::array{norm}),
                           Tensor::fromFloats("w", {1}, std::array{weight})},
                          {}};
    };
    // One site sends its normalisation all the same; it does not count, in no number.
    const auto done =
        run(two(7, 0), {contributionOf("a", two(100, 2)), contributionOf("b", model({4}))}, "fedavg", 1, {"*norm*"});
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    QCOMPARE(valuesIn<float>(file("out"), 0)[0], 7.0F);
    QCOMPARE(valuesIn<float>(file("out"), 1)[0], 3.0F);
    QCOMPARE(done->drift[0].norm, 2.0);
    const auto lacking = run(two(7, 0), {contributionOf("a", two(1, 2)), contributionOf("b", model({4}))});
    QVERIFY(!lacking);
    QVERIFY(lacking.error().message.find("enc.norm.weight") != std::string::npos);
    QVERIFY(lacking.error().message.find("'b'") != std::string::npos);
}

void tst_Aggregation::aThousandSites_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("expected");
    // Sites 0 to 999 send their number.
    QTest::newRow("mean") << "fedavg" << 499.5;
    QTest::newRow("median") << "median" << 499.5;
    QTest::newRow("trimmed mean") << "trimmed-mean" << 499.5;
    // Of 5000 equal coordinates Krum takes the site with the 997 closest others; those at the ends have the farthest.
    QTest::newRow("multi-krum") << "multi-krum" << 499.5;
}

void tst_Aggregation::aThousandSites()
{
    QFETCH(QString, kind);
    QFETCH(double, expected);
    std::vector<Contribution> sites;
    for (int i = 0; i < 1000; ++i)
        sites.push_back(contributionOf("site" + std::to_string(i), model(std::vector<float>(5000, float(i)))));
    const auto done = run(model(std::vector<float>(5000)), sites, kind.toStdString());
    QVERIFY2(done, done ? "" : done.error().message.c_str());
    const auto values = valuesIn<float>(file("out"));
    QCOMPARE_LE(std::abs(values[0] - expected), kind == "multi-krum" ? 1.0 : 1e-4);
    QVERIFY(std::all_of(values.begin(), values.end(), [&](float value) { return value == values[0]; }));
    QCOMPARE(done->sites.size(), std::size_t{1000});
}

void tst_Aggregation::driftIsMeasured()
{
    // Worked by hand: changes (3, 0) and (0, 4), equal weights: the step is (1.5, 2), its length 2.5. The cosines are
    // 4.5 / (3 * 2.5) = 0.6 and 8 / (4 * 2.5) = 0.8; both models are (1.5, 2) away from the new one.
    const auto done = run(model({1, 1}), {contributionOf("a", model({4, 1})), contributionOf("b", model({1, 5}))});
    QVERIFY(done);
    QCOMPARE(done->stepNorm, 2.5);
    QCOMPARE(done->drift[0].norm, 3.0);
    QCOMPARE(done->drift[1].norm, 4.0);
    QCOMPARE_LE(std::abs(done->drift[0].cosine - 0.6), 1e-12);
    QCOMPARE_LE(std::abs(done->drift[1].cosine - 0.8), 1e-12);
    QCOMPARE_LE(std::abs(done->drift[0].distance - 2.5), 1e-12);
    QCOMPARE_LE(std::abs(done->drift[1].distance - 2.5), 1e-12);
    const auto still = run(model({1, 1}), {contributionOf("a", model({1, 1}))});
    QVERIFY(still);
    QCOMPARE(still->drift[0].cosine, 0.0);
}

void tst_Aggregation::refusesWhatDoesNotFit()
{
    const auto message = [&](std::vector<Contribution> contributions) {
        std::filesystem::remove(file("out"));
        const auto done = run(model({0, 0}), std::move(contributions));
        return done || std::filesystem::exists(file("out")) ? std::string() : done.error().message;
    };
    const auto good = contributionOf("north", model({1, 2}));
    const auto shape = message({good, contributionOf("west", model({1, 2, 3}))});
    QVERIFY2(shape.find("west") != std::string::npos && shape.find("'w'") != std::string::npos &&
                 shape.find("[3]") != std::string::npos && shape.find("[2]") != std::string::npos,
             shape.c_str());
    QVERIFY(message({contributionOf("west", model<double>(DType::F64, {1, 2}))}).find("F64") != std::string::npos);
    QVERIFY(message({contributionOf("west", model<double>(DType::F64, {1, 2}, "v"))}).find("'v'") != std::string::npos);
    QVERIFY(message({contributionOf("west", ModelState{})}).find("lacks") != std::string::npos);
    QVERIFY(message({good, good}).find("north") != std::string::npos); // counted once
    QVERIFY(message({contributionOf("west", model({1, 2}), 0)}).find("samples") != std::string::npos);
    QVERIFY(message({}).find("no update") != std::string::npos);
}

void tst_Aggregation::valuesBeyondTheTypeAreNoModel()
{
    auto huge = contributionOf("a", model({3e38F}));
    huge.delta = true;
    std::filesystem::remove(file("out"));
    const auto done = run(model({3e38F}), {huge});
    QVERIFY(!done);
    QVERIFY(done.error().message.find("'w'") != std::string::npos);
    QVERIFY(!std::filesystem::exists(file("out")));
    const auto nan = run(model({1}), {contributionOf("a", model({std::nanf("")}))});
    QVERIFY(!nan);
    for (const auto &entry : std::filesystem::directory_iterator(file("")))
        QVERIFY(entry.path().string().find(".partial") == std::string::npos);
}

void tst_Aggregation::memoryOfAnotherModelIsRefused()
{
    save("memory", model({1, 2, 3}));
    const auto done = run(model({1}), {contributionOf("a", model({2}))}, "fedavgm");
    QVERIFY(!done);
    QCOMPARE(done.error().code, ErrorCode::Malformed);
    QVERIFY(done.error().message.find("memory") != std::string::npos);
    std::filesystem::remove(file("memory"));
}

void tst_Aggregation::timesItself()
{
    const auto timing = timeAggregation(3, 2.5, 2, file("timing"), 1);
    QVERIFY2(timing, timing ? "" : timing.error().message.c_str());
    QCOMPARE(timing->updateBytes, 3 * 2.5e6);
    QCOMPARE(timing->movedBytes, 5 * 2.5e6);
    QVERIFY(timing->seconds > 0 && timing->memoryBandwidth > 1e8);
    QVERIFY(std::filesystem::is_empty(file("timing")));
}

QTEST_APPLESS_MAIN(tst_Aggregation)
#include "tst_aggregation.moc"
