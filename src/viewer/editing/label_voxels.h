// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/label_runs.h"
#include "viewer/editing/voxel_set.h"

namespace consilium::viewer {

/// Runs `with(VoxelRun)` over the voxels of one label, above 0, in the order of memory. Takes time with the rows of the
/// grid, not with its voxels.
template <typename With>
void overRuns(const imaging::LabelRuns &runs, std::uint8_t label, With with)
{
    const auto &size = runs.geometry().size;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j) {
            int first = 0;
            for (const std::uint32_t run : runs.row(j, k)) {
                const int count = static_cast<int>(run & 0xffffffU);
                if (run >> 24 == label)
                    with(VoxelRun{first, count, j, k});
                first += count;
            }
        }
}

} // namespace consilium::viewer
