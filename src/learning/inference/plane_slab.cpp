// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/plane_slab.h"

#include <algorithm>
#include <cassert>

namespace consilium::learning {

PlaneSlab::PlaneSlab(const std::array<AxisTiles, 3> &axes, std::int64_t labels, std::int64_t depth)
    : m_axes(axes), m_labels(labels), m_area(axes[1].size * axes[2].size), m_depth(std::min(depth, axes[0].size)),
      m_sums(m_depth * m_labels * m_area)
{
}

void PlaneSlab::add(const Extent &start, const float *tile)
{
    const Extent extent{m_axes[0].tile(), m_axes[1].tile(), m_axes[2].tile()};
    Extent first, end;
    for (int axis = 0; axis < 3; ++axis) {
        first[axis] = std::max<std::int64_t>(0, -start[axis]);
        end[axis] = std::min(extent[axis], m_axes[axis].size - start[axis]);
    }
    assert(start[0] + first[0] >= m_finished && start[0] + end[0] <= m_finished + m_depth);
    const auto voxels = extent[0] * extent[1] * extent[2];
    const auto columns = m_axes[2].size, count = end[2] - first[2];
    const float *alongX = m_axes[2].weights.data() + first[2];
    for (std::int64_t z = first[0]; z < end[0]; ++z) {
        for (std::int64_t label = 0; label < m_labels; ++label) {
            float *target =
                plane(start[0] + z) + label * m_area + (start[1] + first[1]) * columns + start[2] + first[2];
            const float *source = tile + label * voxels + (z * extent[1] + first[1]) * extent[2] + first[2];
            for (std::int64_t y = first[1]; y < end[1]; ++y, target += columns, source += extent[2]) {
                const float weight = m_axes[0].weights[z] * m_axes[1].weights[y];
                for (std::int64_t x = 0; x < count; ++x)
                    target[x] += weight * alongX[x] * source[x];
            }
        }
    }
}

Result<> PlaneSlab::finish(std::int64_t end, const PlaneSink &sink)
{
    for (; m_finished < end; ++m_finished) {
        const std::span values(plane(m_finished), m_labels * m_area);
        float *row = values.data();
        for (std::int64_t label = 0; label < m_labels; ++label) {
            for (const float alongY : m_axes[1].sums) {
                const float weight = m_axes[0].sums[m_finished] * alongY;
                for (const float alongX : m_axes[2].sums)
                    *row++ /= weight * alongX;
            }
        }
        if (auto taken = sink(m_finished, values); !taken)
            return taken;
        std::ranges::fill(values, 0.0f);
    }
    return {};
}

} // namespace consilium::learning
