// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace consilium::evaluation {

/// Voxel counts of one label in a prediction against a reference on the same grid.
struct Overlap
{
    std::int64_t truePositive = 0, falsePositive = 0, falseNegative = 0;

    /// 2 TP / (2 TP + FP + FN), 0 to 1 (Dice 1945); nothing when neither holds the label.
    std::optional<double> dice() const;
    std::optional<double> sensitivity() const; ///< TP / (TP + FN)
    std::optional<double> precision() const;   ///< TP / (TP + FP)
};

/// `prediction` and `reference` have the same length. With `label` 0 every non-zero label counts as one.
Overlap overlap(std::span<const std::uint8_t> prediction, std::span<const std::uint8_t> reference, int label);

} // namespace consilium::evaluation
