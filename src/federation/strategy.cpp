// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategy.h"

#include "federation/strategies/strategies.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::federation {

double Gram::squaredDistance(std::size_t i, std::size_t j) const
{
    return std::max(0.0, (*this)(i, i) - (2 * (*this)(i, j)) + (*this)(j, j));
}

void Strategy::combine(std::span<const std::span<const double>>, std::span<double> out) const
{
    std::ranges::fill(out, 0.0);
}

void Strategy::step(std::span<double> change, std::span<const std::span<double>>, double learningRate) const
{
    for (auto &value : change)
        value *= learningRate;
}

Result<std::unique_ptr<Strategy>> makeStrategy(const Plan &plan)
{
    const auto &strategy = plan.federation.strategy;
    const auto &kind = strategy.kind;
    // What is particular to fedprox, fedbn and ditto happens at the sites.
    if (kind == "fedavg" || kind == "fedprox" || kind == "fedbn" || kind == "ditto")
        return strategies::fedAvg(strategy.weights);
    // In Karimireddy et al. 2020, algorithm 1, every site counts the same.
    if (kind == "scaffold")
        return strategies::fedAvg("equal");
    if (kind == "fedavgm")
        return strategies::serverMomentum(strategy);
    if (kind == "fedadagrad" || kind == "fedadam" || kind == "fedyogi")
        return strategies::adaptive(strategy);
    if (kind == "fednova")
        return strategies::fedNova(strategy);
    if (kind == "validation-weighted")
        return strategies::validationWeighted();
    if (kind == "median")
        return strategies::median();
    if (kind == "trimmed-mean")
        return strategies::trimmedMean(strategy);
    if (kind == "krum" || kind == "multi-krum")
        return strategies::krum(strategy);
    if (kind == "geometric-median")
        return strategies::geometricMedian(strategy);
    if (kind == "fedbuff")
        return strategies::fedBuff(strategy);
    return fail(ErrorCode::Unsupported, "The strategy '{}' is not one this program has", kind);
}

double serverLearningRate(const Plan &plan, int round)
{
    const auto &strategy = plan.federation.strategy;
    const auto &schedule = strategy.serverSchedule;
    if (schedule.kind == "step")
        return strategy.serverLr * std::pow(schedule.factor, (round - 1) / schedule.rounds);
    if (schedule.kind == "cosine")
        return strategy.serverLr * (1 + std::cos(std::numbers::pi * (round - 1) / plan.federation.rounds)) / 2;
    return strategy.serverLr;
}

} // namespace consilium::federation
