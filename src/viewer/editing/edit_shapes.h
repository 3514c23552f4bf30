// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_geometry.h"
#include "viewer/editing/voxel_set.h"

#include <span>

namespace consilium::viewer {

/// The slices of a label grid in which a stroke on a canvas is drawn: one, unless the grid is finer than the image.
struct EditSlices
{
    SliceGeometry grid;
    int first = 0, last = -1; ///< none when the place lies outside the grid
};

/// The slice of `labels` nearest to `patient` (LPS mm), and its neighbours whose centres lie within `thicknessMm` / 2,
/// the image's slice spacing, so that no slice of a finer grid is left out. None when `patient` lies more than half a
/// slice (or thickness) outside.
EditSlices slicesAt(const imaging::Geometry &labels, Plane plane, const imaging::Vec3 &patient, double thicknessMm = 0);

/// Voxels whose centres lie within `radiusMm` of the line from `from` to `to` (LPS mm), measured in the slice: what a
/// disc sweeps over, without gaps however far apart the ends are. Circles are circles in mm, whatever the spacing. The
/// radius counts as half a voxel at least, and the voxels under both ends are always in.
VoxelSet discAlong(const EditSlices &slices, const imaging::Vec3 &from, const imaging::Vec3 &to, double radiusMm);

/// As discAlong, for a ball in the whole grid.
VoxelSet ballAlong(const imaging::Geometry &labels, const imaging::Vec3 &from, const imaging::Vec3 &to,
                   double radiusMm);

/// Voxels of the slices whose centres lie inside the closed polygon (LPS mm, projected on the slice): even-odd, so a
/// crossing outline leaves holes. Fewer than three corners hold nothing.
VoxelSet polygonIn(const EditSlices &slices, std::span<const imaging::Vec3> corners);

} // namespace consilium::viewer
