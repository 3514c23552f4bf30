// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

namespace consilium::federation::strategies {

namespace {

/// Federated averaging (McMahan et al. 2017, algorithm 1): w + eta sum_k (n_k / n) (w_k - w), with eta = 1 the mean of
/// the models. n_k: training cases, the paper's and the default; or optimiser steps; or 1.
class FedAvg : public Strategy
{
public:
    explicit FedAvg(std::string weights) : m_weights(std::move(weights)) {}
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        return meanWeights(contributions, m_weights);
    }

private:
    std::string m_weights;
};

} // namespace

Result<std::vector<double>> equalWeights(std::span<const Contribution> contributions)
{
    if (contributions.empty())
        return fail(ErrorCode::Invalid, "There is no update to combine");
    return std::vector<double>(contributions.size(), 1.0 / static_cast<double>(contributions.size()));
}

Result<std::vector<double>> meanWeights(std::span<const Contribution> contributions, const std::string &weights)
{
    if (weights == "equal" || contributions.empty())
        return equalWeights(contributions);
    const bool steps = weights == "steps";
    std::vector<double> result;
    double total = 0;
    for (const auto &contribution : contributions) {
        result.push_back(steps ? contribution.steps : static_cast<double>(contribution.samples));
        if (result.back() < 0)
            return fail(ErrorCode::Invalid, "The update of site '{}' names a negative number of {}", contribution.site,
                        steps ? "steps" : "samples");
        total += result.back();
    }
    if (total <= 0)
        return fail(ErrorCode::Invalid, "No update has any {}", steps ? "steps" : "samples");
    for (auto &weight : result)
        weight /= total;
    return result;
}

std::unique_ptr<Strategy> fedAvg(std::string weights)
{
    return std::make_unique<FedAvg>(std::move(weights));
}

} // namespace consilium::federation::strategies
