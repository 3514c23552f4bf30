// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace consilium::evaluation {

/// How near an answer counts as found: as a share of the picture's height.
inline constexpr double foundWithin = 0.03;

/// Of the landmarks that a picture of `height` mm shows, the share that was found: 0 to 1. `distances` are those of the
/// answers from the reference, mm, one for each landmark; nothing where there is no answer, which is not found. At 0.5
/// the median error is foundWithin of the height. Nothing without landmarks.
std::optional<double> shareFound(std::span<const std::optional<double>> distances, double height);

/// The mean distance of the answers that there are, mm; nothing without any.
std::optional<double> meanError(std::span<const std::optional<double>> distances);

} // namespace consilium::evaluation
