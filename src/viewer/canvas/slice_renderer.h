// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"
#include "viewer/canvas/slice_geometry.h"
#include "viewer/cases/slice_arrival.h"

#include <QColor>
#include <QImage>
#include <QPolygon>
#include <array>
#include <cstdint>
#include <span>
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

/// Colours by brightness, from black (0) to white (255) or what stands for them.
using ColourTable = std::array<QRgb, 256>;
ColourTable greyTable();

/// The values of one slice as they are shown: rows from the top, columns from the left of the screen.
struct SliceValues
{
    int columns = 0, rows = 0;
    const float *first = nullptr; ///< of the pixel at the top left; into a volume, or into `own`
    std::int64_t columnStep = 1, rowStep = 0;
    std::vector<float> own;
};

/// Looks into the volume, which must outlive what is returned. `slice` in 0..slices()-1; `geometry` is made from the
/// volume's own.
SliceValues sliceValues(const imaging::Volume &volume, const SliceGeometry &geometry, int slice);
/// As sliceValues, of a volume that is still being read: what has not arrived is not a number.
SliceValues arrivedValues(const imaging::Volume &volume, const SliceArrival &arrival, const SliceGeometry &geometry,
                          int slice);
/// Means of factor x factor pixels (fewer at the right and lower edge): what a large slice shows when it is drawn
/// small, without the false patterns of single pixels.
SliceValues reduced(const SliceValues &values, int factor);

/// Values as colours, columns x rows pixels, Format_RGB32 (what QPainter scales fastest). Values that are not finite
/// numbers take the lowest colour.
QImage coloured(const SliceValues &values, const Window &window, const ColourTable &table);
/// One slice in greys.
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
