// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_shapes.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Vec3;

namespace {

// A centre on the rim belongs to the disc, whatever the last bit of its distance says.
constexpr double kRim = 1e-9;

struct Range
{
    int first, last;
};

// Whole numbers within [low, high] that are indices.
Range within(double low, double high, int size)
{
    const auto clamped = [&](double value) { return static_cast<int>(std::clamp(value, -1.0, double(size))); };
    return {std::max(clamped(std::ceil(low)), 0), std::min(clamped(std::floor(high)), size - 1)};
}

// Calls `add(column, row)` along the memory's rows where it can, so that voxels come as few runs.
template <typename Add>
void overPixels(const SliceGeometry &grid, Range columns, Range rows, Add add)
{
    if (std::abs(grid.rowStep()) == 1) {
        for (int column = columns.first; column <= columns.last; ++column)
            for (int row = rows.first; row <= rows.last; ++row)
                add(column, row);
    } else {
        for (int row = rows.first; row <= rows.last; ++row)
            for (int column = columns.first; column <= columns.last; ++column)
                add(column, row);
    }
}

template <std::size_t N>
double squaredDistance(const std::array<double, N> &point, const std::array<double, N> &a,
                       const std::array<double, N> &b)
{
    double length = 0, along = 0;
    for (std::size_t n = 0; n < N; ++n) {
        length += (b[n] - a[n]) * (b[n] - a[n]);
        along += (point[n] - a[n]) * (b[n] - a[n]);
    }
    const double share = length > 0 ? std::clamp(along / length, 0.0, 1.0) : 0;
    double squared = 0;
    for (std::size_t n = 0; n < N; ++n) {
        const double difference = point[n] - a[n] - share * (b[n] - a[n]);
        squared += difference * difference;
    }
    return squared;
}

} // namespace

EditSlices slicesAt(const Geometry &labels, Plane plane, const Vec3 &patient, double thicknessMm)
{
    EditSlices slices{SliceGeometry(labels, plane), 0, -1};
    const double at = slices.grid.fromPatient(patient).slice;
    const double half = std::max(thicknessMm / slices.grid.sliceSpacing(), 1.0) / 2;
    if (at < -half || at > slices.grid.slices() - 1 + half)
        return slices;
    const int nearest = slices.grid.nearestSlice(patient);
    // A neighbour half a slice away belongs to the next slice of the image.
    const Range near = within(at - half + 1e-6, at + half - 1e-6, slices.grid.slices());
    slices.first = std::min(nearest, near.first);
    slices.last = std::max(nearest, near.last);
    return slices;
}

VoxelSet discAlong(const EditSlices &slices, const Vec3 &from, const Vec3 &to, double radiusMm)
{
    const SliceGeometry &grid = slices.grid;
    const double wide = grid.columnSpacing(), high = grid.rowSpacing();
    const double radius = std::max(radiusMm, std::max(wide, high) / 2);
    const double limit = radius * radius * (1 + kRim);
    const SlicePoint a = grid.fromPatient(from), b = grid.fromPatient(to);
    const std::array<double, 2> start{a.column * wide, a.row * high}, end{b.column * wide, b.row * high};
    const auto isUnderEnd = [&](int column, int row) {
        const auto under = [&](const SlicePoint &point) {
            return std::lround(point.column) == column && std::lround(point.row) == row;
        };
        return under(a) || under(b);
    };
    const Range columns = within(std::min(a.column, b.column) - radius / wide - 1,
                                 std::max(a.column, b.column) + radius / wide + 1, grid.columns());
    const Range rows =
        within(std::min(a.row, b.row) - radius / high - 1, std::max(a.row, b.row) + radius / high + 1, grid.rows());
    VoxelSet voxels;
    for (int slice = slices.first; slice <= slices.last; ++slice)
        overPixels(grid, columns, rows, [&](int column, int row) {
            if (squaredDistance<2>({column * wide, row * high}, start, end) <= limit || isUnderEnd(column, row))
                voxels.add(grid.voxel(column, row, slice));
        });
    return voxels;
}

VoxelSet ballAlong(const Geometry &labels, const Vec3 &from, const Vec3 &to, double radiusMm)
{
    const double radius = std::max(radiusMm, *std::max_element(labels.spacing.begin(), labels.spacing.end()) / 2);
    const double limit = radius * radius * (1 + kRim);
    const Vec3 a = labels.toIndex(from), b = labels.toIndex(to);
    // Index axes stand at right angles: indices times spacing are millimetres.
    Vec3 start{}, end{};
    std::array<Range, 3> box{};
    for (std::size_t n = 0; n < 3; ++n) {
        start[n] = a[n] * labels.spacing[n];
        end[n] = b[n] * labels.spacing[n];
        const double reach = radius / labels.spacing[n] + 1;
        box[n] = within(std::min(a[n], b[n]) - reach, std::max(a[n], b[n]) + reach, labels.size[n]);
    }
    const auto isUnder = [](const Vec3 &index, int i, int j, int k) {
        return std::lround(index[0]) == i && std::lround(index[1]) == j && std::lround(index[2]) == k;
    };
    VoxelSet voxels;
    for (int k = box[2].first; k <= box[2].last; ++k)
        for (int j = box[1].first; j <= box[1].last; ++j)
            for (int i = box[0].first; i <= box[0].last; ++i) {
                const Vec3 at{i * labels.spacing[0], j * labels.spacing[1], k * labels.spacing[2]};
                if (squaredDistance<3>(at, start, end) <= limit || isUnder(a, i, j, k) || isUnder(b, i, j, k))
                    voxels.add({i, j, k});
            }
    return voxels;
}

VoxelSet polygonIn(const EditSlices &slices, std::span<const Vec3> corners)
{
    VoxelSet voxels;
    if (corners.size() < 3)
        return voxels;
    const SliceGeometry &grid = slices.grid;
    std::vector<SlicePoint> points;
    double top = grid.rows(), bottom = -1;
    for (const Vec3 &corner : corners) {
        points.push_back(grid.fromPatient(corner));
        top = std::min(top, points.back().row);
        bottom = std::max(bottom, points.back().row);
    }

    const Range rows = within(top, bottom, grid.rows());
    std::vector<std::vector<double>> crossings(static_cast<std::size_t>(std::max(rows.last - rows.first + 1, 0)));
    for (int row = rows.first; row <= rows.last; ++row) {
        auto &crossed = crossings[static_cast<std::size_t>(row - rows.first)];
        for (std::size_t n = 0; n < points.size(); ++n) {
            const SlicePoint &a = points[n], &b = points[(n + 1) % points.size()];
            // Half-open, so that a corner on the row is crossed once by the two edges that meet there.
            if ((a.row <= row) != (b.row <= row))
                crossed.push_back(a.column + (row - a.row) / (b.row - a.row) * (b.column - a.column));
        }
        std::sort(crossed.begin(), crossed.end());
    }
    const auto isInside = [&](int column, int row) {
        const auto &crossed = crossings[static_cast<std::size_t>(row - rows.first)];
        const auto before = std::lower_bound(crossed.begin(), crossed.end(), double(column)) - crossed.begin();
        return before % 2 == 1;
    };
    for (int slice = slices.first; slice <= slices.last; ++slice)
        overPixels(grid, {0, grid.columns() - 1}, rows, [&](int column, int row) {
            if (isInside(column, row))
                voxels.add(grid.voxel(column, row, slice));
        });
    return voxels;
}

} // namespace consilium::viewer
