// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/scene_widget.h"

#include "viewer/canvas/colours.h"
#include "viewer/surfaces/scene_paint.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kTurnPerPixel = 0.5 * kDegree;
constexpr double kClick = 3;        // pixels a hand may move in a click
constexpr double kDraftBudget = 45; // ms a picture that moves should take
constexpr double kLeastDetail = 0.2;

} // namespace

SceneWidget::SceneWidget(QWidget *parent) : QWidget(parent), m_drawer(new SceneThread(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setAccessibleName(tr("3D scene"));
    setAccessibleDescription(
        tr("Drag or arrow keys turn it, the wheel zooms, a click moves the cursor. F, L and T look from the front, the "
           "left and the top; 0 shows everything."));
    m_rests.setSingleShot(true);
    m_rests.setInterval(150);
    connect(&m_rests, &QTimer::timeout, this, [this] { draw(false); });
    m_cursorRests.setSingleShot(true);
    m_cursorRests.setInterval(80);
    connect(&m_cursorRests, &QTimer::timeout, this, [this] { draw(false); });
    connect(m_drawer, &SceneThread::rendered, this, &SceneWidget::take);
    connect(m_drawer, &SceneThread::failed, this, &SceneWidget::failed);
}

void SceneWidget::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_state.ground = colour(theme.imageBackground);
    m_state.hull = colour(theme.quietText);
    m_state.crosshair = colour(theme.crosshair);
    draw(false);
}

void SceneWidget::setMode(SceneMode mode)
{
    if (mode == m_state.mode)
        return;
    cancelDrag();
    m_state.mode = mode;
    m_picture = {};
    draw(false);
    update();
}

void SceneWidget::setNotice(const QString &text)
{
    m_notice = text;
    update();
}

void SceneWidget::clear(const PatientBox &box)
{
    cancelDrag();
    m_box = box;
    m_fitted = m_tilted = false;
    m_picture = {};
    m_model = nullptr;
    m_volume = nullptr;
    m_state.slice = {};
    m_cursor.reset();
    m_drawer->setModel(nullptr);
    m_drawer->setVolume(nullptr);
    update();
}

void SceneWidget::setModel(std::shared_ptr<const SceneModel> model)
{
    m_model = std::move(model);
    m_drawer->setModel(m_model);
    draw(false);
}

void SceneWidget::setVolume(std::shared_ptr<const DisplayVolume> volume)
{
    m_volume = std::move(volume);
    m_drawer->setVolume(m_volume);
    draw(false);
}

void SceneWidget::setShown(std::vector<PartLook> shown)
{
    m_state.shown = std::move(shown);
    draw(false);
}

void SceneWidget::setCursorPosition(const Vec3 &patient)
{
    m_cursor = patient;
    // Over a projection it is painted, so that the rays need not be cast again.
    if (projects())
        return update();
    m_cursorRests.start();
}

void SceneWidget::setWindow(const Window &window)
{
    if (window == m_state.window)
        return;
    m_state.window = window;
    if (projects())
        draw(true);
}

void SceneWidget::setThreshold(double share)
{
    m_state.threshold = share;
    if (m_state.mode == SceneMode::Volume)
        draw(true);
}

void SceneWidget::setSlice(const QImage &slice, const ObliquePlane &plane, double mmPerPixel, bool moving)
{
    m_state.slice = slice;
    m_state.plane = plane;
    m_state.sliceMmPerPixel = mmPerPixel;
    if (m_state.mode == SceneMode::Oblique)
        draw(moving);
}

void SceneWidget::lookFrom(ViewFrom side)
{
    m_fitted = m_tilted = true;
    m_state.camera = cameraFrom(side, m_box, size());
    draw(false);
    update();
}

bool SceneWidget::canDraw() const
{
    if (!isVisible() || width() < 2 || height() < 2)
        return false;
    switch (m_state.mode) {
    case SceneMode::Surfaces: return m_model != nullptr;
    case SceneMode::Mip:
    case SceneMode::Volume: return m_volume != nullptr;
    case SceneMode::Oblique: return m_model || !m_state.slice.isNull();
    }
    return false;
}

void SceneWidget::draw(bool draft)
{
    if (!canDraw())
        return;
    if (!m_fitted) {
        m_state.camera = cameraFrom(ViewFrom::Front, m_box, size());
        m_fitted = true;
    }
    if (m_state.mode == SceneMode::Oblique && !m_tilted) {
        m_state.camera = m_state.camera.turnedBy(-25 * kDegree, 35 * kDegree);
        m_tilted = true;
    }
    m_atRest = false;
    ++m_state.request;
    const double detail = draft ? m_detail[static_cast<std::size_t>(m_state.mode)] : 1;
    SceneState state = m_state;
    state.draft = draft;
    state.size = (QSizeF(size()) * devicePixelRatioF() * detail).toSize().expandedTo({8, 8});
    if (!projects())
        state.cursor = m_cursor;
    if (draft)
        m_rests.start();
    else
        m_rests.stop();
    m_drawer->render(state);
}

void SceneWidget::take(const QImage &picture, const SceneState &state, double milliseconds)
{
    if (state.mode != m_state.mode || !canDraw())
        return;
    m_picture = picture;
    m_atRest = !state.draft && state.request == m_state.request;
    if (state.draft) {
        double &detail = m_detail[static_cast<std::size_t>(m_state.mode)];
        const double better = detail * std::sqrt(kDraftBudget / std::max(milliseconds, 1.0));
        detail = std::clamp((detail + better) / 2, kLeastDetail, 1.0);
    }
    Q_EMIT pictureChanged();
    update();
}

void SceneWidget::setCamera(const SceneCamera &camera)
{
    m_state.camera = camera;
    draw(true);
    update();
}

void SceneWidget::turn(double rightward, double downward)
{
    if (m_drag != Drag::TurnPlane)
        return setCamera(m_state.camera.turnedBy(rightward, downward));
    ObliquePlane plane = m_state.plane;
    const Vec3 up = m_state.camera.up, right = m_state.camera.right();
    for (Vec3 *axis : {&plane.right, &plane.down})
        *axis = turned(turned(*axis, up, rightward), right, downward);
    plane.right = unit(plane.right);
    plane.down = unit(plus(plane.down, -dot(plane.down, plane.right), plane.right));
    m_state.plane = plane; // its picture comes later; the next turn goes on from here
    Q_EMIT planeTurned(plane, true);
}

void SceneWidget::cancelDrag()
{
    const Drag cancelled = m_drag;
    m_drag = Drag::None;
    if (cancelled == Drag::None || !m_moved)
        return;
    if (cancelled == Drag::TurnPlane)
        Q_EMIT planeTurned(m_planeBefore, false);
    else
        setCamera(m_cameraBefore);
}

std::optional<Vec3> SceneWidget::onPlane(const Ray &ray) const
{
    const ObliquePlane &plane = m_state.plane;
    const Vec3 away = plane.away();
    const double towards = dot(ray.direction, away);
    if (m_state.mode != SceneMode::Oblique || m_state.slice.isNull() || std::abs(towards) < 1e-6)
        return std::nullopt;
    const double mm = dot(plus(plane.centre, -1, ray.origin), away) / towards;
    const Vec3 at = plus(ray.origin, mm, ray.direction), from = plus(at, -1, plane.centre);
    const QSize pixels = m_state.slice.size();
    const int column =
                  static_cast<int>(std::floor(dot(from, plane.right) / m_state.sliceMmPerPixel + pixels.width() / 2.0)),
              row =
                  static_cast<int>(std::floor(dot(from, plane.down) / m_state.sliceMmPerPixel + pixels.height() / 2.0));
    if (!m_state.slice.valid(column, row) || qAlpha(m_state.slice.pixel(column, row)) == 0)
        return std::nullopt;
    return at;
}

void SceneWidget::pick(const QPointF &pixel)
{
    const Ray ray = m_state.camera.rayAt(pixel, size());
    std::optional<Vec3> met = m_model ? m_model->hit(ray, m_state.shown) : std::nullopt;
    if (const auto plane = onPlane(ray)) {
        const auto depth = [&](const Vec3 &at) { return dot(plus(at, -1, ray.origin), ray.direction); };
        if (!met || depth(*plane) < depth(*met))
            met = plane;
    }
    if (!met && m_volume && m_state.mode == SceneMode::Mip)
        met = brightestAlong(*m_volume, ray);
    if (!met && m_volume && m_state.mode == SceneMode::Volume)
        met = firstAbove(*m_volume, ray, m_state.window.low + m_state.threshold * m_state.window.width());
    if (met)
        Q_EMIT cursorMoved(*met);
}

void SceneWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(m_theme.imageBackground));
    QFont font = painter.font();
    font.setPixelSize(m_theme.captionSize);
    painter.setFont(font);
    if (m_picture.isNull()) {
        const QRectF box = QRectF(rect()).adjusted(m_theme.margin, 0, -m_theme.margin, 0);
        paintText(painter, box, Qt::AlignCenter | Qt::TextWordWrap, m_notice, m_theme);
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(QRectF(rect()), m_picture);
        paintCursor(painter);
        paintLetters(painter);
    }
    painter.setPen(hasFocus() ? colour(m_theme.accent) : colour(m_theme.line));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void SceneWidget::paintCursor(QPainter &painter) const
{
    if (!projects() || !m_cursor)
        return;
    const QPointF at = m_state.camera.toPixel(*m_cursor, size());
    constexpr double kGap = 5, kArm = 12;
    painter.setPen(QPen(colour(m_theme.crosshair), 1.5));
    painter.drawLines(
        {QLineF(at + QPointF(-kArm, 0), at + QPointF(-kGap, 0)), QLineF(at + QPointF(kGap, 0), at + QPointF(kArm, 0)),
         QLineF(at + QPointF(0, -kArm), at + QPointF(0, -kGap)), QLineF(at + QPointF(0, kGap), at + QPointF(0, kArm))});
}

void SceneWidget::paintLetters(QPainter &painter) const
{
    const QRectF box = QRectF(rect()).adjusted(m_theme.step + 2, m_theme.step, -m_theme.step - 2, -m_theme.step);
    const auto letters = [](const Vec3 &v, double sign) {
        return directionLetters({sign * v[0], sign * v[1], sign * v[2]});
    };
    const Vec3 right = m_state.camera.right(), up = m_state.camera.up;
    paintEdges(painter, box, {letters(right, -1), letters(right, 1), letters(up, 1), letters(up, -1)}, m_theme);
    const QString titles[] = {tr("Surfaces"), tr("Maximum intensity"), tr("Volume"), tr("Plane in the patient")};
    paintText(painter, box, Qt::AlignLeft | Qt::AlignTop, titles[static_cast<std::size_t>(m_state.mode)], m_theme);
    paintScale(painter, box, m_state.camera.mmPerPixel(size()), m_theme);
}

void SceneWidget::resizeEvent(QResizeEvent *event)
{
    // What was seen stays in sight when a narrow view becomes a wide one.
    if (m_fitted && event->oldSize().isValid()) {
        const auto narrow = [](const QSize &size) { return std::min(1.0, double(size.width()) / size.height()); };
        m_state.camera.halfHeight *= narrow(event->oldSize()) / std::max(narrow(size()), 0.05);
    }
    draw(true);
}

void SceneWidget::showEvent(QShowEvent *)
{
    draw(false);
}

void SceneWidget::mousePressEvent(QMouseEvent *event)
{
    m_pressed = m_last = event->position();
    m_moved = false;
    m_cameraBefore = m_state.camera;
    m_planeBefore = m_state.plane;
    const bool left = event->button() == Qt::LeftButton, shift = event->modifiers() & Qt::ShiftModifier;
    if (event->button() == Qt::MiddleButton || (left && shift))
        m_drag = Drag::Move;
    else if (event->button() == Qt::RightButton)
        m_drag = Drag::Zoom;
    else if (left)
        m_drag = onPlane(m_state.camera.rayAt(m_pressed, size())) ? Drag::TurnPlane : Drag::Turn;
}

void SceneWidget::mouseMoveEvent(QMouseEvent *event)
{
    if (m_drag == Drag::None)
        return;
    if (!m_moved && (event->position() - m_pressed).manhattanLength() <= kClick)
        return;
    m_moved = true;
    const QPointF by = event->position() - m_last;
    m_last = event->position();
    switch (m_drag) {
    case Drag::None: break;
    case Drag::Turn:
    case Drag::TurnPlane: turn(by.x() * kTurnPerPixel, by.y() * kTurnPerPixel); break;
    case Drag::Move: setCamera(m_state.camera.movedBy(by, size())); break;
    case Drag::Zoom: setCamera(m_state.camera.zoomedBy(std::pow(1.01, -by.y()))); break;
    }
}

void SceneWidget::mouseReleaseEvent(QMouseEvent *event)
{
    const Drag ended = m_drag;
    m_drag = Drag::None;
    if (ended == Drag::TurnPlane && m_moved)
        Q_EMIT planeTurned(m_state.plane, false);
    if (ended != Drag::None && !m_moved && event->button() == Qt::LeftButton)
        pick(event->position());
}

void SceneWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

void SceneWidget::wheelEvent(QWheelEvent *event)
{
    event->accept();
    setCamera(
        m_state.camera.zoomedBy(std::pow(1.15, event->angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep))));
}

void SceneWidget::keyPressEvent(QKeyEvent *event)
{
    constexpr double kStep = 10 * kDegree;
    switch (event->key()) {
    case Qt::Key_Escape:
        if (m_drag == Drag::None)
            return QWidget::keyPressEvent(event);
        return cancelDrag();
    case Qt::Key_Left: return turn(-kStep, 0);
    case Qt::Key_Right: return turn(kStep, 0);
    case Qt::Key_Up: return turn(0, -kStep);
    case Qt::Key_Down: return turn(0, kStep);
    case Qt::Key_Plus:
    case Qt::Key_Equal: return setCamera(m_state.camera.zoomedBy(1.15));
    case Qt::Key_Minus: return setCamera(m_state.camera.zoomedBy(1 / 1.15));
    case Qt::Key_0:
    case Qt::Key_Home:
    case Qt::Key_F: return lookFrom(ViewFrom::Front);
    case Qt::Key_L: return lookFrom(ViewFrom::Left);
    case Qt::Key_T: return lookFrom(ViewFrom::Top);
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace consilium::viewer
