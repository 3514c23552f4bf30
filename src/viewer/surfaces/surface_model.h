// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/review_case.h"

#include <vector>
#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

namespace consilium::viewer {

/// The smoothed border of one label, vertices in patient LPS mm, normals outward.
struct SurfacePart
{
    int segmentation = 0; ///< kReference or the index of a prediction
    int label = 1;
    vtkSmartPointer<vtkPolyData> mesh;
};

struct SurfaceModel
{
    std::vector<SurfacePart> parts;
    /// The border of the head or brain, coarse, for orientation; null where the image has no background to tell it
    /// from.
    vtkSmartPointer<vtkPolyData> hull;
};

/// Takes a second or so for a whole brain: call it away from the window's thread.
SurfaceModel buildSurfaces(const ReviewCase &opened);

/// The border of one label; null when no voxel has it.
vtkSmartPointer<vtkPolyData> labelSurface(const imaging::LabelMap &labels, int label);

} // namespace consilium::viewer
