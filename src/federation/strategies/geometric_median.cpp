// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

#include <algorithm>
#include <cmath>

namespace consilium::federation::strategies {

namespace {

constexpr int iterations = 2000;
constexpr double settled = 1e-12; // largest move of a site's share that is none

/// Geometric median by the smoothed Weiszfeld algorithm (Pillutla et al. 2022, RFA, algorithm 2): from the weighted
/// mean v, beta_i = alpha_i / max(nu, ||v - w_i||) and v = sum beta_i w_i / sum beta_i until v rests. v is always a
/// mean of the updates, so only its shares are kept, and distances come from the Gram matrix: no pass over the updates
/// for an iteration. alpha_i: the share of the training cases, the paper's and the default. nu: `smoothing`, 1e-6,
/// times the median distance of the sites from the first mean.
class GeometricMedian : public Strategy
{
public:
    explicit GeometricMedian(const Plan::Strategy &plan) : m_weights(plan.weights), m_smoothing(plan.smoothing) {}
    bool needsGram() const override { return true; }
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *gram) override
    {
        const auto alpha = meanWeights(contributions, m_weights);
        if (!alpha)
            return alpha;
        auto shares = *alpha;
        auto distances = distancesFrom(shares, *gram);
        auto sorted = distances;
        std::ranges::nth_element(sorted, sorted.begin() + static_cast<long>(sorted.size() / 2));
        const double smallest = m_smoothing * sorted[sorted.size() / 2];
        if (!(smallest > 0)) // at least half of the updates are the mean itself
            return shares;
        for (int iteration = 0; iteration < iterations; ++iteration) {
            double total = 0, moved = 0;
            std::vector<double> next(shares.size());
            for (std::size_t i = 0; i < shares.size(); ++i) {
                next[i] = (*alpha)[i] / std::max(smallest, distances[i]);
                total += next[i];
            }
            for (std::size_t i = 0; i < shares.size(); ++i) {
                next[i] /= total;
                moved = std::max(moved, std::abs(next[i] - shares[i]));
            }
            shares = std::move(next);
            if (moved < settled)
                break;
            distances = distancesFrom(shares, *gram);
        }
        return shares;
    }

private:
    /// ||v - d_i|| for v = sum_j c_j d_j with sum c_j = 1: its square is sum_j c_j D_ij - sum_jk c_j c_k D_jk / 2 in
    /// the squared distances D. Without the large norms that the changes may share, which would cancel.
    static std::vector<double> distancesFrom(const std::vector<double> &shares, const Gram &gram)
    {
        std::vector<double> means(shares.size());
        double spread = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            for (std::size_t j = 0; j < shares.size(); ++j)
                means[i] += shares[j] * gram.squaredDistance(i, j);
            spread += shares[i] * means[i];
        }
        for (auto &mean : means)
            mean = std::sqrt(std::max(0.0, mean - (spread / 2)));
        return means;
    }

    std::string m_weights;
    double m_smoothing;
};

} // namespace

std::unique_ptr<Strategy> geometricMedian(const Plan::Strategy &plan)
{
    return std::make_unique<GeometricMedian>(plan);
}

} // namespace consilium::federation::strategies
