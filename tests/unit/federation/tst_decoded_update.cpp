// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/decoded_update.h"

#include "core/random.h"
#include "federation/update_codec.h"
#include "support/memory_update.h"

#include <QTest>
#include <functional>
#include <thread>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

namespace {

Plan::Updates deltas(const std::string &encoding, double share = 0.05)
{
    Plan::Updates updates;
    updates.content = "delta";
    updates.encoding = encoding;
    updates.share = share;
    return updates;
}

std::vector<TensorInfo> infosOf(const ModelState &state)
{
    std::vector<TensorInfo> infos;
    for (const auto &tensor : state.tensors)
        infos.push_back(tensor.info);
    return infos;
}

ModelState trainedModel()
{
    Random random(11);
    const auto some = [&](std::size_t count) {
        std::vector<float> values(count);
        for (auto &value : values)
            value = static_cast<float>(random.normal());
        return values;
    };
    return {{Tensor::fromFloats("conv", {50, 103}, some(5150)),
             tensorOf<std::int64_t>("seen", DType::I64, {2}, {3, -4}), Tensor::fromFloats("bias", {7}, some(7)),
             Tensor::fromFloats("none", {0, 4}, {}), Tensor::fromFloats("temperature", {}, some(1))},
            {}};
}

ModelState startOf(const ModelState &trained)
{
    auto base = trained;
    for (auto &tensor : base.tensors)
        std::ranges::fill(tensor.values, std::byte{0});
    return base;
}

ModelState encoded(const Plan::Updates &how)
{
    const auto trained = trainedModel();
    return encodeUpdate(trained, startOf(trained), how, nullptr)->state;
}

/// Why the host refuses it; "accepted" when it does not, even after reading all of it.
std::string refusal(const ModelState &update, const Plan::Updates &how)
{
    const auto reader = decodedUpdate(std::make_shared<MemoryUpdate>(update), infosOf(trainedModel()), how);
    if (!reader)
        return reader.error().message;
    std::vector<std::byte> scratch;
    for (std::size_t i = 0; i < (*reader)->tensors().size(); ++i) {
        const auto count = static_cast<std::size_t>((*reader)->tensors()[i].elements());
        if (const auto read = (*reader)->read(i, 0, count, scratch); !read)
            return read.error().message;
    }
    return "accepted";
}

Tensor &tensorNamed(ModelState &state, const std::string &name)
{
    return *std::ranges::find(state.tensors, name, [](const Tensor &tensor) { return tensor.info.name; });
}

template <typename Value>
void put(ModelState &state, const std::string &name, std::size_t index, Value value)
{
    std::memcpy(tensorNamed(state, name).values.data() + index * sizeof value, &value, sizeof value);
}

/// Three of three thousand million values: only their indices and values exist.
class HugeUpdate : public UpdateReader
{
public:
    const std::vector<TensorInfo> &tensors() const override { return m_infos; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &) const override
    {
        return index == 0 ? std::as_bytes(std::span(indices).subspan(begin, count))
                          : std::as_bytes(std::span(values).subspan(begin, count));
    }
    std::array<std::int64_t, 3> indices{5, 2'900'000'001, 2'999'999'999};
    std::array<float, 3> values{1, 2, 3};

private:
    std::vector<TensorInfo> m_infos{{"w#index", DType::I64, {3}}, {"w#value", DType::F32, {3}}};
};

} // namespace

class tst_DecodedUpdate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyEncoding_data();
    void piecesAreThoseOfTheWhole_data() { everyEncoding_data(); }
    void piecesAreThoseOfTheWhole();
    void theOrderItCameInDoesNotMatter_data() { everyEncoding_data(); }
    void theOrderItCameInDoesNotMatter();
    void aFullModelKeepsItsTypes();
    void aTileReadsLittleOfTopK();
    void manyValuesHaveLongIndices();
    void severalThreadsMayRead();
    void refusesWhatASiteShouldNotSend_data();
    void refusesWhatASiteShouldNotSend();
    void strangeNamesAreShownHarmlessly();
};

void tst_DecodedUpdate::everyEncoding_data()
{
    QTest::addColumn<QString>("encoding");
    for (const auto *encoding : {"float32", "float16", "int8", "top-k"})
        QTest::newRow(encoding) << encoding;
}

void tst_DecodedUpdate::piecesAreThoseOfTheWhole()
{
    QFETCH(QString, encoding);
    const auto how = deltas(encoding.toStdString());
    const auto update = encoded(how);
    const auto model = infosOf(trainedModel());
    const auto reader = decodedUpdate(std::make_shared<MemoryUpdate>(update), model, how);
    QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
    QVERIFY((*reader)->tensors() == model);
    std::vector<std::byte> scratch;
    Random random(12);
    for (std::size_t i = 0; i < model.size(); ++i) {
        const auto count = static_cast<std::size_t>(model[i].elements());
        if (model[i].dtype == DType::I64) {
            QCOMPARE(valuesOf<std::int64_t>(*(*reader)->read(i, 0, count, scratch)),
                     (std::vector<std::int64_t>{3, -4}));
            continue;
        }
        // Unpacked in double precision by what the header says.
        const auto expected = unpacked(update, model[i].name, count, how);
        const std::vector<float> whole(expected.begin(), expected.end());
        QCOMPARE(valuesOf<float>(*(*reader)->read(i, 0, count, scratch)), whole);
        for (int piece = 0; piece < 300; ++piece) {
            const auto begin = random.below(count + 1), length = random.below(count - begin + 1);
            const auto values = (*reader)->read(i, begin, length, scratch);
            QVERIFY(values);
            QCOMPARE(valuesOf<float>(*values),
                     std::vector<float>(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                                        whole.begin() + static_cast<std::ptrdiff_t>(begin + length)));
        }
    }
    if (encoding != "float32")
        QCOMPARE((*reader)->read(0, 5000, 151, scratch).error().code, ErrorCode::Invalid);
}

void tst_DecodedUpdate::theOrderItCameInDoesNotMatter()
{
    QFETCH(QString, encoding);
    const auto how = deltas(encoding.toStdString());
    auto update = encoded(how);
    const auto expected = unpacked(update, "conv", 5150, how);
    std::ranges::reverse(update.tensors);
    const auto reader = decodedUpdate(std::make_shared<MemoryUpdate>(update), infosOf(trainedModel()), how);
    QVERIFY(reader);
    std::vector<std::byte> scratch;
    QCOMPARE(valuesOf<float>(*(*reader)->read(0, 0, 5150, scratch)),
             std::vector<float>(expected.begin(), expected.end()));
}

void tst_DecodedUpdate::aFullModelKeepsItsTypes()
{
    const ModelState model{
        {tensorOf<double>("d", DType::F64, {2}, {1, 2}), tensorOf<std::uint8_t>("u", DType::U8, {1}, {9})}, {}};
    const auto reader = decodedUpdate(std::make_shared<MemoryUpdate>(model), infosOf(model), {});
    QVERIFY(reader);
    QVERIFY((*reader)->tensors() == infosOf(model));
    std::vector<std::byte> scratch;
    QCOMPARE(valuesOf<double>(*(*reader)->read(0, 1, 1, scratch)), std::vector{2.0});
    // As changes they are F32, whatever the model's type.
    const auto changes =
        decodedUpdate(std::make_shared<MemoryUpdate>(encodeUpdate(model, model, deltas("int8"), nullptr)->state),
                      infosOf(model), deltas("int8"));
    QVERIFY(changes);
    QCOMPARE((*changes)->tensors()[0].dtype, DType::F32);
    QCOMPARE((*changes)->tensors()[1].dtype, DType::U8);
}

void tst_DecodedUpdate::aTileReadsLittleOfTopK()
{
    constexpr std::size_t count = 1 << 20;
    std::vector<float> values(count);
    Random random(13);
    for (auto &value : values)
        value = static_cast<float>(random.normal());
    const ModelState trained{{Tensor::fromFloats("w", {count}, values)}, {}};
    const auto how = deltas("top-k", 0.25);
    const auto memory = std::make_shared<MemoryUpdate>(encodeUpdate(trained, startOf(trained), how, nullptr)->state);
    const auto reader = decodedUpdate(memory, infosOf(trained), how);
    QVERIFY(reader);
    memory->valuesRead = 0;
    std::vector<std::byte> scratch;
    const auto tile = (*reader)->read(0, 777'777, 100, scratch);
    QVERIFY(tile);
    const auto sent = std::ranges::count_if(valuesOf<float>(*tile), [](float value) { return value != 0; });
    QVERIFY(sent > 0);
    // Two searches of 2^18 indices, 19 steps at most, then the indices and values of the tile.
    QVERIFY(memory->valuesRead <= 2 * 19 + 2 * static_cast<std::size_t>(sent));
}

void tst_DecodedUpdate::manyValuesHaveLongIndices()
{
    const std::vector<TensorInfo> model{{"w", DType::F32, {3000, 1'000'000}}};
    const auto how = deltas("top-k", 1e-9);
    const auto huge = std::make_shared<HugeUpdate>();
    const auto reader = decodedUpdate(huge, model, how);
    QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
    std::vector<std::byte> scratch;
    QCOMPARE(valuesOf<float>(*(*reader)->read(0, 2'900'000'000, 3, scratch)), (std::vector<float>{0, 2, 0}));
    QCOMPARE(valuesOf<float>(*(*reader)->read(0, 2'999'999'998, 2, scratch)), (std::vector<float>{0, 3}));
    // An index that changes after the check writes nowhere.
    huge->indices = {20, 7, 2'999'999'999};
    const auto changed = (*reader)->read(0, 0, 10, scratch);
    QVERIFY(!changed);
    QCOMPARE(changed.error().message, std::string("its tensor 'w#index' has changed while it was read"));
    huge->indices = {5, 7, 3'000'000'000};
    QVERIFY(!decodedUpdate(huge, model, how));
}

void tst_DecodedUpdate::severalThreadsMayRead()
{
    const auto how = deltas("int8");
    const auto update = encoded(how);
    const auto reader = decodedUpdate(std::make_shared<MemoryUpdate>(update), infosOf(trainedModel()), how);
    QVERIFY(reader);
    const auto expected = unpacked(update, "conv", 5150, how);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            std::vector<std::byte> scratch;
            for (std::size_t begin = static_cast<std::size_t>(t); begin + 900 < 5150; begin += 13) {
                const auto values = valuesOf<float>(*(*reader)->read(0, begin, 900, scratch));
                for (std::size_t i = 0; i < values.size(); ++i)
                    wrong += values[i] != static_cast<float>(expected[begin + i]) ? 1 : 0;
            }
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

using Damage = std::function<void(ModelState &)>;
Q_DECLARE_METATYPE(Damage)

void tst_DecodedUpdate::refusesWhatASiteShouldNotSend_data()
{
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *name, const char *encoding, Damage damage, const char *why) {
        QTest::newRow(name) << encoding << damage << why;
    };
    const auto nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    row(
        "missing", "float32", [](ModelState &s) { s.tensors.erase(s.tensors.begin() + 2); },
        "its tensor 'bias' is missing");
    row(
        "extra", "float32", [](ModelState &s) { s.tensors.push_back(tensorOf<std::int8_t>("x", DType::I8, {1}, {1})); },
        "its tensor 'x' is not one of the model's");
    row(
        "twice", "float32", [](ModelState &s) { s.tensors.push_back(s.tensors[0]); }, "its tensor 'conv' comes twice");
    row(
        "transposed", "float32",
        [](ModelState &s) {
            s.tensors[0].info.shape = {103, 50};
        },
        "its tensor 'conv' is F32 of 103 x 50, not F32 of 50 x 103");
    row(
        "integers as floats", "float32", [](ModelState &s) { s.tensors[1].info.dtype = DType::F64; },
        "its tensor 'seen' is F64 of 2, not I64 of 2");
    row(
        "not encoded", "float16", [](ModelState &s) { s = trainedModel(); },
        "its tensor 'conv' is F32 of 50 x 103, not F16 of 50 x 103");
    row(
        "no scale", "float16", [](ModelState &s) { s.tensors.erase(s.tensors.begin() + 1); },
        "its tensor 'conv#scale' is missing");
    row(
        "scale 0", "float16", [](ModelState &s) { put(s, "bias#scale", 0, 0.0F); },
        "its tensor 'bias#scale' holds 0, which is no scale");
    row(
        "scale of 3", "float16", [](ModelState &s) { put(s, "bias#scale", 0, 3.0F); },
        "its tensor 'bias#scale' holds 3, which is no scale");
    row(
        "negative scale", "float16", [](ModelState &s) { put(s, "bias#scale", 0, -0.5F); },
        "its tensor 'bias#scale' holds -0.5, which is no scale");
    row(
        "infinite scale", "float16", [=](ModelState &s) { put(s, "bias#scale", 0, infinity); },
        "its tensor 'bias#scale' holds inf, which is no scale");
    row(
        "half that is none", "float16", [](ModelState &s) { put(s, "conv", 5149, std::uint16_t{0x7e01}); },
        "its tensor 'conv' holds values that are not finite");
    row(
        "infinite half", "float16", [](ModelState &s) { put(s, "conv", 17, std::uint16_t{0xfc00}); },
        "its tensor 'conv' holds values that are not finite");
    row(
        "product beyond float", "float16",
        [](ModelState &s) {
            put(s, "bias#scale", 0, 0x1p+127F);
            put(s, "bias", 0, std::uint16_t{0x7bff});
        },
        "its tensor 'bias' holds values that are not finite");
    row(
        "scale not a number", "int8", [=](ModelState &s) { put(s, "conv#scale", 3, nan); },
        "its tensor 'conv#scale' holds nan, which is no scale");
    row(
        "negative step", "int8", [](ModelState &s) { put(s, "conv#scale", 0, -1.0F); },
        "its tensor 'conv#scale' holds -1, which is no scale");
    row(
        "huge step", "int8", [](ModelState &s) { put(s, "conv#scale", 0, 3e38F); },
        "its tensor 'conv#scale' holds 3e+38, which is no scale");
    row(
        "one block too few", "int8",
        [](ModelState &s) {
            auto &scale = tensorNamed(s, "conv#scale");
            scale.info.shape = {5};
            scale.values.resize(20);
        },
        "its tensor 'conv#scale' is F32 of 5, not F32 of 6");
    row(
        "beyond the end", "top-k", [](ModelState &s) { put(s, "conv#index", 257, std::int32_t{5150}); },
        "its tensor 'conv#index' names value 5150 of 5150");
    row(
        "before the start", "top-k", [](ModelState &s) { put(s, "conv#index", 0, std::int32_t{-1}); },
        "its tensor 'conv#index' names value -1 of 5150");
    row(
        "twice the same", "top-k",
        [](ModelState &s) { put(s, "conv#index", 8, valuesOf<std::int32_t>(s, "conv#index")[7]); },
        "indices must rise");
    row(
        "unsorted", "top-k", [](ModelState &s) { put(s, "conv#index", 100, std::int32_t{0}); }, "indices must rise");
    row(
        "one value more", "top-k",
        [](ModelState &s) {
            tensorNamed(s, "bias#value") = tensorOf<float>("bias#value", DType::F32, {2}, {1, 2});
        },
        "its tensor 'bias#value' is F32 of 2, not F32 of 1");
    row(
        "long indices", "top-k",
        [](ModelState &s) {
            tensorNamed(s, "bias#index") = tensorOf<std::int64_t>("bias#index", DType::I64, {1}, {1});
        },
        "its tensor 'bias#index' is I64 of 1, not I32 of 1");
    row(
        "value not a number", "top-k", [=](ModelState &s) { put(s, "conv#value", 9, nan); },
        "its tensor 'conv#value' holds values that are not finite");
}

void tst_DecodedUpdate::refusesWhatASiteShouldNotSend()
{
    QFETCH(QString, encoding);
    QFETCH(Damage, damage);
    QFETCH(QString, why);
    const auto how = deltas(encoding.toStdString());
    auto update = encoded(how);
    QCOMPARE(refusal(update, how), std::string("accepted"));
    damage(update);
    const auto said = QString::fromStdString(refusal(update, how));
    QVERIFY2(said.contains(why) && said.startsWith("its tensor '"), qPrintable(said));
}

void tst_DecodedUpdate::strangeNamesAreShownHarmlessly()
{
    auto update = trainedModel();
    update.tensors.push_back(tensorOf<std::int8_t>("a\x1b[2Jb\nc" + std::string(500, 'd'), DType::I8, {1}, {1}));
    const auto said = refusal(update, {});
    QVERIFY2(said.starts_with("its tensor 'a?[2Jb?cddd"), said.c_str());
    QVERIFY(said.size() < 150);
}

QTEST_APPLESS_MAIN(tst_DecodedUpdate)
#include "tst_decoded_update.moc"
