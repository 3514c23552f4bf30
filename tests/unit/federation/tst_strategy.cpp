// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/safetensors.h"
#include "federation/strategy.h"
#include "federation/update_check.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstring>
#include <random>

using namespace consilium;
using namespace consilium::federation;

class tst_Strategy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fedAvgIsTheWeightedMean();
    void orderOfArrivalDoesNotMatter();
    void tilesDoNotShow();
    void integersAreRounded();
    void refusesWhatDoesNotFit();
    void updatesAreCheckedBeforeTheyCount();

private:
    std::filesystem::path save(const char *name, const ModelState &state)
    {
        const auto file = std::filesystem::path(m_folder.path().toStdString()) / name;
        return writeSafetensors(file, state) ? file : std::filesystem::path();
    }
    static ModelState model(std::vector<float> values)
    {
        const auto count = static_cast<std::int64_t>(values.size());
        return {{Tensor::fromFloats("w", {count}, values)}, {}};
    }
    QTemporaryDir m_folder;
};

void tst_Strategy::fedAvgIsTheWeightedMean()
{
    // (72*1 + 34*2 + 25*4) / 131 = 240/131; (72*-1 + 34*0.5 + 25*3) / 131 = 20/131. Worked by hand.
    const auto strategy = makeFedAvg();
    const auto global = save("global", model({0, 0}));
    const auto out = global.parent_path() / "mean";
    QVERIFY(combine(*strategy,
                    {{"north", save("n", model({1, -1})), 72},
                     {"south", save("s", model({2, 0.5F})), 34},
                     {"east", save("e", model({4, 3})), 25}},
                    global, out, {{"round", "1"}}));
    const auto mean = readSafetensors(out);
    QVERIFY(mean);
    QCOMPARE(mean->tensors[0].floats()[0], static_cast<float>(240.0 / 131.0));
    QCOMPARE(mean->tensors[0].floats()[1], static_cast<float>(20.0 / 131.0));
    QCOMPARE(mean->metadata.at("round"), std::string("1"));
}

void tst_Strategy::orderOfArrivalDoesNotMatter()
{
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<Contribution> sites;
    for (int i = 0; i < 5; ++i) {
        std::vector<float> values(1000);
        std::generate(values.begin(), values.end(), [&] { return normal(random); });
        const auto name = "site" + std::to_string(i);
        sites.push_back({name, save(name.c_str(), model(values)), 10 + 7 * i});
    }
    const auto global = save("global", model(std::vector<float>(1000)));
    std::string first;
    for (int order = 0; order < 6; ++order) {
        std::shuffle(sites.begin(), sites.end(), random);
        const auto out = global.parent_path() / "shuffled";
        QVERIFY(combine(*makeFedAvg(), sites, global, out, {}));
        if (order == 0)
            first = *readFile(out);
        QCOMPARE(*readFile(out), first);
    }
}

void tst_Strategy::tilesDoNotShow()
{
    const std::size_t count = 3 * 512 * 1024 + 17; // several tiles and a rest
    std::vector<float> a(count), b(count);
    for (std::size_t i = 0; i < count; ++i) {
        a[i] = static_cast<float>(i % 1000);
        b[i] = static_cast<float>(i % 77);
    }
    const auto global = save("global", model(std::vector<float>(count)));
    const auto out = global.parent_path() / "tiled";
    QVERIFY(combine(*makeFedAvg(), {{"a", save("a", model(a)), 1}, {"b", save("b", model(b)), 3}}, global, out, {}));
    const auto mean = *readSafetensors(out);
    for (std::size_t i = 0; i < count; ++i) {
        const auto expected = static_cast<float>((0.25 * a[i]) + (0.75 * b[i]));
        if (mean.tensors[0].floats()[i] != expected)
            QCOMPARE(mean.tensors[0].floats()[i], expected);
    }
}

void tst_Strategy::integersAreRounded()
{
    const auto counter = [](std::int64_t value) {
        Tensor tensor{{"steps", DType::I64, {}}, std::vector<std::byte>(8)};
        std::memcpy(tensor.values.data(), &value, 8);
        return ModelState{{tensor}, {}};
    };
    const auto global = save("global", counter(0));
    const auto out = global.parent_path() / "integers";
    QVERIFY(
        combine(*makeFedAvg(), {{"a", save("a", counter(10)), 1}, {"b", save("b", counter(13)), 2}}, global, out, {}));
    std::int64_t mean = 0;
    std::memcpy(&mean, readSafetensors(out)->tensors[0].values.data(), 8);
    QCOMPARE(mean, std::int64_t{12});
}

void tst_Strategy::refusesWhatDoesNotFit()
{
    const auto global = save("global", model({0, 0}));
    const auto out = global.parent_path() / "never";
    const auto shape = combine(*makeFedAvg(), {{"west", save("a", model({1, 2, 3})), 1}}, global, out, {});
    QVERIFY(!shape);
    QVERIFY(shape.error().message.find("west") != std::string::npos);
    QVERIFY(!combine(*makeFedAvg(), {{"west", save("b", model({1, 2})), 0}}, global, out, {}));
    QVERIFY(!std::filesystem::exists(out));
    QVERIFY(!makeStrategy("fedmagic"));
}

void tst_Strategy::updatesAreCheckedBeforeTheyCount()
{
    const auto global = save("global", model({0, 0}));
    QVERIFY(checkUpdate(save("good", model({1, 2})), global));
    QVERIFY(!checkUpdate(save("nan", model({1, std::numeric_limits<float>::quiet_NaN()})), global));
    QVERIFY(!checkUpdate(save("inf", model({std::numeric_limits<float>::infinity(), 0})), global));
    QVERIFY(!checkUpdate(save("shape", model({1})), global));
    auto renamed = model({1, 2});
    renamed.tensors[0].info.name = "v";
    const auto refused = checkUpdate(save("renamed", renamed), global);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("'v'") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_Strategy)
#include "tst_strategy.moc"
