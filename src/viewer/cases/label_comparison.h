// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <span>

namespace consilium::viewer {

/// Values of a difference map.
constexpr int kFound = 1, kInvented = 2, kMissed = 3;

struct LabelDifference
{
    imaging::LabelMap map; ///< on the reference's grid: 0, kFound, kInvented, kMissed
    double foundMillilitres = 0, inventedMillilitres = 0, missedMillilitres = 0;
};

/// Where a model agrees with the reference. Found: the same label; invented: a label where the reference has none, or
/// another; missed: none where the reference has one. A model on another grid is placed by patient position.
LabelDifference labelDifference(const imaging::LabelMap &model, const imaging::LabelMap &reference);

/// The label that more than half of the maps give each voxel, 0 where none does; on the first map's grid. At least one.
imaging::LabelMap majority(std::span<const imaging::LabelMap *const> maps);

} // namespace consilium::viewer
