// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/sample.h"

#include <array>
#include <span>

namespace consilium::learning {

/// Gaussian blur along every axis, `sigma` in voxels and above 0, cut at four sigma; beyond its edges the channel goes
/// on mirrored, edge voxels twice.
void blur(std::span<float> channel, const Extent &extent, double sigma);

/// What a scan `zoom` times as fine (above 0, at most 1) along the axes (z, y, x) chosen would show: sampled down and
/// back up linearly. nnU-Net takes the nearest voxel on the way down, which shifts what is seen by up to half a voxel
/// against labels and landmarks.
void simulateLowResolution(std::span<float> channel, const Extent &extent, double zoom,
                           const std::array<bool, 3> &axes);

} // namespace consilium::learning
