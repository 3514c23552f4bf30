// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::imaging {

namespace {

// Source index of target index (i, j, k): offset + steps[0] * i + steps[1] * j + steps[2] * k. Both grids are affine,
// so three differences hold the whole map.
struct IndexMap
{
    Vec3 offset;
    std::array<Vec3, 3> steps;

    IndexMap(const Geometry &source, const Geometry &target) : offset(source.toIndex(target.toPatient({0, 0, 0})))
    {
        for (int c = 0; c < 3; ++c) {
            Vec3 unit{};
            unit[c] = 1;
            steps[c] = source.toIndex(target.toPatient(unit));
            for (int r = 0; r < 3; ++r)
                steps[c][r] -= offset[r];
        }
    }
};

// The two voxels on either side of a continuous index along one axis, and the weight of the upper one.
struct Neighbours
{
    std::int64_t lower, upper; // offsets in memory
    double weight;
};

// False when `index` lies more than half a voxel outside.
bool neighbours(double index, int size, std::int64_t stride, Neighbours &out)
{
    // Rounding noise must not make a voxel centre a blend, or a NaN beside it would spread.
    if (const double whole = std::nearbyint(index); std::abs(index - whole) < 1e-6)
        index = whole;
    if (!(index >= -0.5 - 1e-6 && index <= size - 0.5 + 1e-6))
        return false;
    index = std::clamp(index, 0.0, size - 1.0);
    const auto lower = static_cast<std::int64_t>(index);
    out.weight = index - static_cast<double>(lower);
    out.lower = lower * stride;
    out.upper = out.weight > 0 ? out.lower + stride : out.lower;
    return true;
}

// Calls visit(target offset, x, y, z neighbours) for every target voxel inside the source grid.
template <typename Visit>
void forEachInside(const Geometry &source, const Geometry &target, const Visit &visit)
{
    const IndexMap map(source, target);
    const std::array<std::int64_t, 3> strides{1, source.size[0], std::int64_t{source.size[0]} * source.size[1]};
    std::size_t offset = 0;
    for (int k = 0; k < target.size[2]; ++k) {
        for (int j = 0; j < target.size[1]; ++j) {
            for (int i = 0; i < target.size[0]; ++i, ++offset) {
                std::array<Neighbours, 3> around;
                bool inside = true;
                for (int axis = 0; axis < 3 && inside; ++axis) {
                    const double index =
                        map.offset[axis] + map.steps[0][axis] * i + map.steps[1][axis] * j + map.steps[2][axis] * k;
                    inside = neighbours(index, source.size[axis], strides[axis], around[axis]);
                }
                if (inside)
                    visit(offset, around[0], around[1], around[2]);
            }
        }
    }
}

float smallestFinite(const std::vector<float> &values)
{
    float smallest = std::numeric_limits<float>::infinity();
    for (const float value : values)
        if (std::isfinite(value))
            smallest = std::min(smallest, value);
    return std::isfinite(smallest) ? smallest : 0;
}

} // namespace

Geometry withSpacing(const Geometry &geometry, const Vec3 &spacing)
{
    Geometry result = geometry;
    result.spacing = spacing;
    Vec3 shift{}; // of the first voxel's centre, in voxels of the old grid
    for (int c = 0; c < 3; ++c) {
        const double extent = geometry.size[c] * geometry.spacing[c];
        result.size[c] = std::max(1, static_cast<int>(std::lround(extent / spacing[c])));
        shift[c] = 0.5 * ((geometry.size[c] - 1) - (result.size[c] - 1) * spacing[c] / geometry.spacing[c]);
    }
    result.origin = geometry.toPatient(shift);
    return result;
}

Volume resample(const Volume &volume, const Geometry &target)
{
    if (volume.geometry == target)
        return volume;
    Volume result{target, std::vector<float>(static_cast<std::size_t>(target.voxels()), smallestFinite(volume.values))};
    const float *values = volume.values.data();
    const auto blend = [](double a, double b, double weight) { return weight > 0 ? a + (b - a) * weight : a; };
    forEachInside(
        volume.geometry, target,
        [&](std::size_t offset, const Neighbours &x, const Neighbours &y, const Neighbours &z) {
            const auto row = [&](std::int64_t base) {
                return blend(values[base + x.lower], values[base + x.upper], x.weight);
            };
            const auto plane = [&](std::int64_t base) {
                return y.weight > 0 ? blend(row(base + y.lower), row(base + y.upper), y.weight) : row(base + y.lower);
            };
            const double value = z.weight > 0 ? blend(plane(z.lower), plane(z.upper), z.weight) : plane(z.lower);
            result.values[offset] = static_cast<float>(value);
        });
    return result;
}

LabelMap resampleLabels(const LabelMap &labels, const Geometry &target)
{
    if (labels.geometry == target)
        return labels;
    LabelMap result{target, std::vector<std::uint8_t>(static_cast<std::size_t>(target.voxels()), 0)};
    const std::uint8_t *values = labels.values.data();
    forEachInside(
        labels.geometry, target,
        [&](std::size_t offset, const Neighbours &x, const Neighbours &y, const Neighbours &z) {
            std::array<std::uint8_t, 8> label;
            std::array<double, 8> weight;
            bool uniform = true;
            for (unsigned corner = 0; corner < 8; ++corner) {
                const bool right = corner & 1, back = corner & 2, up = corner & 4;
                label[corner] =
                    values[(right ? x.upper : x.lower) + (back ? y.upper : y.lower) + (up ? z.upper : z.lower)];
                weight[corner] = (right ? x.weight : 1 - x.weight) * (back ? y.weight : 1 - y.weight) *
                                 (up ? z.weight : 1 - z.weight);
                uniform = uniform && label[corner] == label[0];
            }
            if (uniform) {
                result.values[offset] = label[0];
                return;
            }
            double heaviest = -1;
            for (unsigned corner = 0; corner < 8; ++corner) {
                double sum = 0;
                for (unsigned other = 0; other < 8; ++other)
                    if (label[other] == label[corner])
                        sum += weight[other];
                const bool ties = std::abs(sum - heaviest) <= 1e-9;
                if (ties ? label[corner] < result.values[offset] : sum > heaviest)
                    result.values[offset] = label[corner];
                heaviest = std::max(heaviest, sum);
            }
        });
    return result;
}

} // namespace consilium::imaging
