// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/display_volume.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Index3;
using imaging::Vec3;

namespace {

// How many voxels along each axis become one, so that the whole fits; the finest axis gives first.
Index3 blockSize(const Geometry &grid, std::int64_t budgetBytes)
{
    Index3 block{1, 1, 1};
    const auto bytes = [&] {
        std::int64_t voxels = 1;
        for (int axis = 0; axis < 3; ++axis)
            voxels *= (grid.size[axis] + block[axis] - 1) / block[axis];
        return voxels * std::int64_t{sizeof(std::uint16_t)};
    };
    while (bytes() > budgetBytes && block != grid.size) {
        int finest = -1;
        for (int axis = 0; axis < 3; ++axis)
            if (block[axis] < grid.size[axis] &&
                (finest < 0 || block[axis] * grid.spacing[axis] < block[finest] * grid.spacing[finest]))
                finest = axis;
        ++block[finest];
    }
    return block;
}

// What of a ray lies inside the grid, in continuous voxel index along it.
struct Passage
{
    Vec3 index{}, step{}; // at the entrance; for one step of half a voxel at most
    int steps = 0;
    double mmPerStep = 0, mmToEntrance = 0;
};

Passage passageOf(const Geometry &grid, const Ray &ray)
{
    const Vec3 start = grid.toIndex(ray.origin);
    const Vec3 along = plus(grid.toIndex(plus(ray.origin, 1, ray.direction)), -1, start); // index per mm
    double enter = 0, leave = 1e9;
    for (int axis = 0; axis < 3; ++axis) {
        const double low = -0.5, high = grid.size[axis] - 0.5;
        if (std::abs(along[axis]) < 1e-12) {
            if (start[axis] < low || start[axis] > high)
                return {};
            continue;
        }
        const double a = (low - start[axis]) / along[axis], b = (high - start[axis]) / along[axis];
        enter = std::max(enter, std::min(a, b));
        leave = std::min(leave, std::max(a, b));
    }
    if (leave <= enter)
        return {};
    const double fastest = std::max({std::abs(along[0]), std::abs(along[1]), std::abs(along[2])});
    Passage passage;
    passage.mmPerStep = 0.5 / fastest;
    passage.mmToEntrance = enter;
    passage.index = plus(start, enter, along);
    passage.step = {along[0] * passage.mmPerStep, along[1] * passage.mmPerStep, along[2] * passage.mmPerStep};
    passage.steps = static_cast<int>((leave - enter) / passage.mmPerStep) + 1;
    return passage;
}

Index3 voxelAt(const Geometry &grid, const Vec3 &index)
{
    Index3 voxel{};
    for (int axis = 0; axis < 3; ++axis)
        voxel[axis] = std::clamp(static_cast<int>(std::lround(index[axis])), 0, grid.size[axis] - 1);
    return voxel;
}

} // namespace

DisplayVolume makeDisplayVolume(const imaging::Volume &volume, std::int64_t budgetBytes)
{
    const Geometry &grid = volume.geometry;
    const Index3 block = blockSize(grid, budgetBytes);
    float low = 0, high = 0;
    bool any = false;
    for (float value : volume.values) {
        if (!std::isfinite(value))
            continue;
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
    }
    DisplayVolume made;
    made.base = low;
    made.step = high > low ? (double(high) - low) / 65535 : 1;

    const bool mirrored = imaging::determinant(grid.direction) < 0;
    Geometry &coarse = made.geometry;
    coarse = grid;
    Vec3 first{};
    for (int axis = 0; axis < 3; ++axis) {
        coarse.size[axis] = (grid.size[axis] + block[axis] - 1) / block[axis];
        coarse.spacing[axis] = grid.spacing[axis] * block[axis];
        first[axis] = (block[axis] - 1) / 2.0;
    }
    if (mirrored) {
        first[2] += double(coarse.size[2] - 1) * block[2];
        for (int component = 0; component < 3; ++component)
            coarse.direction[component][2] = -coarse.direction[component][2];
    }
    coarse.origin = grid.toPatient(first);

    made.values.resize(static_cast<std::size_t>(coarse.voxels()));
    const double scale = 1 / made.step;
    std::size_t out = 0;
    for (int k = 0; k < coarse.size[2]; ++k) {
        const int z0 = (mirrored ? coarse.size[2] - 1 - k : k) * block[2];
        for (int j = 0; j < coarse.size[1]; ++j) {
            for (int i = 0; i < coarse.size[0]; ++i, ++out) {
                double sum = 0;
                int count = 0;
                for (int z = z0; z < std::min(z0 + block[2], grid.size[2]); ++z)
                    for (int y = j * block[1]; y < std::min((j + 1) * block[1], grid.size[1]); ++y)
                        for (int x = i * block[0]; x < std::min((i + 1) * block[0], grid.size[0]); ++x) {
                            const float value = volume.at(x, y, z);
                            sum += std::isfinite(value) ? value : low;
                            ++count;
                        }
                made.values[out] = static_cast<std::uint16_t>(std::lround((sum / count - low) * scale));
            }
        }
    }
    return made;
}

std::optional<Vec3> brightestAlong(const DisplayVolume &volume, const Ray &ray)
{
    const Passage passage = passageOf(volume.geometry, ray);
    std::optional<Vec3> best;
    int bright = -1;
    Vec3 index = passage.index;
    for (int step = 0; step < passage.steps; ++step, index = plus(index, 1, passage.step)) {
        const Index3 voxel = voxelAt(volume.geometry, index);
        const int here = volume.at(voxel[0], voxel[1], voxel[2]);
        if (here <= bright)
            continue;
        bright = here;
        best = volume.geometry.toPatient({double(voxel[0]), double(voxel[1]), double(voxel[2])});
    }
    return best;
}

std::optional<Vec3> firstAbove(const DisplayVolume &volume, const Ray &ray, double value)
{
    const Passage passage = passageOf(volume.geometry, ray);
    const double stored = volume.toStored(value);
    Vec3 index = passage.index;
    for (int step = 0; step < passage.steps; ++step, index = plus(index, 1, passage.step)) {
        const Index3 voxel = voxelAt(volume.geometry, index);
        if (volume.at(voxel[0], voxel[1], voxel[2]) >= stored)
            return plus(ray.origin, passage.mmToEntrance + step * passage.mmPerStep, ray.direction);
    }
    return std::nullopt;
}

PatientBox boxOf(const Geometry &grid)
{
    PatientBox box;
    for (int corner = 0; corner < 8; ++corner) {
        Vec3 index{};
        for (int axis = 0; axis < 3; ++axis)
            index[axis] = corner >> axis & 1 ? grid.size[axis] - 0.5 : -0.5;
        const Vec3 at = grid.toPatient(index);
        for (int axis = 0; axis < 3; ++axis) {
            box.low[axis] = corner ? std::min(box.low[axis], at[axis]) : at[axis];
            box.high[axis] = corner ? std::max(box.high[axis], at[axis]) : at[axis];
        }
    }
    return box;
}

} // namespace consilium::viewer
