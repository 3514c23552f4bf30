// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_canvas.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

// Long enough to take each picture in, short enough that a difference jumps.
constexpr int kFlickerMilliseconds = 700;

} // namespace

SliceCanvas::SliceCanvas(Plane plane, QWidget *parent)
    : QWidget(parent), m_plane(plane), m_scheme(pointerSchemes().front())
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAttribute(Qt::WA_AcceptTouchEvents);
    grabGesture(Qt::PinchGesture);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setContextMenuPolicy(Qt::PreventContextMenu);
    m_flicker.setInterval(kFlickerMilliseconds);
    connect(&m_flicker, &QTimer::timeout, this, &SliceCanvas::flip);
    setPlane(plane);
}

void SliceCanvas::setTheme(const Theme &theme)
{
    m_theme = theme;
    update();
}

void SliceCanvas::setPlane(Plane plane)
{
    const QString names[] = {tr("Axial slice"), tr("Coronal slice"), tr("Sagittal slice")};
    setAccessibleName(names[static_cast<std::size_t>(plane)]);
    if (plane == m_plane)
        return;
    m_plane = plane;
    m_picture.setVolume(m_picture.volume(), {}, plane);
    m_second.setVolume(m_second.volume(), {}, plane);
    fitTo({});
    m_view = fittedView();
    describe();
    update();
}

void SliceCanvas::setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content,
                            std::shared_ptr<const SliceArrival> arrival)
{
    const bool sameGrid = volume && this->volume() && this->volume()->geometry.sameGrid(volume->geometry);
    m_picture.setVolume(std::move(volume), std::move(arrival), m_plane);
    fitTo(content);
    if (!sameGrid) {
        cancelDrag();
        m_view = fittedView();
    }
    describe();
    update();
}

void SliceCanvas::setOverlays(std::vector<Overlay> overlays)
{
    m_picture.setOverlays(std::move(overlays));
    update();
}

void SliceCanvas::setTitle(const QString &title)
{
    m_title = title;
    describe();
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

void SliceCanvas::setCompared(std::shared_ptr<const imaging::Volume> volume, std::vector<Overlay> overlays,
                              const QString &note)
{
    m_second.setVolume(std::move(volume), {}, m_plane);
    m_second.setOverlays(std::move(overlays));
    m_secondNote = note;
    update();
}

void SliceCanvas::setComparison(Comparison comparison)
{
    m_comparison = comparison;
    m_showsSecond = false;
    if (comparison == Comparison::Flicker)
        m_flicker.start();
    else
        m_flicker.stop();
    update();
}

void SliceCanvas::flip()
{
    m_showsSecond = !m_showsSecond;
    if (m_flicker.isActive())
        m_flicker.start(); // a picture turned by hand stays its full time
    update();
}

void SliceCanvas::setSliceOffset(int slices)
{
    m_sliceOffset = slices;
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

void SliceCanvas::setDisplay(const CanvasDisplay &display)
{
    m_display = display;
    update();
}

void SliceCanvas::setScheme(const PointerScheme &scheme)
{
    cancelDrag();
    m_scheme = scheme;
}

void SliceCanvas::setSwipe(double share)
{
    m_swipe = std::clamp(share, 0.0, 1.0);
    update();
}

void SliceCanvas::refreshOverlays()
{
    m_picture.refreshOverlays();
    m_second.refreshOverlays();
    update();
}

void SliceCanvas::setTool(CanvasTool *tool)
{
    if (m_drag == Drag::Tool)
        cancelDrag();
    m_tool = tool;
    unsetCursor();
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
    return {1, geometry().toPatient(
                   {(low.column + high.column) / 2, (low.row + high.row) / 2, (low.slice + high.slice) / 2})};
}

void SliceCanvas::fitTo(const std::optional<PatientBox> &content)
{
    const SliceGeometry &grid = geometry();
    m_contentLow = {-0.5, -0.5, -0.5};
    m_contentHigh = {grid.columns() - 0.5, grid.rows() - 0.5, grid.slices() - 0.5};
    if (!content || isEmpty())
        return;
    SlicePoint low = m_contentHigh, high = m_contentLow;
    for (int corner = 0; corner < 8; ++corner) {
        Vec3 patient{};
        for (int axis = 0; axis < 3; ++axis)
            patient[axis] = (corner >> axis & 1 ? content->high : content->low)[axis];
        const SlicePoint at = grid.fromPatient(patient);
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

double SliceCanvas::fittedPixelsPerMm() const
{
    const double margin = 2.0 * (m_theme.captionSize + m_theme.step);
    const double widthMm = (m_contentHigh.column - m_contentLow.column) * geometry().columnSpacing();
    const double heightMm = (m_contentHigh.row - m_contentLow.row) * geometry().rowSpacing();
    return std::min(std::max(width() - margin, 16.0) / widthMm, std::max(height() - margin, 16.0) / heightMm);
}

double SliceCanvas::pixelsPerMm() const
{
    return m_view.zoom * fittedPixelsPerMm();
}

QTransform SliceCanvas::slicePixelsToWidget(const SliceGeometry &grid) const
{
    const SlicePoint centre = grid.fromPatient(m_view.centre);
    const double scale = pixelsPerMm();
    QTransform transform;
    transform.translate(width() / 2.0, height() / 2.0);
    transform.scale(scale * grid.columnSpacing(), scale * grid.rowSpacing());
    // Pixel centres are whole numbers in a SlicePoint, pixel corners are in a painter.
    transform.translate(-centre.column - 0.5, -centre.row - 0.5);
    return transform;
}

Vec3 SliceCanvas::toPatient(const QPointF &pixel) const
{
    const QPointF corner = slicePixelsToWidget(geometry()).inverted().map(pixel);
    return geometry().toPatient({corner.x() - 0.5, corner.y() - 0.5, static_cast<double>(slice())});
}

QPointF SliceCanvas::toPixel(const Vec3 &patient) const
{
    const SlicePoint point = geometry().fromPatient(patient);
    return slicePixelsToWidget(geometry()).map(QPointF(point.column + 0.5, point.row + 0.5));
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

void SliceCanvas::changeWindow(const Window &window)
{
    setWindow(window);
    Q_EMIT windowChanged(m_window);
}

void SliceCanvas::describe()
{
    if (isEmpty())
        return setAccessibleDescription({});
    QStringList parts{tr("Slice %1 of %2").arg(slice() + 1).arg(geometry().slices())};
    for (const QString &text : {m_title, m_note})
        if (!text.isEmpty())
            parts.prepend(text);
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

} // namespace consilium::viewer
