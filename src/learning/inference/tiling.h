// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/sample.h"

#include <cstdint>
#include <vector>

namespace consilium::learning {

/// The tiles along one axis of a case. Those of a volume are all combinations of its axes' tiles, so that a tile's
/// weight at a voxel, and the sum over the tiles there, is the product over the axes: neither needs a volume.
struct AxisTiles
{
    std::int64_t size = 0; ///< of the case, in voxels
    /// First voxels: evenly spread, at most (1 - overlap) of a tile apart, the last tile ending with the case. A case
    /// no larger than a tile has one, and lies in its middle.
    std::vector<std::int64_t> starts;
    /// Per voxel of a tile, above 0 and at most 1: a Gaussian whose standard deviation is an eighth of the tile
    /// (Isensee et al. 2021); 1 throughout where there is a single tile.
    std::vector<float> weights;
    std::vector<float> sums; ///< per voxel of the case, what the weights of the tiles there add up to

    std::int64_t tile() const { return static_cast<std::int64_t>(weights.size()); }
};

/// `size` and `tile` at least 1; `overlap` from 0 to below 1.
AxisTiles tilesAlong(std::int64_t size, std::int64_t tile, double overlap);

} // namespace consilium::learning
