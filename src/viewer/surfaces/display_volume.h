// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"
#include "viewer/surfaces/scene_camera.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace consilium::viewer {

/// A volume as projections are made of it: 16 bits a voxel on a right-handed grid, coarser than the image where that
/// would take too much memory.
struct DisplayVolume
{
    imaging::Geometry geometry;        ///< determinant of the direction above 0
    std::vector<std::uint16_t> values; ///< i fastest
    double base = 0, step = 1;         ///< the image's value is base + step * stored

    double toStored(double value) const { return (value - base) / step; }
    double toValue(double stored) const { return base + step * stored; }
    std::uint16_t at(int i, int j, int k) const { return values[static_cast<std::size_t>(geometry.offset(i, j, k))]; }
};

constexpr std::int64_t kDisplayBudget = std::int64_t{128} << 20; ///< bytes

/// Voxels of a coarser grid are means of whole blocks of voxels. Values that are not finite are the lowest. A few
/// hundredths of a second for a head at 1 mm: call it away from the window's thread.
DisplayVolume makeDisplayVolume(const imaging::Volume &volume, std::int64_t budgetBytes = kDisplayBudget);

/// The middle of the brightest voxel that a ray passes, the nearest of equals; nothing when it passes none.
std::optional<imaging::Vec3> brightestAlong(const DisplayVolume &volume, const Ray &ray);
/// Where a ray first meets a voxel of this value of the image or more.
std::optional<imaging::Vec3> firstAbove(const DisplayVolume &volume, const Ray &ray, double value);

/// Corners of the grid, half a voxel beyond the middles of its outermost voxels.
PatientBox boxOf(const imaging::Geometry &grid);

} // namespace consilium::viewer
