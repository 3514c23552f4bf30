// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// A grid over the same extent and with the same directions, but with voxels of `spacing` (mm): sizes are rounded to
/// the nearest whole number, 1 at least, and the centres of the two grids coincide.
Geometry withSpacing(const Geometry &geometry, const Vec3 &spacing);

/// The volume on another grid, trilinear between voxel centres. Up to half a voxel beyond the outermost centres the
/// border voxel goes on; farther out stands the smallest finite value of the volume (air in CT, nothing in MR).
Volume resample(const Volume &volume, const Geometry &target);

/// The label map on another grid: each voxel takes the label with the largest trilinear weight, the lower one when two
/// weigh the same; 0 outside. Smoother than the nearest neighbour, and never a label that was not there.
LabelMap resampleLabels(const LabelMap &labels, const Geometry &target);

} // namespace consilium::imaging
