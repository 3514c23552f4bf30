// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/spinopelvic_layer.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/annotation_drawing.h"
#include "viewer/measuring/measurement.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

constexpr int kArcSides = 48;
constexpr double kLabelGap = 5; // pixels between an arc and its value

// Moves along the way from the arc's middle until neither another value nor the edge of the canvas is in the way.
QRectF freeBox(QRectF box, const QPointF &step, const std::vector<QRectF> &taken, const QRectF &canvas)
{
    for (int tries = 0; tries < 12; ++tries) {
        const bool clear = std::none_of(taken.begin(), taken.end(), [&](const QRectF &o) { return o.intersects(box); });
        if (clear)
            break;
        box.translate(step);
    }
    if (canvas.intersects(box))
        box.translate(
            std::clamp(box.left(), canvas.left(), std::max(canvas.left(), canvas.right() - box.width())) - box.left(),
            std::clamp(box.top(), canvas.top(), std::max(canvas.top(), canvas.bottom() - box.height())) - box.top());
    return box;
}

} // namespace

QColor pointColour(const Theme &theme, int whose)
{
    if (whose == kReaderPoints)
        return colour(theme.accent);
    return whose == kReference ? colour(theme.reference) : seriesColour(theme, static_cast<std::size_t>(whose));
}

void SpinopelvicLayer::setWhose(int whose)
{
    m_whose = whose;
    m_automatic = false;
}

int SpinopelvicLayer::whose() const
{
    if (!m_automatic)
        return m_whose;
    for (const int set : m_editor.sets())
        if (m_editor.angles(set).sacralSlope)
            return set;
    return kReaderPoints;
}

void SpinopelvicLayer::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    const int shown = whose();
    const imaging::LandmarkSet *points = m_editor.set(shown);
    if (!m_visible || !points || canvas.isEmpty())
        return;
    const imaging::PictureAxes &axes = m_editor.axes();
    constexpr double kAlongTheBeam = 0.9;
    if (std::abs(slicePlane(canvas.geometry(), canvas.slice()).normal[axes.beam()]) < kAlongTheBeam)
        return;
    const SpinopelvicFigure figure = spinopelvicFigure(*points, axes);
    if (figure.arcs.empty() || !showsSliceOf(canvas, points->find("S1 anterior")->position))
        return;

    const auto pixel = [&](const evaluation::SagittalPoint &p) {
        return canvas.toPixel(axes.lifted(p.x, p.y, figure.depth));
    };
    const AnnotationPen pen(painter, canvas.theme(), true);
    const QColor ink = pointColour(canvas.theme(), shown);
    for (const FigureLine &line : figure.lines) {
        QPainterPath path(pixel(line.from));
        path.lineTo(pixel(line.to));
        const bool guide = line.kind == FigureLine::Kind::Guide;
        pen.line(path, ink, guide ? 1 : 1.5, guide);
    }
    for (const FigureArc &arc : figure.arcs) {
        QPainterPath path(pixel(arc.at(0)));
        for (int side = 1; side <= kArcSides; ++side)
            path.lineTo(pixel(arc.at(double(side) / kArcSides)));
        pen.line(path, ink, 2);
    }
    for (const auto &mark : figure.marks) {
        QPainterPath dot;
        dot.addEllipse(pixel(mark), 2.5, 2.5);
        pen.line(dot, ink, 1);
        painter.fillPath(dot, ink);
    }
    std::vector<QRectF> taken;
    const QRectF room = QRectF(canvas.rect()).adjusted(4, 4, -4, -4);
    for (const FigureArc &arc : figure.arcs) {
        const QString text =
            QStringLiteral("%1 %2°").arg(QLatin1String(shortName(arc.angle)), QLocale().toString(arc.degrees, 'f', 1));
        const QPointF middle = pixel(arc.at(0.5)), away = middle - pixel(arc.centre);
        const double length = std::hypot(away.x(), away.y());
        const QPointF out = length > 0 ? away / length : QPointF(1, 0);
        const QRectF box = pen.boxAt(middle, text);
        // Far enough out that the nearest corner of the text stays clear of the arc.
        const double clear = kLabelGap + (std::abs(out.x()) * box.width() + std::abs(out.y()) * box.height()) / 2;
        const QRectF placed = freeBox(box.translated(out * clear), out * (box.height() / 2), taken, room);
        pen.text(placed, text, colour(canvas.theme().annotation));
        taken.push_back(placed);
    }
}

} // namespace consilium::viewer
