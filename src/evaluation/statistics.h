// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace consilium::evaluation {

/// Nothing when `values` is empty. Values must be finite, here and below.
std::optional<double> mean(std::span<const double> values);

/// Of a sample (n - 1 in the denominator); nothing with fewer than two values.
std::optional<double> standardDeviation(std::span<const double> values);

/// The middle value, or the mean of the two middle ones.
std::optional<double> median(std::span<const double> values);

/// `percent` from 0 to 100, linear between the order statistics at rank 1 + (n - 1) percent / 100 (definition 7 of
/// Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50, 1996; the default of R and
/// NumPy).
std::optional<double> percentile(std::span<const double> values, double percent);

} // namespace consilium::evaluation
