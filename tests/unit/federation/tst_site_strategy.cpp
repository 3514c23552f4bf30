// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "federation/site_strategy.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace consilium;
using namespace consilium::federation;

namespace fs = std::filesystem;

namespace {

Tensor one(const std::string &name, float value)
{
    return Tensor::fromFloats(name, {1}, std::span(&value, 1));
}

float valueOf(const ModelState &model, const std::string &name)
{
    const auto *tensor = model.find(name);
    return tensor ? tensor->floats()[0] : std::nanf("");
}

/// A model of two numbers that are trained, one of them in a layer named as a norm is, and an integer that counts
/// steps.
ModelState model(float weight, float norm)
{
    Tensor count{{"count", DType::I64, {}}, std::vector<std::byte>(8)};
    return {{one("weight", weight), one("norm1.weight", norm), count}, {}};
}

/// Plain gradient steps in double precision on curvature / 2 (w - target)^2, for each of the two numbers.
class QuadraticTrainer : public LocalTrainer
{
public:
    QuadraticTrainer(double curvature, double target, int steps, double lr = 0.1)
        : m_curvature(curvature), m_target(target), m_steps(steps), m_lr(lr)
    {
    }

    int trainingCases() const override { return 5; }

    Result<LocalUpdate> fit(const LocalFit &fit) override
    {
        purposes.push_back(fit.purpose);
        LocalUpdate update{fit.start, 5, 0, m_steps, m_steps * m_lr};
        for (auto &tensor : update.model.tensors) {
            if (tensor.info.dtype != DType::F32) {
                tensor.values[0] = static_cast<std::byte>(m_steps);
                continue;
            }
            const auto &name = tensor.info.name;
            const double anchor = valueOf(fit.anchor ? *fit.anchor : fit.start, name);
            const double correction = fit.correction ? valueOf(*fit.correction, name) : 0;
            double w = tensor.floats()[0];
            for (int step = 0; step < m_steps; ++step)
                w -= m_lr * (m_curvature * (w - m_target) + fit.proximal * (w - anchor) + correction);
            tensor = one(name, static_cast<float>(w));
        }
        for (int step = 1; fit.progress && step <= m_steps; ++step) {
            if (!fit.progress({1, 1, step, m_steps, 0}))
                return fail(ErrorCode::Cancelled, "stopped");
        }
        return update;
    }

    Result<LocalEvaluation> evaluate(const ModelState &state, const std::string &split) override
    {
        if (split != "validation" || validationCases == 0)
            return LocalEvaluation{};
        return LocalEvaluation{validationCases, {{"dice:part", 0.1}, {"dice", double{valueOf(state, "weight")} / 10}}};
    }

    std::vector<std::string> purposes;
    int validationCases = 2;

private:
    double m_curvature, m_target;
    int m_steps;
    double m_lr;
};

Plan planOf(const std::string &kind, double proximal = 0.01)
{
    Plan plan;
    plan.federation.strategy.kind = kind;
    plan.federation.strategy.proximal = proximal;
    plan.training.optimizer = {"sgd", 0.1, 0, false, {0.9, 0.999}, 0};
    return plan;
}

} // namespace

class tst_SiteStrategy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_temporary = std::make_unique<QTemporaryDir>(); }
    void plainKindsKeepNothing();
    void fedProxIsHeldToTheGlobalModel();
    void scaffoldFollowsItsFormulas();
    void scaffoldFindsTheMinimumOfTheMean();
    void fedBnKeepsItsNorms();
    void fedBnNeedsTensorsOfThatName();
    void dittoHasAModelOfItsOwn();
    void validationDecidesTheWeight();
    void nothingIsAppliedTwice_data();
    void nothingIsAppliedTwice();
    void stateDoesNotPileUp();
    void damageIsNamed();
    void stepsOfFedNova();

private:
    fs::path folder(const char *site = "site") const { return m_temporary->filePath(site).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_temporary;
};

void tst_SiteStrategy::plainKindsKeepNothing()
{
    for (const char *kind : {"fedavg", "fedyogi", "krum", "fedprox", "plugin"}) {
        const auto plan = planOf(kind);
        const auto strategy = SiteStrategy::create(plan, folder());
        QuadraticTrainer trainer(1, 2, 3);
        const auto sent = model(1, 4);
        const auto trained = strategy->fit(trainer, sent, 1, {});
        QVERIFY(trained);
        QVERIFY(strategy->keep(1));
        QCOMPARE(trained->update.tensors.size(), 3u);
        QCOMPARE(trained->samples, 5);
        QCOMPARE(trained->steps, 3);
        QVERIFY(!trained->score);
        const auto local = strategy->localModel(sent);
        QVERIFY(local && *local == sent);
        const auto personal = strategy->personalModel(sent);
        QVERIFY(personal && !*personal);
        QVERIFY(!fs::exists(folder()));
    }
}

void tst_SiteStrategy::fedProxIsHeldToTheGlobalModel()
{
    // After many steps: the minimum of 2/2 (w - 3)^2 + 1/2 (w - 1.5)^2, (2 * 3 + 1 * 1.5) / (2 + 1).
    const auto plan = planOf("fedprox", 1);
    QuadraticTrainer trainer(2, 3, 300);
    const auto trained = SiteStrategy::create(plan, folder())->fit(trainer, model(1.5, 0), 1, {});
    QVERIFY(trained);
    QCOMPARE_LE(std::abs(valueOf(trained->update, "weight") - 2.5), 1e-6);
    QCOMPARE_LE(std::abs(valueOf(trained->update, "norm1.weight") - 2.0), 1e-6);
    // Wang et al. 2020: (1 - (1 - eta mu)^tau) / (eta mu)
    QCOMPARE_LE(std::abs(trained->normalisedSteps - (1 - std::pow(0.9, 300)) / 0.1), 1e-9);
}

void tst_SiteStrategy::scaffoldFollowsItsFormulas()
{
    // Algorithm 1 of Karimireddy et al. 2020 with option II, in double precision beside it.
    constexpr double curvature = 1.5, target = 2, lr = 0.1;
    constexpr int steps = 4;
    const auto plan = planOf("scaffold");
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(curvature, target, steps, lr);
    double ci = 0;
    const std::vector<std::pair<double, double>> rounds{{1, 0}, {1.25, 0.5}, {0.5, -0.25}}; // x, c
    for (int round = 1; round <= 3; ++round) {
        const auto [x, c] = rounds[round - 1];
        auto sent = model(static_cast<float>(x), 0);
        if (round > 1) { // the host's are zero before it has any
            sent.tensors.push_back(one("control/weight", static_cast<float>(c)));
            sent.tensors.push_back(one("control/norm1.weight", 0));
        }
        double y = x;
        for (int step = 0; step < steps; ++step)
            y -= lr * (curvature * (y - target) - ci + c);
        const double after = ci - c + (x - y) / (steps * lr);
        const auto trained = strategy->fit(trainer, sent, round, {});
        QVERIFY2(trained, trained ? "" : trained.error().message.c_str());
        QCOMPARE_LE(std::abs(valueOf(trained->update, "weight") - y), 1e-6);
        QCOMPARE_LE(std::abs(valueOf(trained->update, "control/weight") - (after - ci)), 1e-5);
        QCOMPARE(trained->update.tensors.size(), 5u); // the model's three and a control variate of the floats
        QVERIFY(!trained->update.find("control/count"));
        QVERIFY(strategy->keep(round));
        ci = after;
        const auto local = strategy->localModel(sent);
        QVERIFY(local && local->tensors.size() == 3 && !local->find("control/weight"));
    }
    auto odd = model(0, 0);
    odd.tensors.push_back(Tensor::fromFloats("control/weight", {2}, std::vector<float>{1, 2}));
    const auto refused = strategy->fit(trainer, odd, 4, {});
    QVERIFY(!refused && refused.error().code == ErrorCode::Invalid);
    QVERIFY(refused.error().message.find("weight") != std::string::npos);
}

void tst_SiteStrategy::scaffoldFindsTheMinimumOfTheMean()
{
    // Two sites of unlike curvature and many local steps: averaging ends elsewhere than where the mean of the losses is
    // least, (1 * 0 + 4 * 1) / (1 + 4); with control variates it ends there (section 3 and 4 of the paper).
    const std::array targets{0.0, 1.0}, curvatures{1.0, 4.0};
    constexpr double least = 0.8;
    for (const bool corrected : {false, true}) {
        const auto plan = planOf(corrected ? "scaffold" : "fedavg");
        std::array sites{SiteStrategy::create(plan, folder("a")), SiteStrategy::create(plan, folder("b"))};
        double x = 5, c = 0;
        for (int round = 1; round <= 60; ++round) {
            auto sent = model(static_cast<float>(x), 0);
            if (corrected)
                sent.tensors.push_back(one("control/weight", static_cast<float>(c)));
            double nextX = 0, nextC = c;
            for (std::size_t k = 0; k < 2; ++k) {
                QuadraticTrainer trainer(curvatures[k], targets[k], 20);
                const auto trained = sites[k]->fit(trainer, sent, round, {});
                QVERIFY(trained && sites[k]->keep(round));
                nextX += valueOf(trained->update, "weight") / 2;
                if (corrected)
                    nextC += valueOf(trained->update, "control/weight") / 2;
            }
            x = nextX;
            c = nextC;
        }
        if (corrected)
            QCOMPARE_LE(std::abs(x - least), 1e-4);
        else
            QCOMPARE_GE(std::abs(x - least), 0.2);
    }
}

void tst_SiteStrategy::fedBnKeepsItsNorms()
{
    const auto plan = planOf("fedbn");
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(1, 2, 3, 0.5); // three steps go 7/8 of the way
    const auto none = strategy->personalModel(model(0, 0));
    QVERIFY(none && !*none);
    double norm = 10;
    for (int round = 1; round <= 3; ++round) {
        // The host's norms are never trained: a site that trusted them would be back at 10 each time.
        const auto sent = model(static_cast<float>(round), 10);
        const auto before = strategy->localModel(sent);
        QVERIFY(before);
        QCOMPARE_LE(std::abs(valueOf(*before, "norm1.weight") - norm), 1e-6);
        QCOMPARE(valueOf(*before, "weight"), static_cast<float>(round));
        const auto trained = strategy->fit(trainer, sent, round, {});
        QVERIFY(trained && strategy->keep(round));
        QCOMPARE(trained->update.tensors.size(), 2u);
        QVERIFY(!trained->update.find("norm1.weight"));
        QCOMPARE_LE(std::abs(valueOf(trained->update, "weight") - (2 + (round - 2) / 8.0)), 1e-6);
        norm = 2 + (norm - 2) / 8;
    }
    const auto personal = strategy->personalModel(model(7, 10));
    QVERIFY(personal && *personal);
    QCOMPARE_LE(std::abs(valueOf(**personal, "norm1.weight") - norm), 1e-6);
    QCOMPARE(valueOf(**personal, "weight"), 7.0f);
}

void tst_SiteStrategy::fedBnNeedsTensorsOfThatName()
{
    for (const char *pattern : {"*bn*", "*"}) {
        auto plan = planOf("fedbn");
        plan.federation.strategy.keepHome = {pattern};
        QuadraticTrainer trainer(1, 2, 3);
        const auto trained = SiteStrategy::create(plan, folder())->fit(trainer, model(1, 1), 1, {});
        QVERIFY(!trained && trained.error().code == ErrorCode::Invalid);
        QVERIFY(trained.error().message.find("keepHome") != std::string::npos);
        QVERIFY(trainer.purposes.empty());
    }
}

void tst_SiteStrategy::dittoHasAModelOfItsOwn()
{
    const auto plan = planOf("ditto", 2);
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(1, 3, 40);
    std::vector<LocalProgress> told;
    const auto sent = model(0, 0);
    const auto trained = strategy->fit(trainer, sent, 1, [&](const LocalProgress &now) {
        told.push_back(now);
        return true;
    });
    QVERIFY(trained && strategy->keep(1));
    QCOMPARE(trainer.purposes, (std::vector<std::string>{"", "personal"}));
    // The global model trains without the term: 3 (1 - 0.9^40). The personal one ends where 1/2 (v - 3)^2 + 2/2 v^2 is
    // least.
    QCOMPARE_LE(std::abs(valueOf(trained->update, "weight") - 3 * (1 - std::pow(0.9, 40))), 1e-6);
    const auto personal = strategy->personalModel(sent);
    QVERIFY(personal && *personal);
    QCOMPARE_LE(std::abs(valueOf(**personal, "weight") - 1), 1e-5);
    QCOMPARE(trained->steps, 40);
    QCOMPARE(told.size(), 80u);
    QCOMPARE(told.front().steps, 80);
    QCOMPARE(told.back().step, 80);
    QCOMPARE(told.back().epoch, told.back().epochs);
    const auto local = strategy->localModel(sent);
    QVERIFY(local && *local == sent);

    // The second round goes on from the personal model, not from what the host sent.
    QuadraticTrainer oneStep(1, 3, 1);
    QVERIFY(strategy->fit(oneStep, model(4, 0), 2, {}) && strategy->keep(2));
    const auto next = strategy->personalModel(sent);
    QVERIFY(next && *next);
    QCOMPARE_LE(std::abs(valueOf(**next, "weight") - (1 - 0.1 * ((1 - 3) + 2 * (1 - 4)))), 1e-5);
}

void tst_SiteStrategy::validationDecidesTheWeight()
{
    const auto plan = planOf("validation-weighted");
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(1, 5, 300);
    const auto trained = strategy->fit(trainer, model(0, 0), 1, {});
    QVERIFY(trained && trained->score);
    QCOMPARE_LE(std::abs(*trained->score - 0.5), 1e-6); // of the trained model, not of the one that came
    trainer.validationCases = 0;
    const auto without = strategy->fit(trainer, model(0, 0), 2, {});
    QVERIFY(without && !without->score);
}

void tst_SiteStrategy::nothingIsAppliedTwice_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"scaffold", "fedbn", "ditto"})
        QTest::newRow(kind) << kind;
}

void tst_SiteStrategy::nothingIsAppliedTwice()
{
    QFETCH(QString, kind);
    const auto plan = planOf(kind.toStdString(), 0.5);
    QuadraticTrainer trainer(1, 2, 3);
    const auto sent = model(1, 4);
    // A new object each time, as after a kill.
    const auto fitted = [&](const char *site, int round) {
        const auto trained = SiteStrategy::create(plan, folder(site))->fit(trainer, sent, round, {});
        return trained ? trained->update : ModelState{};
    };
    const auto keep = [&](const char *site, int round) {
        return SiteStrategy::create(plan, folder(site))->keep(round).has_value();
    };
    const auto atHome = [&](const char *site) {
        const auto strategy = SiteStrategy::create(plan, folder(site));
        return std::pair(strategy->localModel(sent).value(), strategy->personalModel(sent).value());
    };
    const auto first = fitted("undisturbed", 1);
    QVERIFY(!first.tensors.empty() && keep("undisturbed", 1));
    const auto afterFirst = atHome("undisturbed");
    const auto second = fitted("undisturbed", 2);
    QVERIFY(keep("undisturbed", 2));
    const auto afterSecond = atHome("undisturbed");
    QVERIFY(!(first == second) || !(afterFirst == afterSecond));

    const auto untouched = atHome("site");
    QVERIFY(fitted("site", 1) == first); // killed before the reply was stored
    QVERIFY(atHome("site") == untouched);
    QVERIFY(fitted("site", 1) == first);
    QVERIFY(keep("site", 1)); // killed before keep() could return
    QVERIFY(keep("site", 1));
    QVERIFY(atHome("site") == afterFirst);
    QVERIFY(fitted("site", 1) == first); // the host failed to close the round and asks for it again
    QVERIFY(atHome("site") == afterFirst);
    QVERIFY(keep("site", 1));
    QVERIFY(fitted("site", 2) == second);
    QVERIFY(fitted("site", 2) == second);
    QVERIFY(keep("site", 2));
    QVERIFY(atHome("site") == afterSecond);
    QVERIFY(fitted("site", 2) == second);
    QVERIFY(keep("site", 7)); // of a round that was never trained
    QVERIFY(atHome("site") == afterSecond);
}

void tst_SiteStrategy::stateDoesNotPileUp()
{
    const auto plan = planOf("fedbn");
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(1, 2, 3);
    for (int round = 1; round <= 12; ++round) {
        QVERIFY(strategy->fit(trainer, model(1, 4), round, {}));
        if (round % 5 != 0) // rounds that the host went on without this site
            QVERIFY(strategy->keep(round));
    }
    const auto files = QDir(QString::fromStdString((folder() / "strategy").string())).entryList(QDir::Files);
    QCOMPARE(files, (QStringList{"round-000011.safetensors", "round-000012.safetensors"}));
}

void tst_SiteStrategy::damageIsNamed()
{
    const auto plan = planOf("fedbn");
    const auto strategy = SiteStrategy::create(plan, folder());
    QuadraticTrainer trainer(1, 2, 3);
    QVERIFY(strategy->fit(trainer, model(1, 4), 1, {}) && strategy->keep(1));
    const auto file = folder() / "strategy" / "round-000001.safetensors";
    QVERIFY(fs::exists(file));
    QVERIFY(writeFileAtomically(file, "half"));
    const auto trained = strategy->fit(trainer, model(1, 4), 2, {});
    QVERIFY(!trained && trained.error().code == ErrorCode::Malformed);
    QVERIFY(trained.error().line().find(file.string()) != std::string::npos);
    QVERIFY(trained.error().line().find("Delete") != std::string::npos);
    QVERIFY(strategy->fit(trainer, model(1, 4), 1, {})); // does not need it
}

void tst_SiteStrategy::stepsOfFedNova()
{
    // Wang et al. 2020, section 4.
    const Plan::Optimizer plain{"sgd", 0.1, 0, false, {}, 0}, momentum{"sgd", 0.1, 0.9, false, {}, 0},
        nesterov{"sgd", 0.1, 0.5, true, {}, 0}, adam{"adam", 0.1, 0.9, true, {0.9, 0.999}, 0};
    QCOMPARE(normalisedSteps(plain, 17, 0.1, 0), 17.0);
    QCOMPARE_LE(std::abs(normalisedSteps(momentum, 17, 0.1, 0) - (17 - 0.9 * (1 - std::pow(0.9, 17)) / 0.1) / 0.1),
                1e-9);
    QCOMPARE_LE(std::abs(normalisedSteps(plain, 17, 0.1, 2) - (1 - std::pow(0.8, 17)) / 0.2), 1e-9);
    // Nesterov by hand: velocities 1 and 1.5, steps 1 + 0.5 and 1 + 0.75.
    QCOMPARE_LE(std::abs(normalisedSteps(nesterov, 2, 0.1, 0) - 3.25), 1e-12);
    QCOMPARE(normalisedSteps(adam, 17, 0.1, 0), 17.0);
    QCOMPARE(normalisedSteps(plain, 0, 0, 0), 0.0);
}

QTEST_APPLESS_MAIN(tst_SiteStrategy)
#include "tst_site_strategy.moc"
