// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/canonical.h"

#include <cassert>

namespace consilium::imaging {

namespace {

// For each canonical axis the index axis of the original that runs along it, and whether it runs against it.
struct Reordering
{
    Index3 source{};
    std::array<bool, 3> flipped{};
};

Reordering reorderingOf(const Geometry &geometry)
{
    const auto map = geometry.closestAxes();
    Reordering reordering;
    for (int c = 0; c < 3; ++c) {
        reordering.source[map.axis[c]] = c;
        reordering.flipped[map.axis[c]] = map.sign[c] < 0;
    }
    return reordering;
}

// Calls visit(canonical offset, original offset) for every voxel, in canonical order.
template <typename Visit>
void forEachVoxel(const Geometry &original, const Visit &visit)
{
    const auto reordering = reorderingOf(original);
    const std::array<std::int64_t, 3> strides{1, original.size[0], std::int64_t{original.size[0]} * original.size[1]};
    Index3 size{};
    std::array<std::int64_t, 3> step{};
    std::int64_t start = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const int source = reordering.source[axis];
        size[axis] = original.size[source];
        step[axis] = reordering.flipped[axis] ? -strides[source] : strides[source];
        if (reordering.flipped[axis])
            start += strides[source] * (size[axis] - 1);
    }
    std::size_t canonical = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                visit(canonical++, static_cast<std::size_t>(start + i * step[0] + j * step[1] + k * step[2]));
}

template <typename Grid>
Grid reordered(const Grid &grid)
{
    Grid result{canonicalGeometry(grid.geometry), {}};
    result.values.resize(grid.values.size());
    forEachVoxel(grid.geometry, [&](std::size_t canonical, std::size_t original) {
        result.values[canonical] = grid.values[original];
    });
    return result;
}

} // namespace

Geometry canonicalGeometry(const Geometry &geometry)
{
    const auto reordering = reorderingOf(geometry);
    Geometry canonical;
    Vec3 firstVoxel{};
    for (int axis = 0; axis < 3; ++axis) {
        const int source = reordering.source[axis];
        canonical.size[axis] = geometry.size[source];
        canonical.spacing[axis] = geometry.spacing[source];
        const double sign = reordering.flipped[axis] ? -1 : 1;
        for (int r = 0; r < 3; ++r)
            canonical.direction[r][axis] = sign * geometry.direction[r][source] + 0.0; // + 0.0 turns -0 into 0
        if (reordering.flipped[axis])
            firstVoxel[source] = geometry.size[source] - 1;
    }
    canonical.origin = geometry.toPatient(firstVoxel);
    return canonical;
}

Volume toCanonical(const Volume &volume)
{
    return reordered(volume);
}

LabelMap toCanonical(const LabelMap &labels)
{
    return reordered(labels);
}

LabelMap fromCanonical(const LabelMap &labels, const Geometry &original)
{
    assert(labels.geometry.size == canonicalGeometry(original).size);
    LabelMap result{original, {}};
    result.values.resize(labels.values.size());
    forEachVoxel(original,
                 [&](std::size_t canonical, std::size_t place) { result.values[place] = labels.values[canonical]; });
    return result;
}

} // namespace consilium::imaging
