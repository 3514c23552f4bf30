// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace consilium::learning {

namespace {

/// How often validation has stood still for `epochs` epochs; after each time the count begins again.
int plateaus(std::span<const double> scores, int epochs)
{
    double best = -std::numeric_limits<double>::infinity();
    int still = 0, count = 0;
    for (const auto score : scores) {
        still = score > best ? 0 : still + 1;
        best = std::max(best, score);
        if (still == epochs) {
            ++count;
            still = 0;
        }
    }
    return count;
}

} // namespace

double learningRate(const Plan::Training &training, int step, int totalSteps, std::span<const double> scores)
{
    const auto &schedule = training.schedule;
    const double lr = training.optimizer.lr;
    const double done = std::clamp(static_cast<double>(step) / std::max(1, totalSteps), 0.0, 1.0);
    if (schedule.kind == "poly")
        return lr * std::pow(1 - done, schedule.power);
    if (schedule.kind == "cosine")
        return lr * (1 + std::cos(std::numbers::pi * done)) / 2;
    if (schedule.kind == "step")
        return lr * std::pow(schedule.factor, step / training.batchesPerEpoch / schedule.epochs);
    if (schedule.kind == "plateau")
        return lr * std::pow(schedule.factor, plateaus(scores, schedule.epochs));
    return lr;
}

int bestEpoch(std::span<const double> scores)
{
    if (scores.empty())
        return 0;
    return static_cast<int>(std::max_element(scores.begin(), scores.end()) - scores.begin()) + 1;
}

bool patienceIsOver(std::span<const double> scores, int patience)
{
    return patience > 0 && static_cast<int>(scores.size()) - bestEpoch(scores) >= patience;
}

} // namespace consilium::learning
