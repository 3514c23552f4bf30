// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/marks.h"

#include "dashboard/site_colours.h"

#include <array>

namespace consilium::dashboard {

namespace {

// Five shapes against seven colours: 35 sites before a pair comes again.
constexpr std::array shapes{QScatterSeries::MarkerShapeCircle, QScatterSeries::MarkerShapeRectangle,
                            QScatterSeries::MarkerShapeTriangle, QScatterSeries::MarkerShapeRotatedRectangle,
                            QScatterSeries::MarkerShapePentagon};
constexpr std::array dashes{Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine, Qt::DashDotDotLine};

QPolygonF polygon(std::initializer_list<QPointF> points, QPointF centre, double half)
{
    QPolygonF shape;
    for (const auto &point : points)
        shape << centre + point * half;
    return shape;
}

} // namespace

QScatterSeries::MarkerShape siteShape(int index)
{
    return shapes[static_cast<std::size_t>(index) % shapes.size()];
}
Qt::PenStyle siteDash(int index)
{
    return dashes[static_cast<std::size_t>(index) % dashes.size()];
}

QColor markColour(Mark mark, const Theme &theme)
{
    switch (mark) {
    case Mark::Waiting: return colour(theme.quietText);
    case Mark::Working: return colour(theme.accent);
    case Mark::Done: return colour(theme.good);
    case Mark::Warning: return colour(theme.warn);
    case Mark::Bad: break;
    }
    return colour(theme.bad);
}

void drawMark(QPainter &painter, const QRectF &area, Mark mark, const Theme &theme)
{
    const double half = std::min({area.width() / 2, area.height() / 2, 6.0});
    const QPointF c = area.center();
    const QColor ink = markColour(mark, theme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (mark) {
    case Mark::Waiting: painter.drawEllipse(c, half - 1, half - 1); break;
    case Mark::Working: {
        painter.drawEllipse(c, half - 1, half - 1);
        painter.setBrush(ink);
        painter.drawPie(QRectF(c.x() - half + 1, c.y() - half + 1, 2 * half - 2, 2 * half - 2), 90 * 16, -180 * 16);
        break;
    }
    case Mark::Done: painter.drawPolyline(polygon({{-0.8, 0.1}, {-0.2, 0.7}, {0.9, -0.6}}, c, half)); break;
    case Mark::Warning:
        painter.drawPolygon(polygon({{0, -0.9}, {1, 0.85}, {-1, 0.85}}, c, half));
        painter.drawLine(c + QPointF(0, -0.25 * half), c + QPointF(0, 0.2 * half));
        painter.drawPoint(c + QPointF(0, 0.52 * half));
        break;
    case Mark::Bad:
        painter.drawEllipse(c, half - 0.5, half - 0.5);
        painter.drawLine(c + QPointF(-0.35, -0.35) * half, c + QPointF(0.35, 0.35) * half);
        painter.drawLine(c + QPointF(-0.35, 0.35) * half, c + QPointF(0.35, -0.35) * half);
        break;
    }
    painter.restore();
}

QPixmap markPixmap(Mark mark, const Theme &theme, int size)
{
    constexpr int ratio = 2;
    QPixmap pixmap(size * ratio, size * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    drawMark(painter, QRectF(0, 0, size, size), mark, theme);
    return pixmap;
}

void drawSiteShape(QPainter &painter, QPointF centre, double size, int index, const QColor &colour)
{
    const double half = size / 2;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (siteShape(index)) {
    case QScatterSeries::MarkerShapeRectangle:
        painter.drawRect(QRectF(centre.x() - half * 0.9, centre.y() - half * 0.9, size * 0.9, size * 0.9));
        break;
    case QScatterSeries::MarkerShapeTriangle:
        painter.drawPolygon(polygon({{0, -1}, {1, 0.85}, {-1, 0.85}}, centre, half));
        break;
    case QScatterSeries::MarkerShapeRotatedRectangle:
        painter.drawPolygon(polygon({{0, -1.15}, {1.15, 0}, {0, 1.15}, {-1.15, 0}}, centre, half));
        break;
    case QScatterSeries::MarkerShapePentagon:
        painter.drawPolygon(
            polygon({{0, -1.1}, {1.05, -0.34}, {0.65, 0.89}, {-0.65, 0.89}, {-1.05, -0.34}}, centre, half));
        break;
    default: painter.drawEllipse(centre, half, half);
    }
    painter.restore();
}

} // namespace consilium::dashboard
