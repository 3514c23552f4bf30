// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/vtk_scene.h"

#include <QOpenGLFunctions>
#include <QPainter>
#include <algorithm>
#include <cstring>
#include <thread>
#include <vtkCellArray.h>
#include <vtkCommand.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkOpenGLGPUVolumeRayCastMapper.h>
#include <vtkOpenGLState.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkSphereSource.h>
#include <vtkUnsignedShortArray.h>
#include <vtkVolumeProperty.h>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

// Everything within this of the focus is drawn.
constexpr double kReach = 1000;

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

bool projects(SceneMode mode)
{
    return mode == SceneMode::Mip || mode == SceneMode::Volume;
}

const PartLook *lookOf(const SceneState &state, const SurfacePart &part)
{
    for (const PartLook &look : state.shown)
        if (look.segmentation == part.segmentation && look.label == part.label)
            return &look;
    return nullptr;
}

// Over a body the parts shine through it; over a projection, where brightness is what is looked at, they are an outline
// with a dark rim and a breath of colour.
void lay(const QImage &front, QImage &picture, const SceneState &state)
{
    QPainter painter(&picture);
    if (state.mode == SceneMode::Volume) {
        painter.setOpacity(0.75);
        painter.drawImage(0, 0, front);
        return;
    }
    const int width = front.width(), height = front.height();
    QImage lines(front.size(), QImage::Format_ARGB32_Premultiplied);
    lines.fill(Qt::transparent);
    const auto covers = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < width && y < height &&
               qAlpha(reinterpret_cast<const QRgb *>(front.constScanLine(y))[x]) > 127;
    };
    const QRgb rim = qPremultiply(qRgba(state.ground.red(), state.ground.green(), state.ground.blue(), 160));
    for (int y = 0; y < height; ++y) {
        auto *out = reinterpret_cast<QRgb *>(lines.scanLine(y));
        const auto *in = reinterpret_cast<const QRgb *>(front.constScanLine(y));
        for (int x = 0; x < width; ++x) {
            const bool here = covers(x, y);
            bool edge = false;
            for (const auto &[dx, dy] : {std::pair{-1, 0}, {1, 0}, {0, -1}, {0, 1}})
                edge = edge || covers(x + dx, y + dy) != here;
            if (edge)
                out[x] = here ? in[x] : rim;
        }
    }
    painter.setOpacity(0.12);
    painter.drawImage(0, 0, front);
    painter.setOpacity(1);
    painter.drawImage(0, 0, lines);
}

bool isDrawnByProcessor(const QOpenGLContext &context)
{
    const auto *name = reinterpret_cast<const char *>(context.functions()->glGetString(GL_RENDERER));
    if (!name)
        return true;
    const QByteArray renderer = QByteArray(name).toLower();
    for (const char *software : {"llvmpipe", "softpipe", "swiftshader", "swr", "software"})
        if (renderer.contains(software))
            return true;
    return false;
}

vtkSmartPointer<vtkVolumeMapper> casterFor(bool onProcessor)
{
    if (!onProcessor) {
        auto caster = vtkSmartPointer<vtkOpenGLGPUVolumeRayCastMapper>::New();
        caster->AutoAdjustSampleDistancesOff();
        return caster;
    }
    auto caster = vtkSmartPointer<vtkFixedPointVolumeRayCastMapper>::New();
    caster->AutoAdjustSampleDistancesOff();
    caster->IntermixIntersectingGeometryOff();
    caster->SetNumberOfThreads(static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
    return caster;
}

} // namespace

VtkScene::VtkScene(QOffscreenSurface *surface) : m_surface(surface)
{
    m_context.setFormat(surface->requestedFormat());
}

Result<std::unique_ptr<Scene>> VtkScene::make(QOffscreenSurface *surface, Caster caster)
{
    std::unique_ptr<VtkScene> scene(new VtkScene(surface));
    if (!scene->m_context.create() || !scene->m_context.makeCurrent(surface))
        return fail(ErrorCode::Unsupported, "There is no OpenGL");
    if (scene->m_context.format().version() < std::pair(3, 2))
        return fail(ErrorCode::Unsupported, "OpenGL is older than 3.2");
    scene->build(caster);
    return scene;
}

VtkScene::~VtkScene()
{
    // VTK gives its buffers back to the context that they are in.
    if (!m_context.isValid() || !m_context.makeCurrent(m_surface))
        return;
    if (m_begun) {
        m_window->SetIsCurrent(true);
        m_window->Finalize();
    }
    m_target.reset();
    m_context.doneCurrent();
}

void VtkScene::build(Caster caster)
{
    m_window->SetOwnContext(false);
    m_window->SetSupportsOpenGL(1);
    m_window->SetIsDirect(true);
    m_window->SetFrameBlitModeToNoBlit();
    m_window->SetNumberOfLayers(2);
    m_window->AddRenderer(m_scene);
    m_window->AddRenderer(m_front);
    m_front->SetLayer(1);
    m_front->InteractiveOff();
    m_scene->SetBackgroundAlpha(1);
    for (vtkRenderer *renderer : {m_scene.Get(), m_front.Get()})
        renderer->SetActiveCamera(m_camera);
    m_camera->ParallelProjectionOn();
    m_window->AddObserver(vtkCommand::AbortCheckEvent, this, &VtkScene::checkAbort);

    vtkNew<vtkSphereSource> sphere;
    sphere->SetRadius(2);
    sphere->SetThetaResolution(16);
    sphere->SetPhiResolution(12);
    sphere->Update();
    m_cursor = actorOf(sphere->GetOutput());
    m_cursor->GetProperty()->LightingOff();

    vtkNew<vtkPolyDataMapper> mapper;
    m_plane = vtkSmartPointer<vtkActor>::New();
    m_plane->SetMapper(mapper);
    m_plane->SetTexture(m_planeTexture);
    m_plane->GetProperty()->LightingOff();
    m_plane->VisibilityOff();
    m_planeTexture->InterpolateOn();

    m_caster = casterFor(caster == Caster::Best ? isDrawnByProcessor(m_context) : caster == Caster::Processor);
    m_volume->SetMapper(m_caster);
    vtkVolumeProperty *property = m_volume->GetProperty();
    property->SetColor(m_greys);
    property->SetScalarOpacity(m_opacity);
    property->SetInterpolationTypeToLinear();
    property->SetAmbient(0.35);
    property->SetDiffuse(0.9);
    property->SetSpecular(0.1);
    property->SetSpecularPower(12);
}

void VtkScene::setModel(std::shared_ptr<const SceneModel> model)
{
    for (vtkRenderer *renderer : {m_scene.Get(), m_front.Get()})
        renderer->RemoveAllViewProps();
    m_parts.clear();
    m_hull = nullptr;
    m_mode.reset();
    m_model = std::move(model);
    const auto *built = static_cast<const BuiltSurfaces *>(m_model.get());
    if (!built)
        return;
    for (const SurfacePart &part : built->model().parts) {
        auto actor = actorOf(part.mesh);
        actor->GetProperty()->SetSpecular(0.2);
        actor->GetProperty()->SetSpecularPower(20);
        m_parts.emplace_back(part, actor);
    }
    if (built->model().hull) {
        m_hull = actorOf(built->model().hull);
        m_hull->GetProperty()->SetOpacity(0.16);
        // Only the far wall: the near one would lie as a veil before what is to be seen.
        m_hull->GetProperty()->FrontfaceCullingOn();
    }
}

void VtkScene::setVolume(std::shared_ptr<const DisplayVolume> volume)
{
    m_shown = std::move(volume);
    m_mode.reset();
    if (!m_shown) {
        m_caster->SetInputDataObject(nullptr);
        return;
    }
    const imaging::Geometry &grid = m_shown->geometry;
    // VTK reads the voxels where they are; m_shown keeps them.
    vtkNew<vtkUnsignedShortArray> values;
    values->SetArray(const_cast<std::uint16_t *>(m_shown->values.data()),
                     static_cast<vtkIdType>(m_shown->values.size()), 1);
    vtkNew<vtkImageData> image;
    image->SetDimensions(grid.size.data());
    image->SetSpacing(grid.spacing.data());
    image->GetPointData()->SetScalars(values);
    m_caster->SetInputData(image);
    vtkNew<vtkMatrix4x4> toPatient;
    for (int row = 0; row < 3; ++row) {
        for (int axis = 0; axis < 3; ++axis)
            toPatient->SetElement(row, axis, grid.direction[row][axis]);
        toPatient->SetElement(row, 3, grid.origin[row]);
    }
    m_volume->SetUserMatrix(toPatient);
}

// Where an actor stands depends on the mode: with the volume nothing hides it, else near things hide far ones.
void VtkScene::place(SceneMode mode)
{
    if (m_mode == mode)
        return;
    m_mode = mode;
    for (vtkRenderer *renderer : {m_scene.Get(), m_front.Get()})
        renderer->RemoveAllViewProps();
    vtkRenderer *parts = projects(mode) ? m_front : m_scene;
    if (projects(mode) && m_shown)
        m_scene->AddVolume(m_volume);
    if (!projects(mode) && m_hull)
        m_scene->AddActor(m_hull);
    if (mode == SceneMode::Oblique)
        m_scene->AddActor(m_plane);
    for (const auto &[part, actor] : m_parts) {
        // In a projection nothing is nearer than anything else: plain colours.
        actor->GetProperty()->SetLighting(mode != SceneMode::Mip);
        parts->AddActor(actor);
    }
    parts->AddActor(m_cursor);
}

void VtkScene::lookAt(const SceneState &state)
{
    const SceneCamera &camera = state.camera;
    const Vec3 eye = plus(camera.focus, -kReach, camera.ahead);
    m_camera->SetFocalPoint(camera.focus.data());
    m_camera->SetPosition(eye.data());
    m_camera->SetViewUp(camera.up.data());
    m_camera->SetParallelScale(camera.halfHeight);
    // Rays of a volume are otherwise cast now and then as if the picture were square.
    m_camera->SetUseExplicitAspectRatio(true);
    m_camera->SetExplicitAspectRatio(double(state.size.width()) / state.size.height());
    m_camera->SetClippingRange(1, 2 * kReach);
    // VTK keeps the matrices of a camera that did not change, though the shape of the picture did.
    m_camera->Modified();
}

void VtkScene::colour(const SceneState &state)
{
    m_scene->SetBackground(state.ground.redF(), state.ground.greenF(), state.ground.blueF());
    setColour(m_cursor, state.crosshair);
    m_cursor->SetVisibility(state.cursor.has_value());
    if (state.cursor)
        m_cursor->SetPosition((*state.cursor)[0], (*state.cursor)[1], (*state.cursor)[2]);
    if (m_hull)
        setColour(m_hull, state.hull);
    for (const auto &[part, actor] : m_parts) {
        const PartLook *look = lookOf(state, part);
        actor->SetVisibility(look && !projects(state.mode));
        if (look)
            setColour(actor, look->colour);
    }
}

void VtkScene::tuneVolume(const SceneState &state)
{
    if (!m_shown)
        return;
    const double low = m_shown->toStored(state.window.low), high = m_shown->toStored(state.window.high);
    const double width = std::max(high - low, 1.0);
    m_greys->RemoveAllPoints();
    m_greys->AddRGBPoint(low, 0, 0, 0);
    m_greys->AddRGBPoint(low + width, 1, 1, 1);
    m_opacity->RemoveAllPoints();
    vtkVolumeProperty *property = m_volume->GetProperty();
    const bool mip = state.mode == SceneMode::Mip;
    m_caster->SetBlendMode(mip ? vtkVolumeMapper::MAXIMUM_INTENSITY_BLEND : vtkVolumeMapper::COMPOSITE_BLEND);
    property->SetShade(!mip);
    const Vec3 &spacing = m_shown->geometry.spacing;
    const double finest = std::min({spacing[0], spacing[1], spacing[2]});
    if (mip) {
        m_opacity->AddPoint(0, 1);
        m_opacity->AddPoint(65535, 1);
    } else {
        // A soft edge: half the voxels of a border are only partly tissue.
        const double edge = low + std::clamp(state.threshold, 0.0, 1.0) * width;
        m_opacity->AddPoint(edge - 1, 0);
        m_opacity->AddPoint(edge + 0.15 * width, 0.8);
        property->SetScalarOpacityUnitDistance(finest);
    }
    const double step = finest * (state.draft ? 1 : 0.5);
    if (auto *processor = vtkFixedPointVolumeRayCastMapper::SafeDownCast(m_caster)) {
        processor->SetSampleDistance(static_cast<float>(step));
        processor->SetImageSampleDistance(1);
    } else if (auto *card = vtkGPUVolumeRayCastMapper::SafeDownCast(m_caster)) {
        card->SetSampleDistance(static_cast<float>(step));
        card->SetImageSampleDistance(1);
    }
}

void VtkScene::showPlane(const SceneState &state)
{
    m_plane->SetVisibility(!state.slice.isNull());
    if (state.slice.isNull())
        return;
    const QImage pixels = state.slice.convertToFormat(QImage::Format_RGB888);
    const int width = pixels.width(), height = pixels.height();
    vtkNew<vtkImageData> image;
    image->SetDimensions(width, height, 1);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    auto *out = static_cast<unsigned char *>(image->GetScalarPointer());
    for (int row = 0; row < height; ++row)
        std::memcpy(out + std::size_t(row) * width * 3, pixels.constScanLine(row), std::size_t(width) * 3);
    m_planeTexture->SetInputData(image);

    // Tiles where there is something of the patient: VTK mixes what is half transparent without regard to depth, so the
    // slice is opaque and ends where the head does.
    constexpr int kTile = 3;
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> tiles;
    vtkNew<vtkFloatArray> places;
    places->SetNumberOfComponents(2);
    const auto corner = [&](int column, int row) {
        const Vec3 at = state.plane.at((column - width / 2.0) * state.sliceMmPerPixel,
                                       (row - height / 2.0) * state.sliceMmPerPixel);
        places->InsertNextTuple2(double(column) / width, double(row) / height);
        return points->InsertNextPoint(at.data());
    };
    for (int top = 0; top < height; top += kTile)
        for (int left = 0; left < width; left += kTile) {
            const int right = std::min(left + kTile, width), bottom = std::min(top + kTile, height);
            if (qAlpha(state.slice.pixel((left + right) / 2, (top + bottom) / 2)) == 0)
                continue;
            const vtkIdType ids[] = {corner(left, top), corner(right, top), corner(right, bottom),
                                     corner(left, bottom)};
            tiles->InsertNextCell(4, ids);
        }
    vtkNew<vtkPolyData> shape;
    shape->SetPoints(points);
    shape->SetPolys(tiles);
    shape->GetPointData()->SetTCoords(places);
    vtkPolyDataMapper::SafeDownCast(m_plane->GetMapper())->SetInputData(shape);
}

void VtkScene::checkAbort()
{
    if (m_stop && *m_stop)
        m_window->SetAbortRender(1);
}

QImage VtkScene::takePicture(const SceneState &state)
{
    vtkOpenGLState *gl = m_window->GetState();
    gl->Reset(); // Qt has read from the context behind VTK's back
    gl->Push();
    m_window->Render();
    if (!m_target || m_target->size() != state.size)
        m_target = std::make_unique<QOpenGLFramebufferObject>(state.size);
    gl->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, m_target->handle());
    m_window->BlitDisplayFramebuffer();
    gl->Pop();
    return m_target->toImage().convertToFormat(QImage::Format_ARGB32_Premultiplied);
}

// The parts alone, on transparent ground.
QImage VtkScene::takeFront(const SceneState &state)
{
    m_volume->VisibilityOff();
    m_scene->SetBackground(0, 0, 0);
    m_scene->SetBackgroundAlpha(0);
    for (const auto &[part, actor] : m_parts)
        actor->SetVisibility(lookOf(state, part) != nullptr);
    const QImage front = takePicture(state);
    m_scene->SetBackgroundAlpha(1);
    m_volume->VisibilityOn();
    return front;
}

QImage VtkScene::render(const SceneState &state, const std::atomic<bool> &stop)
{
    if (!m_context.makeCurrent(m_surface))
        return {};
    m_stop = &stop;
    m_window->SetIsCurrent(true);
    if (!m_begun) {
        m_window->OpenGLInit();
        m_window->SetReadyForRendering(true);
        m_begun = true;
    }
    m_window->SetSize(state.size.width(), state.size.height());
    // For smooth edges of triangles; rays of a volume have none.
    m_window->SetMultiSamples(projects(state.mode) || state.draft ? 0 : 4);
    place(state.mode);
    lookAt(state);
    colour(state);
    if (state.mode == SceneMode::Oblique)
        showPlane(state);
    else
        tuneVolume(state);
    QImage picture = takePicture(state);
    if (!stop && projects(state.mode) && !state.shown.empty() && !m_parts.empty())
        lay(takeFront(state), picture, state);
    m_context.doneCurrent();
    m_stop = nullptr;
    return stop ? QImage() : picture;
}

} // namespace consilium::viewer
