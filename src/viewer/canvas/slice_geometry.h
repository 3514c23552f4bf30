// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <array>
#include <cstdint>
#include <string>

namespace consilium::viewer {

enum class Plane { Axial, Coronal, Sagittal };

/// A position in a stack of slices as shown on the screen, in pixels of the grid; whole numbers are pixel centres.
/// Columns grow to the right of the screen, rows downward, slices towards the head (axial), the back (coronal) or the
/// patient's left (sagittal).
struct SlicePoint
{
    double column = 0, row = 0, slice = 0;
};

/// Letters for the four edges of a slice: the direction of the patient one moves in when leaving through that edge.
struct EdgeLetters
{
    std::string left, right, top, bottom;
};

/// Names a direction (LPS, any length above zero) by the patient's sides: "R", or "RA" when it lies between two, the
/// larger share first. A share counts from 15 degrees away from the main direction.
std::string directionLetters(const imaging::Vec3 &direction);

/// How a grid of voxels is laid out on the screen in one plane, along the index axes nearest to the patient's.
///
/// Radiological convention: the patient's right is on the left of the screen in axial and coronal slices, the front on
/// top in axial slices and on the left in sagittal ones, the head on top in coronal and sagittal ones.
class SliceGeometry
{
public:
    SliceGeometry() = default;
    SliceGeometry(const imaging::Geometry &geometry, Plane plane);

    Plane plane() const { return m_plane; }
    const imaging::Geometry &geometry() const { return m_geometry; }

    int columns() const { return m_geometry.size[m_axis[0]]; }
    int rows() const { return m_geometry.size[m_axis[1]]; }
    int slices() const { return m_geometry.size[m_axis[2]]; }
    double columnSpacing() const { return m_geometry.spacing[m_axis[0]]; } ///< mm
    double rowSpacing() const { return m_geometry.spacing[m_axis[1]]; }
    double sliceSpacing() const { return m_geometry.spacing[m_axis[2]]; }

    imaging::Vec3 toPatient(const SlicePoint &point) const;
    SlicePoint fromPatient(const imaging::Vec3 &patient) const;
    /// The slice nearest to a position, from 0 to slices() - 1 even when it lies outside.
    int nearestSlice(const imaging::Vec3 &patient) const;
    /// The position moved along the slice axis alone, onto the middle of `slice`.
    imaging::Vec3 movedToSlice(const imaging::Vec3 &patient, int slice) const;

    imaging::Index3 voxel(int column, int row, int slice) const;
    /// Place in memory of the top left pixel of a slice, and steps from a pixel to its right and lower neighbours.
    std::int64_t firstOffset(int slice) const;
    std::int64_t columnStep() const { return step(0); }
    std::int64_t rowStep() const { return step(1); }

    EdgeLetters edges() const;

private:
    std::int64_t step(int screenAxis) const;

    imaging::Geometry m_geometry;
    Plane m_plane = Plane::Axial;
    std::array<int, 3> m_axis{0, 1, 2};                 // index axis of columns, rows, slices
    std::array<bool, 3> m_flipped{false, false, false}; // the screen counts against the index
};

} // namespace consilium::viewer
