// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <span>

namespace consilium::imaging {

/// A box of voxels, both ends inclusive.
struct VoxelBox
{
    Index3 min{}, max{};

    Index3 size() const { return {max[0] - min[0] + 1, max[1] - min[1] + 1, max[2] - min[2] + 1}; }
    bool operator==(const VoxelBox &) const = default;
};

/// The smallest box that holds every voxel that is not 0 in any of the channels (all on one grid), as nnU-Net crops;
/// the whole grid when all are 0.
VoxelBox nonZeroBox(std::span<const Volume> channels);

/// The voxels of the box, which must lie in the grid; they keep their place in the patient.
Volume cropped(const Volume &volume, const VoxelBox &box);
LabelMap cropped(const LabelMap &labels, const VoxelBox &box);

/// Undoes cropped(): the labels on the grid they were cropped from, 0 outside the box.
LabelMap uncropped(const LabelMap &labels, const VoxelBox &box, const Geometry &original);

} // namespace consilium::imaging
