// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_renderer.h"

#include <QLine>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace consilium::viewer {

using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

ColourTable greyTable()
{
    ColourTable table{};
    for (std::uint32_t level = 0; level < table.size(); ++level)
        table[level] = 0xff000000u | level * 0x010101u;
    return table;
}

SliceValues sliceValues(const Volume &volume, const SliceGeometry &geometry, int slice)
{
    return {geometry.columns(),    geometry.rows(),    volume.values.data() + geometry.firstOffset(slice),
            geometry.columnStep(), geometry.rowStep(), {}};
}

SliceValues arrivedValues(const Volume &volume, const SliceArrival &arrival, const SliceGeometry &geometry, int slice)
{
    const SliceValues all = sliceValues(volume, geometry, slice);
    SliceValues out{all.columns, all.rows, nullptr, 1, all.columns, {}};
    out.own.assign(static_cast<std::size_t>(all.columns) * all.rows, std::numeric_limits<float>::quiet_NaN());
    out.first = out.own.data();
    for (int row = 0; row < all.rows; ++row) {
        for (int column = 0; column < all.columns; ++column) {
            if (arrival.isReady(geometry.voxel(column, row, slice)[2]))
                out.own[static_cast<std::size_t>(row) * all.columns + column] =
                    all.first[column * all.columnStep + row * all.rowStep];
        }
    }
    return out;
}

SliceValues reduced(const SliceValues &values, int factor)
{
    SliceValues out{(values.columns + factor - 1) / factor, (values.rows + factor - 1) / factor, nullptr, 1, 0, {}};
    out.rowStep = out.columns;
    out.own.resize(static_cast<std::size_t>(out.columns) * out.rows);
    out.first = out.own.data();
    std::vector<float> sums(static_cast<std::size_t>(out.columns));
    for (int row = 0; row < out.rows; ++row) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        const int height = std::min(factor, values.rows - row * factor);
        for (int below = 0; below < height; ++below) {
            const float *value = values.first + (row * factor + below) * values.rowStep;
            for (int column = 0; column < values.columns; ++column, value += values.columnStep)
                sums[static_cast<std::size_t>(column / factor)] += *value;
        }
        for (int column = 0; column < out.columns; ++column) {
            const int width = std::min(factor, values.columns - column * factor);
            out.own[static_cast<std::size_t>(row) * out.columns + column] =
                sums[static_cast<std::size_t>(column)] / static_cast<float>(width * height);
        }
    }
    return out;
}

QImage coloured(const SliceValues &values, const Window &window, const ColourTable &table)
{
    QImage image(values.columns, values.rows, QImage::Format_RGB32);
    const float low = static_cast<float>(window.low);
    const float scale = static_cast<float>(255.0 / std::max(window.width(), 1e-9));
    const float *line = values.first;
    for (int row = 0; row < values.rows; ++row, line += values.rowStep) {
        auto *out = reinterpret_cast<QRgb *>(image.scanLine(row));
        const float *value = line;
        for (int column = 0; column < values.columns; ++column, value += values.columnStep) {
            const float grey = (*value - low) * scale;
            // Written so that not-a-number falls to black.
            out[column] = table[static_cast<std::size_t>(grey > 0 ? (grey < 255 ? grey + 0.5f : 255.0f) : 0.0f)];
        }
    }
    return image;
}

QImage renderSlice(const Volume &volume, const SliceGeometry &geometry, int slice, const Window &window)
{
    return coloured(sliceValues(volume, geometry, slice), window, greyTable());
}

LabelSlice sliceLabels(const LabelMap &labels, const SliceGeometry &image, int slice)
{
    LabelSlice out{image.columns(), image.rows(), {}};
    out.values.resize(static_cast<std::size_t>(out.columns) * out.rows);
    auto *pixel = out.values.data();
    if (labels.geometry.sameGrid(image.geometry())) {
        const std::uint8_t *line = labels.values.data() + image.firstOffset(slice);
        for (int row = 0; row < out.rows; ++row, line += image.rowStep()) {
            const std::uint8_t *value = line;
            for (int column = 0; column < out.columns; ++column, value += image.columnStep())
                *pixel++ = *value;
        }
        return out;
    }
    // The way from pixel to label voxel is affine, so three positions give all.
    const double at = slice;
    const auto &grid = labels.geometry;
    const Vec3 first = grid.toIndex(image.toPatient({0, 0, at}));
    const Vec3 right = grid.toIndex(image.toPatient({1, 0, at}));
    const Vec3 below = grid.toIndex(image.toPatient({0, 1, at}));
    for (int row = 0; row < out.rows; ++row) {
        for (int column = 0; column < out.columns; ++column, ++pixel) {
            int index[3];
            bool inside = true;
            for (int axis = 0; axis < 3; ++axis) {
                const double exact =
                    first[axis] + column * (right[axis] - first[axis]) + row * (below[axis] - first[axis]);
                index[axis] = static_cast<int>(std::floor(exact + 0.5));
                inside = inside && index[axis] >= 0 && index[axis] < grid.size[axis];
            }
            *pixel = inside ? labels.at(index[0], index[1], index[2]) : 0;
        }
    }
    return out;
}

QImage fillImage(const LabelSlice &labels, const std::vector<QColor> &colours)
{
    std::array<QRgb, 256> table{};
    for (std::size_t label = 1; label < table.size() && !colours.empty(); ++label)
        table[label] = colours[std::min(label, colours.size() - 1)].rgb();
    QImage image(labels.columns, labels.rows, QImage::Format_ARGB32_Premultiplied);
    for (int row = 0; row < labels.rows; ++row) {
        auto *out = reinterpret_cast<QRgb *>(image.scanLine(row));
        for (int column = 0; column < labels.columns; ++column)
            out[column] = table[labels.at(column, row)];
    }
    return image;
}

namespace {

// Straight pieces of one label's border, joined end to end. Every corner is the end of two or four pieces, so whichever
// way one leaves it the walk comes back to where it began.
std::vector<QPolygon> closedPolygons(const std::vector<QLine> &lines, int columns)
{
    const auto corner = [&](const QPoint &point) { return point.x() + point.y() * (columns + 1); };
    std::unordered_multimap<int, std::size_t> endsAt;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        endsAt.emplace(corner(lines[i].p1()), i);
        endsAt.emplace(corner(lines[i].p2()), i);
    }
    std::vector<bool> used(lines.size(), false);
    std::vector<QPolygon> polygons;
    for (std::size_t first = 0; first < lines.size(); ++first) {
        if (used[first])
            continue;
        used[first] = true;
        QPolygon polygon{lines[first].p1()};
        for (QPoint at = lines[first].p2(); at != polygon.first();) {
            polygon.append(at);
            const auto [begin, end] = endsAt.equal_range(corner(at));
            const auto next = std::find_if(begin, end, [&](const auto &entry) { return !used[entry.second]; });
            Q_ASSERT(next != end);
            const QLine &line = lines[next->second];
            used[next->second] = true;
            at = line.p1() == at ? line.p2() : line.p1();
        }
        polygons.push_back(polygon);
    }
    return polygons;
}

} // namespace

std::vector<std::vector<QPolygon>> outlines(const LabelSlice &labels)
{
    if (labels.values.empty())
        return {};
    const std::size_t values = *std::max_element(labels.values.begin(), labels.values.end()) + std::size_t{1};
    std::vector<std::vector<QPolygon>> polygons(values);
    if (values == 1)
        return polygons;
    std::vector<std::vector<QLine>> lines(values);
    const auto value = [&](int column, int row) -> int {
        const bool inside = column >= 0 && row >= 0 && column < labels.columns && row < labels.rows;
        return inside ? labels.at(column, row) : 0;
    };
    // Follows the edges between two neighbouring lines of pixels and joins those between the same two labels.
    const auto follow = [&](int length, auto &&before, auto &&after, auto &&lineFrom) {
        int start = 0, a = 0, b = 0;
        for (int i = 0; i <= length; ++i) {
            const int nextA = i < length ? before(i) : 0, nextB = i < length ? after(i) : 0;
            if (i > 0 && nextA == a && nextB == b)
                continue;
            if (a != b) {
                for (int label : {a, b})
                    if (label != 0)
                        lines[label].push_back(lineFrom(start, i));
            }
            start = i;
            a = nextA;
            b = nextB;
        }
    };
    for (int row = 0; row <= labels.rows; ++row)
        follow(
            labels.columns, [&](int i) { return value(i, row - 1); }, [&](int i) { return value(i, row); },
            [&](int from, int to) { return QLine(from, row, to, row); });
    for (int column = 0; column <= labels.columns; ++column)
        follow(
            labels.rows, [&](int i) { return value(column - 1, i); }, [&](int i) { return value(column, i); },
            [&](int from, int to) { return QLine(column, from, column, to); });
    std::transform(lines.begin(), lines.end(), polygons.begin(),
                   [&](const std::vector<QLine> &pieces) { return closedPolygons(pieces, labels.columns); });
    return polygons;
}

} // namespace consilium::viewer
