// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_check.h"
#include "random_models.h"

#include <QTest>
#include <array>
#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;
using Verdict = NormJudgement::Verdict;

class tst_UpdateCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void measuresTheChange();
    void integersHaveNoNorm();
    void whatStaysMayBeMissing();
    void refusesWhatCannotBeCombined();
    void findsOneValueAmongMany();
    void normsAreJudgedByTheMedian();
    void fewUpdatesAreNotJudged();
    void halfOfTheSitesCannotLiftTheLimit();

private:
    static ModelState model(std::vector<float> values, const char *name = "w")
    {
        const auto count = static_cast<std::int64_t>(values.size());
        return {{Tensor::fromFloats(name, {count}, values)}, {}};
    }
    static Result<double> check(const ModelState &update, const ModelState &global, bool delta = false)
    {
        return checkUpdate(*readerOf(update), *readerOf(global), delta);
    }
    static std::string refusal(const ModelState &update, const ModelState &global, bool delta = false)
    {
        const auto checked = check(update, global, delta);
        return checked ? std::string() : checked.error().message;
    }
};

void tst_UpdateCheck::measuresTheChange()
{
    QCOMPARE(*check(model({4, 6}), model({1, 2})), 5.0);
    QCOMPARE(*check(model({3, 4}), model({1, 2}), true), 5.0);
    QCOMPARE(*check(model({1, 2}), model({1, 2})), 0.0);
    Random random(2);
    for (const auto type : {DType::F32, DType::F64}) {
        const auto before = modelOf(randomDense(random, 1), type), after = modelOf(randomDense(random, 1), type);
        const double expected = distance(denseOf(after), denseOf(before));
        QCOMPARE_LE(std::abs(*check(after, before) - expected), 1e-12 * expected);
        // The order of the tensors does not matter.
        auto turned = after;
        std::reverse(turned.tensors.begin(), turned.tensors.end());
        QCOMPARE_LE(std::abs(*check(turned, before) - expected), 1e-12 * expected);
    }
}

void tst_UpdateCheck::integersHaveNoNorm()
{
    const auto with = [](std::int64_t count, float value) {
        auto state = model({value});
        Tensor counter{{"steps", DType::I64, {}}, std::vector<std::byte>(8)};
        std::memcpy(counter.values.data(), &count, 8);
        state.tensors.push_back(counter);
        return state;
    };
    QCOMPARE(*check(with(250'000, 3), with(0, 1)), 2.0);
}

void tst_UpdateCheck::whatStaysMayBeMissing()
{
    auto global = model({1, 1});
    global.tensors.push_back(model({5}, "enc.norm.bias").tensors[0]);
    const std::vector<std::string> stays{"*norm*"};
    QCOMPARE(*checkUpdate(*readerOf(model({4, 5})), *readerOf(global), false, stays), 5.0);
    auto all = model({4, 5});
    all.tensors.push_back(model({500}, "enc.norm.bias").tensors[0]);
    QCOMPARE(*checkUpdate(*readerOf(all), *readerOf(global), false, stays), 5.0);
    QVERIFY(!check(model({4, 5}), global));
}

void tst_UpdateCheck::refusesWhatCannotBeCombined()
{
    const auto global = model({0, 0});
    constexpr auto nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
    QVERIFY(refusal(model({1, nan}), global).find("'w' holds values that are not finite") != std::string::npos);
    QVERIFY(refusal(model({infinity, 0}), global).find("not finite") != std::string::npos);
    QVERIFY(refusal(model({1, nan}), global, true).find("not finite") != std::string::npos);
    QCOMPARE(refusal(model({3e38F, -3e38F}), global), std::string()); // large, and finite
    QVERIFY(refusal(model({1}), global).find("shape") != std::string::npos);
    QVERIFY(refusal(model({1, 2}, "v"), global).find("'v'") != std::string::npos);
    QVERIFY(refusal({}, global).find("it has 0 tensors, the model 1") != std::string::npos);
    const std::array<double, 2> wide{1, 2};
    const ModelState other{{tensorOf("w", {2}, DType::F64, wide)}, {}};
    QVERIFY(refusal(other, global).find("type") != std::string::npos);
    QCOMPARE(refusal(other, global, true), std::string()); // a change may come in any floating type
    const ModelState twisted{{tensorOf("w", {1, 2}, DType::F32, wide)}, {}};
    QVERIFY(refusal(twisted, global).find("shape") != std::string::npos);
}

void tst_UpdateCheck::findsOneValueAmongMany()
{
    for (const std::size_t at : {std::size_t{0}, std::size_t{99'999}, std::size_t{65'536}, std::size_t{131'071}}) {
        std::vector<float> values(131'072, 1.0F);
        QVERIFY(check(model(values), model(std::vector<float>(values.size()))));
        values[at] = -std::numeric_limits<float>::infinity();
        QVERIFY(!check(model(values), model(std::vector<float>(values.size()))));
    }
}

void tst_UpdateCheck::normsAreJudgedByTheMedian()
{
    Plan::Updates rule; // refuse above 10 times
    const std::vector<double> norms{2, 20, 1, 2000, 2};
    const auto refused = judgeNorms(norms, rule);
    QCOMPARE(refused[1].verdict, Verdict::Counted); // exactly at the limit
    QCOMPARE(refused[3].verdict, Verdict::Refused);
    QCOMPARE(refused[3].reason, std::string("its change is 1000 times the round's median"));
    QVERIFY(refused[0].reason.empty());
    rule.overNorm = "clip";
    const auto clipped = judgeNorms(norms, rule);
    QCOMPARE(clipped[3].verdict, Verdict::Clipped);
    QCOMPARE(clipped[3].scale, 0.01); // 2000 becomes 20
    QCOMPARE(clipped[3].reason, std::string("its change is 1000 times the round's median and counts as 10 times"));
    QCOMPARE(clipped[0].scale, 1.0);
    rule.normLimit = 0;
    for (const auto &judgement : judgeNorms(norms, rule))
        QCOMPARE(judgement.verdict, Verdict::Counted);
    rule.normLimit = 1.5;
    QCOMPARE(judgeNorms(std::array{2.0, 2.0, 5.0}, rule)[2].reason,
             std::string("its change is 2.5 times the round's median and counts as 1.5 times"));
}

void tst_UpdateCheck::fewUpdatesAreNotJudged()
{
    const Plan::Updates rule;
    QCOMPARE(judgeNorms(std::array{1.0, 1000.0}, rule)[1].verdict, Verdict::Counted);
    // Sites that changed nothing say nothing of what is usual.
    QCOMPARE(judgeNorms(std::array{0.0, 0.0, 1.0}, rule)[2].verdict, Verdict::Counted);
    QVERIFY(judgeNorms({}, rule).empty());
}

void tst_UpdateCheck::halfOfTheSitesCannotLiftTheLimit()
{
    const auto judged = judgeNorms(std::array{1.0, 1000.0, 1.0, 1000.0}, Plan::Updates{});
    QCOMPARE(judged[0].verdict, Verdict::Counted);
    QCOMPARE(judged[1].verdict, Verdict::Refused);
    QCOMPARE(judged[3].verdict, Verdict::Refused);
}

QTEST_APPLESS_MAIN(tst_UpdateCheck)
#include "tst_update_check.moc"
