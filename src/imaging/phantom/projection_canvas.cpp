// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/projection_canvas.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::imaging {

namespace {

SagittalPoint catmullRom(const SagittalPoint &a, const SagittalPoint &b, const SagittalPoint &c, const SagittalPoint &d,
                         double t)
{
    const auto along = [t](double p, double q, double r, double s) {
        return 0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t * t * t);
    };
    return {along(a.x, b.x, c.x, d.x), along(a.y, b.y, c.y, d.y)};
}

double squaredDistance(const SagittalPoint &p, const SagittalPoint &a, const SagittalPoint &b)
{
    const double ux = b.x - a.x, uy = b.y - a.y, vx = p.x - a.x, vy = p.y - a.y;
    const double length = ux * ux + uy * uy;
    const double t = length > 0 ? std::clamp((vx * ux + vy * uy) / length, 0.0, 1.0) : 0.0;
    const double dx = vx - t * ux, dy = vy - t * uy;
    return dx * dx + dy * dy;
}

/// mm to the outline, positive inside.
double depthInside(const Outline &outline, const SagittalPoint &p)
{
    double nearest = std::numeric_limits<double>::max();
    bool inside = false;
    for (std::size_t i = 0, j = outline.size() - 1; i < outline.size(); j = i++) {
        const auto &a = outline[i];
        const auto &b = outline[j];
        nearest = std::min(nearest, squaredDistance(p, a, b));
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
            inside = !inside;
    }
    return inside ? std::sqrt(nearest) : -std::sqrt(nearest);
}

double distanceToLine(const Outline &line, const SagittalPoint &p)
{
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t i = 1; i < line.size(); ++i)
        nearest = std::min(nearest, squaredDistance(p, line[i - 1], line[i]));
    return std::sqrt(nearest);
}

std::pair<SagittalPoint, SagittalPoint> bounds(const Outline &outline, double margin)
{
    SagittalPoint low = outline.front(), high = low;
    for (const auto &p : outline) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {{low.x - margin, low.y - margin}, {high.x + margin, high.y + margin}};
}

/// Length of the beam within a cylinder or ball seen across.
double chord(double radius, double distance)
{
    return distance < radius ? 2 * std::sqrt(radius * radius - distance * distance) : 0;
}

/// The shell's bright line, `depth` mm inside the edge.
double shellLine(double depth, double shell)
{
    const double from = (depth - 0.5 * shell) / shell;
    return std::exp(-from * from);
}

/// One pass of a box of 2 * half + 1 rows over `columns` columns side by side, the ends continued. Rows are read whole:
/// a walk down single columns would miss the cache at every step.
void boxFilterDown(const std::vector<float> &from, std::vector<float> &to, int columns, int rows, int half)
{
    const auto width = static_cast<std::size_t>(columns);
    const auto row = [&](int j) { return from.data() + static_cast<std::size_t>(std::clamp(j, 0, rows - 1)) * width; };
    std::vector<double> sums(width, 0.0);
    for (int j = -half; j <= half; ++j) {
        const auto *line = row(j);
        for (std::size_t i = 0; i < width; ++i)
            sums[i] += static_cast<double>(line[i]);
    }
    const double share = 1.0 / (2 * half + 1);
    for (int j = 0; j < rows; ++j) {
        auto *out = to.data() + static_cast<std::size_t>(j) * width;
        const auto *entering = row(j + half + 1), *leaving = row(j - half);
        for (std::size_t i = 0; i < width; ++i) {
            out[i] = static_cast<float>(sums[i] * share);
            sums[i] += static_cast<double>(entering[i]) - static_cast<double>(leaving[i]);
        }
    }
}

/// The same along one row.
void boxFilterAlong(const float *from, float *to, int count, int half)
{
    const auto at = [&](int i) { return static_cast<double>(from[std::clamp(i, 0, count - 1)]); };
    double sum = 0;
    for (int i = -half; i <= half; ++i)
        sum += at(i);
    const double share = 1.0 / (2 * half + 1);
    for (int i = 0; i < count; ++i) {
        to[i] = static_cast<float>(sum * share);
        sum += at(i + half + 1) - at(i - half);
    }
}

} // namespace

Outline smoothOutline(std::span<const SagittalPoint> points, int steps)
{
    Outline curve;
    const auto n = points.size();
    for (std::size_t i = 0; i < n; ++i) {
        for (int step = 0; step < steps; ++step)
            curve.push_back(catmullRom(points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n],
                                       1.0 * step / steps));
    }
    return curve;
}

Outline smoothLine(std::span<const SagittalPoint> points, int steps)
{
    Outline curve;
    const auto n = points.size();
    for (std::size_t i = 0; i + 1 < n; ++i) {
        for (int step = 0; step < steps; ++step)
            curve.push_back(catmullRom(points[i > 0 ? i - 1 : 0], points[i], points[i + 1],
                                       points[std::min(i + 2, n - 1)], 1.0 * step / steps));
    }
    curve.push_back(points.back());
    return curve;
}

ProjectionCanvas::ProjectionCanvas(int columns, int rows, double spacing, SagittalPoint corner, bool facesLeft)
    : m_columns(columns), m_rows(rows), m_spacing(spacing), m_step(facesLeft ? -spacing : spacing), m_corner(corner),
      m_values(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0.0F), m_grain(m_values)
{
}

void ProjectionCanvas::setGrain(Random &random, double millimetres)
{
    m_grain = randomField(random, m_columns, m_rows, millimetres / m_spacing);
}

ProjectionCanvas::Box ProjectionCanvas::clip(const SagittalPoint &one, const SagittalPoint &other) const
{
    const auto a = pixel(one), b = pixel(other);
    const auto from = [](double v, double w, int limit) {
        return static_cast<int>(std::clamp(std::floor(std::min(v, w)), 0.0, 1.0 * limit));
    };
    const auto to = [](double v, double w, int limit) {
        return static_cast<int>(std::clamp(std::ceil(std::max(v, w)) + 1, 0.0, 1.0 * limit));
    };
    return {from(a.x, b.x, m_columns), to(a.x, b.x, m_columns), from(a.y, b.y, m_rows), to(a.y, b.y, m_rows)};
}

void ProjectionCanvas::addBone(const Outline &outline, const BoneLook &look)
{
    const auto [low, high] = bounds(outline, 2);
    const auto [columnFrom, columnTo, rowFrom, rowTo] = clip(low, high);
    const auto paint = [&](int column, int row, double depth) {
        if (depth < -2)
            return;
        const double grain = 1 + look.grain * m_grain[index(column, row)];
        const double inside = depth > 0 ? look.inside * grain * (1 - std::exp(-depth / look.taper)) : 0;
        m_values[index(column, row)] += static_cast<float>(inside + look.edge * shellLine(depth, look.shell));
    };
    // The distance changes no faster than the position: well away from the edge every fourth one is enough.
    constexpr int stride = 4;
    const double away = 2.5 + stride * m_spacing;
    for (int row = rowFrom; row < rowTo; ++row) {
        double depth = columnFrom < columnTo ? depthInside(outline, position(columnFrom, row)) : 0;
        for (int column = columnFrom; column < columnTo; column += stride) {
            const double next = depthInside(outline, position(column + stride, row));
            const int end = std::min(column + stride, columnTo);
            const bool smooth = (depth > away && next > away) || (depth < -away && next < -away);
            paint(column, row, depth);
            for (int between = column + 1; between < end; ++between)
                paint(between, row,
                      smooth ? depth + (next - depth) * (between - column) / stride
                             : depthInside(outline, position(between, row)));
            depth = next;
        }
    }
}

void ProjectionCanvas::addTube(const Outline &line, double radius, double wall, double wallPerMm, double insidePerMm)
{
    const auto [low, high] = bounds(line, radius);
    add(low, high, [&](const SagittalPoint &p) {
        const double distance = distanceToLine(line, p);
        const double hollow = chord(radius - wall, distance);
        return wallPerMm * (chord(radius, distance) - hollow) + insidePerMm * hollow;
    });
}

void ProjectionCanvas::addBall(const SagittalPoint &centre, double radius, const BoneLook &look)
{
    const SagittalPoint reach{radius + 2, radius + 2};
    const auto [columnFrom, columnTo, rowFrom, rowTo] = clip(centre - reach, centre + reach);
    for (int row = rowFrom; row < rowTo; ++row) {
        for (int column = columnFrom; column < columnTo; ++column) {
            const auto d = position(column, row) - centre;
            const double away = std::hypot(d.x, d.y);
            const double grain = 1 + look.grain * m_grain[index(column, row)];
            m_values[index(column, row)] +=
                static_cast<float>(look.inside * grain * chord(radius, away) / (2 * radius) +
                                   look.edge * shellLine(radius - away, look.shell));
        }
    }
}

void ProjectionCanvas::addLump(const SagittalPoint &centre, double radiusX, double radiusY, double turn,
                               double attenuation)
{
    const double reach = std::max(radiusX, radiusY);
    const double c = std::cos(turn), s = std::sin(turn);
    add(centre - SagittalPoint{reach, reach}, centre + SagittalPoint{reach, reach}, [&](const SagittalPoint &p) {
        const double u = (c * (p.x - centre.x) + s * (p.y - centre.y)) / radiusX;
        const double v = (c * (p.y - centre.y) - s * (p.x - centre.x)) / radiusY;
        const double squared = u * u + v * v;
        return squared < 1 ? attenuation * (1 - squared) * std::sqrt(1 - squared) : 0.0;
    });
}

void ProjectionCanvas::addPin(const Outline &line, double radius, double perMm)
{
    const auto [low, high] = bounds(line, radius);
    add(low, high, [&](const SagittalPoint &p) { return perMm * chord(radius, distanceToLine(line, p)); });
}

void ProjectionCanvas::blur(std::vector<float> &values, int columns, int rows, double sigmaPixels)
{
    // Three boxes of width w have the variance 3 (w^2 - 1) / 12.
    const int half = static_cast<int>(std::lround((std::sqrt(4 * sigmaPixels * sigmaPixels + 1) - 1) / 2));
    if (half < 1)
        return;
    std::vector<float> other(values.size());
    for (int pass = 0; pass < 3; ++pass) {
        for (int row = 0; row < rows; ++row) {
            const auto start = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns);
            boxFilterAlong(values.data() + start, other.data() + start, columns, half);
        }
        boxFilterDown(other, values, columns, rows, half);
    }
}

std::vector<float> randomField(Random &random, int columns, int rows, double cell)
{
    const int across = static_cast<int>(columns / cell) + 4, down = static_cast<int>(rows / cell) + 4;
    std::vector<double> knots(static_cast<std::size_t>(across) * static_cast<std::size_t>(down));
    for (auto &knot : knots)
        knot = random.normal();
    const auto smooth = [](double t) { return t * t * (3 - 2 * t); };
    std::vector<float> field;
    field.reserve(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) {
        const double y = row / cell;
        const auto j = static_cast<std::size_t>(y);
        const double v = smooth(y - static_cast<double>(j));
        for (int column = 0; column < columns; ++column) {
            const double x = column / cell;
            const auto i = static_cast<std::size_t>(x);
            const double u = smooth(x - static_cast<double>(i));
            const auto *upper = &knots[j * static_cast<std::size_t>(across) + i];
            const auto *lower = upper + across;
            field.push_back(static_cast<float>((1 - v) * ((1 - u) * upper[0] + u * upper[1]) +
                                               v * ((1 - u) * lower[0] + u * lower[1])));
        }
    }
    return field;
}

} // namespace consilium::imaging
