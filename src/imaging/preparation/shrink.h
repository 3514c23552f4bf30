// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// Each voxel is the mean of a block of `factors` voxels, of what there is of it at the far border; voxels that are not
/// finite count as 0. Factors are 1 at least. The grid covers the whole extent.
Volume shrunk(const Volume &volume, const Index3 &factors);

/// The factors that bring every spacing closest to `spacing` (mm) without passing one and a half times it.
Index3 shrinkFactors(const Geometry &geometry, double spacing);

} // namespace consilium::imaging
