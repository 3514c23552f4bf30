// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/between_slices.h"

#include "imaging/distance.h"
#include "viewer/editing/label_voxels.h"

#include <algorithm>

namespace consilium::viewer {

namespace {

struct Box
{
    int left = 0, top = 0, right = -1, bottom = -1;

    bool isEmpty() const { return right < left; }
    void take(int column, int row)
    {
        if (isEmpty()) {
            *this = {column, row, column, row};
            return;
        }
        left = std::min(left, column);
        top = std::min(top, row);
        right = std::max(right, column);
        bottom = std::max(bottom, row);
    }
    int columns() const { return right - left + 1; }
    int rows() const { return bottom - top + 1; }
};

struct Pixel
{
    int column = 0, row = 0, slice = 0;
};

// Turns voxels into pixels of the slices: SliceGeometry::voxel() backwards.
class PixelOf
{
public:
    explicit PixelOf(const SliceGeometry &grid) : m_first(grid.voxel(0, 0, 0))
    {
        const imaging::Index3 steps[] = {grid.voxel(1, 0, 0), grid.voxel(0, 1, 0), grid.voxel(0, 0, 1)};
        for (std::size_t n = 0; n < 3; ++n)
            for (std::size_t axis = 0; axis < 3; ++axis)
                if (steps[n][axis] != m_first[axis]) {
                    m_axis[n] = axis;
                    m_sign[n] = steps[n][axis] - m_first[axis];
                }
    }

    Pixel operator()(const imaging::Index3 &voxel) const
    {
        const auto along = [&](std::size_t n) { return (voxel[m_axis[n]] - m_first[m_axis[n]]) * m_sign[n]; };
        return {along(0), along(1), along(2)};
    }

private:
    imaging::Index3 m_first{};
    std::array<std::size_t, 3> m_axis{};
    std::array<int, 3> m_sign{};
};

// A shape in one slice, with one pixel around what is needed of it: depths are right at the rim then.
struct Shape
{
    Box box;
    std::vector<std::uint8_t> inside;

    explicit Shape(const Box &around)
        : box(around), inside(static_cast<std::size_t>(around.columns()) * static_cast<std::size_t>(around.rows()))
    {
    }

    std::size_t place(int column, int row) const
    {
        return static_cast<std::size_t>(row - box.top) * static_cast<std::size_t>(box.columns()) +
               static_cast<std::size_t>(column - box.left);
    }

    // Below zero inside. The border runs half way between a pixel inside and its neighbour outside.
    std::vector<float> signedDistance(const SliceGeometry &grid) const
    {
        imaging::Geometry flat;
        flat.size = {box.columns(), box.rows(), 1};
        flat.spacing = {grid.columnSpacing(), grid.rowSpacing(), 1};
        std::vector<std::uint8_t> outside(inside.size());
        for (std::size_t n = 0; n < inside.size(); ++n)
            outside[n] = !inside[n];
        auto distance = imaging::distanceTo(inside, flat);
        const auto depth = imaging::distanceTo(outside, flat);
        const auto half = static_cast<float>(std::min(flat.spacing[0], flat.spacing[1]) / 2);
        for (std::size_t n = 0; n < distance.size(); ++n)
            distance[n] = inside[n] ? half - depth[n] : distance[n] - half;
        return distance;
    }
};

// Two slices with the label and none of it between them.
struct Gap
{
    int from = 0, to = 0;
    Shape near, far;
};

} // namespace

BetweenSlices fillBetween(const imaging::LabelRuns &labels, std::uint8_t label, Plane plane)
{
    const SliceGeometry grid(labels.geometry(), plane);
    const PixelOf pixelOf(grid);
    const auto overPixels = [&](auto with) {
        overRuns(labels, label, [&](const VoxelRun &run) {
            for (int n = 0; n < run.count; ++n)
                with(pixelOf({run.first + n, run.j, run.k}));
        });
    };
    std::vector<Box> drawn(static_cast<std::size_t>(grid.slices()));
    overPixels([&](const Pixel &at) { drawn[static_cast<std::size_t>(at.slice)].take(at.column, at.row); });

    std::vector<Gap> gaps;
    std::vector<std::vector<Shape *>> wanted(drawn.size()); // by slice
    int before = -1;
    for (int after = 0; after < grid.slices(); ++after) {
        const Box &far = drawn[static_cast<std::size_t>(after)];
        if (far.isEmpty())
            continue;
        if (before >= 0 && after > before + 1) {
            Box box = drawn[static_cast<std::size_t>(before)];
            box.take(far.left, far.top);
            box.take(far.right, far.bottom);
            box = {box.left - 1, box.top - 1, box.right + 1, box.bottom + 1};
            gaps.push_back({before, after, Shape(box), Shape(box)});
        }
        before = after;
    }
    for (Gap &gap : gaps) {
        wanted[static_cast<std::size_t>(gap.from)].push_back(&gap.near);
        wanted[static_cast<std::size_t>(gap.to)].push_back(&gap.far);
    }
    if (!gaps.empty())
        overPixels([&](const Pixel &at) {
            for (Shape *shape : wanted[static_cast<std::size_t>(at.slice)])
                shape->inside[shape->place(at.column, at.row)] = 1;
        });

    BetweenSlices between;
    for (const Gap &gap : gaps) {
        const auto near = gap.near.signedDistance(grid), far = gap.far.signedDistance(grid);
        const Box &box = gap.near.box;
        for (int slice = gap.from + 1; slice < gap.to; ++slice) {
            const float share = static_cast<float>(slice - gap.from) / static_cast<float>(gap.to - gap.from);
            bool any = false;
            std::size_t n = 0;
            for (int row = box.top; row <= box.bottom; ++row)
                for (int column = box.left; column <= box.right; ++column, ++n)
                    if ((1 - share) * near[n] + share * far[n] <= 0) {
                        between.voxels.add(grid.voxel(column, row, slice));
                        any = true;
                    }
            between.slices += any;
        }
    }
    return between;
}

} // namespace consilium::viewer
