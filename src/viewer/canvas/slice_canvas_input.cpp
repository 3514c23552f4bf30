// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPinchGesture>
#include <QTabletEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr double kZoomStep = 1.15;
constexpr double kSmallestZoom = 0.25, kLargestZoom = 40;
// A drag over this many pixels changes the window by its own width, doubles the zoom, or turns a slice.
constexpr double kWindowDrag = 300, kZoomDrag = 150, kSliceDrag = 8;
constexpr double kSwipeReach = 6;

} // namespace

CanvasPointer SliceCanvas::pointerAt(const QPointF &pixel, Qt::KeyboardModifiers modifiers) const
{
    return {pixel, toPatient(pixel), modifiers, m_pressure};
}

bool SliceCanvas::isAtSwipeLine(const QPointF &pixel) const
{
    return m_comparison == Comparison::Swipe && std::abs(pixel.x() - m_swipe * width()) <= kSwipeReach;
}

Qt::CursorShape SliceCanvas::shapeOf(Drag drag) const
{
    switch (drag) {
    case Drag::Tool: return m_tool ? m_tool->shape() : Qt::CrossCursor;
    case Drag::Swipe: return Qt::SplitHCursor;
    case Drag::Pan: return Qt::ClosedHandCursor;
    case Drag::Zoom:
    case Drag::Slices: return Qt::SizeVerCursor;
    case Drag::Contrast: return Qt::SizeAllCursor;
    case Drag::None:
    case Drag::Cursor: break;
    }
    return Qt::CrossCursor;
}

SliceCanvas::Drag SliceCanvas::dragFor(const QMouseEvent &event)
{
    if (event.button() == Qt::LeftButton && isAtSwipeLine(event.position()))
        return Drag::Swipe;
    const auto action = m_scheme.actionOf(event.button(), event.modifiers());
    if (!action)
        return Drag::None;
    switch (*action) {
    case PointerAction::Tool:
        if (m_tool && m_tool->press(*this, pointerAt(event.position(), event.modifiers())))
            return Drag::Tool;
        return Drag::Cursor;
    case PointerAction::Pan: return Drag::Pan;
    case PointerAction::Zoom: return Drag::Zoom;
    case PointerAction::Contrast: return Drag::Contrast;
    case PointerAction::Slices: return Drag::Slices;
    }
    return Drag::None;
}

void SliceCanvas::mousePressEvent(QMouseEvent *event)
{
    Q_EMIT activated();
    if (isEmpty() || m_drag != Drag::None)
        return;
    m_before = {m_cursor, m_view, m_window, m_swipe};
    m_pressed = m_lastPixel = event->position();
    m_restOfSlices = 0;
    m_dragButton = event->button();
    m_drag = dragFor(*event);
    if (m_drag == Drag::None)
        return;
    setCursor(shapeOf(m_drag));
    if (m_drag == Drag::Cursor)
        moveCursorTo(event->position());
}

void SliceCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (isEmpty())
        return;
    const QPointF at = event->position();
    if (m_drag == Drag::None) {
        if (event->buttons() == Qt::NoButton && event->modifiers() == Qt::ShiftModifier)
            return moveCursorTo(at);
        setCursor(isAtSwipeLine(at) ? Qt::SplitHCursor : shapeOf(m_tool ? Drag::Tool : Drag::None));
        if (m_tool)
            m_tool->hover(*this, pointerAt(at, event->modifiers()));
        return;
    }
    if (m_drag == Drag::Tool) {
        if (m_tool)
            m_tool->drag(*this, pointerAt(at, event->modifiers()));
    } else {
        drag(m_lastPixel, at);
    }
    m_lastPixel = at;
}

void SliceCanvas::drag(const QPointF &from, const QPointF &to)
{
    switch (m_drag) {
    case Drag::Cursor: return moveCursorTo(to);
    case Drag::Swipe: return setSwipe(to.x() / std::max(1, width()));
    case Drag::Pan: return pan(from, to);
    case Drag::Zoom: return zoomAbout(m_pressed, std::exp2((from.y() - to.y()) / kZoomDrag));
    case Drag::Contrast: return changeContrast(to - from);
    case Drag::Slices: {
        m_restOfSlices += (from.y() - to.y()) / kSliceDrag;
        const int whole = static_cast<int>(m_restOfSlices);
        m_restOfSlices -= whole;
        return stepSlice(whole);
    }
    case Drag::None:
    case Drag::Tool: return;
    }
}

void SliceCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_drag == Drag::None || event->button() != m_dragButton)
        return;
    const Drag ended = m_drag;
    m_drag = Drag::None;
    if (ended == Drag::Tool && m_tool)
        m_tool->release(*this, pointerAt(event->position(), event->modifiers()));
    unsetCursor();
}

bool SliceCanvas::cancelDrag()
{
    if (m_drag == Drag::None)
        return m_tool && m_tool->cancel();
    const Drag ended = m_drag;
    m_drag = Drag::None;
    unsetCursor();
    if (ended == Drag::Tool)
        return m_tool && m_tool->cancel();
    setSwipe(m_before.swipe);
    if (!(m_cursor == m_before.cursor))
        moveCursor(m_before.cursor);
    if (!(m_view == m_before.view))
        changeView(m_before.view);
    if (!(m_window == m_before.window))
        changeWindow(m_before.window);
    return true;
}

void SliceCanvas::moveCursorTo(const QPointF &pixel)
{
    const QPointF corner = slicePixelsToWidget(geometry()).inverted().map(pixel);
    // The slice is the cursor's own, not that of a lightbox's tile: the tiles would turn away under the mouse.
    moveCursor(geometry().toPatient({std::clamp(corner.x() - 0.5, 0.0, geometry().columns() - 1.0),
                                     std::clamp(corner.y() - 0.5, 0.0, geometry().rows() - 1.0),
                                     static_cast<double>(slice() - m_sliceOffset)}));
}

void SliceCanvas::pan(const QPointF &from, const QPointF &to)
{
    const Vec3 a = toPatient(from), b = toPatient(to);
    CanvasView view = m_view;
    for (int i = 0; i < 3; ++i)
        view.centre[i] += a[i] - b[i];
    changeView(view);
}

void SliceCanvas::changeContrast(const QPointF &moved)
{
    const double width = std::max(m_window.width() * (1 + moved.x() / kWindowDrag), 1e-6);
    const double centre = m_window.centre() + m_window.width() * moved.y() / kWindowDrag;
    changeWindow({centre - width / 2, centre + width / 2});
}

void SliceCanvas::zoomIn()
{
    zoomAbout(QPointF(width() / 2.0, height() / 2.0), kZoomStep);
}

void SliceCanvas::zoomOut()
{
    zoomAbout(QPointF(width() / 2.0, height() / 2.0), 1 / kZoomStep);
}

void SliceCanvas::fitView()
{
    changeView(fittedView());
}

void SliceCanvas::showActualPixels()
{
    if (isEmpty())
        return;
    const double wanted = 1 / (geometry().columnSpacing() * devicePixelRatioF());
    zoomAbout(toPixel(m_cursor), wanted / pixelsPerMm());
}

void SliceCanvas::stepSlice(int steps)
{
    if (isEmpty() || steps == 0)
        return;
    const int now = geometry().nearestSlice(m_cursor);
    const int wanted = std::clamp(now + steps, 0, geometry().slices() - 1);
    if (wanted != now)
        moveCursor(geometry().movedToSlice(m_cursor, wanted));
}

void SliceCanvas::zoomAbout(const QPointF &pixel, double factor)
{
    if (isEmpty())
        return;
    const Vec3 fixed = toPatient(pixel);
    // One pixel on one can always be had, however large or small the image is.
    const double onePixel = 1 / (geometry().columnSpacing() * devicePixelRatioF() * fittedPixelsPerMm());
    const double zoom =
        std::clamp(m_view.zoom * factor, std::min(kSmallestZoom, onePixel), std::max(kLargestZoom, onePixel));
    // The position under the mouse stays where it is: its distance from the centre shrinks as the scale grows.
    const double share = m_view.zoom / zoom;
    const Vec3 middle = geometry().movedToSlice(m_view.centre, slice());
    CanvasView view{zoom, m_view.centre};
    for (int i = 0; i < 3; ++i)
        view.centre[i] += (fixed[i] - middle[i]) * (1 - share);
    changeView(view);
}

void SliceCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    // The press before it began a drag; this one is no second.
    if (!isEmpty() && m_tool && m_tool->doubleClick(*this, pointerAt(event->position(), event->modifiers())))
        return;
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

void SliceCanvas::wheelEvent(QWheelEvent *event)
{
    event->accept();
    // Fine wheels and touch pads send parts of a step.
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / QWheelEvent::DefaultDeltasPerStep;
    m_wheelRest -= steps * QWheelEvent::DefaultDeltasPerStep;
    if (isEmpty() || steps == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier)
        zoomAbout(event->position(), std::pow(kZoomStep, steps));
    else
        stepSlice(steps);
}

void SliceCanvas::tabletEvent(QTabletEvent *event)
{
    // The mouse event that Qt makes of it comes next.
    m_pressure = event->type() == QEvent::TabletRelease ? 1 : event->pressure();
    event->ignore();
}

void SliceCanvas::pinch(QGestureEvent &event)
{
    const auto *gesture = static_cast<QPinchGesture *>(event.gesture(Qt::PinchGesture));
    if (!gesture)
        return;
    event.accept();
    if (m_drag != Drag::None)
        cancelDrag(); // the first finger alone began one
    if (gesture->changeFlags() & QPinchGesture::ScaleFactorChanged)
        zoomAbout(gesture->centerPoint(), gesture->scaleFactor());
    if (gesture->changeFlags() & QPinchGesture::CenterPointChanged && !isEmpty())
        pan(gesture->lastCenterPoint(), gesture->centerPoint());
}

bool SliceCanvas::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::ShortcutOverride: {
        // The tool in hand is asked before the window's shortcuts are.
        auto *key = static_cast<QKeyEvent *>(event);
        const bool leavesDrag = key->key() == Qt::Key_Escape && cancelDrag();
        m_keyTaken = leavesDrag || (!isEmpty() && m_tool && m_tool->keyPress(*this, *key));
        if (m_keyTaken)
            event->accept();
        return m_keyTaken;
    }
    case QEvent::NativeGesture: {
        const auto *gesture = static_cast<QNativeGestureEvent *>(event);
        if (gesture->gestureType() != Qt::ZoomNativeGesture)
            break;
        zoomAbout(gesture->position(), 1 + gesture->value());
        return true;
    }
    case QEvent::Gesture: pinch(*static_cast<QGestureEvent *>(event)); return true;
    default: break;
    }
    return QWidget::event(event);
}

void SliceCanvas::keyPressEvent(QKeyEvent *event)
{
    if (std::exchange(m_keyTaken, false))
        return;
    if (!isEmpty() && m_tool && m_tool->keyPress(*this, *event))
        return;
    QWidget::keyPressEvent(event);
}

void SliceCanvas::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    if (m_tool)
        m_tool->leave(*this);
}

void SliceCanvas::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    Q_EMIT activated();
    update();
}

void SliceCanvas::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace consilium::viewer
