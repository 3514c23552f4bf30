// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measurement_layer.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/annotation_drawing.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

// The dashed line between the middles of two Cobb lines, which tells what belongs together.
void joinLines(const AnnotationPen &pen, const SliceCanvas &canvas, const std::vector<std::vector<Vec3>> &lines,
               const QColor &ink)
{
    const auto middle = [&](const std::vector<Vec3> &line) {
        return (canvas.toPixel(line[0]) + canvas.toPixel(line[1])) / 2;
    };
    QPainterPath path(middle(lines[0]));
    path.lineTo(middle(lines[1]));
    pen.line(path, ink, 1, true);
}

// The arc of an angle at its vertex, along the screen.
void drawArc(const AnnotationPen &pen, const SliceCanvas &canvas, const std::vector<Vec3> &points, const QColor &ink)
{
    const QPointF vertex = canvas.toPixel(points[1]), a = canvas.toPixel(points[0]) - vertex,
                  b = canvas.toPixel(points[2]) - vertex;
    const double radius = std::min({24.0, std::hypot(a.x(), a.y()), std::hypot(b.x(), b.y())});
    if (radius < 4)
        return;
    const double start = std::atan2(a.y(), a.x());
    const double sweep = std::atan2(a.x() * b.y() - a.y() * b.x(), QPointF::dotProduct(a, b));
    QPainterPath path;
    constexpr int kSides = 24;
    for (int side = 0; side <= kSides; ++side) {
        const double turn = start + sweep * side / kSides;
        const QPointF at = vertex + radius * QPointF(std::cos(turn), std::sin(turn));
        side == 0 ? path.moveTo(at) : path.lineTo(at);
    }
    pen.line(path, ink, 1);
}

} // namespace

void MeasurementLayer::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (!m_visible || canvas.isEmpty())
        return;
    const SlicePlane plane = slicePlane(canvas.geometry(), canvas.slice());
    for (const Measurement &measurement : m_list.all())
        if (liesOn(measurement, plane))
            paintOne(painter, canvas, m_list, measurement, measurement.id == m_list.selected());
}

void MeasurementLayer::paintOne(QPainter &painter, const SliceCanvas &canvas, const MeasurementList &list,
                                const Measurement &measurement, bool selected)
{
    const AnnotationPen pen(painter, canvas.theme());
    const QColor ink = colour(selected ? canvas.theme().accent : canvas.theme().annotation);
    const auto lines = linesOf(measurement);
    QPointF anchor(-1e9, 0);
    for (const auto &line : lines) {
        QPainterPath path;
        for (std::size_t n = 0; n < line.size(); ++n) {
            const QPointF at = canvas.toPixel(line[n]);
            n == 0 ? path.moveTo(at) : path.lineTo(at);
            if (at.x() > anchor.x())
                anchor = at;
        }
        pen.line(path, ink);
    }
    if (measurement.kind == MeasurementKind::Cobb && lines.size() == 2)
        joinLines(pen, canvas, lines, ink);
    if (measurement.kind == MeasurementKind::Angle && measurement.points.size() == 3)
        drawArc(pen, canvas, measurement.points, ink);
    for (const Vec3 &handle : handlesOf(measurement)) {
        if (selected)
            pen.handle(canvas.toPixel(handle), ink, false);
        else if (measurement.kind != MeasurementKind::Ellipse && measurement.kind != MeasurementKind::Polygon)
            pen.marker(MarkerShape::Cross, canvas.toPixel(handle), 4, ink);
    }

    const QString text =
        list.describe(measurement, regionStatistics(*canvas.volume(), canvas.geometry(), canvas.slice(), measurement))
            .join(u'\n');
    if (text.isEmpty())
        return;
    QRectF box = pen.boxRightOf(anchor + QPointF(10, 0), text);
    const QRectF room = QRectF(canvas.rect()).adjusted(4, 4, -4, -4);
    box.moveLeft(std::min(box.left(), std::max(room.left(), room.right() - box.width())));
    box.moveTop(std::clamp(box.top(), room.top(), std::max(room.top(), room.bottom() - box.height())));
    pen.text(box, text, colour(canvas.theme().annotation));
}

} // namespace consilium::viewer
