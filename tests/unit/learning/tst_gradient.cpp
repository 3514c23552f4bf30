// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/network_parts.h"
#include "learning/training/loss.h"
#include "support/learning_plans.h"

#include <QTest>

#include <cmath>

using namespace consilium;
using namespace consilium::learning;

class tst_Gradient : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void agreesWithFiniteDifferences_data();
    void agreesWithFiniteDifferences();
};

void tst_Gradient::agreesWithFiniteDifferences_data()
{
    QTest::addColumn<QList<int>>("patch");
    QTest::addColumn<QString>("loss");
    QTest::newRow("2D, Dice and cross-entropy") << QList<int>{16, 8} << "dice+ce";
    QTest::newRow("3D, Dice and cross-entropy") << QList<int>{8, 16, 8} << "dice+ce";
    QTest::newRow("3D, Dice") << QList<int>{8, 8, 16} << "dice";
}

void tst_Gradient::agreesWithFiniteDifferences()
{
    QFETCH(QList<int>, patch);
    QFETCH(QString, loss);
    auto plan = test::tinyPlan({3, 4, 4, 5}, {patch.begin(), patch.end()});
    plan.data.labels = {"background", "a", "b"};
    plan.network.deepSupervision = true;
    auto network = Network::create(plan, 11);
    QVERIFY(network);
    auto &parts = network->parts();
    parts.body->to(torch::kDouble);

    torch::manual_seed(3);
    std::vector<std::int64_t> shape{2, 1};
    shape.insert(shape.end(), patch.rbegin(), patch.rend());
    auto labelShape = shape;
    labelShape.erase(labelShape.begin() + 1);
    const auto image = parts.prepared(torch::randn(shape, torch::kDouble));
    const auto labels = torch::randint(0, 3, labelShape, torch::kLong);
    const auto value = [&] { return deepSupervisionLoss(parts.body->heads(image), labels, loss.toStdString()); };

    value().backward();
    constexpr double step = 1e-6;
    for (const auto &item : parts.body->named_parameters()) {
        auto parameter = item.value();
        const auto analytic = parameter.grad();
        QVERIFY2(analytic.defined(), item.key().c_str());
        // A random direction tries every element of the tensor at once.
        const auto direction = torch::randn_like(parameter);
        torch::NoGradGuard frozen;
        const auto kept = parameter.clone();
        parameter.copy_(kept + step * direction);
        const double above = value().item<double>();
        parameter.copy_(kept - step * direction);
        const double below = value().item<double>();
        parameter.copy_(kept);
        const double numeric = (above - below) / (2 * step);
        const double expected = (analytic * direction).sum().item<double>();
        // A leaky ReLU that changes sides within the step leaves an error of the order of the step.
        QVERIFY2(std::abs(numeric - expected) <= 1e-4 * std::max(0.01, std::abs(expected)),
                 qPrintable(QString("%1: %2 by differences, %3 by the network")
                                .arg(item.key().c_str())
                                .arg(numeric, 0, 'g', 10)
                                .arg(expected, 0, 'g', 10)));
    }
}

QTEST_GUILESS_MAIN(tst_Gradient)
#include "tst_gradient.moc"
