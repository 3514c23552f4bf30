// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace consilium::evaluation {

std::optional<double> mean(std::span<const double> values)
{
    if (values.empty())
        return std::nullopt;
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::optional<double> standardDeviation(std::span<const double> values)
{
    if (values.size() < 2)
        return std::nullopt;
    const double centre = *mean(values);
    double squares = 0;
    for (const double value : values)
        squares += (value - centre) * (value - centre);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::optional<double> median(std::span<const double> values)
{
    return percentile(values, 50);
}

std::optional<double> percentile(std::span<const double> values, double percent)
{
    if (values.empty())
        return std::nullopt;
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    const double rank = static_cast<double>(sorted.size() - 1) * std::clamp(percent, 0.0, 100.0) / 100;
    const auto lower = static_cast<std::size_t>(rank);
    const auto upper = std::min(lower + 1, sorted.size() - 1);
    return sorted[lower] + (sorted[upper] - sorted[lower]) * (rank - static_cast<double>(lower));
}

} // namespace consilium::evaluation
