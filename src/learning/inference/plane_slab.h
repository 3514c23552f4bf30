// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/inference/inference.h"
#include "learning/inference/tiling.h"

#include <array>
#include <vector>

namespace consilium::learning {

/// The weighted mean of overlapping tiles, for as many planes at a time as tiles that are still to come may touch: a
/// window over the case that moves with rising z. Memory: `depth` * labels * Y * X floats.
class PlaneSlab
{
public:
    /// `axes` in the order z, y, x, outlives the slab. `depth`: planes held, at least a tile's.
    PlaneSlab(const std::array<AxisTiles, 3> &axes, std::int64_t labels, std::int64_t depth);

    /// Adds one tile that begins at `start`: L, Z, Y, X of the tile's extents. Its planes inside the case must lie
    /// between the first that is not finished and `depth` planes on.
    void add(const Extent &start, const float *tile);
    /// Hands out the planes before `end` that have not been: no tile to come may touch them.
    Result<> finish(std::int64_t end, const PlaneSink &sink);

private:
    float *plane(std::int64_t z) { return m_sums.data() + z % m_depth * m_labels * m_area; }

    const std::array<AxisTiles, 3> &m_axes;
    std::int64_t m_labels, m_area, m_depth;
    std::int64_t m_finished = 0;
    std::vector<float> m_sums; ///< planes by z modulo depth, each L, Y, X
};

} // namespace consilium::learning
