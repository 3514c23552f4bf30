// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measurement.h"

#include <algorithm>
#include <cmath>

// Whether a voxel centre lies inside does not change with the slice's scale or shear, so all is done in its pixels.
namespace consilium::viewer {

namespace {

struct Span
{
    int first, last; // columns, both inside
};

class Sums
{
public:
    Sums(const imaging::Volume &volume, const SliceGeometry &geometry, int slice)
        : m_first(volume.values.data() + geometry.firstOffset(slice)), m_column(geometry.columnStep()),
          m_row(geometry.rowStep()), m_columns(geometry.columns())
    {
    }

    void add(int row, Span span)
    {
        span = {std::max(span.first, 0), std::min(span.last, m_columns - 1)};
        for (int column = span.first; column <= span.last; ++column) {
            const double value = m_first[row * m_row + column * m_column];
            if (!std::isfinite(value))
                continue;
            // Sums of the differences from the first value: large means do not swallow small deviations.
            if (m_found.voxels == 0)
                m_shift = m_found.minimum = m_found.maximum = value;
            m_found.minimum = std::min(m_found.minimum, value);
            m_found.maximum = std::max(m_found.maximum, value);
            m_sum += value - m_shift;
            m_squares += (value - m_shift) * (value - m_shift);
            ++m_found.voxels;
        }
    }

    std::optional<RegionStatistics> found() const
    {
        if (m_found.voxels == 0)
            return std::nullopt;
        RegionStatistics found = m_found;
        const auto count = static_cast<double>(found.voxels);
        found.mean = m_shift + m_sum / count;
        if (found.voxels > 1)
            found.deviation = std::sqrt(std::max(0.0, m_squares - m_sum * m_sum / count) / (count - 1));
        return found;
    }

private:
    const float *m_first;
    std::int64_t m_column, m_row;
    int m_columns;
    RegionStatistics m_found;
    double m_shift = 0, m_sum = 0, m_squares = 0;
};

void addPolygon(Sums &sums, const std::vector<SlicePoint> &corners, int rows)
{
    const auto [top, bottom] =
        std::minmax_element(corners.begin(), corners.end(), [](const auto &a, const auto &b) { return a.row < b.row; });
    const int first = static_cast<int>(std::max(0.0, std::ceil(top->row)));
    const int last = static_cast<int>(std::min(rows - 1.0, std::floor(bottom->row)));
    std::vector<double> crossings;
    for (int row = first; row <= last; ++row) {
        crossings.clear();
        for (std::size_t n = 0; n < corners.size(); ++n) {
            const SlicePoint &a = corners[n], &b = corners[(n + 1) % corners.size()];
            if ((a.row <= row) != (b.row <= row))
                crossings.push_back(a.column + (row - a.row) / (b.row - a.row) * (b.column - a.column));
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t n = 0; n + 1 < crossings.size(); n += 2)
            sums.add(row,
                     {static_cast<int>(std::ceil(crossings[n])), static_cast<int>(std::ceil(crossings[n + 1])) - 1});
    }
}

void addEllipse(Sums &sums, const std::vector<SlicePoint> &points, int rows)
{
    const SlicePoint &centre = points[0];
    const double ux = points[1].column - centre.column, uy = points[1].row - centre.row;
    const double vx = points[2].column - centre.column, vy = points[2].row - centre.row;
    const double determinant = ux * vy - uy * vx;
    if (determinant == 0)
        return;
    // (x, y) = s u + t v is inside where s^2 + t^2 <= 1; for one y that is a quadratic in x.
    const double reach = std::hypot(uy, vy), a = uy * uy + vy * vy;
    constexpr double kRounding = 1e-9; // a centre on the border is inside whatever the last digit says
    const int first = static_cast<int>(std::max(0.0, std::ceil(centre.row - reach - kRounding)));
    const int last = static_cast<int>(std::min(rows - 1.0, std::floor(centre.row + reach + kRounding)));
    for (int row = first; row <= last; ++row) {
        const double y = row - centre.row;
        const double b = -(vy * vx + uy * ux) * y, c = (vx * vx + ux * ux) * y * y - determinant * determinant;
        const double root = std::sqrt(std::max(0.0, b * b - a * c));
        sums.add(row, {static_cast<int>(std::ceil(centre.column + (-b - root) / a - kRounding)),
                       static_cast<int>(std::floor(centre.column + (-b + root) / a + kRounding))});
    }
}

} // namespace

std::optional<RegionStatistics> regionStatistics(const imaging::Volume &volume, const SliceGeometry &geometry,
                                                 int slice, const Measurement &measurement)
{
    const bool polygon = measurement.kind == MeasurementKind::Polygon;
    if (!(polygon || measurement.kind == MeasurementKind::Ellipse) || measurement.points.size() < 3 || slice < 0 ||
        slice >= geometry.slices())
        return std::nullopt;
    std::vector<SlicePoint> points;
    for (const imaging::Vec3 &point : measurement.points)
        points.push_back(geometry.fromPatient(point));
    Sums sums(volume, geometry, slice);
    (polygon ? addPolygon : addEllipse)(sums, points, geometry.rows());
    return sums.found();
}

} // namespace consilium::viewer
