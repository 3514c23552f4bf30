// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

#include <algorithm>
#include <numeric>

namespace consilium::federation::strategies {

namespace {

/// Krum and Multi-Krum (Blanchard et al. 2017): a site's score is the sum of the squared distances of its
/// update to the n - f - 2 closest others, where f of the n sites may be hostile; Krum takes the update with the lowest
/// score, Multi-Krum the mean of the m lowest. Of equal scores the first by name. Needs 2 f + 2 < n; m at most
/// n - f - 2. f 1, m 3.
class Krum : public Strategy
{
public:
    explicit Krum(const Plan::Strategy &plan)
        : m_hostile(static_cast<std::size_t>(plan.byzantine)),
          m_selected(plan.kind == "krum" ? 1 : static_cast<std::size_t>(plan.selected))
    {
    }
    bool needsGram() const override { return true; }
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *gram) override
    {
        const auto sites = contributions.size();
        if (sites <= (2 * m_hostile) + 2)
            return failWithHint(ErrorCode::Invalid, "Wait for more sites, or lower federation.strategy.byzantine",
                                "Krum with {} hostile sites needs more than {} updates; there are {}", m_hostile,
                                (2 * m_hostile) + 2, sites);
        const auto closest = sites - m_hostile - 2;
        std::vector<double> scores;
        for (std::size_t i = 0; i < sites; ++i) {
            std::vector<double> distances;
            for (std::size_t j = 0; j < sites; ++j)
                if (j != i)
                    distances.push_back(gram->squaredDistance(i, j));
            std::ranges::sort(distances);
            scores.push_back(std::accumulate(distances.begin(), distances.begin() + static_cast<long>(closest), 0.0));
        }
        std::vector<std::size_t> order(sites);
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(order, {}, [&](std::size_t site) { return scores[site]; });
        const auto selected = std::min(m_selected, closest);
        std::vector<double> weights(sites, 0.0);
        for (std::size_t k = 0; k < selected; ++k)
            weights[order[k]] = 1.0 / static_cast<double>(selected);
        return weights;
    }

private:
    std::size_t m_hostile, m_selected;
};

} // namespace

std::unique_ptr<Strategy> krum(const Plan::Strategy &plan)
{
    return std::make_unique<Krum>(plan);
}

} // namespace consilium::federation::strategies
