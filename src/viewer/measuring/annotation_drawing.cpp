// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/annotation_drawing.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace consilium::viewer {

namespace {

constexpr double kGrip = 3.5;
constexpr double kDash = 6, kGap = 4; // pixels

QPainterPath shapePath(MarkerShape shape, const QPointF &at, double radius)
{
    QPainterPath path;
    const auto closed = [&](std::initializer_list<QPointF> corners) {
        QPolygonF polygon;
        for (const QPointF &corner : corners)
            polygon << at + radius * corner;
        path.addPolygon(polygon);
        path.closeSubpath();
    };
    switch (shape) {
    case MarkerShape::Ring: path.addEllipse(at, radius, radius); break;
    case MarkerShape::Cross:
        path.moveTo(at - QPointF(radius, 0));
        path.lineTo(at + QPointF(radius, 0));
        path.moveTo(at - QPointF(0, radius));
        path.lineTo(at + QPointF(0, radius));
        break;
    case MarkerShape::Diamond: closed({{0, -1}, {1, 0}, {0, 1}, {-1, 0}}); break;
    case MarkerShape::Square: closed({{-0.8, -0.8}, {0.8, -0.8}, {0.8, 0.8}, {-0.8, 0.8}}); break;
    case MarkerShape::Triangle: closed({{0, -1}, {0.9, 0.7}, {-0.9, 0.7}}); break;
    case MarkerShape::TriangleDown: closed({{0, 1}, {0.9, -0.7}, {-0.9, -0.7}}); break;
    }
    return path;
}

} // namespace

AnnotationPen::AnnotationPen(QPainter &painter, const Theme &theme, bool large)
    : m_painter(painter), m_rim(colour(theme.imageBackground))
{
    m_rim.setAlphaF(0.65f);
    QFont font = painter.font();
    font.setPixelSize(large ? theme.bodySize : theme.captionSize);
    painter.setFont(font);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
}

void AnnotationPen::line(const QPainterPath &path, const QColor &ink, double width, bool dashed) const
{
    for (const auto &[around, shade] : {std::pair{2.0, m_rim}, std::pair{0.0, ink}}) {
        const double thickness = width + around;
        QPen pen(shade, thickness, Qt::SolidLine, dashed ? Qt::FlatCap : Qt::RoundCap, Qt::RoundJoin);
        // A pattern counts in thicknesses of its pen.
        if (dashed)
            pen.setDashPattern({kDash / thickness, kGap / thickness});
        m_painter.setPen(pen);
        m_painter.drawPath(path);
    }
}

void AnnotationPen::marker(MarkerShape shape, const QPointF &at, double radius, const QColor &ink, bool dashed) const
{
    line(shapePath(shape, at, radius), ink, 1.5, dashed);
}

void AnnotationPen::handle(const QPointF &at, const QColor &ink, bool filled) const
{
    QPainterPath path;
    path.addRect(QRectF(at - QPointF(kGrip, kGrip), QSizeF(2 * kGrip, 2 * kGrip)));
    if (filled)
        m_painter.fillPath(path, ink);
    line(path, ink, 1);
}

void AnnotationPen::text(const QRectF &box, const QString &lines, const QColor &ink) const
{
    const int flags = Qt::AlignLeft | Qt::AlignTop | Qt::TextDontClip;
    m_painter.setPen(m_rim);
    for (const QPointF offset : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1), QPointF(-1, -1),
                                 QPointF(1, 1), QPointF(-1, 1), QPointF(1, -1)})
        m_painter.drawText(box.translated(offset), flags, lines);
    m_painter.setPen(ink);
    m_painter.drawText(box, flags, lines);
}

QRectF AnnotationPen::boxAt(const QPointF &centre, const QString &lines) const
{
    const QRectF box = m_painter.fontMetrics().boundingRect(QRect(0, 0, 10000, 10000), Qt::AlignLeft, lines);
    return QRectF(centre - QPointF(box.width() / 2, box.height() / 2), box.size());
}

QRectF AnnotationPen::boxRightOf(const QPointF &at, const QString &lines) const
{
    QRectF box = boxAt(at, lines);
    box.moveLeft(at.x());
    return box;
}

bool showsSliceOf(const SliceCanvas &canvas, const imaging::Vec3 &patient)
{
    if (canvas.isEmpty())
        return false;
    const SliceGeometry &geometry = canvas.geometry();
    // A radiograph is a projection: how deep a point lies in the patient is not known.
    return geometry.slices() == 1 || std::abs(geometry.fromPatient(patient).slice - canvas.slice()) <= 0.5 + 1e-6;
}

} // namespace consilium::viewer
