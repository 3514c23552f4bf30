// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/landmark_tool.h"

#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/annotation_drawing.h"
#include "viewer/measuring/patient_vectors.h"

#include <QKeyEvent>
#include <QLineF>

namespace consilium::viewer {

using namespace vectors;

namespace {

constexpr double kReach = 12; // pixels

} // namespace

int LandmarkTool::pointAt(const SliceCanvas &canvas, const QPointF &pixel) const
{
    int nearest = -1;
    double best = kReach;
    for (int index = 0; index < m_editor.count(); ++index) {
        if (!m_editor.isPlaced(index) || !showsSliceOf(canvas, m_editor.point(index).position))
            continue;
        const double away = QLineF(pixel, canvas.toPixel(m_editor.point(index).position)).length();
        // Of points that lie on one another the selected one is meant.
        if (away < best || (away <= best && index == m_editor.selected())) {
            best = away;
            nearest = index;
        }
    }
    return nearest;
}

bool LandmarkTool::press(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_editor.cancelDrag();
    const int index = pointAt(canvas, at.pixel);
    m_places = false;
    if (index >= 0) {
        m_editor.select(index);
        m_grip = canvas.toPixel(m_editor.point(index).position) - at.pixel;
        m_editor.beginDrag(index);
        return true;
    }
    const int selected = m_editor.selected();
    if (selected < 0 || m_editor.isPlaced(selected) || !m_editor.beginDrag(selected))
        return false;
    m_places = true;
    m_grip = {};
    m_editor.dragTo(at.patient);
    return true;
}

void LandmarkTool::drag(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_editor.dragTo(canvas.toPatient(at.pixel + m_grip));
}

void LandmarkTool::release(SliceCanvas &, const CanvasPointer &)
{
    if (!m_editor.isDragging())
        return;
    m_editor.endDrag();
    if (m_places)
        if (const int next = m_editor.nextMissing(m_editor.selected()); next >= 0)
            m_editor.select(next);
    m_places = false;
}

bool LandmarkTool::doubleClick(SliceCanvas &canvas, const CanvasPointer &at)
{
    return pointAt(canvas, at.pixel) >= 0;
}

void LandmarkTool::hover(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_editor.setHovered(pointAt(canvas, at.pixel));
}

void LandmarkTool::leave(SliceCanvas &)
{
    m_editor.setHovered(-1);
}

bool LandmarkTool::cancel()
{
    if (!m_editor.isDragging())
        return false;
    m_editor.cancelDrag();
    return true;
}

bool LandmarkTool::canMoveSelected(const SliceCanvas &canvas) const
{
    const int selected = m_editor.selected();
    return selected >= 0 && m_editor.isPlaced(selected) && showsSliceOf(canvas, m_editor.point(selected).position);
}

bool LandmarkTool::takesKey(SliceCanvas &canvas, const QKeyEvent &key) const
{
    const int selected = m_editor.selected();
    if (key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    switch (key.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down: return canMoveSelected(canvas);
    // Past the last point the focus moves on, or the keyboard could not leave the canvas.
    case Qt::Key_Tab: return m_editor.count() > 0 && selected + 1 < m_editor.count();
    case Qt::Key_Backtab: return selected > 0;
    case Qt::Key_Delete:
    case Qt::Key_L:
    case Qt::Key_O: return selected >= 0;
    default: return false;
    }
}

bool LandmarkTool::selectNext(SliceCanvas &canvas, int step)
{
    const int next = m_editor.selected() + step;
    m_editor.select(next);
    if (!m_editor.isPlaced(next))
        return true;
    if (showsSliceOf(canvas, m_editor.point(next).position))
        canvas.reveal(m_editor.point(next).position);
    else
        Q_EMIT pointReached(m_editor.point(next).position);
    return true;
}

bool LandmarkTool::keyPress(SliceCanvas &canvas, const QKeyEvent &key)
{
    if (m_editor.isDragging() || !takesKey(canvas, key))
        return false;
    const int selected = m_editor.selected();
    if (const auto step = arrowStep(key)) {
        const imaging::Vec3 &here = m_editor.point(selected).position;
        const QPointF pixel = canvas.toPixel(here);
        m_editor.place(selected, here + (canvas.toPatient(pixel + *step) - canvas.toPatient(pixel)));
        return true;
    }
    switch (key.key()) {
    case Qt::Key_Tab: return selectNext(canvas, 1);
    case Qt::Key_Backtab: return selectNext(canvas, -1);
    case Qt::Key_Delete: m_editor.setVisibility(selected, imaging::Visibility::Absent); return true;
    case Qt::Key_L: m_editor.setLocked(selected, !m_editor.point(selected).locked); return true;
    case Qt::Key_O:
        m_editor.setVisibility(selected, m_editor.point(selected).visibility == imaging::Visibility::Occluded
                                             ? imaging::Visibility::Visible
                                             : imaging::Visibility::Occluded);
        return true;
    default: return false;
    }
}

} // namespace consilium::viewer
