// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

namespace consilium::federation::strategies {

namespace {

/// FedNova (Wang et al. 2020): w + eta tau_eff sum_i p_i d_i, where d_i is site i's change divided by ||a_i||_1, the
/// plain gradient steps that its training amounts to, and tau_eff = sum_i p_i ||a_i||_1 as the paper finds it for
/// averaging itself. p_i: the share of the training cases, the paper's and the default. Where all sites did the same
/// steps it is FedAvg.
class FedNova : public Strategy
{
public:
    explicit FedNova(const Plan::Strategy &plan) : m_weights(plan.weights) {}
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        auto weights = meanWeights(contributions, m_weights);
        if (!weights)
            return weights;
        const auto stepsOf = [](const Contribution &of) {
            return of.normalisedSteps > 0 ? of.normalisedSteps : of.steps;
        };
        double effective = 0;
        for (std::size_t i = 0; i < contributions.size(); ++i) {
            if (!(stepsOf(contributions[i]) > 0))
                return fail(ErrorCode::Invalid, "The update of site '{}' does not say how many steps it took",
                            contributions[i].site);
            effective += (*weights)[i] * stepsOf(contributions[i]);
        }
        for (std::size_t i = 0; i < contributions.size(); ++i)
            (*weights)[i] *= effective / stepsOf(contributions[i]);
        return weights;
    }

private:
    std::string m_weights;
};

} // namespace

std::unique_ptr<Strategy> fedNova(const Plan::Strategy &plan)
{
    return std::make_unique<FedNova>(plan);
}

} // namespace consilium::federation::strategies
