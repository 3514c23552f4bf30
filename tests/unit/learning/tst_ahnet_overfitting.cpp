// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"
#include "learning/training/trainer.h"
#include "support/learning_plans.h"
#include "support/whole_prediction.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

using namespace consilium;
using namespace consilium::learning;
using test::predict;

namespace {

/// Cases of 64 x 64 x 32 voxels, each with an ellipsoid brighter than the noise about it.
std::vector<Sample> ellipsoids()
{
    const std::vector<std::array<double, 6>> shapes{{24, 35, 16, 18, 22, 9},
                                                    {40, 29, 15, 15, 14, 11},
                                                    {30, 36, 14, 22, 13, 9},
                                                    {33, 30, 18, 20, 20, 8}}; // middles, then half axes
    Random random(12);
    std::vector<Sample> samples;
    for (const auto &[x0, y0, z0, a, b, c] : shapes) {
        auto sample = test::emptySample({32, 64, 64});
        sample.id = "case_" + std::to_string(samples.size());
        for (int voxel = 0; voxel < sample.voxels(); ++voxel) {
            const int x = voxel % 64, y = voxel / 64 % 64, z = voxel / 4096;
            const bool inside = std::pow((x - x0) / a, 2) + std::pow((y - y0) / b, 2) + std::pow((z - z0) / c, 2) <= 1;
            sample.labels[voxel] = inside ? 1 : 0;
            sample.image[voxel] = static_cast<float>(random.normal(inside ? 1 : -0.5, 0.3));
        }
        samples.push_back(std::move(sample));
    }
    return samples;
}

double dice(const std::vector<std::uint8_t> &a, const std::vector<std::uint8_t> &b)
{
    double shared = 0, sizes = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        shared += a[i] && b[i] ? 1 : 0;
        sizes += (a[i] ? 1 : 0) + (b[i] ? 1 : 0);
    }
    return 2 * shared / sizes;
}

} // namespace

class tst_AHNetOverfitting : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void learnsFourCasesByHeart();
};

void tst_AHNetOverfitting::learnsFourCasesByHeart()
{
    auto plan = test::tinyPlan({8}, {64, 64, 32});
    plan.network.kind = "ahnet";
    plan.augmentation.brightness = plan.augmentation.contrast = {1, 1};
    plan.training.batchSize = 2;
    plan.training.optimizer.kind = "adamw";
    plan.training.optimizer.lr = 5e-3;
    auto network = Network::create(plan, 1);
    QVERIFY(network);
    const auto samples = ellipsoids();
    FitOptions options;
    options.steps = options.totalSteps = 100;
    const auto trained = fit(*network, plan, samples, options);
    QVERIFY2(trained, trained ? "" : trained.error().line().c_str());
    double worst = 1;
    for (const auto &sample : samples) {
        const auto prediction = predict(*network, plan, sample);
        QVERIFY(prediction);
        worst = std::min(worst, dice(prediction->labels, sample.labels));
    }
    qInfo("Dice at least %.4f, loss %.3f, %.0f ms a step", worst, trained->loss, 1000 * trained->secondsPerStep);
    QCOMPARE_GE(worst, 0.95);
}

QTEST_GUILESS_MAIN(tst_AHNetOverfitting)
#include "tst_ahnet_overfitting.moc"
