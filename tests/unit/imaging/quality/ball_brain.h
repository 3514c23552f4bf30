// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "imaging/quality/image_checks.h"

#include <cmath>

namespace consilium::test {

using namespace consilium::imaging;

inline constexpr double s_ballRadius = 65; // mm: 1150 ml
inline constexpr double s_fluidRadius = 20;

/// A grid of `size` voxels of `spacing` with LPS (0, 0, 0) in its middle.
inline Geometry centredGrid(const Index3 &size, const Vec3 &spacing = {1, 1, 1})
{
    Geometry grid;
    grid.size = size;
    grid.spacing = spacing;
    for (int c = 0; c < 3; ++c)
        grid.origin[c] = -(size[c] - 1) * spacing[c] / 2;
    return grid;
}

/// Calls visit(n, LPS mm) for every voxel.
template <typename Visit>
void forEachPoint(const Geometry &grid, const Visit &visit)
{
    std::size_t n = 0;
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i)
                visit(n++, grid.toPatient({double(i), double(j), double(k)}));
}

inline double length(const Vec3 &p)
{
    return std::hypot(p[0], p[1], p[2]);
}

/// A ball of tissue (100) with a ball of fluid (20) in its middle and Gaussian noise in both; its mask beside it.
inline QualityChannel ballBrain(const Geometry &grid, double noise, const std::string &name = "T1",
                                const Vec3 &centre = {})
{
    Random random(4);
    QualityChannel channel{name, {grid, {}}, {grid, {}}};
    channel.volume.values.resize(static_cast<std::size_t>(grid.voxels()));
    channel.brain.values.resize(channel.volume.values.size());
    forEachPoint(grid, [&](std::size_t n, const Vec3 &p) {
        const double radius = length({p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]});
        if (radius > s_ballRadius)
            return;
        channel.brain.values[n] = 1;
        const double tissue = radius < s_fluidRadius ? 20 : 100;
        channel.volume.values[n] = static_cast<float>(noise > 0 ? random.normal(tissue, noise) : tissue);
    });
    return channel;
}

} // namespace consilium::test
