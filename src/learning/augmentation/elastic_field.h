// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "learning/augmentation/spatial.h"

#include <array>
#include <span>
#include <vector>

namespace consilium::learning {

/// A smooth random displacement of every voxel of a patch: uniform cubic B-splines (Rueckert et al. 1999) over a coarse
/// grid of random vectors, the same in millimetres along all axes.
///
/// It never folds. Control vectors of length a on a grid of step h change the displacement by at most 2 a / h per unit
/// along an axis, so by at most 2 sqrt(3) a / h in any direction; h is at least 4 a, which leaves 0.87, below 1.
class ElasticField
{
public:
    /// For a patch of `extent` voxels of `spacing` (both z, y, x). Displacements are at most `largest` voxels of the
    /// finest of the axes that move; along the other axes there are none. At least one axis moves.
    ElasticField(const Extent &extent, const std::array<double, 3> &spacing, const std::array<bool, 3> &moves,
                 double largest, Random &random);

    bool moves(int axis) const { return m_moves[axis]; }
    /// The displacement along `axis` of each voxel of a row of the patch, in voxels.
    void row(int axis, std::int64_t z, std::int64_t y, std::span<float> displacements) const;
    /// The displacement at any point of the patch, in voxels; outside the patch that of its nearest point.
    Point at(const Point &voxel) const;

private:
    /// Which four control points act on a place, and how much.
    struct Support
    {
        std::int64_t first = 0;
        std::array<float, 4> weights{};
    };
    Support support(int axis, double voxel) const;
    /// The control line along x that acts on a row of the patch.
    void line(int axis, const Support &z, const Support &y, std::span<float> values) const;

    Extent m_extent{}, m_controls{};
    std::array<double, 3> m_step{}; // voxels between control points
    std::array<bool, 3> m_moves{};
    std::array<std::vector<float>, 3> m_displacements; // per axis that moves: z, y, x of control points, in voxels
    std::vector<Support> m_alongX;                     // of each voxel of a row
};

} // namespace consilium::learning
