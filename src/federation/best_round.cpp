// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/best_round.h"

#include "core/headline_metric.h"

#include <map>

namespace consilium::federation {

std::optional<int> bestRound(std::span<const storage::MetricRow> validation)
{
    struct Sum
    {
        double values = 0, cases = 0;
    };
    std::map<int, Sum> sums;
    for (const auto &metric : validation) {
        if (!isHeadline(metric.name))
            continue;
        sums[metric.round].values += metric.value * metric.support;
        sums[metric.round].cases += metric.support;
    }
    std::optional<int> best;
    double bestMean = 0;
    for (const auto &[round, sum] : sums) {
        const double mean = sum.cases > 0 ? sum.values / sum.cases : 0;
        if (!best || mean > bestMean) {
            best = round;
            bestMean = mean;
        }
    }
    return best;
}

} // namespace consilium::federation
