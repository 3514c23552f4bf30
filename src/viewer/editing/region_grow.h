// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/image_on_grid.h"
#include "viewer/editing/voxel_set.h"

#include <atomic>

namespace consilium::viewer {

/// What a region may take in.
struct GrowLimits
{
    double low = 0, high = 0;         ///< image values, both ends included
    double maxDistanceMm = 50;        ///< of voxel centres from the seed's
    std::int64_t maxVoxels = 1000000; ///< the nearest ones, counted in steps from the seed

    bool operator==(const GrowLimits &) const = default;
};

struct GrownRegion
{
    VoxelSet voxels;
    std::int64_t count = 0;
    bool limited = false; ///< there was more: the number of voxels or the distance ended it
};

/// The voxels that hang together with `seed` by faces (6-neighbourhood) with values within the limits; none when the
/// seed's own value is not. Time and memory go with the box of the distance. `cancelled`, when it turns true, ends it
/// with what there is.
GrownRegion growRegion(const ImageOnGrid &image, const imaging::Geometry &grid, const imaging::Index3 &seed,
                       const GrowLimits &limits, const std::atomic<bool> *cancelled = nullptr);

/// The piece of a label that `seed` lies in, hanging together by faces, edges or corners as lesions are counted
/// (imaging/components.h); none in the background.
GrownRegion labelPiece(const imaging::LabelMap &labels, const imaging::Index3 &seed);

} // namespace consilium::viewer
