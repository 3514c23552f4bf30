// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/surface_model.h"

#include "viewer/canvas/colours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vtkDiscreteFlyingEdges3D.h>
#include <vtkFlyingEdges3D.h>
#include <vtkIdList.h>
#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkNew.h>
#include <vtkPolyDataNormals.h>
#include <vtkReverseSense.h>
#include <vtkTransform.h>
#include <vtkTransformPolyDataFilter.h>
#include <vtkWindowedSincPolyDataFilter.h>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Index3;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

namespace {

// Voxel index to LPS mm; `step` index units per unit of the mesh, counted from `first`.
vtkSmartPointer<vtkMatrix4x4> meshToPatient(const Geometry &grid, const Vec3 &first, double step)
{
    auto matrix = vtkSmartPointer<vtkMatrix4x4>::New();
    const Vec3 origin = grid.toPatient(first);
    for (int row = 0; row < 3; ++row) {
        for (int axis = 0; axis < 3; ++axis)
            matrix->SetElement(row, axis, grid.direction[row][axis] * grid.spacing[axis] * step);
        matrix->SetElement(row, 3, origin[row]);
    }
    return matrix;
}

vtkSmartPointer<vtkPolyData> finish(vtkAlgorithmOutput *surface, vtkMatrix4x4 *toPatient, int iterations)
{
    vtkNew<vtkWindowedSincPolyDataFilter> smooth;
    smooth->SetInputConnection(surface);
    smooth->SetNumberOfIterations(iterations);
    smooth->SetPassBand(0.08);
    smooth->BoundarySmoothingOff();
    smooth->FeatureEdgeSmoothingOff();
    smooth->NonManifoldSmoothingOn();
    smooth->NormalizeCoordinatesOn();
    vtkNew<vtkTransform> transform;
    transform->SetMatrix(toPatient);
    vtkNew<vtkTransformPolyDataFilter> place;
    place->SetInputConnection(smooth->GetOutputPort());
    place->SetTransform(transform);
    // A left-handed grid turns every triangle inside out.
    vtkNew<vtkReverseSense> outward;
    outward->SetInputConnection(place->GetOutputPort());
    outward->SetReverseCells(toPatient->Determinant() < 0);
    vtkNew<vtkPolyDataNormals> normals;
    normals->SetInputConnection(outward->GetOutputPort());
    normals->SplittingOff();
    // Flying edges already winds every triangle the same way; walking across pinched voxels would undo that.
    normals->ConsistencyOff();
    normals->Update();
    return normals->GetOutput();
}

vtkSmartPointer<vtkPolyData> hullSurface(const Volume &volume, const imaging::ValueRange &range)
{
    const Geometry &grid = volume.geometry;
    const int longest = *std::max_element(grid.size.begin(), grid.size.end());
    const int step = std::max(1, longest / 72);
    // A border of background all round closes the surface.
    int size[3];
    for (int axis = 0; axis < 3; ++axis)
        size[axis] = (grid.size[axis] + step - 1) / step + 2;
    vtkNew<vtkImageData> coarse;
    coarse->SetDimensions(size);
    coarse->AllocateScalars(VTK_FLOAT, 1);
    auto *out = static_cast<float *>(coarse->GetScalarPointer());
    std::fill(out, out + std::int64_t{size[0]} * size[1] * size[2], range.low);
    const float level = range.low + 0.2f * (range.high - range.low);
    std::int64_t rim = 0, bright = 0;
    for (int k = 0; k < size[2] - 2; ++k)
        for (int j = 0; j < size[1] - 2; ++j)
            for (int i = 0; i < size[0] - 2; ++i) {
                const Index3 begin{i * step, j * step, k * step};
                double sum = 0;
                int count = 0;
                for (int z = begin[2]; z < std::min(begin[2] + step, grid.size[2]); ++z)
                    for (int y = begin[1]; y < std::min(begin[1] + step, grid.size[1]); ++y)
                        for (int x = begin[0]; x < std::min(begin[0] + step, grid.size[0]); ++x, ++count)
                            sum += volume.at(x, y, z);
                const auto mean = static_cast<float>(sum / count);
                out[i + 1 + std::int64_t{size[0]} * (j + 1 + std::int64_t{size[1]} * (k + 1))] = mean;
                const bool onRim =
                    i == 0 || j == 0 || k == 0 || i == size[0] - 3 || j == size[1] - 3 || k == size[2] - 3;
                rim += onRim;
                bright += onRim && mean > level;
            }
    // A crop out of the head has tissue at its rim: its hull would be a box.
    if (bright * 3 > rim)
        return nullptr;
    vtkNew<vtkFlyingEdges3D> edges;
    edges->SetInputData(coarse);
    edges->SetValue(0, level);
    edges->ComputeNormalsOff();
    edges->ComputeGradientsOff();
    edges->ComputeScalarsOff();
    const double half = (step - 1) / 2.0;
    const auto matrix = meshToPatient(grid, {half - step, half - step, half - step}, step);
    return finish(edges->GetOutputPort(), matrix, 20);
}

} // namespace

vtkSmartPointer<vtkPolyData> labelSurface(const LabelMap &labels, int label)
{
    const Geometry &grid = labels.geometry;
    Index3 low = grid.size, high{-1, -1, -1};
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i) {
                if (labels.at(i, j, k) != label)
                    continue;
                const Index3 here{i, j, k};
                for (int axis = 0; axis < 3; ++axis) {
                    low[axis] = std::min(low[axis], here[axis]);
                    high[axis] = std::max(high[axis], here[axis]);
                }
            }
    if (high[0] < 0)
        return nullptr;
    // The box that holds the label, with one voxel of background all round to close the surface.
    int size[3];
    for (int axis = 0; axis < 3; ++axis)
        size[axis] = high[axis] - low[axis] + 3;
    vtkNew<vtkImageData> box;
    box->SetDimensions(size);
    box->AllocateScalars(VTK_UNSIGNED_CHAR, 1);
    auto *out = static_cast<unsigned char *>(box->GetScalarPointer());
    std::fill(out, out + std::int64_t{size[0]} * size[1] * size[2], 0);
    for (int k = low[2]; k <= high[2]; ++k)
        for (int j = low[1]; j <= high[1]; ++j)
            for (int i = low[0]; i <= high[0]; ++i)
                out[i - low[0] + 1 +
                    std::int64_t{size[0]} * (j - low[1] + 1 + std::int64_t{size[1]} * (k - low[2] + 1))] =
                    labels.at(i, j, k) == label;
    vtkNew<vtkDiscreteFlyingEdges3D> edges;
    edges->SetInputData(box);
    edges->SetValue(0, 1);
    edges->ComputeNormalsOff();
    edges->ComputeGradientsOff();
    edges->ComputeScalarsOff();
    const auto matrix = meshToPatient(grid, {low[0] - 1.0, low[1] - 1.0, low[2] - 1.0}, 1);
    return finish(edges->GetOutputPort(), matrix, 15);
}

SurfaceModel buildSurfaces(const ReviewCase &opened)
{
    SurfaceModel model;
    const auto add = [&](const Segmentation &segmentation, int index) {
        for (int label = 1; label < static_cast<int>(opened.labels.size()); ++label)
            if (auto mesh = labelSurface(*segmentation.labels, label))
                model.parts.push_back({index, label, std::move(mesh)});
    };
    if (opened.reference)
        add(*opened.reference, kReference);
    for (std::size_t i = 0; i < opened.predictions.size(); ++i)
        add(opened.predictions[i], static_cast<int>(i));
    if (!opened.channels.empty())
        model.hull = hullSurface(*opened.channels.front().volume, opened.channels.front().range);
    return model;
}

BuiltSurfaces::BuiltSurfaces(SurfaceModel model) : m_model(std::move(model))
{
    vtkNew<vtkIdList> ids;
    for (const SurfacePart &part : m_model.parts) {
        Triangles kept;
        for (vtkIdType n = 0; n < part.mesh->GetNumberOfPoints(); ++n) {
            Vec3 at{};
            part.mesh->GetPoint(n, at.data());
            kept.points.push_back(at);
        }
        for (vtkIdType n = 0; n < part.mesh->GetNumberOfCells(); ++n) {
            part.mesh->GetCellPoints(n, ids);
            if (ids->GetNumberOfIds() == 3)
                kept.corners.push_back({static_cast<int>(ids->GetId(0)), static_cast<int>(ids->GetId(1)),
                                        static_cast<int>(ids->GetId(2))});
        }
        double box[6];
        part.mesh->GetBounds(box);
        kept.centre = {(box[0] + box[1]) / 2, (box[2] + box[3]) / 2, (box[4] + box[5]) / 2};
        kept.radius = std::hypot(box[1] - box[0], box[3] - box[2], box[5] - box[4]) / 2;
        m_triangles.push_back(std::move(kept));
    }
}

// Möller and Trumbore, Fast, minimum storage ray/triangle intersection, J. Graphics Tools 2, 1997.
std::optional<Vec3> BuiltSurfaces::hit(const Ray &ray, const std::vector<PartLook> &shown) const
{
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t n = 0; n < m_triangles.size(); ++n) {
        const SurfacePart &part = m_model.parts[n];
        const bool isShown = std::any_of(shown.begin(), shown.end(), [&](const PartLook &look) {
            return look.segmentation == part.segmentation && look.label == part.label;
        });
        const Triangles &mesh = m_triangles[n];
        const Vec3 aside = cross(plus(mesh.centre, -1, ray.origin), ray.direction);
        if (!isShown || dot(aside, aside) > mesh.radius * mesh.radius)
            continue;
        for (const auto &corner : mesh.corners) {
            const Vec3 &a = mesh.points[static_cast<std::size_t>(corner[0])];
            const Vec3 ab = plus(mesh.points[static_cast<std::size_t>(corner[1])], -1, a);
            const Vec3 ac = plus(mesh.points[static_cast<std::size_t>(corner[2])], -1, a);
            const Vec3 p = cross(ray.direction, ac);
            const double det = dot(ab, p);
            if (std::abs(det) < 1e-12)
                continue;
            const Vec3 from = plus(ray.origin, -1, a);
            const double u = dot(from, p) / det;
            const Vec3 q = cross(from, ab);
            const double v = dot(ray.direction, q) / det, t = dot(ac, q) / det;
            if (u >= 0 && v >= 0 && u + v <= 1 && t >= 0)
                nearest = std::min(nearest, t);
        }
    }
    if (std::isinf(nearest))
        return std::nullopt;
    return plus(ray.origin, nearest, ray.direction);
}

} // namespace consilium::viewer
