// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// The grid with its axes reordered and flipped so that i runs closest to the patient's left, j to the back and k to
/// the head. Every voxel keeps its place in the patient; nothing is interpolated.
Geometry canonicalGeometry(const Geometry &geometry);
Volume toCanonical(const Volume &volume);
LabelMap toCanonical(const LabelMap &labels);

/// Puts a label map on the canonical grid of `original` back in the voxel order of `original`. Its size must be that of
/// canonicalGeometry(original); the result has exactly the geometry `original`.
LabelMap fromCanonical(const LabelMap &labels, const Geometry &original);

} // namespace consilium::imaging
