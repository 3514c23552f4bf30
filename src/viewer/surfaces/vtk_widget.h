// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "imaging/geometry.h"
#include "viewer/surfaces/surface_model.h"

#include <QColor>
#include <QImage>
#include <QTimer>
#include <QWidget>
#include <functional>
#include <memory>

namespace consilium::viewer {

/// Shows surfaces in patient space, drawn by VTK. Left drag turns, middle or Shift+left drag moves, right drag and the
/// wheel zoom. Make one only where OpenGL works.
///
/// VTK draws into a frame buffer of a context of its own, and the picture is painted like any other. A QOpenGLWidget
/// would make Qt put the whole window together with OpenGL from then on: without a graphics card that took every change
/// of a slice from 9 to 36 ms beside it, and to 94 ms with it in sight.
class VtkWidget : public QWidget
{
    Q_OBJECT

public:
    /// Colour of one part; one that is not valid hides it.
    using PartColour = std::function<QColor(const SurfacePart &)>;

    explicit VtkWidget(QWidget *parent = nullptr);
    ~VtkWidget() override;

    void setTheme(const Theme &theme);
    void setModel(const SurfaceModel &model);
    void recolour(const PartColour &colourOf);
    /// Drawn when the cursor has rested for a moment, so that scrolling through slices does not wait for it.
    void setCursorPosition(const imaging::Vec3 &patient);
    /// Looks at the whole model from the front, head up.
    void resetCamera();

    /// Whether this machine's OpenGL can show surfaces (3.2 or later, and a screen).
    static bool works();

Q_SIGNALS:
    void maximiseRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void redraw();
    void render();
    void paintLetters(QPainter &painter) const;
    imaging::Vec3 screenRight() const;
    void pan(const QPointF &moved);
    void zoom(double factor);

    struct Scene;
    std::unique_ptr<Scene> m_scene;
    Theme m_theme;
    QImage m_picture; // null: to be drawn anew
    QTimer m_cursorRests;
    QPointF m_lastPixel;
};

} // namespace consilium::viewer
