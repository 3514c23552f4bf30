// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/oblique_plane.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Vec3;

namespace {

// The index of the first pixel and the steps to its right and lower neighbours: the way from plane to grid is linear.
struct Walk
{
    Vec3 first, column, row;
};

Walk walkOver(const Geometry &grid, const ObliquePlane &plane, const ObliqueRaster &raster)
{
    const Vec3 first = grid.toIndex(raster.toPatient(plane, 0, 0));
    return {first, plus(grid.toIndex(raster.toPatient(plane, 1, 0)), -1, first),
            plus(grid.toIndex(raster.toPatient(plane, 0, 1)), -1, first)};
}

bool isInside(const Geometry &grid, const Vec3 &index)
{
    for (int axis = 0; axis < 3; ++axis)
        if (!(index[axis] >= -0.5 && index[axis] <= grid.size[axis] - 0.5))
            return false;
    return true;
}

float trilinear(const imaging::Volume &volume, const Vec3 &index)
{
    const Geometry &grid = volume.geometry;
    const std::int64_t strides[3] = {1, grid.size[0], std::int64_t{grid.size[0]} * grid.size[1]};
    std::int64_t at = 0, next[3];
    float share[3];
    for (int axis = 0; axis < 3; ++axis) {
        const double inside = std::clamp(index[axis], 0.0, grid.size[axis] - 1.0);
        const int low = std::min(static_cast<int>(inside), std::max(grid.size[axis] - 2, 0));
        share[axis] = static_cast<float>(inside - low);
        next[axis] = low + 1 < grid.size[axis] ? strides[axis] : 0;
        at += low * strides[axis];
    }
    const float *v = volume.values.data() + at;
    const auto between = [](float a, float b, float t) { return a + (b - a) * t; };
    const auto along = [&](const float *p) { return between(p[0], p[next[0]], share[0]); };
    const auto across = [&](const float *p) { return between(along(p), along(p + next[1]), share[1]); };
    return between(across(v), across(v + next[2]), share[2]);
}

} // namespace

ObliquePlane ObliquePlane::turnedBy(double rightward, double downward) const
{
    SceneCamera camera;
    camera.ahead = away();
    camera.up = {-down[0], -down[1], -down[2]};
    camera = camera.turnedBy(rightward, downward);
    return {centre, camera.right(), {-camera.up[0], -camera.up[1], -camera.up[2]}};
}

ObliquePlane ObliquePlane::spunBy(double clockwise) const
{
    // The content turns clockwise when the frame turns the other way.
    const Vec3 axis = away();
    const Vec3 across = unit(turned(right, axis, -clockwise));
    return {centre, across, cross(axis, across)};
}

ObliquePlane obliquePlane(Plane plane, const Vec3 &centre)
{
    switch (plane) {
    case Plane::Axial: return {centre, {1, 0, 0}, {0, 1, 0}};
    case Plane::Coronal: return {centre, {1, 0, 0}, {0, 0, -1}};
    case Plane::Sagittal: return {centre, {0, 1, 0}, {0, 0, -1}};
    }
    return {};
}

ObliqueTilt tiltOf(const ObliquePlane &plane)
{
    const Vec3 away = plane.away();
    constexpr std::pair<Plane, int> kAcross[] = {{Plane::Axial, 2}, {Plane::Coronal, 1}, {Plane::Sagittal, 0}};
    ObliqueTilt tilt;
    double best = -1;
    for (const auto &[from, axis] : kAcross) {
        const double cosine = std::abs(away[axis]);
        if (cosine > best + 1e-9) {
            best = cosine;
            tilt.from = from;
        }
    }
    tilt.degrees = std::acos(std::min(best, 1.0)) * 180 / std::numbers::pi;
    return tilt;
}

EdgeLetters edgesOf(const ObliquePlane &plane)
{
    const auto letters = [](const Vec3 &v, double sign) {
        return directionLetters({sign * v[0], sign * v[1], sign * v[2]});
    };
    return {letters(plane.right, -1), letters(plane.right, 1), letters(plane.down, -1), letters(plane.down, 1)};
}

std::vector<float> sampleOblique(const imaging::Volume &volume, const ObliquePlane &plane, const ObliqueRaster &raster)
{
    std::vector<float> values(std::size_t(raster.columns) * raster.rows, std::numeric_limits<float>::quiet_NaN());
    const Walk walk = walkOver(volume.geometry, plane, raster);
    std::size_t out = 0;
    for (int row = 0; row < raster.rows; ++row) {
        Vec3 index = plus(walk.first, row, walk.row);
        for (int column = 0; column < raster.columns; ++column, ++out, index = plus(index, 1, walk.column))
            if (isInside(volume.geometry, index))
                values[out] = trilinear(volume, index);
    }
    return values;
}

LabelSlice sampleOblique(const imaging::LabelMap &labels, const ObliquePlane &plane, const ObliqueRaster &raster)
{
    LabelSlice slice{raster.columns, raster.rows, std::vector<std::uint8_t>(std::size_t(raster.columns) * raster.rows)};
    const Geometry &grid = labels.geometry;
    const Walk walk = walkOver(grid, plane, raster);
    std::size_t out = 0;
    for (int row = 0; row < raster.rows; ++row) {
        Vec3 index = plus(walk.first, row, walk.row);
        for (int column = 0; column < raster.columns; ++column, ++out, index = plus(index, 1, walk.column)) {
            if (!isInside(grid, index))
                continue;
            int voxel[3];
            for (int axis = 0; axis < 3; ++axis)
                voxel[axis] = std::clamp(static_cast<int>(std::lround(index[axis])), 0, grid.size[axis] - 1);
            slice.values[out] = labels.at(voxel[0], voxel[1], voxel[2]);
        }
    }
    return slice;
}

QImage greys(const std::vector<float> &values, const ObliqueRaster &raster, const Window &window)
{
    QImage image(raster.columns, raster.rows, QImage::Format_ARGB32_Premultiplied);
    const double width = window.width() > 0 ? window.width() : 1;
    const auto low = static_cast<float>(window.low), scale = static_cast<float>(255 / width);
    std::size_t in = 0;
    for (int row = 0; row < raster.rows; ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(row));
        for (int column = 0; column < raster.columns; ++column, ++in) {
            const float value = values[in];
            const int grey = static_cast<int>(std::clamp((value - low) * scale, 0.0f, 255.0f) + 0.5f);
            line[column] = std::isnan(value) ? 0 : qRgb(grey, grey, grey);
        }
    }
    return image;
}

} // namespace consilium::viewer
