// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/oblique_canvas.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/crosshair.h"
#include "viewer/surfaces/display_volume.h"
#include "viewer/surfaces/scene_paint.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kTurnPerPixel = 0.3 * kDegree;
constexpr double kClick = 3;         // pixels a hand may move in a click
constexpr double kMovingBudget = 12; // ms of sampling in a picture that moves
constexpr double kMostPixels = 600000;

double finestSpacing(const imaging::Volume &volume)
{
    const Vec3 &spacing = volume.geometry.spacing;
    return std::min({spacing[0], spacing[1], spacing[2]});
}

Vec3 middleOf(const PatientBox &box)
{
    return {(box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2, (box.low[2] + box.high[2]) / 2};
}

// The air round a head is not part of its slice: in a picture of the plane in the patient it would hide what is behind.
void clearAround(QImage &slice)
{
    constexpr int kAir = 12;
    const int width = slice.width(), height = slice.height();
    std::vector<char> seen(std::size_t(width) * height);
    std::vector<std::pair<int, int>> open;
    const auto visit = [&](int x, int y) {
        if (x < 0 || y < 0 || x >= width || y >= height || seen[std::size_t(y) * width + x])
            return;
        auto &pixel = reinterpret_cast<QRgb *>(slice.scanLine(y))[x];
        if (qAlpha(pixel) != 0 && qRed(pixel) > kAir)
            return;
        seen[std::size_t(y) * width + x] = 1;
        pixel = 0;
        open.emplace_back(x, y);
    };
    for (int x = 0; x < width; ++x) {
        visit(x, 0);
        visit(x, height - 1);
    }
    for (int y = 0; y < height; ++y) {
        visit(0, y);
        visit(width - 1, y);
    }
    while (!open.empty()) {
        const auto [x, y] = open.back();
        open.pop_back();
        visit(x - 1, y);
        visit(x + 1, y);
        visit(x, y - 1);
        visit(x, y + 1);
    }
}

} // namespace

ObliqueCanvas::ObliqueCanvas(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Oblique plane"));
    m_rests.setSingleShot(true);
    m_rests.setInterval(120);
    connect(&m_rests, &QTimer::timeout, this, [this] { changed(false); });
}

void ObliqueCanvas::setTheme(const Theme &theme)
{
    m_theme = theme;
    update();
}

void ObliqueCanvas::setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content)
{
    const bool sameGrid = volume && m_volume && volume->geometry.sameGrid(m_volume->geometry);
    m_volume = std::move(volume);
    if (m_volume && !sameGrid) {
        m_box = content ? *content : boxOf(m_volume->geometry);
        m_cursor = middleOf(m_box);
        m_plane = obliquePlane(Plane::Axial, m_cursor);
        m_zoom = 1;
    }
    changed(false);
}

void ObliqueCanvas::setOverlays(std::vector<Overlay> overlays)
{
    m_overlays = std::move(overlays);
    changed(false);
}

void ObliqueCanvas::setPlaced(bool placed)
{
    m_isPlaced = placed;
    update();
}

void ObliqueCanvas::setWindow(const Window &window)
{
    if (window == m_window)
        return;
    m_window = window;
    changed(false);
}

void ObliqueCanvas::setCursorPosition(const Vec3 &patient)
{
    if (patient == m_cursor)
        return;
    const double deeper = dot(plus(patient, -1, m_cursor), m_plane.away());
    m_cursor = patient;
    if (std::abs(deeper) > 1e-6)
        changed(false);
    else
        update();
}

void ObliqueCanvas::setPlane(const ObliquePlane &plane, bool moving)
{
    m_plane.right = plane.right;
    m_plane.down = plane.down;
    changed(moving);
}

void ObliqueCanvas::lay(Plane plane)
{
    setPlane(obliquePlane(plane, m_plane.centre));
}

void ObliqueCanvas::fit()
{
    m_zoom = 1;
    m_plane.centre = middleOf(m_box);
    changed(false);
}

ObliquePlane ObliqueCanvas::plane() const
{
    // Through the cursor, wherever the picture has been panned.
    ObliquePlane shown = m_plane;
    const Vec3 away = m_plane.away();
    shown.centre = plus(m_plane.centre, dot(plus(m_cursor, -1, m_plane.centre), away), away);
    return shown;
}

double ObliqueCanvas::mmPerPixel() const
{
    double longest = 1;
    for (int axis = 0; axis < 3; ++axis)
        longest = std::max(longest, m_box.high[axis] - m_box.low[axis]);
    return longest * 1.04 / std::max(std::min(width(), height()), 1) / m_zoom;
}

Vec3 ObliqueCanvas::toPatient(const QPointF &pixel) const
{
    const double mm = mmPerPixel();
    return plane().at((pixel.x() - width() / 2.0) * mm, (pixel.y() - height() / 2.0) * mm);
}

QPointF ObliqueCanvas::toPixel(const Vec3 &patient) const
{
    const Vec3 from = plus(patient, -1, m_plane.centre);
    const double mm = mmPerPixel();
    return {dot(from, m_plane.right) / mm + width() / 2.0, dot(from, m_plane.down) / mm + height() / 2.0};
}

ObliqueCanvas::Slice ObliqueCanvas::wholeSlice() const
{
    if (!m_volume)
        return {};
    Slice slice;
    slice.plane = plane();
    const Vec3 away = slice.plane.away(), middle = middleOf(m_box);
    slice.plane.centre = plus(middle, dot(plus(m_cursor, -1, middle), away), away);
    const double diagonal =
        std::hypot(m_box.high[0] - m_box.low[0], m_box.high[1] - m_box.low[1], m_box.high[2] - m_box.low[2]);
    slice.mmPerPixel = std::max(diagonal / 280, finestSpacing(*m_volume) / 2);
    const int side = std::max(static_cast<int>(std::ceil(diagonal / slice.mmPerPixel)), 2);
    const ObliqueRaster raster{side, side, slice.mmPerPixel};
    slice.image = greys(sampleOblique(*m_volume, slice.plane, raster), raster, m_window);
    clearAround(slice.image);
    return slice;
}

void ObliqueCanvas::changed(bool moving)
{
    m_moving = moving;
    m_sampled = false;
    if (moving)
        m_rests.start();
    else
        m_rests.stop();
    update();
    Q_EMIT planeChanged(moving);
}

void ObliqueCanvas::sample()
{
    QElapsedTimer clock;
    clock.start();
    const double shown = mmPerPixel() / devicePixelRatioF();
    // Finer than half a voxel there is nothing to see that painting does not make up as well.
    double mm = std::max(shown, finestSpacing(*m_volume) / 2);
    const double wide = width() * mmPerPixel(), high = height() * mmPerPixel();
    mm = std::max(mm, std::sqrt(wide * high / kMostPixels));
    if (m_moving)
        mm *= m_coarser;
    m_raster = {static_cast<int>(std::ceil(wide / mm)), static_cast<int>(std::ceil(high / mm)), mm};
    const ObliquePlane here = plane();
    m_image = greys(sampleOblique(*m_volume, here, m_raster), m_raster, m_window);
    m_borders.clear();
    for (const Overlay &overlay : m_overlays)
        m_borders.push_back(outlines(sampleOblique(*overlay.labels, here, m_raster)));
    m_sampled = true;
    const double took = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    if (m_moving)
        m_coarser = std::clamp(m_coarser * std::sqrt(took / kMovingBudget), 1.0, 4.0);
}

void ObliqueCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(m_theme.imageBackground));
    if (m_volume) {
        if (!m_sampled)
            sample();
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const double scale = m_raster.mmPerPixel / mmPerPixel();
        const QSizeF size(m_raster.columns * scale, m_raster.rows * scale);
        painter.drawImage(QRectF(QPointF((width() - size.width()) / 2, (height() - size.height()) / 2), size), m_image);
        paintOverlays(painter);
        paintCursor(painter);
        paintCorners(painter);
    }
    painter.setPen(hasFocus() ? colour(m_theme.accent) : colour(m_theme.line));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void ObliqueCanvas::paintOverlays(QPainter &painter) const
{
    const double scale = m_raster.mmPerPixel / mmPerPixel();
    QTransform place;
    place.translate(width() / 2.0, height() / 2.0);
    place.scale(scale, scale);
    place.translate(-m_raster.columns / 2.0, -m_raster.rows / 2.0);
    QColor rim = colour(m_theme.imageBackground);
    rim.setAlphaF(0.5f);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (std::size_t i = 0; i < m_borders.size(); ++i) {
        const auto &colours = m_overlays[i].colours;
        for (std::size_t label = 1; label < m_borders[i].size() && !colours.empty(); ++label) {
            QPainterPath path;
            for (const QPolygon &border : m_borders[i][label]) {
                path.addPolygon(place.map(QPolygonF(border)));
                path.closeSubpath();
            }
            // Without the dark rim a white line is lost on bright lesions.
            for (const auto &[ink, width] :
                 {std::pair{rim, 2.75}, {colours[std::min(label, colours.size() - 1)], 1.5}}) {
                painter.setPen(QPen(ink, width, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
                painter.drawPath(path);
            }
        }
    }
    painter.restore();
}

void ObliqueCanvas::paintCursor(QPainter &painter) const
{
    drawCrosshair(painter, toPixel(m_cursor), size(), m_theme);
}

void ObliqueCanvas::paintCorners(QPainter &painter) const
{
    const QRectF box = QRectF(rect()).adjusted(m_theme.step + 2, m_theme.step, -m_theme.step - 2, -m_theme.step);
    QFont font = painter.font();
    font.setPixelSize(m_theme.captionSize);
    painter.setFont(font);
    if (m_isPlaced)
        paintEdges(painter, box, edgesOf(plane()), m_theme);
    const ObliqueTilt tilt = tiltOf(m_plane);
    const QString degrees = QLocale().toString(tilt.degrees, 'f', 0);
    const bool straight = tilt.degrees < 0.5;
    QString text;
    switch (tilt.from) {
    case Plane::Axial: text = straight ? tr("Axial") : tr("%1° from axial").arg(degrees); break;
    case Plane::Coronal: text = straight ? tr("Coronal") : tr("%1° from coronal").arg(degrees); break;
    case Plane::Sagittal: text = straight ? tr("Sagittal") : tr("%1° from sagittal").arg(degrees); break;
    }
    if (m_isPlaced)
        paintText(painter, box, Qt::AlignLeft | Qt::AlignTop, text, m_theme);
    paintScale(painter, box, mmPerPixel(), m_theme);
}

void ObliqueCanvas::resizeEvent(QResizeEvent *)
{
    m_sampled = false;
}

void ObliqueCanvas::pan(const QPointF &pixels)
{
    const double mm = mmPerPixel();
    m_plane.centre = plus(plus(m_plane.centre, -pixels.x() * mm, m_plane.right), -pixels.y() * mm, m_plane.down);
    m_sampled = false;
    update();
}

void ObliqueCanvas::zoom(double factor)
{
    m_zoom = std::clamp(m_zoom * factor, 0.25, 32.0);
    m_sampled = false;
    update();
}

void ObliqueCanvas::cancelDrag()
{
    const bool moved = m_drag != Drag::None && m_moved;
    m_drag = Drag::None;
    if (!moved)
        return;
    m_plane = m_planeBefore;
    m_zoom = m_zoomBefore;
    changed(false);
}

void ObliqueCanvas::mousePressEvent(QMouseEvent *event)
{
    m_pressed = m_last = event->position();
    m_moved = false;
    m_planeBefore = m_plane;
    m_zoomBefore = m_zoom;
    const bool left = event->button() == Qt::LeftButton, shift = event->modifiers() & Qt::ShiftModifier;
    if (event->button() == Qt::MiddleButton || (left && shift))
        m_drag = Drag::Pan;
    else if (event->button() == Qt::RightButton)
        m_drag = Drag::Zoom;
    else if (left)
        m_drag = Drag::Turn;
}

void ObliqueCanvas::mouseMoveEvent(QMouseEvent *event)
{
    if (m_drag == Drag::None || !m_volume)
        return;
    if (!m_moved && (event->position() - m_pressed).manhattanLength() <= kClick)
        return;
    m_moved = true;
    const QPointF by = event->position() - m_last;
    m_last = event->position();
    if (m_drag == Drag::Turn)
        setPlane(m_plane.turnedBy(by.x() * kTurnPerPixel, by.y() * kTurnPerPixel), true);
    else if (m_drag == Drag::Pan)
        pan(by);
    else
        zoom(std::pow(1.01, -by.y()));
}

void ObliqueCanvas::mouseReleaseEvent(QMouseEvent *event)
{
    const Drag ended = m_drag;
    m_drag = Drag::None;
    if (ended == Drag::Turn && !m_moved && m_volume)
        Q_EMIT cursorMoved(toPatient(event->position()));
}

void ObliqueCanvas::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

void ObliqueCanvas::wheelEvent(QWheelEvent *event)
{
    event->accept();
    if (!m_volume)
        return;
    const int delta = event->angleDelta().y();
    if (event->modifiers() & Qt::ControlModifier)
        return zoom(std::pow(1.15, delta / double(QWheelEvent::DefaultDeltasPerStep)));
    m_wheelRest += delta;
    const int steps = m_wheelRest / QWheelEvent::DefaultDeltasPerStep;
    m_wheelRest -= steps * QWheelEvent::DefaultDeltasPerStep;
    if (steps == 0)
        return;
    // The way the slices of the nearest plane are counted: to the head, the back or the left.
    const Vec3 away = m_plane.away();
    const double main = std::abs(away[2]) >= std::max(std::abs(away[0]), std::abs(away[1])) ? away[2]
                        : std::abs(away[1]) >= std::abs(away[0])                            ? away[1]
                                                                                            : away[0];
    Q_EMIT cursorMoved(plus(m_cursor, std::copysign(steps * finestSpacing(*m_volume), steps * main), away));
}

void ObliqueCanvas::keyPressEvent(QKeyEvent *event)
{
    const double step = (event->modifiers() & Qt::ShiftModifier ? 1 : 5) * kDegree;
    switch (event->key()) {
    case Qt::Key_Escape:
        if (m_drag == Drag::None)
            return QWidget::keyPressEvent(event);
        return cancelDrag();
    case Qt::Key_Left: return setPlane(m_plane.turnedBy(-step, 0), true);
    case Qt::Key_Right: return setPlane(m_plane.turnedBy(step, 0), true);
    case Qt::Key_Up: return setPlane(m_plane.turnedBy(0, -step), true);
    case Qt::Key_Down: return setPlane(m_plane.turnedBy(0, step), true);
    case Qt::Key_Comma: return setPlane(m_plane.spunBy(-step), true);
    case Qt::Key_Period: return setPlane(m_plane.spunBy(step), true);
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(1.15);
    case Qt::Key_Minus: return zoom(1 / 1.15);
    case Qt::Key_0:
    case Qt::Key_Home: return fit();
    case Qt::Key_T: return lay(Plane::Axial);
    case Qt::Key_F: return lay(Plane::Coronal);
    case Qt::Key_L: return lay(Plane::Sagittal);
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace consilium::viewer
