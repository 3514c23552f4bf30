// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <optional>

namespace consilium::imaging {

/// The volume on another grid by the cubic B-spline through its voxels, mirrored at the borders: sharper than linear,
/// with an overshoot of a few percent at edges. Up to half a voxel beyond the outermost centres the border goes on;
/// farther out stands `outside`, or the smallest finite value. Where the eight voxels around a point are equal, their
/// value stands, so the background of a brain cut out stays exactly 0. Voxels that are not finite count as the smallest
/// that is. Source: Unser, Splines: a perfect fit for signal and image processing, IEEE Signal Process. Mag. 16, 1999.
Volume resampleBSpline(const Volume &volume, const Geometry &target, std::optional<float> outside = std::nullopt);

} // namespace consilium::imaging
