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

// Each of the following changes every voxel. Errors: Invalid (an image of one value, or with no finite voxel); the
// volume is then unchanged.

/// Subtracts the mean and divides by the standard deviation of intensityMoments: background zeros become the same
/// negative number everywhere. Voxels that are not finite become 0, the mean.
Result<> zscore(Volume &volume);

/// What a calibrated modality (CT) is normalised by: one fixed window and scale for all cases of a study, taken from
/// the voxels of the labelled structures.
struct ForegroundIntensities
{
    double low = 0, high = 0; ///< 0.5 and 99.5 percentile
    double mean = 0, standardDeviation = 1;
};

/// Clips to the window, subtracts the mean and divides by the standard deviation; voxels that are not finite become the
/// mean. Source: Isensee et al., nnU-Net, Nat. Methods 18, 2021 (CT normalisation).
Result<> normaliseByForeground(Volume &volume, const ForegroundIntensities &intensities);

/// The 0.5 percentile of the finite voxels becomes 0, the 99.5 percentile 1, and what lies beyond stops there; where
/// the two are one value, smallest and largest take their place. Voxels that are not finite become 0.
Result<> rescaleToUnit(Volume &volume);

} // namespace consilium::imaging
