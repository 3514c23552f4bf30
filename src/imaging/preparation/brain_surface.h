// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <vector>

namespace consilium::imaging {

/// A closed surface of triangles, counter-clockwise seen from outside.
struct TriangleMesh
{
    std::vector<Vec3> points; ///< LPS mm
    std::vector<Index3> triangles;
};

/// A sphere of 20 * 4^subdivisions triangles.
TriangleMesh sphere(const Vec3 &centre, double radius, int subdivisions);

/// What the surface goes by, in the unit of the image.
struct BrainIntensities
{
    double background = 0; ///< 2nd percentile
    double head = 0;       ///< between air and head
    double brain = 0;      ///< median in the middle of the head
    double bright = 0;     ///< 98th percentile
};

/// Lets a sphere inside the brain grow, and stay smooth, until it lies on the brain's surface. Source: Smith, Fast
/// robust automated brain extraction, Human Brain Mapping 17, 2002.
void growBrainSurface(TriangleMesh &mesh, const Volume &head, const BrainIntensities &intensities);

/// The voxels of the grid with their centre inside the mesh are 1.
LabelMap voxelsInside(const TriangleMesh &mesh, const Geometry &grid);

} // namespace consilium::imaging
