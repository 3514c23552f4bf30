// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging {

/// A scalar image in patient space. Values as float32, i fastest.
struct Volume
{
    Geometry geometry;
    std::vector<float> values;

    float at(int i, int j, int k) const { return values[static_cast<std::size_t>(geometry.offset(i, j, k))]; }
};

/// A segmentation: one label value (0 background, 255 at most) per voxel, i fastest.
struct LabelMap
{
    Geometry geometry;
    std::vector<std::uint8_t> values;

    std::uint8_t at(int i, int j, int k) const { return values[static_cast<std::size_t>(geometry.offset(i, j, k))]; }
};

/// Smallest and largest value and two percentiles (0.5 and 99.5) of the finite values, for a first window.
struct ValueRange
{
    float minimum = 0, maximum = 0, low = 0, high = 0;
};
ValueRange valueRange(std::span<const float> values);

} // namespace consilium::imaging
