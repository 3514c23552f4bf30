// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

#include <algorithm>
#include <cmath>

namespace consilium::federation::strategies {

namespace {

/// FedBuff (Nguyen et al. 2022, algorithm 1, with its scaling by staleness): w + eta / K sum_k s(tau_k)
/// delta_k over the K updates of the buffer, each the change from the model that its own training began with, tau_k
/// rounds before this one; s(tau) = (1 + tau)^-a, a 0.5.
class FedBuff : public Strategy
{
public:
    explicit FedBuff(const Plan::Strategy &plan) : m_exponent(plan.staleness) {}
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        auto weights = equalWeights(contributions);
        if (!weights)
            return weights;
        for (std::size_t i = 0; i < contributions.size(); ++i)
            (*weights)[i] *= std::pow(1.0 + std::max(contributions[i].staleness, 0), -m_exponent);
        return weights;
    }

private:
    double m_exponent;
};

} // namespace

std::unique_ptr<Strategy> fedBuff(const Plan::Strategy &plan)
{
    return std::make_unique<FedBuff>(plan);
}

} // namespace consilium::federation::strategies
