// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/polygon_tool.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/editing/brush_tool.h"
#include "viewer/editing/edit_shapes.h"

#include <QKeyEvent>
#include <QLineF>
#include <QPainter>

namespace consilium::viewer {

namespace {

constexpr double kOnCorner = 7, kFreehandStep = 4; // pixels

} // namespace

PolygonTool::PolygonTool(LabelEditor &editor, QObject *parent) : CanvasTool(parent), m_editor(editor)
{
    connect(&editor, &LabelEditor::restarted, this, &PolygonTool::clear);
}

bool PolygonTool::press(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (const QString why = paintingRefusal(m_editor, at.modifiers & Qt::ControlModifier); !why.isEmpty()) {
        Q_EMIT refused(why);
        return false;
    }
    if (!m_corners.empty() && (m_canvas != &canvas || m_slice != canvas.slice())) {
        if (m_canvas) {
            Q_EMIT refused(
                tr("The polygon on slice %1 is still open: Return closes it, Esc drops it.").arg(m_slice + 1));
            return true;
        }
        clear();
    }
    if (m_corners.size() >= 3 && QLineF(canvas.toPixel(m_corners.front()), at.pixel).length() <= kOnCorner) {
        close(at.modifiers);
        return true;
    }
    m_canvas = &canvas;
    m_slice = canvas.slice();
    m_pointer = at.patient;
    m_corners.push_back(at.patient);
    canvas.update();
    return true;
}

void PolygonTool::drag(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (m_corners.empty() || m_canvas != &canvas || m_slice != canvas.slice())
        return;
    m_pointer = at.patient;
    if (QLineF(canvas.toPixel(m_corners.back()), at.pixel).length() >= kFreehandStep)
        m_corners.push_back(at.patient);
    canvas.update();
}

bool PolygonTool::doubleClick(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (m_canvas != &canvas || m_corners.empty())
        return m_editor.isOpen();
    close(at.modifiers);
    return true;
}

void PolygonTool::hover(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (m_canvas != &canvas)
        return;
    m_pointer = at.patient;
    canvas.update();
}

bool PolygonTool::keyPress(SliceCanvas &, const QKeyEvent &event)
{
    if (m_corners.empty())
        return false;
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: close(event.modifiers()); return true;
    case Qt::Key_Backspace:
        m_corners.pop_back();
        if (m_canvas)
            m_canvas->update();
        return true;
    default: return false;
    }
}

bool PolygonTool::cancel()
{
    if (m_corners.empty())
        return false;
    clear();
    return true;
}

void PolygonTool::clear()
{
    m_corners.clear();
    if (m_canvas)
        m_canvas->update();
    m_canvas = nullptr;
}

void PolygonTool::close(Qt::KeyboardModifiers modifiers)
{
    const bool erases = modifiers & Qt::ControlModifier;
    // The label may have been locked since the first corner.
    if (const QString why = paintingRefusal(m_editor, erases); !why.isEmpty()) {
        Q_EMIT refused(why);
        return;
    }
    if (m_canvas) {
        const EditSlices slices = slicesAt(m_editor.labels()->geometry, m_canvas->plane(), m_corners.front(),
                                           m_canvas->geometry().sliceSpacing());
        m_editor.apply(erases ? tr("Polygon eraser") : tr("Polygon"), polygonIn(slices, m_corners),
                       erases ? LabelEditor::Paint::Background : LabelEditor::Paint::Active, !erases);
    }
    clear();
}

void PolygonTool::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (m_corners.empty() || m_canvas != &canvas || m_slice != canvas.slice())
        return;
    QPolygonF outline;
    for (const imaging::Vec3 &corner : m_corners)
        outline << canvas.toPixel(corner);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    QColor rim = colour(canvas.theme().imageBackground);
    rim.setAlphaF(0.6f);
    const QColor ink = activeColour(m_editor, canvas);
    const QPointF pointer = canvas.toPixel(m_pointer);
    for (const QPen &pen : {QPen(rim, 3), QPen(ink, 1.25)}) {
        painter.setPen(pen);
        painter.drawPolyline(outline);
    }
    // How it would be closed.
    painter.setPen(QPen(ink, 1.25, Qt::DashLine));
    painter.drawPolyline(QPolygonF{outline.back(), pointer, outline.front()});
    painter.setPen(QPen(rim, 1));
    painter.setBrush(ink);
    for (const QPointF &corner : outline)
        painter.drawEllipse(corner, 2.5, 2.5);
}

} // namespace consilium::viewer
