// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

namespace consilium::imaging::dicom {

/// How the voxels of one grid fall on those of another: voxel (i, j, k) is voxel start + i step[0] + j step[1] +
/// k step[2] there. Each step goes one voxel along one axis.
struct GridAlignment
{
    Index3 start{};
    std::array<Index3, 3> step{};

    Index3 at(int i, int j, int k) const
    {
        Index3 index = start;
        for (std::size_t axis = 0; axis < 3; ++axis)
            index[axis] += i * step[0][axis] + j * step[1][axis] + k * step[2][axis];
        return index;
    }
};

inline bool contains(const Geometry &grid, const Index3 &index)
{
    return index[0] >= 0 && index[1] >= 0 && index[2] >= 0 && index[0] < grid.size[0] && index[1] < grid.size[1] &&
           index[2] < grid.size[2];
}

/// Finds the alignment of grids whose voxel centres coincide, in any order and direction of the axes; `from` may be a
/// part of `to`, or reach beyond it. Along an axis of one voxel the spacing does not matter. Errors: Invalid (centres
/// are more than a tenth of a voxel apart: says how far in millimetres).
Result<GridAlignment> align(const Geometry &from, const Geometry &to);

} // namespace consilium::imaging::dicom
