// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/crop.h"

#include <algorithm>
#include <cassert>

namespace consilium::imaging {

namespace {

/// Calls visit(offset of the first voxel in the box, in the grid, length) for every row of the box.
template <typename Visit>
void forEachRow(const VoxelBox &box, const Geometry &grid, const Visit &visit)
{
    const auto size = box.size();
    std::ptrdiff_t inBox = 0;
    for (int k = box.min[2]; k <= box.max[2]; ++k) {
        for (int j = box.min[1]; j <= box.max[1]; ++j) {
            visit(inBox, static_cast<std::ptrdiff_t>(grid.offset(box.min[0], j, k)), size[0]);
            inBox += size[0];
        }
    }
}

template <typename Grid>
Grid croppedGrid(const Grid &grid, const VoxelBox &box)
{
    const auto &whole = grid.geometry;
    Grid result{whole, {}};
    result.geometry.size = box.size();
    result.geometry.origin = whole.toPatient({1.0 * box.min[0], 1.0 * box.min[1], 1.0 * box.min[2]});
    result.values.resize(static_cast<std::size_t>(result.geometry.voxels()));
    forEachRow(box, whole, [&](std::ptrdiff_t inBox, std::ptrdiff_t inGrid, int length) {
        std::copy_n(grid.values.begin() + inGrid, length, result.values.begin() + inBox);
    });
    return result;
}

} // namespace

VoxelBox nonZeroBox(std::span<const Volume> channels)
{
    assert(!channels.empty());
    const auto &size = channels.front().geometry.size;
    VoxelBox box{size, {-1, -1, -1}};
    for (const auto &channel : channels) {
        std::size_t offset = 0;
        for (int k = 0; k < size[2]; ++k)
            for (int j = 0; j < size[1]; ++j)
                for (int i = 0; i < size[0]; ++i)
                    if (channel.values[offset++] != 0) {
                        box.min = {std::min(box.min[0], i), std::min(box.min[1], j), std::min(box.min[2], k)};
                        box.max = {std::max(box.max[0], i), std::max(box.max[1], j), std::max(box.max[2], k)};
                    }
    }
    return box.max[0] < 0 ? VoxelBox{{0, 0, 0}, {size[0] - 1, size[1] - 1, size[2] - 1}} : box;
}

Volume cropped(const Volume &volume, const VoxelBox &box)
{
    return croppedGrid(volume, box);
}

LabelMap cropped(const LabelMap &labels, const VoxelBox &box)
{
    return croppedGrid(labels, box);
}

LabelMap uncropped(const LabelMap &labels, const VoxelBox &box, const Geometry &original)
{
    assert(labels.geometry.size == box.size());
    LabelMap result{original, std::vector<std::uint8_t>(static_cast<std::size_t>(original.voxels()), 0)};
    forEachRow(box, original, [&](std::ptrdiff_t inBox, std::ptrdiff_t inGrid, int length) {
        std::copy_n(labels.values.begin() + inBox, length, result.values.begin() + inGrid);
    });
    return result;
}

} // namespace consilium::imaging
