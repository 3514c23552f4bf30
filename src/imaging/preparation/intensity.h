// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/normalise.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging {

/// The percentile (0 to 100) of the finite values, linear between the two nearest ranks, as numpy computes it; 0 when
/// there is none.
double percentile(std::span<const float> values, double percent);

/// Clips every finite voxel to two percentiles of the finite voxels, of those that are not 0 when `nonZero`.
void clipPercentiles(Volume &volume, double low = 0.5, double high = 99.5, bool nonZero = false);

/// Up to `count` intensities drawn with replacement from the voxels with a label (all of them when there are fewer):
/// enough of each case for the study's percentiles. Both on one grid.
std::vector<float> drawForeground(const Volume &image, const LabelMap &labels, std::size_t count, std::uint64_t seed);

/// Of the intensities drawn in all cases. Errors: Invalid (none, or all the same).
Result<ForegroundIntensities> foregroundIntensities(std::span<const float> drawn);

} // namespace consilium::imaging
