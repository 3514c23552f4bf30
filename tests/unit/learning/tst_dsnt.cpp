// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/dsnt.h"
#include "learning/training/landmark_loss.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace consilium::learning;

namespace {

const auto asDouble = torch::TensorOptions().dtype(torch::kDouble);

torch::Tensor target(double x, double y)
{
    return torch::tensor({x, y}, asDouble).view({1, 1, 2});
}

torch::Tensor visible(std::int64_t landmarks = 1)
{
    return torch::ones({1, landmarks}, asDouble);
}

} // namespace

class tst_Dsnt : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void meanOfThePapersExample();
    void pixelsOfPicturesThatAreNotSquare();
    void softmaxOfEachMapAddsUpToOne();
    void lossWorkedByHand();
    void lossOfTheTargetsOwnGaussianIsNothing();
    void divergenceIsAtMostLogTwo();
    void invisibleLandmarksCountForNothing();
    void withNothingVisibleLossAndGradientAreZero();
    void pointsOutsideThePictureAreSafe();
    void stacksAddUp();
    void gradientAgreesWithFiniteDifferences();
};

void tst_Dsnt::meanOfThePapersExample() // Nibali et al. 2018, figure of the DSNT layer: 5 x 5, coordinates (0.4, 0)
{
    auto map = torch::zeros({1, 1, 5, 5}, asDouble);
    for (const auto &[row, column, weight] :
         {std::tuple{1, 3, 0.1}, {2, 2, 0.1}, {2, 3, 0.6}, {2, 4, 0.1}, {3, 3, 0.1}})
        map[0][0][row][column] = weight;
    const auto mean = dsnt(map);
    QCOMPARE_LE((mean - target(0.4, 0)).abs().max().item<double>(), 1e-12);
    // Along each axis two tenths lie 0.4 away.
    const auto variance = dsntVariance(map, mean);
    QCOMPARE_LE((variance - target(0.032, 0.032)).abs().max().item<double>(), 1e-12);
}

void tst_Dsnt::pixelsOfPicturesThatAreNotSquare() // pixel i of n lies at (2 i + 1) / n - 1
{
    auto map = torch::zeros({1, 2, 3, 4}, asDouble);
    map[0][0][0][2] = 1;
    map[0][1][2][0] = 1;
    const auto mean = dsnt(map);
    QCOMPARE_LE((mean[0][0] - torch::tensor({0.25, -2.0 / 3}, asDouble)).abs().max().item<double>(), 1e-12);
    QCOMPARE_LE((mean[0][1] - torch::tensor({-0.75, 2.0 / 3}, asDouble)).abs().max().item<double>(), 1e-12);
    QCOMPARE_LE(dsntVariance(map, mean).abs().max().item<double>(), 1e-12);
}

void tst_Dsnt::softmaxOfEachMapAddsUpToOne()
{
    const auto flat = flatSoftmax(torch::zeros({1, 1, 4, 8}));
    QCOMPARE_LE((flat - 1.0 / 32).abs().max().item<double>(), 1e-7);
    const auto large = flatSoftmax(torch::randn({2, 3, 5, 7}) * 1000); // would overflow without the largest taken off
    QCOMPARE_LE((large.sum({2, 3}) - 1).abs().max().item<double>(), 1e-5);
}

void tst_Dsnt::lossWorkedByHand()
{
    // A map of two pixels side by side, one half each; the target is the middle of the first, at x = -1/2. The mean is
    // 0: the distance is 1/2. The Gaussian has 1 : exp(-1/2), 0.622459 and 0.377541; the mean of both is 0.561230 and
    // 0.438770. KL(half || mean) = 0.0075544, KL(Gaussian || mean) = 0.0077120, JS = 0.0076332.
    const auto loss = landmarkLoss({torch::zeros({1, 1, 1, 2}, asDouble)}, target(-0.5, 0), visible());
    const double first = 1 / (1 + std::exp(-0.5)), second = 1 - first;
    const double mean = (first + 0.5) / 2, other = (second + 0.5) / 2;
    const double fromHalf = 0.5 * std::log(0.5 / mean) + 0.5 * std::log(0.5 / other);
    const double fromGaussian = first * std::log(first / mean) + second * std::log(second / other);
    QCOMPARE_LE(std::abs((fromHalf + fromGaussian) / 2 - 0.0076332), 1e-6);
    QCOMPARE_LE(std::abs(loss.item<double>() - 0.5 - (fromHalf + fromGaussian) / 2), 1e-12);
}

void tst_Dsnt::lossOfTheTargetsOwnGaussianIsNothing()
{
    // Sigma is one pixel of the heatmap along each axis, whatever its extents; in the middle the mean is the target.
    const auto x = torch::arange(24, asDouble) - 11.5, y = torch::arange(17, asDouble) - 8;
    auto logits = (-(y * y).unsqueeze(1) / 2 - (x * x).unsqueeze(0) / 2).view({1, 1, 17, 24}).requires_grad_();
    const auto loss = landmarkLoss({logits}, target(0, 0), visible());
    QCOMPARE_LE(std::abs(loss.item<double>()), 1e-12);
    loss.backward();
    QVERIFY(logits.grad().isfinite().all().item<bool>());
}

void tst_Dsnt::divergenceIsAtMostLogTwo() // Lin 1991: two maps that share nothing
{
    auto logits = torch::full({1, 1, 64, 64}, -1e4, asDouble);
    logits[0][0][32][1] = 0;
    const auto loss = landmarkLoss({logits}, target(61.0 / 64, 1.0 / 64), visible());
    QCOMPARE_LE(std::abs(loss.item<double>() - (61.0 / 64 + 61.0 / 64) - std::log(2)), 1e-6);
}

void tst_Dsnt::invisibleLandmarksCountForNothing()
{
    torch::manual_seed(2);
    auto logits = torch::randn({1, 2, 8, 8}, asDouble).requires_grad_();
    auto points = torch::tensor({0.3, -0.2, 0.0, 0.0}, asDouble).view({1, 2, 2});
    points[0][1].fill_(std::numeric_limits<double>::quiet_NaN());
    const auto loss = landmarkLoss({logits}, points, torch::tensor({{1.0, 0.0}}, asDouble));
    const auto alone = landmarkLoss({logits.narrow(1, 0, 1)}, points.narrow(1, 0, 1), visible());
    QCOMPARE_LE(std::abs(loss.item<double>() - alone.item<double>()), 1e-12);
    loss.backward();
    QCOMPARE(logits.grad()[0][1].abs().max().item<double>(), 0.0);
    QVERIFY(logits.grad().isfinite().all().item<bool>());
}

void tst_Dsnt::withNothingVisibleLossAndGradientAreZero()
{
    auto logits = torch::randn({2, 3, 8, 8}).requires_grad_();
    const auto loss = landmarkLoss({logits, logits}, torch::zeros({2, 3, 2}), torch::zeros({2, 3}));
    QCOMPARE(loss.item<double>(), 0.0);
    loss.backward();
    QCOMPARE(logits.grad().abs().max().item<double>(), 0.0);
}

void tst_Dsnt::pointsOutsideThePictureAreSafe()
{
    for (const double x : {1.05, 1.5, 40.0}) {
        auto logits = torch::randn({1, 1, 16, 16}).requires_grad_();
        const auto loss = landmarkLoss({logits}, target(x, -x).to(torch::kFloat), visible().to(torch::kFloat));
        loss.backward();
        QVERIFY(std::isfinite(loss.item<double>()));
        QVERIFY(logits.grad().isfinite().all().item<bool>());
    }
}

void tst_Dsnt::stacksAddUp()
{
    const auto a = torch::randn({2, 3, 8, 8}, asDouble), b = torch::randn({2, 3, 8, 8}, asDouble);
    const auto points = torch::rand({2, 3, 2}, asDouble) * 2 - 1, all = torch::ones({2, 3}, asDouble);
    const auto both = landmarkLoss({a, b}, points, all).item<double>();
    const auto each = landmarkLoss({a}, points, all).item<double>() + landmarkLoss({b}, points, all).item<double>();
    QCOMPARE_LE(std::abs(both - each), 1e-12);
}

void tst_Dsnt::gradientAgreesWithFiniteDifferences()
{
    torch::manual_seed(4);
    auto logits = torch::randn({2, 3, 7, 9}, asDouble).requires_grad_();
    const auto points = torch::rand({2, 3, 2}, asDouble) * 2 - 1;
    auto weights = torch::ones({2, 3}, asDouble);
    weights[1][2] = 0;
    const auto value = [&](const torch::Tensor &at) { return landmarkLoss({at}, points, weights); };
    value(logits).backward();
    const torch::NoGradGuard frozen;
    constexpr double step = 1e-5;
    for (int k = 0; k < 20; ++k) {
        const auto direction = torch::randn_like(logits);
        const double numeric =
            (value(logits + step * direction) - value(logits - step * direction)).item<double>() / (2 * step);
        const double expected = (logits.grad() * direction).sum().item<double>();
        QCOMPARE_LE(std::abs(numeric - expected), 1e-7 * std::max(1.0, std::abs(expected)));
    }
}

QTEST_GUILESS_MAIN(tst_Dsnt)
#include "tst_dsnt.moc"
