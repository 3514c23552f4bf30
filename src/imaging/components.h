// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <vector>

namespace consilium::imaging {

/// One connected region of a label map.
struct Lesion
{
    int id = 0; ///< 1, 2, ... in order of falling volume
    std::int64_t voxels = 0;
    double millilitres = 0;
    Vec3 centroid{};           ///< LPS mm
    Index3 peak{};             ///< a voxel inside the lesion, nearest to the centroid: where a reader should look
    Index3 boxMin{}, boxMax{}; ///< inclusive voxel bounds
    Vec3 extent{};             ///< mm along the index axes, of whole voxels
    /// Greatest distance in mm between two points of its surface, which passes through the centres of the outer voxels'
    /// faces: a lesion of one voxel of 1 mm measures 1 mm.
    double diameter = 0;
};

/// Connected components (26-neighbourhood) of the voxels with a non-zero label, or with `label` alone when it is given.
/// `ids`, when not null, receives per voxel the lesion's id or 0.
std::vector<Lesion> findLesions(const LabelMap &labels, int label = 0, std::vector<std::int32_t> *ids = nullptr);

/// The voxels of each of those components, where nothing else of them is wanted: of id 1 first, ids as findLesions
/// gives them.
std::vector<std::int64_t> labelRegions(const LabelMap &labels, int label, std::vector<std::int32_t> &ids);

} // namespace consilium::imaging
