// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <array>
#include <cstdint>
#include <string>

namespace consilium::imaging {

using Vec3 = std::array<double, 3>;
using Index3 = std::array<int, 3>;
using Matrix3 = std::array<Vec3, 3>; ///< rows, then columns

/// Which patient axis (0 L, 1 P, 2 S) each index axis runs along, and whether with it (+1) or against it (-1).
struct AxisMap
{
    Index3 axis{0, 1, 2};
    Index3 sign{1, 1, 1};

    bool operator==(const AxisMap &) const = default;
};

/// Where a grid of voxels lies in the patient: LPS millimetres (x to the patient's left, y to the back, z to the head),
/// as DICOM and ITK count.
struct Geometry
{
    Index3 size{0, 0, 0};  ///< voxels along i, j, k; i varies fastest in memory
    Vec3 spacing{1, 1, 1}; ///< mm between voxel centres
    Vec3 origin{0, 0, 0};  ///< LPS position of the centre of voxel (0, 0, 0)
    /// direction[r][c]: component r (L, P, S) of the unit vector along index axis c.
    Matrix3 direction{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};

    std::int64_t voxels() const { return std::int64_t{size[0]} * size[1] * size[2]; }
    double voxelVolume() const { return spacing[0] * spacing[1] * spacing[2]; } ///< mm^3
    std::int64_t offset(int i, int j, int k) const
    {
        return i + std::int64_t{size[0]} * (j + std::int64_t{size[1]} * k);
    }

    Vec3 toPatient(const Vec3 &index) const; ///< continuous voxel index to LPS mm
    Vec3 toIndex(const Vec3 &patient) const; ///< LPS mm to continuous voxel index; direction must be invertible

    /// The assignment of index axes to patient axes, each used once, with the smallest angles in sum.
    AxisMap closestAxes() const;

    /// Three letters, one per index axis, naming the direction in which the index grows, for example "LPS" or "RAS".
    std::string orientation() const;

    /// Same size, and every corner within `toleranceMm` of the other's.
    bool sameGrid(const Geometry &other, double toleranceMm = 1e-3) const;
    bool operator==(const Geometry &) const = default;
};

double determinant(const Matrix3 &matrix);
Matrix3 inverted(const Matrix3 &matrix); ///< the determinant must not be 0

/// The orthogonal factor of the polar decomposition: the closest rotation, or reflection when the determinant is
/// negative, in the Frobenius norm. The determinant must not be 0. Source: Higham, Computing the polar decomposition,
/// SIAM J. Sci. Stat. Comput. 7, 1986 (Newton iteration).
Matrix3 nearestOrthogonal(const Matrix3 &matrix);

} // namespace consilium::imaging
