// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

namespace consilium::federation::strategies {

namespace {

/// FedAvgM (Hsu et al. 2019): v <- beta v + delta, w <- w + eta v, where delta is the weighted mean of the
/// changes. beta 0.9.
class ServerMomentum : public Strategy
{
public:
    explicit ServerMomentum(const Plan::Strategy &plan) : m_weights(plan.weights), m_beta(plan.momentum) {}
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        return meanWeights(contributions, m_weights);
    }
    std::vector<MemorySlot> memory() const override { return {{"momentum", 0}}; }
    void step(std::span<double> change, std::span<const std::span<double>> memory, double learningRate) const override
    {
        const auto momentum = memory[0];
        for (std::size_t i = 0; i < change.size(); ++i) {
            momentum[i] = (m_beta * momentum[i]) + change[i];
            change[i] = learningRate * momentum[i];
        }
    }

private:
    std::string m_weights;
    double m_beta;
};

} // namespace

std::unique_ptr<Strategy> serverMomentum(const Plan::Strategy &plan)
{
    return std::make_unique<ServerMomentum>(plan);
}

} // namespace consilium::federation::strategies
