// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/image_on_grid.h"

#include <cmath>
#include <limits>

namespace consilium::viewer {

ImageOnGrid::ImageOnGrid(std::shared_ptr<const imaging::Volume> image, const imaging::Geometry &grid)
    : m_image(std::move(image))
{
    if (!m_image)
        return;
    m_sameGrid = m_image->geometry.sameGrid(grid);
    m_first = m_image->geometry.toIndex(grid.toPatient({0, 0, 0}));
    for (std::size_t axis = 0; axis < 3; ++axis) {
        imaging::Vec3 step{};
        step[axis] = 1;
        m_perStep[axis] = m_image->geometry.toIndex(grid.toPatient(step));
        for (std::size_t n = 0; n < 3; ++n)
            m_perStep[axis][n] -= m_first[n];
    }
}

float ImageOnGrid::at(int i, int j, int k) const
{
    if (!m_image)
        return std::numeric_limits<float>::quiet_NaN();
    if (m_sameGrid)
        return m_image->at(i, j, k);
    imaging::Index3 index{};
    for (std::size_t n = 0; n < 3; ++n) {
        const double at = m_first[n] + i * m_perStep[0][n] + j * m_perStep[1][n] + k * m_perStep[2][n];
        index[n] = static_cast<int>(std::lround(at));
        if (index[n] < 0 || index[n] >= m_image->geometry.size[n])
            return std::numeric_limits<float>::quiet_NaN();
    }
    return m_image->at(index[0], index[1], index[2]);
}

} // namespace consilium::viewer
