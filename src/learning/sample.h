// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace consilium::learning {

using Extent = std::array<std::int64_t, 3>; ///< z, y, x

/// A landmark in a picture.
struct SamplePoint
{
    double x = 0, y = 0;  ///< in pixels; 0, 0 is the centre of the first
    bool visible = false; ///< whether the picture shows it: what it does not show teaches nothing
};

/// One preprocessed case in memory, as the network wants it: normalised channels on one grid.
struct Sample
{
    std::string id;
    Extent size{}; ///< z, y, x; for a 2D network z slices are samples of their own; a radiograph has one
    int channels = 1;
    std::vector<float> image;         ///< C, Z, Y, X
    std::vector<std::uint8_t> labels; ///< Z, Y, X; empty when the case has none
    std::vector<SamplePoint> points;  ///< one for each landmark of the plan; empty when the case has none

    std::int64_t voxels() const { return size[0] * size[1] * size[2]; }
};

} // namespace consilium::learning
