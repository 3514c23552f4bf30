// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measure_tool.h"

#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/measurement_layer.h"
#include "viewer/measuring/patient_vectors.h"

#include <QKeyEvent>
#include <QLineF>
#include <algorithm>

namespace consilium::viewer {

using namespace vectors;
using imaging::Vec3;

namespace {

constexpr double kReach = 8;      // pixels
constexpr double kDragBegins = 4; // pixels: less is a click

double distanceToSide(const QPointF &p, const QPointF &a, const QPointF &b)
{
    const QPointF side = b - a, way = p - a;
    const double length = QPointF::dotProduct(side, side);
    const double share = length > 0 ? std::clamp(QPointF::dotProduct(way, side) / length, 0.0, 1.0) : 0;
    return QLineF(p, a + share * side).length();
}

} // namespace

std::optional<MeasureTool::Grip> MeasureTool::gripAt(const SliceCanvas &canvas, const CanvasPointer &at) const
{
    const SlicePlane plane = slicePlane(canvas.geometry(), canvas.slice());
    std::optional<Grip> grip;
    double best = kReach;
    const auto offer = [&](double away, int id, std::optional<std::size_t> handle) {
        if (away < best) {
            best = away;
            grip = Grip{id, handle, at.patient};
        }
    };
    for (const Measurement &measurement : m_list.all()) {
        if (!liesOn(measurement, plane))
            continue;
        const std::vector<Vec3> handles = handlesOf(measurement);
        for (std::size_t n = 0; n < handles.size(); ++n)
            offer(QLineF(at.pixel, canvas.toPixel(handles[n])).length(), measurement.id, n);
    }
    if (grip)
        return grip;
    for (const Measurement &measurement : m_list.all()) {
        if (!liesOn(measurement, plane))
            continue;
        for (const auto &line : linesOf(measurement))
            for (std::size_t n = 0; n + 1 < line.size(); ++n)
                offer(distanceToSide(at.pixel, canvas.toPixel(line[n]), canvas.toPixel(line[n + 1])), measurement.id,
                      std::nullopt);
    }
    return grip;
}

bool MeasureTool::closesPolygon(const SliceCanvas &canvas, const QPointF &pixel) const
{
    return m_kind == MeasurementKind::Polygon && m_drawing && m_drawing->points.size() > 3 &&
           QLineF(pixel, canvas.toPixel(m_drawing->points.front())).length() < kReach;
}

bool MeasureTool::press(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_pressed = at.pixel;
    if (m_drawing &&
        (m_drawing->canvas != &canvas || !liesOn({0, {}, m_kind, m_drawing->points, m_drawing->plane.normal},
                                                 slicePlane(canvas.geometry(), canvas.slice()))))
        cancel(); // a measurement belongs to one slice
    if (m_drawing) {
        if (closesPolygon(canvas, at.pixel)) {
            m_drawing->points.pop_back();
            finish();
            return true;
        }
        if (!m_drawing->follows)
            m_drawing->points.insert(m_drawing->points.end(), 2, at.patient);
        m_drawing->follows = true;
        follow(canvas, at);
        return true;
    }
    m_grip = gripAt(canvas, at);
    if (m_grip) {
        m_list.select(m_grip->id);
        m_list.beginDrag(m_grip->id);
        return true;
    }
    m_list.select(0);
    m_drawing = Drawing{slicePlane(canvas.geometry(), canvas.slice()), {at.patient, at.patient}, true, &canvas};
    canvas.update();
    return true;
}

void MeasureTool::follow(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (!m_drawing || !m_drawing->follows)
        return;
    m_drawing->points.back() = at.patient;
    canvas.update();
}

void MeasureTool::drag(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (!m_grip)
        return follow(canvas, at);
    if (!m_list.isDragging())
        return;
    Measurement moved = m_list.beforeDrag();
    if (m_grip->handle)
        moveHandle(moved, *m_grip->handle, handlesOf(moved)[*m_grip->handle] + (at.patient - m_grip->from));
    else
        moveBy(moved, at.patient - m_grip->from);
    m_list.dragTo(moved);
}

void MeasureTool::release(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (m_grip) {
        if (m_list.isDragging())
            m_list.endDrag((m_grip->handle ? tr("Change %1") : tr("Move %1"))
                               .arg(QString::fromStdString(m_list.beforeDrag().name)));
        m_grip.reset();
        return;
    }
    if (!m_drawing || !m_drawing->follows)
        return;
    // The first click of a pair only lays the first end down; its other end goes on following the mouse.
    const bool dragged = QLineF(m_pressed, at.pixel).length() >= kDragBegins;
    const auto &points = m_drawing->points;
    const bool begins = points.size() == 2 || (m_kind == MeasurementKind::Cobb && points.size() == 4);
    if (dragged || !(begins && points[points.size() - 2] == points.back()))
        fixLast(canvas);
}

void MeasureTool::fixLast(SliceCanvas &canvas)
{
    auto &points = m_drawing->points;
    const auto count = static_cast<int>(points.size());
    const int wanted = m_kind == MeasurementKind::Ellipse ? 2 : pointsOf(m_kind);
    if (m_kind != MeasurementKind::Polygon && count >= wanted)
        return finish();
    m_drawing->follows = !(m_kind == MeasurementKind::Cobb && count == 2); // the second line begins elsewhere
    if (m_drawing->follows)
        points.push_back(points.back());
    canvas.update();
}

bool MeasureTool::doubleClick(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (!m_drawing)
        return gripAt(canvas, at).has_value();
    if (m_kind == MeasurementKind::Polygon && m_drawing->points.size() > 3) {
        m_drawing->points.pop_back();
        finish();
    }
    return true;
}

void MeasureTool::hover(SliceCanvas &canvas, const CanvasPointer &at)
{
    follow(canvas, at);
}

Measurement MeasureTool::drawn() const
{
    const auto &[plane, points, follows, canvas] = *m_drawing;
    if (m_kind == MeasurementKind::Ellipse)
        return ellipseBetween(plane, points.front(), points.back());
    return {0, {}, m_kind, points, plane.normal};
}

void MeasureTool::finish()
{
    Measurement finished = drawn();
    const QPointer<SliceCanvas> canvas = m_drawing->canvas;
    m_drawing.reset();
    const Extent extent = extentOf(finished);
    // What has no size cannot be seen or taken hold of again.
    const bool flat = extent.area.value_or(1) <= 0 || extent.length.value_or(1) <= 0;
    if (!flat && (extent.area || extent.length || extent.angle))
        m_list.add(std::move(finished));
    if (canvas)
        canvas->update();
}

bool MeasureTool::cancel()
{
    if (m_grip) {
        m_grip.reset();
        m_list.cancelDrag();
        return true;
    }
    if (!m_drawing)
        return false;
    const QPointer<SliceCanvas> canvas = m_drawing->canvas;
    m_drawing.reset();
    if (canvas)
        canvas->update();
    return true;
}

bool MeasureTool::takesKey(SliceCanvas &canvas, const QKeyEvent &key) const
{
    if (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const Measurement *selected = m_list.find(m_list.selected());
    switch (key.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Backspace: return m_drawing && m_kind == MeasurementKind::Polygon;
    case Qt::Key_Delete: return selected && !m_drawing;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        return selected && !m_drawing && liesOn(*selected, slicePlane(canvas.geometry(), canvas.slice()));
    default: return false;
    }
}

bool MeasureTool::keyPress(SliceCanvas &canvas, const QKeyEvent &key)
{
    if (m_grip || !takesKey(canvas, key))
        return false;
    if (const auto step = arrowStep(key)) {
        Measurement moved = *m_list.find(m_list.selected());
        const QPointF pixel = canvas.toPixel(moved.points.front());
        moveBy(moved, canvas.toPatient(pixel + *step) - canvas.toPatient(pixel));
        m_list.change(moved, tr("Move %1").arg(QString::fromStdString(moved.name)));
        return true;
    }
    if (key.key() == Qt::Key_Delete)
        return m_list.remove(m_list.selected());
    auto &points = m_drawing->points;
    if (key.key() == Qt::Key_Backspace) {
        if (points.size() <= 2)
            return cancel();
        points.erase(points.end() - 2);
        canvas.update();
        return true;
    }
    if (points.size() > 3) {
        points.pop_back();
        finish();
    }
    return true;
}

void MeasureTool::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (m_drawing && m_drawing->canvas == &canvas)
        MeasurementLayer::paintOne(painter, canvas, m_list, drawn(), true);
}

} // namespace consilium::viewer
