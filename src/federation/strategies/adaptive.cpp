// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

#include <cmath>

namespace consilium::federation::strategies {

namespace {

/// FedAdagrad, FedAdam and FedYogi (Reddi et al. 2021, algorithm 2), where delta is the weighted mean of the changes:
///     m <- beta1 m + (1 - beta1) delta
///     v <- v + delta^2                                      (Adagrad)
///     v <- v - (1 - beta2) delta^2 sign(v - delta^2)        (Yogi)
///     v <- beta2 v + (1 - beta2) delta^2                    (Adam)
///     w <- w + eta m / (sqrt(v) + tau)
/// without correction of the bias, from v = tau^2. beta1 0.9, beta2 0.99, tau 1e-3; Adagrad without momentum, as in the
/// paper's experiments.
class Adaptive : public Strategy
{
public:
    enum class Kind { Adagrad, Adam, Yogi };

    explicit Adaptive(const Plan::Strategy &plan)
        : m_kind(plan.kind == "fedadagrad" ? Kind::Adagrad
                 : plan.kind == "fedadam"  ? Kind::Adam
                                           : Kind::Yogi),
          m_weights(plan.weights), m_beta1(m_kind == Kind::Adagrad ? 0 : plan.betas[0]), m_beta2(plan.betas[1]),
          m_tau(plan.adaptivity)
    {
    }
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        return meanWeights(contributions, m_weights);
    }
    std::vector<MemorySlot> memory() const override
    {
        std::vector<MemorySlot> slots{{"variance", m_tau * m_tau}};
        if (m_kind != Kind::Adagrad)
            slots.push_back({"momentum", 0});
        return slots;
    }
    void step(std::span<double> change, std::span<const std::span<double>> memory, double learningRate) const override
    {
        const auto variance = memory[0];
        for (std::size_t i = 0; i < change.size(); ++i) {
            const double square = change[i] * change[i];
            auto &v = variance[i];
            if (m_kind == Kind::Adagrad)
                v += square;
            else if (m_kind == Kind::Adam)
                v = (m_beta2 * v) + ((1 - m_beta2) * square);
            else if (v != square)
                v -= (1 - m_beta2) * (v > square ? square : -square);
            double m = change[i];
            if (m_kind != Kind::Adagrad) {
                m = (m_beta1 * memory[1][i]) + ((1 - m_beta1) * m);
                memory[1][i] = m;
            }
            change[i] = learningRate * m / (std::sqrt(v) + m_tau);
        }
    }

private:
    Kind m_kind;
    std::string m_weights;
    double m_beta1, m_beta2, m_tau;
};

} // namespace

std::unique_ptr<Strategy> adaptive(const Plan::Strategy &plan)
{
    return std::make_unique<Adaptive>(plan);
}

} // namespace consilium::federation::strategies
