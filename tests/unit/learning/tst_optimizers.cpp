// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "learning/training/optimizers.h"
#include "parity/parity.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace consilium;
using consilium::learning::clipGradients;
using consilium::learning::Optimizer;

namespace {

constexpr int steps = 4;

} // namespace

class tst_Optimizers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_python = test::pythonWith("torch"); }
    void sameAsPyTorch_data();
    void sameAsPyTorch();
    void clippingByHand();
    void memoryRestores_data();
    void memoryRestores();

private:
    QString m_python;
};

void tst_Optimizers::sameAsPyTorch_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<double>("momentum");
    QTest::addColumn<bool>("nesterov");
    QTest::addColumn<double>("decay");
    QTest::addColumn<double>("clip");
    QTest::newRow("SGD") << "sgd" << 0.0 << false << 0.0 << 0.0;
    QTest::newRow("SGD, momentum, decay") << "sgd" << 0.9 << false << 3e-5 << 0.0;
    QTest::newRow("SGD, Nesterov, decay, clipping") << "sgd" << 0.99 << true << 3e-5 << 1.5;
    QTest::newRow("Adam") << "adam" << 0.0 << false << 0.0 << 0.0;
    QTest::newRow("Adam, decay, clipping") << "adam" << 0.0 << false << 1e-2 << 1.5;
    QTest::newRow("AdamW, decay, clipping") << "adamw" << 0.0 << false << 1e-2 << 1.5;
}

void tst_Optimizers::sameAsPyTorch()
{
    QFETCH(QString, kind);
    QFETCH(double, momentum);
    QFETCH(bool, nesterov);
    QFETCH(double, decay);
    QFETCH(double, clip);
    if (m_python.isEmpty())
        QSKIP("Python's torch is not installed");
    const Plan::Optimizer rule{kind.toStdString(), 0.01, momentum, nesterov, {0.85, 0.99}, decay};
    const std::vector rates{0.01, 0.008, 0.02, 0.001};

    torch::manual_seed(5);
    std::vector<torch::Tensor> weights{torch::randn({3, 2, 3, 3, 3}).contiguous(torch::MemoryFormat::ChannelsLast3d),
                                       torch::randn({7}), torch::randn({})};
    std::vector<std::vector<torch::Tensor>> gradients(steps);
    ModelState given;
    for (std::size_t k = 0; k < weights.size(); ++k) {
        given.tensors.push_back(test::ownTensor("weight." + std::to_string(k), weights[k]));
        weights[k].set_requires_grad(true);
    }
    for (int step = 0; step < steps; ++step)
        for (std::size_t k = 0; k < weights.size(); ++k) {
            gradients[step].push_back(torch::randn_like(weights[k]));
            given.tensors.push_back(test::ownTensor(fmt::format("gradient.{}.{}", step, k), gradients[step][k]));
        }
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    QVERIFY(writeSafetensors(path / "given.safetensors", given));
    QVERIFY(writeJson(path / "rule.json", {{"kind", rule.kind},
                                           {"lr", rule.lr},
                                           {"momentum", rule.momentum},
                                           {"nesterov", rule.nesterov},
                                           {"betas", rule.betas},
                                           {"weightDecay", rule.weightDecay},
                                           {"clip", clip},
                                           {"rates", rates}}));
    const auto theirs = test::referenceOf(m_python, "optimizer_reference.py", path);
    QVERIFY2(theirs, theirs ? "" : theirs.error().message.c_str());

    Optimizer optimizer(rule, weights);
    for (int step = 0; step < steps; ++step) {
        for (std::size_t k = 0; k < weights.size(); ++k)
            weights[k].mutable_grad() = gradients[step][k].clone();
        clipGradients(weights, clip);
        optimizer.step(rates[step]);
        for (std::size_t k = 0; k < weights.size(); ++k) {
            const auto *reference = theirs->find(fmt::format("weight.{}.{}", step, k));
            QCOMPARE_LE(test::difference(weights[k], reference), 1e-6);
        }
    }
}

void tst_Optimizers::clippingByHand()
{
    // Norm of (3, 4) and (12) together: 13.
    std::vector<torch::Tensor> weights{torch::zeros(2), torch::zeros(1), torch::zeros(5)};
    const auto gradients = [&] {
        weights[0].mutable_grad() = torch::tensor({3.0f, 4.0f});
        weights[1].mutable_grad() = torch::tensor({12.0f});
    };
    gradients();
    clipGradients(weights, 6.5);
    QCOMPARE_LE((weights[0].grad() - torch::tensor({1.5f, 2.0f})).abs().max().item<double>(), 1e-6);
    QCOMPARE_LE(std::abs(weights[1].grad().item<double>() - 6), 1e-5);
    for (const double largest : {0.0, 20.0}) {
        gradients();
        clipGradients(weights, largest);
        QCOMPARE(weights[1].grad().item<double>(), 12.0);
    }
}

void tst_Optimizers::memoryRestores_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("SGD") << "sgd";
    QTest::newRow("Adam") << "adam";
    QTest::newRow("AdamW") << "adamw";
}

void tst_Optimizers::memoryRestores()
{
    QFETCH(QString, kind);
    const Plan::Optimizer rule{kind.toStdString(), 0.01, 0.9, true, {0.9, 0.999}, 1e-2};
    torch::manual_seed(6);
    const auto gradient = torch::randn(9);
    auto weight = torch::randn(9), other = weight.clone();
    const auto step = [&](Optimizer &optimizer, torch::Tensor &of) {
        of.mutable_grad() = gradient.clone();
        optimizer.step(0.05);
    };
    Optimizer whole(rule, {weight}), first(rule, {other});
    for (int i = 0; i < 5; ++i)
        step(whole, weight);
    for (int i = 0; i < 2; ++i)
        step(first, other);
    Optimizer second(rule, {other});
    for (std::size_t i = 0; i < first.memory().size(); ++i) {
        QVERIFY(first.memory()[i].first == second.memory()[i].first);
        auto target = second.memory()[i].second;
        target.copy_(first.memory()[i].second);
    }
    second.resumeAfter(2);
    for (int i = 0; i < 3; ++i)
        step(second, other);
    QVERIFY(torch::equal(weight, other));
}

QTEST_GUILESS_MAIN(tst_Optimizers)
#include "tst_optimizers.moc"
