// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"
#include "viewer/canvas/slice_geometry.h"

#include <QColor>
#include <QImage>
#include <QPolygon>
#include <cstdint>
#include <vector>

namespace consilium::viewer {

/// The values shown as black and as white.
struct Window
{
    double low = 0, high = 1;

    double width() const { return high - low; }
    double centre() const { return (low + high) / 2; }
    bool operator==(const Window &) const = default;
};

/// One slice of a segmentation on the pixels of the image it is shown on, rows from the top.
struct LabelSlice
{
    int columns = 0, rows = 0;
    std::vector<std::uint8_t> values;

    std::uint8_t at(int column, int row) const { return values[static_cast<std::size_t>(row) * columns + column]; }
};

/// One slice in greys, columns() x rows() pixels, Format_RGB32 (what QPainter scales fastest). `slice` in
/// 0..slices()-1; `geometry` is made from the volume's own. Values that are not finite numbers are black.
QImage renderSlice(const imaging::Volume &volume, const SliceGeometry &geometry, int slice, const Window &window);

/// The labels under one slice of the image. A segmentation on a grid of its own is placed by patient position, nearest
/// voxel; outside it there is no label.
LabelSlice sliceLabels(const imaging::LabelMap &labels, const SliceGeometry &image, int slice);

/// The labels as opaque colours on transparent ground, Format_ARGB32_Premultiplied. `colours` is indexed by label
/// value; values past its end take its last colour.
QImage fillImage(const LabelSlice &labels, const std::vector<QColor> &colours);

/// The borders of every label along pixel edges as closed polygons, indexed by label value; in pixel corners, (0, 0)
/// the top left corner of the slice. A polygon has points where the border turns (or its neighbour changes) and does
/// not repeat its first.
std::vector<std::vector<QPolygon>> outlines(const LabelSlice &labels);

} // namespace consilium::viewer
