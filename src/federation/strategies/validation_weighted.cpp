// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/strategies.h"

#include <cmath>

namespace consilium::federation::strategies {

namespace {

/// Each site's weight is its latest validation score over the sum of all, as the multi-centre studies of prostate
/// segmentation average: a site whose model does well counts for more than one with more cases. Scores are 0 to 1; all
/// 0, as before the first evaluation: equal weights.
class ValidationWeighted : public Strategy
{
public:
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        double total = 0;
        for (const auto &contribution : contributions) {
            if (!std::isfinite(contribution.score) || contribution.score < 0)
                return fail(ErrorCode::Invalid, "The validation score of site '{}' is {}, not 0 to 1",
                            contribution.site, contribution.score);
            total += contribution.score;
        }
        if (total <= 0)
            return equalWeights(contributions);
        std::vector<double> weights;
        for (const auto &contribution : contributions)
            weights.push_back(contribution.score / total);
        return weights;
    }
};

} // namespace

std::unique_ptr<Strategy> validationWeighted()
{
    return std::make_unique<ValidationWeighted>();
}

} // namespace consilium::federation::strategies
