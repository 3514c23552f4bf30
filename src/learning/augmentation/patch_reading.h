// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/augmentation/elastic_field.h"
#include "learning/augmentation/spatial.h"
#include "learning/sample.h"

#include <optional>
#include <span>

namespace consilium::learning {

/// Where a patch's voxels lie in a case: at middle + matrix * (voxel + elastic(voxel) - (extent - 1) / 2), in voxels,
/// order z, y, x, where middle is start + shift + (extent - 1) / 2.
struct Placement
{
    Extent start{}; ///< the first voxel, when nothing else moves it
    Point shift{};
    Matrix matrix = identity;
    std::optional<ElasticField> elastic; ///< made for the extent of the patch
};

/// Reads a patch straight from a case, in one resampling whatever the placement: trilinear for the channels, the label
/// with the largest trilinear share (as interpolating every label by itself), zero outside the case. `image` is C, Z,
/// Y, X and `labels` Z, Y, X of the patch; labels are left alone when the case has none, and not read when
/// `labels` is empty.
void readPatch(const Sample &sample, const Placement &placement, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels);

/// The point of the patch that shows a point of the case.
Point pointInPatch(const Placement &placement, const Extent &patch, const Point &inCase);

} // namespace consilium::learning
