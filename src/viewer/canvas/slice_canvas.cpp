// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr double kZoomStep = 1.15;
constexpr double kSmallestZoom = 0.25, kLargestZoom = 40;
// A drag over this many pixels changes the window by its own width.
constexpr double kWindowDrag = 300;

} // namespace

struct SliceCanvas::DragMode
{
    Qt::MouseButton button;
    Qt::KeyboardModifiers modifiers;
    Qt::CursorShape shape;
    bool atOnce; // a press without a move already acts
    void (SliceCanvas::*drag)(const QPointF &from, const QPointF &to);
};

const SliceCanvas::DragMode SliceCanvas::kDragModes[] = {
    {Qt::LeftButton, Qt::NoModifier, Qt::CrossCursor, true, &SliceCanvas::dragCursor},
    {Qt::LeftButton, Qt::ShiftModifier, Qt::ClosedHandCursor, false, &SliceCanvas::dragView},
    {Qt::MiddleButton, Qt::NoModifier, Qt::ClosedHandCursor, false, &SliceCanvas::dragView},
    {Qt::RightButton, Qt::NoModifier, Qt::SizeAllCursor, false, &SliceCanvas::dragWindow},
};

struct SliceCanvas::KeyAction
{
    int key;
    void (SliceCanvas::*act)();
};

const SliceCanvas::KeyAction SliceCanvas::kKeyActions[] = {
    {Qt::Key_Up, &SliceCanvas::nextSlice},    {Qt::Key_Down, &SliceCanvas::previousSlice},
    {Qt::Key_Home, &SliceCanvas::firstSlice}, {Qt::Key_End, &SliceCanvas::lastSlice},
    {Qt::Key_Plus, &SliceCanvas::zoomIn},     {Qt::Key_Equal, &SliceCanvas::zoomIn},
    {Qt::Key_Minus, &SliceCanvas::zoomOut},   {Qt::Key_0, &SliceCanvas::fitView},
};

SliceCanvas::SliceCanvas(Plane plane, QWidget *parent) : QWidget(parent), m_plane(plane)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setContextMenuPolicy(Qt::PreventContextMenu);
    const QString names[] = {tr("Axial slice"), tr("Coronal slice"), tr("Sagittal slice")};
    setAccessibleName(names[static_cast<std::size_t>(plane)]);
}

void SliceCanvas::setTheme(const Theme &theme)
{
    m_theme = theme;
    update();
}

void SliceCanvas::setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content)
{
    const bool sameGrid = m_volume && volume && m_volume->geometry.sameGrid(volume->geometry);
    m_volume = std::move(volume);
    m_geometry = m_volume ? SliceGeometry(m_volume->geometry, m_plane) : SliceGeometry();
    m_drawnSlice = m_drawnOverlaySlice = -1;
    fitTo(content);
    if (!sameGrid)
        m_view = fittedView();
    describe();
    update();
}

void SliceCanvas::setOverlays(std::vector<Overlay> overlays)
{
    m_overlays = std::move(overlays);
    m_drawnOverlaySlice = -1;
    update();
}

void SliceCanvas::setTitle(const QString &title, const QColor &mark)
{
    m_title = title;
    m_mark = mark;
    describe();
    update();
}

void SliceCanvas::setPlaced(bool placed)
{
    m_isPlaced = placed;
    update();
}

void SliceCanvas::setNote(const QString &note)
{
    m_note = note;
    describe();
    update();
}

void SliceCanvas::setCursorPosition(const Vec3 &patient)
{
    const int before = slice();
    m_cursor = patient;
    update();
    if (slice() == before)
        return;
    describe();
    Q_EMIT sliceChanged(slice());
}

void SliceCanvas::setWindow(const Window &window)
{
    m_window = window;
    update();
}

void SliceCanvas::setView(const CanvasView &view)
{
    m_view = view;
    update();
}

void SliceCanvas::setOverlayStyle(const OverlayStyle &style)
{
    m_style = style;
    update();
}

void SliceCanvas::refreshOverlays()
{
    m_drawnOverlaySlice = -1;
    update();
}

void SliceCanvas::setTool(CanvasTool *tool)
{
    m_tool = tool;
    m_toolDrags = false;
    setMouseTracking(m_tool);
    update();
}

void SliceCanvas::addLayer(const CanvasLayer *layer)
{
    m_layers.push_back(layer);
    update();
}

void SliceCanvas::removeLayer(const CanvasLayer *layer)
{
    std::erase(m_layers, layer);
    update();
}

CanvasView SliceCanvas::fittedView() const
{
    const auto &low = m_contentLow, &high = m_contentHigh;
    return {1, m_geometry.toPatient(
                   {(low.column + high.column) / 2, (low.row + high.row) / 2, (low.slice + high.slice) / 2})};
}

void SliceCanvas::fitTo(const std::optional<PatientBox> &content)
{
    m_contentLow = {-0.5, -0.5, -0.5};
    m_contentHigh = {m_geometry.columns() - 0.5, m_geometry.rows() - 0.5, m_geometry.slices() - 0.5};
    if (!content || !m_volume)
        return;
    SlicePoint low = m_contentHigh, high = m_contentLow;
    for (int corner = 0; corner < 8; ++corner) {
        Vec3 patient{};
        for (int axis = 0; axis < 3; ++axis)
            patient[axis] = (corner >> axis & 1 ? content->high : content->low)[axis];
        const SlicePoint at = m_geometry.fromPatient(patient);
        low = {std::min(low.column, at.column), std::min(low.row, at.row), std::min(low.slice, at.slice)};
        high = {std::max(high.column, at.column), std::max(high.row, at.row), std::max(high.slice, at.slice)};
    }
    if (low.column < high.column && low.row < high.row) {
        m_contentLow = low;
        m_contentHigh = high;
    }
}

void SliceCanvas::reveal(const Vec3 &patient)
{
    if (m_view.zoom > 1 && !rect().adjusted(16, 16, -16, -16).contains(toPixel(patient).toPoint()))
        setView({m_view.zoom, patient});
}

double SliceCanvas::pixelsPerMm() const
{
    const double margin = 2.0 * (m_theme.captionSize + m_theme.step);
    const double widthMm = (m_contentHigh.column - m_contentLow.column) * m_geometry.columnSpacing();
    const double heightMm = (m_contentHigh.row - m_contentLow.row) * m_geometry.rowSpacing();
    return m_view.zoom *
           std::min(std::max(width() - margin, 16.0) / widthMm, std::max(height() - margin, 16.0) / heightMm);
}

QTransform SliceCanvas::slicePixelsToWidget() const
{
    const SlicePoint centre = m_geometry.fromPatient(m_view.centre);
    const double scale = pixelsPerMm();
    QTransform transform;
    transform.translate(width() / 2.0, height() / 2.0);
    transform.scale(scale * m_geometry.columnSpacing(), scale * m_geometry.rowSpacing());
    // Pixel centres are whole numbers in a SlicePoint, pixel corners are in a painter.
    transform.translate(-centre.column - 0.5, -centre.row - 0.5);
    return transform;
}

Vec3 SliceCanvas::toPatient(const QPointF &pixel) const
{
    const QPointF corner = slicePixelsToWidget().inverted().map(pixel);
    return m_geometry.toPatient({corner.x() - 0.5, corner.y() - 0.5, static_cast<double>(slice())});
}

QPointF SliceCanvas::toPixel(const Vec3 &patient) const
{
    const SlicePoint point = m_geometry.fromPatient(patient);
    return slicePixelsToWidget().map(QPointF(point.column + 0.5, point.row + 0.5));
}

void SliceCanvas::moveCursor(const Vec3 &patient)
{
    setCursorPosition(patient);
    Q_EMIT cursorMoved(m_cursor);
}

void SliceCanvas::changeView(const CanvasView &view)
{
    setView(view);
    Q_EMIT viewChanged(m_view);
}

void SliceCanvas::dragCursor(const QPointF &, const QPointF &to)
{
    const QPointF corner = slicePixelsToWidget().inverted().map(to);
    moveCursor(m_geometry.toPatient({std::clamp(corner.x() - 0.5, 0.0, m_geometry.columns() - 1.0),
                                     std::clamp(corner.y() - 0.5, 0.0, m_geometry.rows() - 1.0),
                                     static_cast<double>(slice())}));
}

void SliceCanvas::dragView(const QPointF &from, const QPointF &to)
{
    const Vec3 a = toPatient(from), b = toPatient(to);
    CanvasView view = m_view;
    for (int i = 0; i < 3; ++i)
        view.centre[i] += a[i] - b[i];
    changeView(view);
}

void SliceCanvas::dragWindow(const QPointF &from, const QPointF &to)
{
    const QPointF moved = to - from;
    const double width = std::max(m_window.width() * (1 + moved.x() / kWindowDrag), 1e-6);
    const double centre = m_window.centre() + m_window.width() * moved.y() / kWindowDrag;
    setWindow({centre - width / 2, centre + width / 2});
    Q_EMIT windowChanged(m_window);
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

void SliceCanvas::stepSlice(int steps)
{
    const int wanted = std::clamp(slice() + steps, 0, m_geometry.slices() - 1);
    if (wanted != slice())
        moveCursor(m_geometry.movedToSlice(m_cursor, wanted));
}

void SliceCanvas::zoomAbout(const QPointF &pixel, double factor)
{
    const Vec3 fixed = toPatient(pixel);
    const double zoom = std::clamp(m_view.zoom * factor, kSmallestZoom, kLargestZoom);
    // The position under the mouse stays where it is: its distance from the centre shrinks as the scale grows.
    const double share = m_view.zoom / zoom;
    const Vec3 middle = m_geometry.movedToSlice(m_view.centre, slice());
    CanvasView view{zoom, m_view.centre};
    for (int i = 0; i < 3; ++i)
        view.centre[i] += (fixed[i] - middle[i]) * (1 - share);
    changeView(view);
}

CanvasPointer SliceCanvas::pointerAt(const QPointF &pixel, Qt::KeyboardModifiers modifiers) const
{
    return {pixel, toPatient(pixel), modifiers, 1};
}

void SliceCanvas::mousePressEvent(QMouseEvent *event)
{
    Q_EMIT activated();
    if (m_volume && m_tool && !m_drag && event->button() == Qt::LeftButton &&
        m_tool->press(*this, pointerAt(event->position(), event->modifiers()))) {
        m_toolDrags = true;
        return;
    }
    const auto mode = std::find_if(std::begin(kDragModes), std::end(kDragModes), [&](const DragMode &candidate) {
        return candidate.button == event->button() && candidate.modifiers == event->modifiers();
    });
    if (!m_volume || m_drag || mode == std::end(kDragModes))
        return;
    m_drag = &*mode;
    m_lastPixel = event->position();
    setCursor(mode->shape);
    if (mode->atOnce)
        (this->*mode->drag)(m_lastPixel, m_lastPixel);
}

void SliceCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_volume && m_tool && !m_drag) {
        const CanvasPointer at = pointerAt(event->position(), event->modifiers());
        return m_toolDrags ? m_tool->drag(*this, at) : m_tool->hover(*this, at);
    }
    if (!m_drag || !m_volume)
        return;
    (this->*m_drag->drag)(m_lastPixel, event->position());
    m_lastPixel = event->position();
}

void SliceCanvas::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    if (m_tool)
        m_tool->leave(*this);
}

void SliceCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_toolDrags && event->button() == Qt::LeftButton) {
        m_toolDrags = false;
        if (m_tool)
            m_tool->release(*this, pointerAt(event->position(), event->modifiers()));
        return;
    }
    if (!m_drag || event->button() != m_drag->button)
        return;
    m_drag = nullptr;
    unsetCursor();
}

void SliceCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (m_volume && m_tool && m_tool->doubleClick(*this, pointerAt(event->position(), event->modifiers())))
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
    if (!m_volume || steps == 0)
        return;
    if (event->modifiers() & Qt::ControlModifier)
        zoomAbout(event->position(), std::pow(kZoomStep, steps));
    else
        stepSlice(steps);
}

void SliceCanvas::keyPressEvent(QKeyEvent *event)
{
    if (m_volume && m_tool && m_tool->keyPress(*this, *event))
        return;
    if (m_tool && event->key() == Qt::Key_Escape && m_tool->cancel()) {
        m_toolDrags = false;
        return;
    }
    const auto action = std::find_if(std::begin(kKeyActions), std::end(kKeyActions),
                                     [&](const KeyAction &candidate) { return candidate.key == event->key(); });
    if (!m_volume || action == std::end(kKeyActions))
        return QWidget::keyPressEvent(event);
    (this->*action->act)();
}

void SliceCanvas::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    Q_EMIT activated();
    update();
}

void SliceCanvas::describe()
{
    if (!m_volume)
        return setAccessibleDescription({});
    QStringList parts{tr("Slice %1 of %2").arg(slice() + 1).arg(m_geometry.slices())};
    for (const QString &text : {m_title, m_note})
        if (!text.isEmpty())
            parts.prepend(text);
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

} // namespace consilium::viewer
