// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/paired_comparison.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace consilium::evaluation {

double signTest(std::size_t wins, std::size_t losses)
{
    const double n = static_cast<double>(wins + losses);
    double tail = 0;
    for (std::size_t i = 0; i <= std::min(wins, losses); ++i) {
        const auto k = static_cast<double>(i);
        tail += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::log(2.0));
    }
    return std::min(1.0, 2 * tail);
}

std::optional<Proportion> wilsonInterval(std::size_t successes, std::size_t trials)
{
    if (trials == 0)
        return std::nullopt;
    constexpr double z = 1.959963984540054;
    const double n = static_cast<double>(trials), share = static_cast<double>(successes) / n;
    const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
    return Proportion{share, successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half};
}

SignedRank signedRankTest(std::span<const double> differences)
{
    std::vector<double> kept;
    std::copy_if(differences.begin(), differences.end(), std::back_inserter(kept), [](double d) { return d != 0; });
    std::sort(kept.begin(), kept.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    SignedRank result;
    result.pairs = kept.size();
    // Twice the ranks are whole numbers even where ties share one.
    std::vector<std::size_t> doubledRanks;
    std::size_t doubledPositive = 0, doubledSum = 0;
    for (std::size_t i = 0; i < kept.size();) {
        std::size_t end = i;
        while (end < kept.size() && std::abs(kept[end]) == std::abs(kept[i]))
            ++end;
        for (std::size_t j = i; j < end; ++j) {
            doubledRanks.push_back(i + 1 + end);
            doubledSum += i + 1 + end;
            if (kept[j] > 0)
                doubledPositive += i + 1 + end;
        }
        i = end;
    }
    result.positive = static_cast<double>(doubledPositive) / 2;
    if (kept.empty())
        return result;
    const std::size_t smaller = std::min(doubledPositive, doubledSum - doubledPositive);
    result.exact = kept.size() <= 200;
    if (result.exact) {
        std::vector<double> chance(doubledSum + 1, 0);
        chance[0] = 1;
        std::size_t reached = 0;
        for (const std::size_t rank : doubledRanks) {
            reached += rank;
            for (std::size_t sum = reached + 1; sum-- > 0;)
                chance[sum] = chance[sum] / 2 + (sum >= rank ? chance[sum - rank] / 2 : 0);
        }
        double tail = 0;
        for (std::size_t sum = 0; sum <= smaller; ++sum)
            tail += chance[sum];
        result.p = std::min(1.0, 2 * tail);
        return result;
    }
    double squares = 0;
    for (const std::size_t rank : doubledRanks)
        squares += static_cast<double>(rank) * static_cast<double>(rank) / 4;
    const double away = static_cast<double>(doubledSum) / 4 - static_cast<double>(smaller) / 2;
    const double z = std::max(0.0, away - 0.5) / std::sqrt(squares / 4);
    result.p = std::erfc(z / std::sqrt(2.0));
    return result;
}

} // namespace consilium::evaluation
