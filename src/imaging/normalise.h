// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// Mean and standard deviation (of the population) that zscore uses.
struct IntensityMoments
{
    double mean = 0, standardDeviation = 0;
    std::int64_t voxels = 0; ///< that entered
};

/// Over the finite voxels; over those that are not exactly 0 when more than a quarter is (a brain cut out, a padded
/// image), because that background would otherwise decide.
IntensityMoments intensityMoments(const Volume &volume);

/// Subtracts the mean and divides by the standard deviation of intensityMoments, in every voxel: background zeros
/// become the same negative number everywhere. Voxels that are not finite become 0, the mean. Errors: Invalid (an image
/// of one value, or with no finite voxel); the volume is then unchanged.
Result<> zscore(Volume &volume);

} // namespace consilium::imaging
