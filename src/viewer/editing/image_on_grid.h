// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <memory>

namespace consilium::viewer {

/// An image's values at the voxels of a label grid: its own where both share a grid, else of the nearest voxel by
/// patient position.
class ImageOnGrid
{
public:
    ImageOnGrid() = default;
    ImageOnGrid(std::shared_ptr<const imaging::Volume> image, const imaging::Geometry &grid);

    bool isEmpty() const { return !m_image; }
    /// NaN outside the image, and everywhere without one.
    float at(int i, int j, int k) const;

private:
    std::shared_ptr<const imaging::Volume> m_image;
    bool m_sameGrid = false;
    imaging::Vec3 m_first{};      // image index under voxel (0, 0, 0)
    imaging::Matrix3 m_perStep{}; // [axis of the grid]: step in image indices
};

} // namespace consilium::viewer
