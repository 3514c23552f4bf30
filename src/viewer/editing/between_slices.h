// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/label_runs.h"
#include "viewer/canvas/slice_geometry.h"
#include "viewer/editing/voxel_set.h"

namespace consilium::viewer {

struct BetweenSlices
{
    VoxelSet voxels;
    int slices = 0; ///< how many got something
};

/// The shape of `label` in the slices of `plane` that lie between two slices where it is drawn and hold none of it:
/// where the signed distances to the two shapes, weighted by nearness, are zero or less. Shapes that do not overlap
/// when laid on each other may have nothing between them. Source: Raya and Udupa, Shape-based interpolation of
/// multidimensional objects, IEEE Trans. Med. Imaging 9, 1990.
BetweenSlices fillBetween(const imaging::LabelRuns &labels, std::uint8_t label, Plane plane);

} // namespace consilium::viewer
