// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/network_marks.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"

#include <QPainter>
#include <QPainterPath>

namespace consilium::app {

using viewer::SliceCanvas;

namespace {

constexpr double arm = 4; // pixels

/// Bright on a dark rim: seen on bone and on air.
void drawTwice(QPainter &painter, const QPainterPath &path, const QColor &colour, Qt::PenStyle style)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::black, 3, Qt::SolidLine));
    painter.drawPath(path);
    painter.setPen(QPen(colour, 1.5, style));
    painter.drawPath(path);
}

} // namespace

void LandmarkMarks::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (!m_visible)
        return;
    constexpr qsizetype mostNamed = 10;
    painter.setRenderHint(QPainter::Antialiasing);
    const bool named = static_cast<qsizetype>(m_landmarks.points.size()) <= mostNamed;
    const auto ink = viewer::colour(canvas.theme().annotation);
    const auto point = viewer::seriesColour(canvas.theme(), 4);
    for (const auto &landmark : m_landmarks.points) {
        if (landmark.visibility == imaging::Visibility::Absent)
            continue;
        const auto at = canvas.toPixel(landmark.position);
        QPainterPath cross;
        cross.moveTo(at.x() - arm, at.y());
        cross.lineTo(at.x() + arm, at.y());
        cross.moveTo(at.x(), at.y() - arm);
        cross.lineTo(at.x(), at.y() + arm);
        drawTwice(painter, cross, point, Qt::SolidLine);
        if (!named)
            continue;
        painter.setPen(ink);
        painter.drawText(at + QPointF(arm + 2, -arm), QString::fromStdString(landmark.name));
    }
}

void PatchFrame::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (!m_place || canvas.isEmpty())
        return;
    // The patch's axis that the reader looks along is taken in its middle.
    const int normal = canvas.plane() == viewer::Plane::Axial ? 2 : canvas.plane() == viewer::Plane::Coronal ? 1 : 0;
    const auto axes = m_place->closestAxes();
    std::size_t along = 0;
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (axes.axis[axis] == normal)
            along = axis;
    const std::size_t first = (along + 1) % 3, second = (along + 2) % 3;
    imaging::Vec3 corner{};
    corner[along] = (m_place->size[along] - 1) / 2.0;
    QPolygonF border;
    const std::pair<bool, bool> round[] = {{false, false}, {true, false}, {true, true}, {false, true}};
    for (const auto &[a, b] : round) {
        corner[first] = a ? m_place->size[first] - 0.5 : -0.5;
        corner[second] = b ? m_place->size[second] - 0.5 : -0.5;
        border << canvas.toPixel(m_place->toPatient(corner));
    }
    QPainterPath path;
    path.addPolygon(border);
    path.closeSubpath();
    painter.setRenderHint(QPainter::Antialiasing);
    drawTwice(painter, path, viewer::colour(canvas.theme().annotation), Qt::DashLine);
}

} // namespace consilium::app
