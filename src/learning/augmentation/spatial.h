// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/sample.h"

#include <array>
#include <cstdint>
#include <span>

namespace consilium::learning {

using Matrix = std::array<std::array<double, 3>, 3>; ///< z, y, x
using Point = std::array<double, 3>;                 ///< z, y, x, in voxels; 0 is the centre of the first

inline constexpr Matrix identity{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

/// Turns by `degrees` (about z, y and x) and enlarges the content `scale` times along each axis (z, y, x), in
/// millimetres of a grid of `spacing` (z, y, x).
Matrix turnAndScale(const std::array<double, 3> &degrees, const std::array<double, 3> &scale,
                    const std::array<double, 3> &spacing);

Point operator*(const Matrix &matrix, const Point &point);
/// Of a matrix that has one.
Matrix inverse(const Matrix &matrix);

/// Reverses the order of voxels along axis 0 (z), 1 (y) or 2 (x).
void flip(std::span<float> volume, const Extent &extent, int axis);
void flip(std::span<std::uint8_t> volume, const Extent &extent, int axis);

} // namespace consilium::learning
