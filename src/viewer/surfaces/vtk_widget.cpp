// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/vtk_widget.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_geometry.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkOpenGLState.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderer.h>
#include <vtkSphereSource.h>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

QSurfaceFormat surfaceFormat()
{
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setAlphaBufferSize(8);
    return format;
}

vtkSmartPointer<vtkActor> actorOf(vtkPolyData *mesh)
{
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(mesh);
    mapper->ScalarVisibilityOff();
    auto actor = vtkSmartPointer<vtkActor>::New();
    actor->SetMapper(mapper);
    return actor;
}

void setColour(vtkActor *actor, const QColor &colour)
{
    actor->GetProperty()->SetColor(colour.redF(), colour.greenF(), colour.blueF());
}

} // namespace

struct VtkWidget::Scene
{
    QOpenGLContext context;
    QOffscreenSurface surface;
    std::unique_ptr<QOpenGLFramebufferObject> target;
    vtkNew<vtkGenericOpenGLRenderWindow> window;
    vtkNew<vtkRenderer> renderer;
    vtkSmartPointer<vtkActor> hull;
    std::vector<std::pair<SurfacePart, vtkSmartPointer<vtkActor>>> parts;
    vtkNew<vtkSphereSource> sphere;
    vtkSmartPointer<vtkActor> cursor;
    bool begun = false;
};

VtkWidget::VtkWidget(QWidget *parent) : QWidget(parent), m_scene(std::make_unique<Scene>())
{
    setFocusPolicy(Qt::ClickFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setContextMenuPolicy(Qt::PreventContextMenu);
    m_cursorRests.setSingleShot(true);
    m_cursorRests.setInterval(80);
    connect(&m_cursorRests, &QTimer::timeout, this, &VtkWidget::redraw);

    auto &scene = *m_scene;
    scene.context.setFormat(surfaceFormat());
    scene.surface.setFormat(surfaceFormat());
    scene.surface.create();
    scene.context.create();
    scene.window->SetOwnContext(false);
    scene.window->SetSupportsOpenGL(1);
    scene.window->SetIsDirect(true);
    scene.window->SetFrameBlitModeToNoBlit();
    scene.window->SetMultiSamples(4);
    scene.window->AddRenderer(scene.renderer);
    scene.renderer->SetBackgroundAlpha(1);
    scene.sphere->SetRadius(2);
    scene.sphere->SetThetaResolution(16);
    scene.sphere->SetPhiResolution(12);
    scene.sphere->Update();
    scene.cursor = actorOf(scene.sphere->GetOutput());
    scene.cursor->GetProperty()->LightingOff();
    scene.renderer->AddActor(scene.cursor);
}

VtkWidget::~VtkWidget()
{
    // VTK gives its buffers back to the context that they are in.
    auto &scene = *m_scene;
    if (scene.context.makeCurrent(&scene.surface)) {
        scene.window->SetIsCurrent(true);
        scene.window->Finalize();
        scene.target.reset();
        scene.context.doneCurrent();
    }
}

bool VtkWidget::works()
{
    static const bool works = [] {
        // These platforms promise a context and crash a widget that uses one.
        const QString platform = QGuiApplication::platformName();
        if (platform == QLatin1String("offscreen") || platform == QLatin1String("minimal"))
            return false;
        QOpenGLContext context;
        context.setFormat(surfaceFormat());
        QOffscreenSurface surface;
        surface.setFormat(surfaceFormat());
        surface.create();
        if (!context.create() || !surface.isValid() || !context.makeCurrent(&surface))
            return false;
        const auto version = context.format().version();
        context.doneCurrent();
        return version >= std::pair(3, 2);
    }();
    return works;
}

void VtkWidget::setTheme(const Theme &theme)
{
    m_theme = theme;
    const QColor ground = colour(theme.imageBackground);
    m_scene->renderer->SetBackground(ground.redF(), ground.greenF(), ground.blueF());
    setColour(m_scene->cursor, colour(theme.crosshair));
    if (m_scene->hull)
        setColour(m_scene->hull, colour(theme.quietText));
    redraw();
}

void VtkWidget::setModel(const SurfaceModel &model)
{
    auto &scene = *m_scene;
    for (const auto &[part, actor] : scene.parts)
        scene.renderer->RemoveActor(actor);
    scene.parts.clear();
    if (scene.hull)
        scene.renderer->RemoveActor(scene.hull);
    scene.hull = nullptr;
    for (const SurfacePart &part : model.parts) {
        auto actor = actorOf(part.mesh);
        actor->GetProperty()->SetSpecular(0.2);
        actor->GetProperty()->SetSpecularPower(20);
        scene.renderer->AddActor(actor);
        scene.parts.emplace_back(part, actor);
    }
    if (model.hull) {
        scene.hull = actorOf(model.hull);
        setColour(scene.hull, colour(m_theme.quietText));
        scene.hull->GetProperty()->SetOpacity(0.16);
        // Only the far wall: the near one would lie as a veil before what is to be seen.
        scene.hull->GetProperty()->FrontfaceCullingOn();
        scene.renderer->AddActor(scene.hull);
    }
    resetCamera();
}

void VtkWidget::recolour(const PartColour &colourOf)
{
    for (const auto &[part, actor] : m_scene->parts) {
        const QColor colour = colourOf(part);
        actor->SetVisibility(colour.isValid());
        if (colour.isValid())
            setColour(actor, colour);
    }
    redraw();
}

void VtkWidget::setCursorPosition(const Vec3 &patient)
{
    m_scene->cursor->SetPosition(patient[0], patient[1], patient[2]);
    m_scene->renderer->ResetCameraClippingRange();
    m_cursorRests.start();
}

void VtkWidget::resetCamera()
{
    auto &scene = *m_scene;
    vtkCamera *camera = scene.renderer->GetActiveCamera();
    camera->SetFocalPoint(0, 0, 0);
    camera->SetPosition(0, -1, 0); // LPS: from the front
    camera->SetViewUp(0, 0, 1);
    camera->SetViewAngle(25);
    scene.cursor->VisibilityOff();
    scene.renderer->ResetCamera();
    scene.cursor->VisibilityOn();
    camera->Zoom(1.25);
    scene.renderer->ResetCameraClippingRange();
    redraw();
}

void VtkWidget::redraw()
{
    m_picture = {};
    update();
}

void VtkWidget::render()
{
    auto &scene = *m_scene;
    const QSize size = (QSizeF(this->size()) * devicePixelRatioF()).toSize().expandedTo({1, 1});
    if (!scene.context.makeCurrent(&scene.surface))
        return;
    scene.window->SetIsCurrent(true);
    if (!scene.begun) {
        scene.window->OpenGLInit();
        scene.window->SetReadyForRendering(true);
        scene.begun = true;
    }
    scene.window->SetSize(size.width(), size.height());
    vtkOpenGLState *state = scene.window->GetState();
    state->Reset(); // Qt has read from the context behind VTK's back
    state->Push();
    scene.window->Render();
    if (!scene.target || scene.target->size() != size)
        scene.target = std::make_unique<QOpenGLFramebufferObject>(size);
    state->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, scene.target->handle());
    scene.window->BlitDisplayFramebuffer();
    state->Pop();
    m_picture = scene.target->toImage();
    m_picture.setDevicePixelRatio(devicePixelRatioF());
    scene.context.doneCurrent();
}

void VtkWidget::paintEvent(QPaintEvent *)
{
    if (m_picture.isNull())
        render();
    QPainter painter(this);
    painter.fillRect(rect(), colour(m_theme.imageBackground));
    painter.drawImage(0, 0, m_picture);
    paintLetters(painter);
}

void VtkWidget::resizeEvent(QResizeEvent *)
{
    redraw();
}

Vec3 VtkWidget::screenRight() const
{
    vtkCamera *camera = m_scene->renderer->GetActiveCamera();
    const double *up = camera->GetViewUp(), *ahead = camera->GetDirectionOfProjection();
    return {ahead[1] * up[2] - ahead[2] * up[1], ahead[2] * up[0] - ahead[0] * up[2],
            ahead[0] * up[1] - ahead[1] * up[0]};
}

void VtkWidget::paintLetters(QPainter &painter) const
{
    const double *up = m_scene->renderer->GetActiveCamera()->GetViewUp();
    const Vec3 right = screenRight(), upward{up[0], up[1], up[2]};
    const auto letters = [](const Vec3 &direction, double sign) {
        return QString::fromStdString(
            directionLetters({sign * direction[0], sign * direction[1], sign * direction[2]}));
    };
    QFont font = painter.font();
    font.setPixelSize(m_theme.bodySize);
    painter.setFont(font);
    painter.setPen(colour(m_theme.annotation));
    const QRectF box = QRectF(rect()).adjusted(m_theme.step + 2, m_theme.step, -m_theme.step - 2, -m_theme.step);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, letters(right, -1));
    painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, letters(right, 1));
    painter.drawText(box, Qt::AlignHCenter | Qt::AlignTop, letters(upward, 1));
    painter.drawText(box, Qt::AlignHCenter | Qt::AlignBottom, letters(upward, -1));
    font.setPixelSize(m_theme.captionSize);
    painter.setFont(font);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignTop, tr("3D"));
    painter.setPen(colour(m_theme.line));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void VtkWidget::mousePressEvent(QMouseEvent *event)
{
    m_lastPixel = event->position();
}

void VtkWidget::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF moved = event->position() - m_lastPixel;
    m_lastPixel = event->position();
    vtkCamera *camera = m_scene->renderer->GetActiveCamera();
    const bool left = event->buttons() & Qt::LeftButton, shift = event->modifiers() & Qt::ShiftModifier;
    if ((event->buttons() & Qt::MiddleButton) || (left && shift)) {
        pan(moved);
    } else if (left) {
        camera->Azimuth(-moved.x() * 0.5);
        camera->Elevation(moved.y() * 0.5);
        camera->OrthogonalizeViewUp();
    } else if (event->buttons() & Qt::RightButton) {
        zoom(std::pow(1.01, -moved.y()));
    }
    m_scene->renderer->ResetCameraClippingRange();
    redraw();
}

void VtkWidget::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

void VtkWidget::wheelEvent(QWheelEvent *event)
{
    event->accept();
    zoom(std::pow(1.15, event->angleDelta().y() / double(QWheelEvent::DefaultDeltasPerStep)));
    m_scene->renderer->ResetCameraClippingRange();
    redraw();
}

void VtkWidget::zoom(double factor)
{
    m_scene->renderer->GetActiveCamera()->Dolly(factor);
}

void VtkWidget::pan(const QPointF &moved)
{
    vtkCamera *camera = m_scene->renderer->GetActiveCamera();
    const double *up = camera->GetViewUp();
    const Vec3 right = screenRight();
    const double seen = 2 * camera->GetDistance() * std::tan(camera->GetViewAngle() * std::numbers::pi / 360);
    const double mmPerPixel = seen / std::max(height(), 1);
    double focus[3], position[3];
    camera->GetFocalPoint(focus);
    camera->GetPosition(position);
    for (int i = 0; i < 3; ++i) {
        const double shift = mmPerPixel * (moved.y() * up[i] - moved.x() * right[i]);
        focus[i] += shift;
        position[i] += shift;
    }
    camera->SetFocalPoint(focus);
    camera->SetPosition(position);
}

} // namespace consilium::viewer
