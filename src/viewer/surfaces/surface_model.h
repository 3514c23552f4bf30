// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/review_case.h"
#include "viewer/surfaces/scene.h"

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

/// The surfaces of a case with what finding a part under the pointer needs.
class BuiltSurfaces : public SceneModel
{
public:
    explicit BuiltSurfaces(SurfaceModel model);

    const SurfaceModel &model() const { return m_model; }
    std::optional<imaging::Vec3> hit(const Ray &ray, const std::vector<PartLook> &shown) const override;
    std::size_t parts() const override { return m_model.parts.size(); }

private:
    struct Triangles
    {
        std::vector<imaging::Vec3> points;
        std::vector<std::array<int, 3>> corners;
        imaging::Vec3 centre{};
        double radius = 0; ///< of a ball about the centre that holds all
    };

    SurfaceModel m_model;
    std::vector<Triangles> m_triangles; ///< by part
};

} // namespace consilium::viewer
