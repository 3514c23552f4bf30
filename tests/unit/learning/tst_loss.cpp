// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/loss.h"

#include <QTest>

#include <cmath>

using namespace consilium::learning;

class tst_Loss : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void diceOfFourVoxelsByHand();
    void everyCaseCountsByItself();
    void absentLabelPredictedAbsentIsPerfect();
    void crossEntropyByHand();
    void tverskyByHand();
    void focalByHand();
    void kindsAreWhatTheySay();
    void deepSupervisionByHand();
    void unevenStrides();
    void distillationByHand();
    void largeLogitsStayFinite();
};

void tst_Loss::diceOfFourVoxelsByHand()
{
    // Foreground probabilities 0.9 0.6 0.2 0.1, truth 1 1 0 0: 2*1.5 / (1.8 + 2) = 0.789474
    const auto p = torch::tensor({0.9, 0.6, 0.2, 0.1});
    const auto probabilities = torch::stack({1 - p, p}).unsqueeze(0);
    const auto labels = torch::tensor({1, 1, 0, 0}, torch::kLong).unsqueeze(0);
    QCOMPARE_LE(std::abs(softDiceLoss(probabilities, labels).item<double>() - (1 - 3.0 / 3.8)), 1e-5);
}

void tst_Loss::everyCaseCountsByItself()
{
    // Case 1 is perfect (Dice 1), case 2 is all wrong (Dice about 0): mean loss 1/2. Pooled over both it would be 1 -
    // 2/3.
    const auto foreground = torch::tensor({{1.0, 0.0, 0.0, 0.0}, {0.0, 0.0, 0.0, 1.0}});
    const auto probabilities = torch::stack({1 - foreground, foreground}, 1);
    const auto labels = torch::tensor({{1, 0, 0, 0}, {1, 0, 0, 0}}, torch::kLong);
    QCOMPARE_LE(std::abs(softDiceLoss(probabilities, labels).item<double>() - 0.5), 1e-4);
}

void tst_Loss::absentLabelPredictedAbsentIsPerfect()
{
    const auto probabilities = torch::stack({torch::ones({1, 8}), torch::zeros({1, 8})}, 1);
    QCOMPARE(softDiceLoss(probabilities, torch::zeros({1, 8}, torch::kLong)).item<double>(), 0.0);
}

void tst_Loss::crossEntropyByHand()
{
    // Logits 0, ln 3: probabilities 1/4 and 3/4. Labels 1 and 0: CE = -(ln 3/4 + ln 1/4) / 2.
    // Dice = 2 * 0.75 / (1.5 + 1) = 0.6.
    const auto logits = torch::tensor({0.0, 0.0, std::log(3.0), std::log(3.0)}).view({1, 2, 1, 2});
    const auto labels = torch::tensor({1, 0}, torch::kLong).view({1, 1, 2});
    const double entropy = -(std::log(0.75) + std::log(0.25)) / 2;
    QCOMPARE_LE(std::abs(segmentationLoss(logits, labels, "dice").item<double>() - 0.4), 1e-5);
    QCOMPARE_LE(std::abs(segmentationLoss(logits, labels, "dice+ce").item<double>() - (0.4 + entropy)), 1e-5);
}

void tst_Loss::tverskyByHand()
{
    // Foreground probabilities 0.9 0.6 0.2 0.1, truth 1 1 0 0: TP 1.5, FP 0.3, FN 0.5, so 1.5 / (1.5 + 0.09 + 0.35).
    const auto p = torch::tensor({0.9, 0.6, 0.2, 0.1});
    const auto probabilities = torch::stack({1 - p, p}).unsqueeze(0);
    const auto labels = torch::tensor({1, 1, 0, 0}, torch::kLong).unsqueeze(0);
    QCOMPARE_LE(std::abs(tverskyLoss(probabilities, labels).item<double>() - (1 - 1.5 / 1.94)), 1e-5);
}

void tst_Loss::focalByHand()
{
    // Probabilities of the true label 1/4 and 3/4: -(9/16 ln 1/4 + 1/16 ln 3/4) / 2.
    const auto logs = torch::log(torch::tensor({0.75, 0.25, 0.25, 0.75})).view({1, 2, 2});
    const auto labels = torch::tensor({{1, 1}}, torch::kLong);
    const double expected = -(9 * std::log(0.25) + std::log(0.75)) / 32;
    QCOMPARE_LE(std::abs(focalLoss(logs, labels).item<double>() - expected), 1e-6);
}

void tst_Loss::kindsAreWhatTheySay()
{
    torch::manual_seed(4);
    const auto logits = torch::randn({2, 3, 4, 4}, torch::kDouble);
    const auto labels = torch::randint(0, 3, {2, 4, 4}, torch::kLong);
    const auto logs = torch::log_softmax(logits.flatten(2), 1);
    const auto flat = labels.flatten(1);
    const double dice = softDiceLoss(logs.exp(), flat).item<double>(), focal = focalLoss(logs, flat).item<double>(),
                 entropy = torch::nn::functional::cross_entropy(logits, labels).item<double>(),
                 tversky = tverskyLoss(logs.exp(), flat).item<double>();
    const std::vector<std::pair<const char *, double>> kinds{{"dice", dice},
                                                             {"dice+ce", dice + entropy},
                                                             {"focal", focal},
                                                             {"dice+focal", dice + focal},
                                                             {"tversky", tversky}};
    for (const auto &[kind, expected] : kinds)
        QVERIFY2(std::abs(segmentationLoss(logits, labels, kind).item<double>() - expected) < 1e-12, kind);
}

void tst_Loss::deepSupervisionByHand()
{
    torch::manual_seed(4);
    const auto fine = torch::randn({2, 3, 4, 8}), middle = torch::randn({2, 3, 2, 4}),
               coarse = torch::randn({2, 3, 1, 2});
    const auto labels = torch::randint(0, 3, {2, 4, 8}, torch::kLong);
    // Every second and every fourth voxel, picked one by one.
    auto half = torch::empty({2, 2, 4}, torch::kLong), quarter = torch::empty({2, 1, 2}, torch::kLong);
    for (int n = 0; n < 2; ++n) {
        for (int y = 0; y < 2; ++y)
            for (int x = 0; x < 4; ++x)
                half[n][y][x] = labels[n][2 * y][2 * x];
        for (int x = 0; x < 2; ++x)
            quarter[n][0][x] = labels[n][0][4 * x];
    }
    const double expected = (4 * segmentationLoss(fine, labels, "dice+ce").item<double>() +
                             2 * segmentationLoss(middle, half, "dice+ce").item<double>() +
                             segmentationLoss(coarse, quarter, "dice+ce").item<double>()) /
                            7;
    QCOMPARE_LE(std::abs(deepSupervisionLoss({fine, middle, coarse}, labels, "dice+ce").item<double>() - expected),
                1e-5);
}

void tst_Loss::unevenStrides()
{
    // A head of 3 x 2 on labels of 3 x 6: every row, every third column.
    torch::manual_seed(4);
    const auto fine = torch::randn({1, 2, 3, 6}), coarse = torch::randn({1, 2, 3, 2});
    const auto labels = torch::tensor({{0, 1, 1, 1, 0, 0}, {1, 0, 0, 0, 1, 1}, {1, 0, 0, 1, 0, 0}}, torch::kLong);
    const auto third = torch::tensor({{0, 1}, {1, 0}, {1, 1}}, torch::kLong);
    const double expected = (2 * segmentationLoss(fine, labels.unsqueeze(0), "dice+ce").item<double>() +
                             segmentationLoss(coarse, third.unsqueeze(0), "dice+ce").item<double>()) /
                            3;
    QCOMPARE_LE(std::abs(deepSupervisionLoss({fine, coarse}, labels.unsqueeze(0), "dice+ce").item<double>() - expected),
                1e-5);
}

void tst_Loss::distillationByHand()
{
    // Temperature 2 makes of the logits (0, 2 ln 3) the odds 1 to 3, of (0, 0) 1 to 1:
    // KL = 3/4 ln (3/4 / 1/2) + 1/4 ln (1/4 / 1/2), times 4. The second distribution is retained as it was.
    const double far = 2 * std::log(3.0);
    const auto earlier = torch::tensor({{0.0, far}, {1.0, -1.0}}), now = torch::tensor({{0.0, 0.0}, {3.0, 1.0}});
    const double divergence = 0.75 * std::log(1.5) + 0.25 * std::log(0.5);
    QCOMPARE_LE(std::abs(distillationLoss(now, earlier, 2).item<double>() - 4 * divergence / 2), 1e-6);
    QCOMPARE_LE(std::abs(distillationLoss(earlier, earlier, 2).item<double>()), 1e-6);
}

void tst_Loss::largeLogitsStayFinite()
{
    auto logits = torch::tensor({500.0f, -500.0f, -500.0f, 500.0f}).view({1, 2, 1, 2}).set_requires_grad(true);
    const auto loss = segmentationLoss(logits, torch::tensor({1, 0}, torch::kLong).view({1, 1, 2}), "dice+ce");
    loss.backward();
    QCOMPARE_LE(std::abs(loss.item<double>() - 1001), 1e-2); // both voxels wrong by 1000, Dice 0
    QVERIFY(logits.grad().isfinite().all().item<bool>());
}

QTEST_GUILESS_MAIN(tst_Loss)
#include "tst_loss.moc"
