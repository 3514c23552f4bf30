// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "federation/next_model.h"
#include "random_models.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

class tst_NextModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void scaffoldKeepsItsControlVariate();
    void roundsCanBeRepeated();
    void lostMemoryIsNoticed();
    void fedBnKeepsNormalisationHome();
    void answersAreChecked();

private:
    storage::StudyPaths paths() const { return {m_folder->path().toStdString()}; }
    std::filesystem::path models(const char *name) const { return paths().folder / "models" / name; }
    static Plan plan(const char *kind)
    {
        Plan plan;
        plan.federation.strategy.kind = kind;
        return plan;
    }
    Result<Aggregated> next(const Plan &plan, int round, std::vector<Contribution> contributions,
                            std::size_t enrolled = 3) const
    {
        return nextModel(**makeStrategy(plan), plan, paths(), round, std::move(contributions), enrolled, 2);
    }
    /// A model, and a site's change of its control variate beside it.
    static ModelState answer(const Dense &model, const Dense &control)
    {
        auto state = modelOf(model, DType::F64);
        for (auto tensor : modelOf(control, DType::F64).tensors) {
            tensor.info.name = "control/" + tensor.info.name;
            state.tensors.push_back(std::move(tensor));
        }
        return state;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_NextModel::scaffoldKeepsItsControlVariate()
{
    // Karimireddy et al. 2020, algorithm 1: x <- x + eta_g / |S| sum delta y_i, c <- c + 1 / N sum delta c_i, with
    // |S| = 3 of N = 4 sites.
    Random random(4);
    auto scaffold = plan("scaffold");
    scaffold.federation.strategy.serverLr = 0.5;
    auto x = randomDense(random, 1);
    Dense c(x.size());
    QVERIFY(writeSafetensors(paths().model(0), modelOf(x, DType::F64)));
    for (int round = 1; round <= 3; ++round) {
        const auto start = roundStart(scaffold, paths(), round);
        QVERIFY2(start, start ? "" : start.error().message.c_str());
        QCOMPARE(start->model, paths().model(round - 1));
        const auto sent = readSafetensors(*start->control);
        QCOMPARE(sent->tensors[0].info.name, std::string("control/conv.weight"));
        QCOMPARE_LE(distance(denseOf(*sent), c), 1e-9);
        std::vector<Contribution> contributions;
        for (int k = 0; k < 3; ++k) {
            const auto change = randomDense(random, 0.1), control = randomDense(random, 0.1);
            contributions.push_back(
                contributionOf("site" + std::to_string(k), answer(plus(x, change), control), 10 * (k + 1)));
            QVERIFY(checkAnswer(scaffold, paths(), round, contributions.back().update));
            c = plus(c, control, 0.25);
        }
        auto step = Dense(x.size());
        for (const auto &contribution : contributions) {
            const auto tensors = contribution.update->tensors();
            Dense y;
            std::vector<std::byte> scratch;
            for (std::size_t t = 0; t < randomShapes().size(); ++t) {
                const auto bytes =
                    *contribution.update->read(t, 0, static_cast<std::size_t>(tensors[t].elements()), scratch);
                const auto values = valuesOf({tensors[t], {bytes.begin(), bytes.end()}});
                y.insert(y.end(), values.begin(), values.end());
            }
            step = plus(step, plus(y, x, -1), 0.5 / 3);
        }
        const auto done = next(scaffold, round, contributions, 4);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
        x = plus(x, step);
        QCOMPARE_LE(distance(denseOf(*readSafetensors(paths().model(round))), x), 1e-9);
        x = denseOf(*readSafetensors(paths().model(round)));
        dropOldMemory(paths(), round);
        QVERIFY(!std::filesystem::exists(models(fmt::format("control-{:04}.safetensors", round - 1).c_str())));
    }
    QCOMPARE_LE(distance(denseOf(*readSafetensors(models("control-0003.safetensors"))), c), 1e-9);
    // Without it the sites' corrections would be wrong from here on.
    std::filesystem::remove(models("control-0003.safetensors"));
    QCOMPARE(roundStart(scaffold, paths(), 4).error().code, ErrorCode::NotFound);
}

void tst_NextModel::roundsCanBeRepeated()
{
    Random random(6);
    const auto adam = plan("fedadam");
    QVERIFY(writeSafetensors(paths().model(0), modelOf(randomDense(random, 1), DType::F32)));
    for (int round = 1; round <= 2; ++round) {
        std::vector<Contribution> sites{contributionOf("a", modelOf(randomDense(random, 1), DType::F32), 3),
                                        contributionOf("b", modelOf(randomDense(random, 1), DType::F32), 5)};
        QVERIFY(next(adam, round, sites));
        const auto model = *readFile(paths().model(round));
        const auto memoryFile = models(fmt::format("memory-{:04}.safetensors", round).c_str());
        const auto memory = *readFile(memoryFile);
        // Killed between the two files, or after both.
        for (const bool modelLost : {true, false}) {
            if (modelLost)
                std::filesystem::remove(paths().model(round));
            QVERIFY(next(adam, round, {sites[1], sites[0]}));
            QVERIFY(*readFile(paths().model(round)) == model);
            QVERIFY(*readFile(memoryFile) == memory);
        }
    }
    dropOldMemory(paths(), 2);
    QVERIFY(!std::filesystem::exists(models("memory-0001.safetensors")));
    QVERIFY(std::filesystem::exists(models("memory-0002.safetensors")));
}

void tst_NextModel::lostMemoryIsNoticed()
{
    const auto values = modelOf(Dense(randomSize(), 1), DType::F32);
    QVERIFY(writeSafetensors(paths().model(1), values));
    const auto done = next(plan("fedavgm"), 2, {contributionOf("a", values)});
    QVERIFY(!done);
    QVERIFY(done.error().message.find("memory-0001") != std::string::npos);
    QVERIFY(!std::filesystem::exists(paths().model(2)));
    QVERIFY(next(plan("fedavg"), 2, {contributionOf("a", values)}));
}

void tst_NextModel::fedBnKeepsNormalisationHome()
{
    Random random(9);
    const auto bn = plan("fedbn"); // "*norm*" stays
    const auto global = modelOf(randomDense(random, 1), DType::F32);
    QVERIFY(writeSafetensors(paths().model(0), global));
    auto sent = modelOf(randomDense(random, 1), DType::F32);
    const auto expected = expectedTensors(bn, paths(), 1);
    QVERIFY(expected);
    QCOMPARE(expected->size(), global.tensors.size() - 1);
    sent.tensors.erase(sent.tensors.begin() + 2);
    QVERIFY(checkAnswer(bn, paths(), 1, readerOf(sent)));
    QVERIFY(!checkAnswer(plan("fedavg"), paths(), 1, readerOf(sent)));
    QVERIFY(next(bn, 1, {contributionOf("a", sent)}));
    const auto after = *readSafetensors(paths().model(1));
    QCOMPARE(after.tensors[2].info.name, std::string("norm.weight"));
    QVERIFY(after.tensors[2] == global.tensors[2]);
    QVERIFY(after.tensors[3] == sent.tensors[2]);
}

void tst_NextModel::answersAreChecked()
{
    const auto scaffold = plan("scaffold");
    const Dense zeros(randomSize());
    QVERIFY(writeSafetensors(paths().model(0), modelOf(zeros, DType::F64)));
    auto control = zeros;
    control[0] = 7; // counts in no norm
    auto model = zeros;
    model[5] = 2;
    QCOMPARE(*checkAnswer(scaffold, paths(), 1, readerOf(answer(model, control))), 2.0);
    control[3] = std::nan("");
    const auto refused = checkAnswer(scaffold, paths(), 1, readerOf(answer(model, control)));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.find("control/conv.weight") != std::string::npos);
    QVERIFY(!checkAnswer(scaffold, paths(), 1, readerOf(modelOf(model, DType::F64))));
    auto delta = plan("fedavg");
    delta.federation.updates.content = "delta";
    QVERIFY(writeSafetensors(paths().model(0), modelOf(Dense(randomSize(), 3), DType::F64)));
    QCOMPARE(*checkAnswer(delta, paths(), 1, readerOf(modelOf(model, DType::F64))), 2.0);
}

QTEST_APPLESS_MAIN(tst_NextModel)
#include "tst_next_model.moc"
