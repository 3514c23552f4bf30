// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/between_slices.h"

#include "imaging/distance.h"

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

class DrawnSlices
{
public:
    DrawnSlices(const imaging::LabelMap &labels, std::uint8_t label, Plane plane)
        : m_labels(labels), m_grid(labels.geometry, plane), m_label(label)
    {
    }

    const SliceGeometry &grid() const { return m_grid; }

    bool has(int column, int row, int slice) const
    {
        return m_labels.values[static_cast<std::size_t>(m_grid.firstOffset(slice) + column * m_grid.columnStep() +
                                                        row * m_grid.rowStep())] == m_label;
    }

    Box drawn(int slice) const
    {
        Box box;
        for (int row = 0; row < m_grid.rows(); ++row)
            for (int column = 0; column < m_grid.columns(); ++column)
                if (has(column, row, slice))
                    box.take(column, row);
        return box;
    }

    // Below zero inside. The border runs half way between a voxel inside and its neighbour outside.
    std::vector<float> signedDistance(int slice, const Box &box) const
    {
        imaging::Geometry flat;
        flat.size = {box.columns(), box.rows(), 1};
        flat.spacing = {m_grid.columnSpacing(), m_grid.rowSpacing(), 1};
        std::vector<std::uint8_t> inside(static_cast<std::size_t>(flat.voxels())), outside(inside.size());
        std::size_t n = 0;
        for (int row = box.top; row <= box.bottom; ++row)
            for (int column = box.left; column <= box.right; ++column, ++n) {
                const bool onGrid = column >= 0 && column < m_grid.columns() && row >= 0 && row < m_grid.rows();
                inside[n] = onGrid && has(column, row, slice);
                outside[n] = !inside[n];
            }
        auto distance = imaging::distanceTo(inside, flat);
        const auto depth = imaging::distanceTo(outside, flat);
        const auto half = static_cast<float>(std::min(flat.spacing[0], flat.spacing[1]) / 2);
        for (n = 0; n < distance.size(); ++n)
            distance[n] = inside[n] ? half - depth[n] : distance[n] - half;
        return distance;
    }

private:
    const imaging::LabelMap &m_labels;
    SliceGeometry m_grid;
    std::uint8_t m_label;
};

} // namespace

BetweenSlices fillBetween(const imaging::LabelMap &labels, std::uint8_t label, Plane plane)
{
    BetweenSlices between;
    const DrawnSlices drawn(labels, label, plane);
    const SliceGeometry &grid = drawn.grid();
    int before = -1;
    Box boxBefore;
    for (int after = 0; after < grid.slices(); ++after) {
        const Box boxAfter = drawn.drawn(after);
        if (boxAfter.isEmpty())
            continue;
        if (before >= 0 && after > before + 1) {
            // One pixel more than both shapes take: nothing lies outside, and depths are right at the rim.
            Box box = boxBefore;
            box.take(boxAfter.left, boxAfter.top);
            box.take(boxAfter.right, boxAfter.bottom);
            box = {box.left - 1, box.top - 1, box.right + 1, box.bottom + 1};
            const auto near = drawn.signedDistance(before, box), far = drawn.signedDistance(after, box);
            for (int slice = before + 1; slice < after; ++slice) {
                const float share = static_cast<float>(slice - before) / static_cast<float>(after - before);
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
        before = after;
        boxBefore = boxAfter;
    }
    return between;
}

} // namespace consilium::viewer
