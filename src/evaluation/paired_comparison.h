// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace consilium::evaluation {

/// Two-sided exact p value of the sign test: how likely a split at least as uneven as `wins` to `losses` is when each
/// side has an even chance. Ties are left out by the caller. 1 without any. Source: Dixon and Mood, Journal of the
/// American Statistical Association 41, 1946.
double signTest(std::size_t wins, std::size_t losses);

/// A share with its 95 % interval, all within 0 to 1.
struct Proportion
{
    double share = 0, low = 0, high = 0;
};

/// `successes` of `trials` with Wilson's score interval (Journal of the American Statistical Association 22, 1927).
/// Nothing without trials; `successes` at most `trials`.
std::optional<Proportion> wilsonInterval(std::size_t successes, std::size_t trials);

struct SignedRank
{
    std::size_t pairs = 0; ///< with a difference
    double positive = 0;   ///< W+: sum of the ranks of positive differences, equal sizes share the mean rank
    double p = 1;          ///< two-sided
    bool exact = true;     ///< over all 2^pairs signs, given the ranks; above 200 pairs by the normal distribution
};

/// Wilcoxon's signed-rank test that paired differences are symmetric about 0; zeros are left out. Values must be
/// finite. Source: Wilcoxon, Biometrics Bulletin 1, 1945; Pratt and Gibbons, Concepts of Nonparametric Theory, 1981
/// (ties).
SignedRank signedRankTest(std::span<const double> differences);

} // namespace consilium::evaluation
