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

/// How many of the milestones lie within the first `rounds` rounds.
int roundsPassed(const std::vector<int> &milestones, int rounds)
{
    return static_cast<int>(std::ranges::count_if(milestones, [rounds](int round) { return round <= rounds; }));
}

} // namespace

double learningRate(const Plan::Training &training, int step, const StudySteps &steps, std::span<const double> scores)
{
    const auto &schedule = training.schedule;
    const double lr = training.optimizer.lr;
    const int perEpoch = std::max(1, steps.perEpoch);
    const double done = std::clamp(static_cast<double>(step) / std::max(1, steps.total), 0.0, 1.0);
    if (schedule.kind == "poly")
        return lr * std::pow(1 - done, schedule.power);
    if (schedule.kind == "cosine")
        return lr * (1 + std::cos(std::numbers::pi * done)) / 2;
    if (schedule.kind == "step")
        return lr * std::pow(schedule.factor, step / perEpoch / schedule.epochs);
    if (schedule.kind == "rounds")
        return lr *
               std::pow(schedule.factor, roundsPassed(schedule.milestones, step / perEpoch / training.epochsPerRound));
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
