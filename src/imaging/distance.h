// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging {

/// Euclidean distance in mm from the centre of each voxel of `geometry` to the centre of the nearest voxel where `set`
/// (one value a voxel) is not 0: exact, 0 in the set, infinity everywhere when the set is empty. Time is linear in the
/// voxels. Source: Felzenszwalb and Huttenlocher, Distance transforms of sampled functions, Theory of Computing 8,
/// 2012.
std::vector<float> distanceTo(std::span<const std::uint8_t> set, const Geometry &geometry);

} // namespace consilium::imaging
