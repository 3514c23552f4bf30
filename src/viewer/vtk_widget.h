// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "imaging/geometry.h"
#include "viewer/surface_model.h"

#include <QColor>
#include <QOpenGLWidget>
#include <functional>
#include <memory>

namespace consilium::viewer {

/// Shows surfaces in patient space with VTK inside a Qt OpenGL widget. Left drag turns, middle or Shift+left drag moves, right
/// drag and wheel zoom. Make one only where OpenGL works.
class VtkWidget : public QOpenGLWidget
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
    void setCursorPosition(const imaging::Vec3 &patient);
    /// Looks at the whole model from the front, head up.
    void resetCamera();

    /// Whether this machine's OpenGL can show surfaces (3.2 or later, and a screen).
    static bool works();

Q_SIGNALS:
    void maximiseRequested();

protected:
    void initializeGL() override;
    void paintGL() override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void paintLetters();
    void pan(const QPointF &moved);
    void zoom(double factor);

    struct Scene;
    std::unique_ptr<Scene> m_scene;
    Theme m_theme;
    QPointF m_lastPixel;
};

} // namespace consilium::viewer
