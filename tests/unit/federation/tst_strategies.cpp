// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/aggregation.h"
#include "random_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

namespace {

/// The sites of a round, their changes in double precision and what they say of themselves.
struct Round
{
    std::vector<Dense> changes;
    std::vector<double> samples, steps, scores, late;
    int number = 1;
    std::size_t size() const { return changes.size(); }
};

/// Worked from a paper's formula: the step from the old global model to the new one.
using Reference = std::function<Dense(const Round &)>;
/// Makes one that remembers nothing yet.
using NewReference = std::function<Reference()>;

Dense weightedSum(const std::vector<Dense> &changes, const std::vector<double> &weights)
{
    Dense sum(changes[0].size());
    for (std::size_t i = 0; i < sum.size(); ++i)
        for (std::size_t k = 0; k < changes.size(); ++k)
            sum[i] += weights[k] * changes[k][i];
    return sum;
}

std::vector<double> proportional(std::vector<double> to)
{
    double total = 0;
    for (const double value : to)
        total += value;
    for (auto &value : to)
        value /= total;
    return to;
}

Dense meanBySamples(const Round &round)
{
    return weightedSum(round.changes, proportional(round.samples));
}

/// Blanchard et al. 2017: s(i) is the sum over the n - f - 2 vectors closest to i of the squared distances.
std::vector<double> krumScores(const std::vector<Dense> &changes, std::size_t hostile)
{
    std::vector<double> scores;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        std::vector<double> squares;
        for (std::size_t j = 0; j < changes.size(); ++j)
            if (i != j)
                squares.push_back(std::pow(distance(changes[i], changes[j]), 2));
        std::sort(squares.begin(), squares.end());
        double score = 0;
        for (std::size_t k = 0; k < changes.size() - hostile - 2; ++k)
            score += squares[k];
        scores.push_back(score);
    }
    return scores;
}

Dense meanOfLowest(const Round &round, std::size_t hostile, std::size_t count)
{
    const auto scores = krumScores(round.changes, hostile);
    std::vector<std::pair<double, std::size_t>> ranked;
    for (std::size_t i = 0; i < scores.size(); ++i)
        ranked.emplace_back(scores[i], i);
    std::sort(ranked.begin(), ranked.end());
    std::vector<double> weights(round.size());
    for (std::size_t k = 0; k < count; ++k)
        weights[ranked[k].second] = 1.0 / static_cast<double>(count);
    return weightedSum(round.changes, weights);
}

/// The mean of the sorted values from `first` to `last`, of each coordinate.
Dense meanOfSorted(const Round &round, std::size_t first, std::size_t last)
{
    Dense result(round.changes[0].size());
    for (std::size_t i = 0; i < result.size(); ++i) {
        std::vector<double> column;
        for (const auto &change : round.changes)
            column.push_back(change[i]);
        std::sort(column.begin(), column.end());
        for (std::size_t k = first; k <= last; ++k)
            result[i] += column[k] / static_cast<double>(last - first + 1);
    }
    return result;
}

/// Pillutla et al. 2022: smoothed Weiszfeld over whole vectors.
Dense geometricMedian(const std::vector<Dense> &points, const std::vector<double> &alpha)
{
    auto v = weightedSum(points, alpha);
    std::vector<double> first;
    for (const auto &point : points)
        first.push_back(distance(v, point));
    std::sort(first.begin(), first.end());
    const double nu = 1e-6 * first[first.size() / 2];
    for (int iteration = 0; iteration < 500; ++iteration) {
        std::vector<double> beta;
        for (std::size_t k = 0; k < points.size(); ++k)
            beta.push_back(alpha[k] / std::max(nu, distance(v, points[k])));
        v = weightedSum(points, proportional(beta));
    }
    return v;
}

/// Server optimisers of Reddi et al. 2021, algorithm 2.
NewReference adaptive(char kind, double beta1, double beta2, double tau, double eta)
{
    return [=]() -> Reference {
        auto m = std::make_shared<Dense>(randomSize(), 0.0);
        auto v = std::make_shared<Dense>(randomSize(), tau * tau);
        return [=](const Round &round) {
            auto step = meanBySamples(round);
            for (std::size_t i = 0; i < step.size(); ++i) {
                const double delta = step[i];
                (*m)[i] = beta1 * (*m)[i] + (1 - beta1) * delta;
                const double sign = (*v)[i] > delta * delta ? 1 : (*v)[i] < delta * delta ? -1 : 0;
                if (kind == 'g')
                    (*v)[i] = (*v)[i] + delta * delta;
                if (kind == 'y')
                    (*v)[i] = (*v)[i] - (1 - beta2) * delta * delta * sign;
                if (kind == 'a')
                    (*v)[i] = beta2 * (*v)[i] + (1 - beta2) * delta * delta;
                step[i] = eta * (*m)[i] / (std::sqrt((*v)[i]) + tau);
            }
            return step;
        };
    };
}

} // namespace

class tst_Strategies : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void followTheirPapers_data();
    void followTheirPapers();
    void krumCountsTheClosestSites();
    void geometricMedianIsTheMinimum();
    void fedBuffStepsFromEachSitesOwnBase();
    void hostileSitesDoNotMoveRobustOnes_data();
    void hostileSitesDoNotMoveRobustOnes();
    void impossibleRoundsAreNamed();
    void serverLearningRateFollowsItsSchedule();
    void plansOfUnknownStrategiesAreRefused();

private:
    std::filesystem::path file(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QTemporaryDir m_folder;
};

void tst_Strategies::followTheirPapers_data()
{
    QTest::addColumn<QString>("settings"); // of federation.strategy
    QTest::addColumn<NewReference>("newReference");
    const auto remembering = [](const char *name, const char *settings, NewReference reference) {
        QTest::newRow(name) << QString(settings) << std::move(reference);
    };
    const auto row = [&](const char *name, const char *settings, Reference reference) {
        remembering(name, settings, [=] { return reference; });
    };

    row("fedavg by samples", R"({"kind":"fedavg"})", meanBySamples);
    row("fedavg by steps", R"({"kind":"fedavg","weights":"steps"})",
        [](const Round &round) { return weightedSum(round.changes, proportional(round.steps)); });
    row("fedavg, all equal", R"({"kind":"fedavg","weights":"equal"})", [](const Round &round) {
        return weightedSum(round.changes, std::vector<double>(round.size(), 1.0 / double(round.size())));
    });
    row("fedprox", R"({"kind":"fedprox","proximal":0.1})", meanBySamples);
    row("ditto", R"({"kind":"ditto"})", meanBySamples);
    // Karimireddy et al. 2020: x + eta_g / |S| sum delta y.
    row("scaffold", R"({"kind":"scaffold","serverLr":0.7})", [](const Round &round) {
        return weightedSum(round.changes, std::vector<double>(round.size(), 0.7 / double(round.size())));
    });
    // Hsu et al. 2019: v <- beta v + delta; w <- w + v.
    remembering("fedavgm", R"({"kind":"fedavgm","momentum":0.8,"serverLr":0.5})", []() -> Reference {
        return [v = std::make_shared<Dense>(randomSize(), 0.0)](const Round &round) {
            *v = plus(meanBySamples(round), *v, 0.8);
            return plus(Dense(v->size()), *v, 0.5);
        };
    });
    remembering("fedadagrad", R"({"kind":"fedadagrad","adaptivity":0.01,"serverLr":0.1})",
                adaptive('g', 0, 0, 0.01, 0.1));
    remembering("fedadam", R"({"kind":"fedadam","serverLr":0.1})", adaptive('a', 0.9, 0.99, 1e-3, 0.1));
    remembering("fedyogi", R"({"kind":"fedyogi","betas":[0.8,0.95],"serverLr":0.1})",
                adaptive('y', 0.8, 0.95, 1e-3, 0.1));
    // Wang et al. 2020, plain SGD: a_i is tau_i ones, and tau_eff = sum p_i tau_i.
    row("fednova", R"({"kind":"fednova","serverLr":0.9})", [](const Round &round) {
        const auto p = proportional(round.samples);
        double effective = 0;
        Dense direction(round.changes[0].size());
        for (std::size_t k = 0; k < round.size(); ++k) {
            effective += p[k] * round.steps[k];
            direction = plus(direction, round.changes[k], p[k] / round.steps[k]);
        }
        return plus(Dense(direction.size()), direction, 0.9 * effective);
    });
    row("validation-weighted", R"({"kind":"validation-weighted"})",
        [](const Round &round) { return weightedSum(round.changes, proportional(round.scores)); });
    // Of 7 sites the fourth; a fifth of 7 is 1 cut at each end.
    row("median", R"({"kind":"median"})", [](const Round &round) { return meanOfSorted(round, 3, 3); });
    row("trimmed-mean", R"({"kind":"trimmed-mean","trim":0.2})",
        [](const Round &round) { return meanOfSorted(round, 1, 5); });
    row("trimmed-mean of a third", R"({"kind":"trimmed-mean","trim":0.3})",
        [](const Round &round) { return meanOfSorted(round, 2, 4); });
    row("krum", R"({"kind":"krum","byzantine":2})", [](const Round &round) { return meanOfLowest(round, 2, 1); });
    row("multi-krum", R"({"kind":"multi-krum","byzantine":1,"selected":3})",
        [](const Round &round) { return meanOfLowest(round, 1, 3); });
    row("geometric-median", R"({"kind":"geometric-median"})",
        [](const Round &round) { return geometricMedian(round.changes, proportional(round.samples)); });
    row("fedbuff", R"({"kind":"fedbuff","staleness":0.5,"serverLr":0.6})", [](const Round &round) {
        std::vector<double> weights;
        for (const double late : round.late)
            weights.push_back(0.6 / std::sqrt(1 + late) / double(round.size()));
        return weightedSum(round.changes, weights);
    });
    row("a cosine over four rounds", R"({"kind":"fedavg","serverSchedule":{"kind":"cosine"}})", [](const Round &round) {
        const double rate = 0.5 * (1 + std::cos(std::numbers::pi * (round.number - 1) / 4));
        return plus(Dense(randomSize()), meanBySamples(round), rate);
    });
}

void tst_Strategies::followTheirPapers()
{
    QFETCH(QString, settings);
    QFETCH(NewReference, newReference);
    // In F64 the program's arithmetic is the reference's to a few bits; in F32 each round rounds the model once.
    for (const auto type : {DType::F64, DType::F32}) {
        Plan plan;
        auto json = plan.toJson();
        json["federation"]["strategy"].update(Json::parse(settings.toStdString()), true);
        json["federation"]["rounds"] = 4;
        json["federation"]["quorum"] = 7;
        json["task"] = "toy";
        json["data"]["channels"] = {"c"};
        json["data"]["labels"] = {"b", "l"};
        json["preprocessing"]["normalisation"] = {"none"};
        json["training"]["optimizer"]["momentum"] = 0;
        const auto read = Plan::fromJson(json);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        const auto strategy = makeStrategy(*read);
        QVERIFY(strategy);

        const auto reference = newReference();
        Random random(11);
        auto global = modelOf(randomDense(random, 1), type);
        auto expected = denseOf(global);
        AggregationFiles files;
        files.durable = false;
        for (int number = 1; number <= 4; ++number) {
            Round round;
            round.number = number;
            std::vector<Contribution> contributions;
            const auto drift = randomDense(random, 0.1); // what sites have in common
            for (int k = 0; k < 7; ++k) {
                auto change = plus(randomDense(random, 0.03 * (k + 1)), drift);
                // Every second site sends its change, the others their model; what counts is what arrives.
                const bool delta = k % 2 == 0;
                const auto sent = modelOf(delta ? change : plus(denseOf(global), change), type);
                round.changes.push_back(delta ? denseOf(sent) : plus(denseOf(sent), denseOf(global), -1));
                auto contribution = contributionOf("site" + std::to_string(k), sent, 20 + random.below(100));
                contribution.delta = delta;
                contribution.steps = 5 + 7 * k;
                contribution.score = random.uniform(0.2, 0.9);
                contribution.staleness = k % 3;
                round.samples.push_back(double(contribution.samples));
                round.steps.push_back(contribution.steps);
                round.scores.push_back(contribution.score);
                round.late.push_back(contribution.staleness);
                contributions.push_back(std::move(contribution));
            }
            files.global = file("global");
            QVERIFY(writeSafetensors(files.global, global));
            files.out = file("next");
            files.memory = file(
                ("memory" + std::to_string(number - 1) + std::string(name(type)) + QTest::currentDataTag()).c_str());
            files.memoryOut =
                file(("memory" + std::to_string(number) + std::string(name(type)) + QTest::currentDataTag()).c_str());
            const auto done = aggregate(**strategy, contributions, files, serverLearningRate(*read, number), 2);
            QVERIFY2(done, done ? "" : done.error().message.c_str());
            global = *readSafetensors(files.out);

            expected = plus(expected, reference(round));
            const auto got = denseOf(global);
            const double limit = type == DType::F64 ? 1e-9 : 1e-6;
            QCOMPARE_LE(distance(got, expected), limit * std::sqrt(inner(expected, expected)));
            for (std::size_t i = 0; i < got.size(); ++i)
                if (std::abs(got[i] - expected[i]) > limit * std::max(1.0, std::abs(expected[i])))
                    QCOMPARE(got[i], expected[i]);
        }
    }
}

void tst_Strategies::krumCountsTheClosestSites()
{
    // Worked by hand. Five sites on a line, one of them hostile: scores count the two closest others, 5, 2, 3.25, 3.06
    // and 6.57. With one neighbour the fourth would be the lowest, with three the third.
    const std::vector<double> at{0, 1, 2, 3.5, 4.4};
    Gram gram{5, {}};
    std::vector<Contribution> contributions;
    for (const double a : at) {
        contributions.push_back(contributionOf("s" + std::to_string(contributions.size()), ModelState{}));
        for (const double b : at)
            gram.products.push_back(a * b);
    }
    Plan plan;
    plan.federation.strategy.byzantine = 1;
    plan.federation.strategy.selected = 2;
    plan.federation.strategy.kind = "krum";
    QCOMPARE(*(*makeStrategy(plan))->weigh(contributions, &gram), (std::vector<double>{0, 1, 0, 0, 0}));
    plan.federation.strategy.kind = "multi-krum";
    QCOMPARE(*(*makeStrategy(plan))->weigh(contributions, &gram), (std::vector<double>{0, 0.5, 0, 0.5, 0}));
}

void tst_Strategies::geometricMedianIsTheMinimum()
{
    // Where the sum of alpha_k ||v - w_k|| is least its gradient vanishes: worked without Weiszfeld's algorithm.
    Random random(5);
    const auto strategy = [] {
        Plan plan;
        plan.federation.strategy.kind = "geometric-median";
        return std::move(*makeStrategy(plan));
    }();
    std::vector<Dense> points;
    std::vector<Contribution> contributions;
    std::vector<double> alpha;
    for (int k = 0; k < 9; ++k) {
        points.push_back(randomDense(random, k < 7 ? 0.1 : 5));
        alpha.push_back(3 + k);
        contributions.push_back(contributionOf("s" + std::to_string(k), modelOf(points.back(), DType::F64), 3 + k));
    }
    AggregationFiles files;
    files.durable = false;
    files.global = file("zeros");
    files.out = file("median");
    QVERIFY(writeSafetensors(files.global, modelOf(Dense(randomSize()), DType::F64)));
    QVERIFY(aggregate(*strategy, contributions, files, 1, 1));
    const auto median = denseOf(*readSafetensors(files.out));
    Dense gradient(median.size());
    alpha = proportional(alpha);
    for (std::size_t k = 0; k < points.size(); ++k)
        gradient = plus(gradient, plus(median, points[k], -1), alpha[k] / distance(median, points[k]));
    QCOMPARE_LE(std::sqrt(inner(gradient, gradient)), 1e-6);
}

void tst_Strategies::fedBuffStepsFromEachSitesOwnBase()
{
    Random random(8);
    Plan plan;
    plan.federation.strategy.kind = "fedbuff";
    plan.federation.strategy.staleness = 1;
    const auto global = randomDense(random, 1), older = randomDense(random, 1);
    const auto first = randomDense(random, 0.1), second = randomDense(random, 0.1);
    auto fresh = contributionOf("a", modelOf(plus(global, first), DType::F64));
    auto stale = contributionOf("b", modelOf(plus(older, second), DType::F64));
    stale.base = readerOf(modelOf(older, DType::F64));
    stale.staleness = 3;
    // One fast site may be in the buffer twice.
    auto again = contributionOf("b", modelOf(plus(global, first, 2), DType::F64));
    AggregationFiles files;
    files.durable = false;
    files.global = file("global");
    files.out = file("buffered");
    QVERIFY(writeSafetensors(files.global, modelOf(global, DType::F64)));
    const auto done = aggregate(**makeStrategy(plan), {fresh, stale, again}, files, 1, 2);
    QVERIFY(done);
    // (1 first + 1/4 second + 1 * 2 first) / 3
    const auto expected = plus(plus(global, first, 1), second, 1.0 / 12);
    const auto got = denseOf(*readSafetensors(files.out));
    QCOMPARE_LE(distance(got, expected), 1e-9);
    QCOMPARE(done->sites, (std::vector<std::string>{"a", "b", "b"}));
    // By staleness: first the fresh one, then the stale one, whose model is `older` and its change.
    QCOMPARE_LE(std::abs(done->drift[2].norm - std::sqrt(inner(second, second))), 1e-9);
    QCOMPARE_LE(std::abs(done->drift[2].distance - distance(plus(older, second), expected)), 1e-9);
    // The same update as a change of that base.
    stale.update = readerOf(modelOf(second, DType::F64));
    stale.delta = true;
    const auto asChange = aggregate(**makeStrategy(plan), {fresh, stale, again}, files, 1, 2);
    QVERIFY(asChange);
    QCOMPARE_LE(distance(denseOf(*readSafetensors(files.out)), expected), 1e-9);
    QCOMPARE_LE(std::abs(asChange->drift[2].distance - distance(plus(older, second), expected)), 1e-9);
}

void tst_Strategies::hostileSitesDoNotMoveRobustOnes_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("attack"); // factor of the honest change
    QTest::addColumn<bool>("holds");
    for (const double attack : {-8.0, 50.0}) {
        QTest::addRow("fedavg, %g", attack) << "fedavg" << attack << false;
        for (const char *kind : {"median", "trimmed-mean", "krum", "multi-krum", "geometric-median"})
            QTest::addRow("%s, %g", kind, attack) << kind << attack << true;
    }
}

void tst_Strategies::hostileSitesDoNotMoveRobustOnes()
{
    QFETCH(QString, kind);
    QFETCH(double, attack);
    QFETCH(bool, holds);
    Random random(21);
    Plan plan;
    plan.federation.strategy.kind = kind.toStdString();
    plan.federation.strategy.trim = 0.3; // 2 of 7
    plan.federation.strategy.byzantine = 2;
    plan.federation.strategy.selected = 3;
    const auto truth = randomDense(random, 1);
    Dense honestMean(truth.size());
    double farthest = 0;
    std::vector<Dense> honest;
    std::vector<Contribution> contributions;
    for (int k = 0; k < 7; ++k) {
        auto change = plus(truth, randomDense(random, 0.1));
        if (k >= 5) {
            change = plus(Dense(truth.size()), truth, attack);
        } else {
            honest.push_back(change);
            honestMean = plus(honestMean, change, 0.2);
        }
        contributions.push_back(contributionOf("s" + std::to_string(k), modelOf(change, DType::F32), 50));
    }
    for (const auto &change : honest)
        farthest = std::max(farthest, distance(change, honestMean));
    AggregationFiles files;
    files.durable = false;
    files.global = file("global");
    files.out = file("attacked");
    QVERIFY(writeSafetensors(files.global, modelOf(Dense(truth.size()), DType::F32)));
    QVERIFY(aggregate(**makeStrategy(plan), contributions, files, 1, 2));
    const double off = distance(denseOf(*readSafetensors(files.out)), honestMean);
    // Not farther from the honest mean than an honest site is; the mean of all is off by two sevenths of the attack.
    if (holds)
        QCOMPARE_LE(off, 1.001 * farthest);
    else
        QCOMPARE_GE(off, 10 * farthest);
}

void tst_Strategies::impossibleRoundsAreNamed()
{
    const auto weigh = [](const char *kind, std::vector<Contribution> contributions) {
        Plan plan;
        plan.federation.strategy.kind = kind;
        plan.federation.strategy.weights = "steps";
        const Gram gram{contributions.size(), std::vector<double>(contributions.size() * contributions.size())};
        const auto weights = (*makeStrategy(plan))->weigh(contributions, &gram);
        return weights ? std::string() : weights.error().message;
    };
    const auto site = [](const char *name) { return contributionOf(name, ModelState{}, 10); };
    QVERIFY(weigh("fedavg", {site("a")}).find("steps") != std::string::npos);
    QVERIFY(weigh("fedavg", {}).find("no update") != std::string::npos);
    QVERIFY(weigh("krum", {site("a"), site("b"), site("c"), site("d")}).find("more than 4") != std::string::npos);
    auto withSteps = site("south");
    withSteps.steps = 3;
    QVERIFY(weigh("fednova", {withSteps, site("west")}).find("west") != std::string::npos);
    // Before anyone has been evaluated all sites count the same.
    Plan plan;
    plan.federation.strategy.kind = "validation-weighted";
    const std::vector<Contribution> unscored{site("a"), site("b")};
    QCOMPARE(*(*makeStrategy(plan))->weigh(unscored, nullptr), (std::vector<double>{0.5, 0.5}));
}

void tst_Strategies::serverLearningRateFollowsItsSchedule()
{
    Plan plan;
    auto &strategy = plan.federation.strategy;
    plan.federation.rounds = 8;
    strategy.serverLr = 2;
    QCOMPARE(serverLearningRate(plan, 7), 2.0);
    strategy.serverSchedule = {"step", 3, 0.5};
    QCOMPARE(serverLearningRate(plan, 3), 2.0);
    QCOMPARE(serverLearningRate(plan, 4), 1.0);
    QCOMPARE(serverLearningRate(plan, 7), 0.5);
    strategy.serverSchedule.kind = "cosine";
    QCOMPARE(serverLearningRate(plan, 1), 2.0);
    QCOMPARE(serverLearningRate(plan, 5), 1.0); // half of the way: cos(pi / 2) = 0
}

void tst_Strategies::plansOfUnknownStrategiesAreRefused()
{
    Plan plan;
    plan.federation.strategy.kind = "fedmagic";
    const auto made = makeStrategy(plan);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Unsupported);
    QVERIFY(made.error().message.find("fedmagic") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_Strategies)
#include "tst_strategies.moc"
