// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace consilium::evaluation {

/// How near misses count: not at all, in proportion to the distance between categories, or to its square. Only the
/// first fits categories without an order.
enum class KappaWeights { None, Linear, Quadratic };

struct Kappa
{
    double kappa = 0;         ///< 1 is perfect agreement, 0 what chance alone gives
    double standardError = 0; ///< asymptotic, of the estimate (not under the hypothesis of no agreement)
    double low = 0, high = 0; ///< 95 % confidence interval by the normal distribution, kept within -1 to 1
    double observed = 0;      ///< agreement seen, weighted
    double expected = 0;      ///< agreement by chance, weighted
    std::size_t subjects = 0; ///< that both readers answered
    std::size_t leftOut = 0;  ///< that one of them or both did not
};

/// A category from 0, or nothing where the reader gave no answer.
using Category = std::optional<int>;

/// Agreement of two readers over the same subjects in the same order; subjects that one did not answer are left out and
/// counted. Errors: Invalid (lengths differ, a category outside 0 to `categories` - 1, no subject left); Unavailable
/// (chance alone explains all agreement, as when both use one category throughout: kappa is not defined).
/// Sources: Cohen, Educational and Psychological Measurement 20, 1960; Cohen, Psychological Bulletin 70, 1968
/// (weights); Fleiss, Cohen and Everitt, Psychological Bulletin 72, 1969 (standard errors).
Result<Kappa> cohenKappa(std::span<const Category> first, std::span<const Category> second, int categories,
                         KappaWeights weights = KappaWeights::None);

/// As above from a square table of counts (row: first reader, column: second) and any weights of agreement, 1 on the
/// diagonal and at most 1 elsewhere. `leftOut` is 0.
Result<Kappa> kappaOfTable(const std::vector<std::vector<double>> &counts,
                           const std::vector<std::vector<double>> &weights);

struct FleissKappa
{
    double kappa = 0;
    double observed = 0, expected = 0;
    /// Under the hypothesis of no agreement (Fleiss, Nee and Landis, Psychological Bulletin 86, 1979); nothing when
    /// subjects have different numbers of answers.
    std::optional<double> nullStandardError;
    std::size_t subjects = 0;       ///< with at least two answers
    std::size_t leftOut = 0;        ///< with fewer
    std::size_t missingAnswers = 0; ///< of the subjects that count: each counts with the pairs of readers who answered
};

/// Agreement of several readers. `answers` is one row a subject, one category a reader; all rows have the same length.
/// Errors: Invalid, Unavailable as for cohenKappa. Source: Fleiss, Psychological Bulletin 76, 1971.
Result<FleissKappa> fleissKappa(std::span<const std::vector<Category>> answers, int categories);

/// The same from counts: one row a subject, how many readers chose each category.
Result<FleissKappa> fleissKappaOfCounts(std::span<const std::vector<int>> counts);

/// One coefficient with its 95 % confidence interval.
struct IntraclassCorrelation
{
    double value = 0, low = 0, high = 0;
};

/// The six of Shrout and Fleiss. Single: reliability of one reader's number; average: of the mean over the k readers.
struct IntraclassCorrelations
{
    IntraclassCorrelation oneWay, oneWayAverage;           ///< ICC(1,1), ICC(1,k): other readers for each subject
    IntraclassCorrelation agreement, agreementAverage;     ///< ICC(2,1), ICC(2,k): readers are a sample; offsets count
    IntraclassCorrelation consistency, consistencyAverage; ///< ICC(3,1), ICC(3,k): these readers; offsets do not count
    std::size_t subjects = 0, readers = 0;
    std::size_t leftOut = 0; ///< subjects that a reader gave no number: the analysis of variance needs whole rows
};

/// `values` is one row a subject, one number a reader; all rows have the same length. Errors: Invalid (fewer than two
/// readers, rows of different length, fewer than two whole rows, a number that is not finite); Unavailable (all numbers
/// are the same). Sources: Shrout and Fleiss, Psychological Bulletin 86, 1979; McGraw and Wong, Psychological Methods
/// 1, 1996 (interval of ICC(2,1), with Satterthwaite's degrees of freedom).
Result<IntraclassCorrelations> intraclassCorrelations(std::span<const std::vector<std::optional<double>>> values);

} // namespace consilium::evaluation
