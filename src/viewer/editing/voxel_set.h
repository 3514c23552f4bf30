// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <cstdint>
#include <vector>

namespace consilium::viewer {

/// Voxels [first, first + count) of row (j, k).
struct VoxelRun
{
    int first = 0, count = 0, j = 0, k = 0;
};

/// Voxels of a grid as runs along i: what one step of an edit is about. Each voxel once; those that add() gets lie
/// inside the grid.
struct VoxelSet
{
    std::vector<VoxelRun> runs;

    void add(int first, int count, int j, int k)
    {
        if (!runs.empty()) {
            VoxelRun &last = runs.back();
            const bool sameRow = last.j == j && last.k == k;
            if (sameRow && last.first + last.count == first) {
                last.count += count;
                return;
            }
            // A grid whose i runs against the screen is filled from its end.
            if (sameRow && first + count == last.first) {
                last.first = first;
                last.count += count;
                return;
            }
        }
        runs.push_back({first, count, j, k});
    }
    void add(const imaging::Index3 &voxel) { add(voxel[0], 1, voxel[1], voxel[2]); }

    std::int64_t voxels() const
    {
        std::int64_t sum = 0;
        for (const VoxelRun &run : runs)
            sum += run.count;
        return sum;
    }
};

} // namespace consilium::viewer
