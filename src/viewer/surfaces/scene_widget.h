// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/surfaces/scene_thread.h"

#include <QTimer>
#include <QWidget>
#include <array>

namespace consilium::viewer {

/// Shows pictures of a scene and turns mouse and keys into moves of its camera.
///
/// Left drag turns (in oblique mode the plane, when it begins on it), middle or Shift+left drag moves, right drag and
/// the wheel zoom, a click moves the cursor to what it meets, Escape takes back the drag under way. Arrow keys turn,
/// plus and minus zoom, F, L and T look from the front, the left and the top, 0 shows everything.
///
/// A picture that moves is drawn as coarsely as it takes to keep up, and in full when it has come to rest.
class SceneWidget : public QWidget
{
    Q_OBJECT

public:
    explicit SceneWidget(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setMode(SceneMode mode);
    /// Shown in place of a picture, while there is none.
    void setNotice(const QString &text);
    /// A new case: nothing to show until its parts come. `box` is what a view looks at.
    void clear(const PatientBox &box);
    void setModel(std::shared_ptr<const SceneModel> model);
    void setVolume(std::shared_ptr<const DisplayVolume> volume);
    void setShown(std::vector<PartLook> shown);
    /// Drawn when the cursor has rested for a moment, so that scrolling through slices does not wait for it.
    void setCursorPosition(const imaging::Vec3 &patient);
    void setWindow(const Window &window);
    void setThreshold(double share);
    /// `moving`: more are about to come.
    void setSlice(const QImage &slice, const ObliquePlane &plane, double mmPerPixel, bool moving);
    void lookFrom(ViewFrom side);

    const SceneState &state() const { return m_state; }
    /// The picture on the screen; null while there is none of this case and mode.
    const QImage &picture() const { return m_picture; }
    /// Whether it is the last word: no finer one is on its way.
    bool isAtRest() const { return !m_picture.isNull() && m_atRest; }

Q_SIGNALS:
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void planeTurned(const consilium::viewer::ObliquePlane &plane, bool moving);
    void pictureChanged();
    void maximiseRequested();
    void failed(consilium::ErrorCode code, const QString &message);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *) override { update(); }
    void focusOutEvent(QFocusEvent *) override { update(); }

private:
    enum class Drag { None, Turn, TurnPlane, Move, Zoom };

    bool canDraw() const;
    bool projects() const { return m_state.mode == SceneMode::Mip || m_state.mode == SceneMode::Volume; }
    void draw(bool draft);
    void take(const QImage &picture, const SceneState &state, double milliseconds);
    void setCamera(const SceneCamera &camera);
    void turn(double rightward, double downward);
    void cancelDrag();
    void pick(const QPointF &pixel);
    std::optional<imaging::Vec3> onPlane(const Ray &ray) const;
    void paintLetters(QPainter &painter) const;
    void paintCursor(QPainter &painter) const;

    Theme m_theme;
    SceneThread *m_drawer;
    SceneState m_state;
    PatientBox m_box;
    std::shared_ptr<const SceneModel> m_model;
    std::shared_ptr<const DisplayVolume> m_volume;
    std::optional<imaging::Vec3> m_cursor;
    QString m_notice;

    QImage m_picture;
    bool m_atRest = false, m_fitted = false;
    bool m_tilted = false;                        // for a first look at a plane, which from the front would be a line
    std::array<double, 4> m_detail{1, 1, 0.5, 1}; // by mode: share of the pixels' width in a draft
    QTimer m_rests, m_cursorRests;

    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;
    bool m_moved = false;
    SceneCamera m_cameraBefore;
    ObliquePlane m_planeBefore;
};

} // namespace consilium::viewer
