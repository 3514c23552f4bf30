// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/vtk_scene.h"

#include <QOpenGLFunctions>
#include <algorithm>
#include <cstring>
#include <thread>
#include <vtkCommand.h>
#include <vtkFixedPointVolumeRayCastMapper.h>
#include <vtkImageData.h>
#include <vtkMatrix4x4.h>
#include <vtkOpenGLGPUVolumeRayCastMapper.h>
#include <vtkOpenGLState.h>
#include <vtkPointData.h>
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
    mapper->SetInputConnection(m_planeShape->GetOutputPort());
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
    property->SetAmbient(0.25);
    property->SetDiffuse(0.8);
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
    const bool projects = mode == SceneMode::Mip || mode == SceneMode::Volume;
    vtkRenderer *parts = projects ? m_front : m_scene;
    if (projects && m_shown)
        m_scene->AddVolume(m_volume);
    if (!projects && m_hull)
        m_scene->AddActor(m_hull);
    if (mode == SceneMode::Oblique)
        m_scene->AddActor(m_plane);
    for (const auto &[part, actor] : m_parts) {
        actor->GetProperty()->SetOpacity(projects ? 0.6 : 1);
        parts->AddActor(actor);
    }
    parts->AddActor(m_cursor);
    // Smooth edges of triangles; rays of a volume have none.
    m_window->SetMultiSamples(projects ? 0 : 4);
}

void VtkScene::lookAt(const SceneState &state)
{
    const SceneCamera &camera = state.camera;
    const Vec3 eye = plus(camera.focus, -kReach, camera.ahead);
    m_camera->SetFocalPoint(camera.focus.data());
    m_camera->SetPosition(eye.data());
    m_camera->SetViewUp(camera.up.data());
    m_camera->SetParallelScale(camera.halfHeight);
    m_camera->SetClippingRange(1, 2 * kReach);
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
        const auto look = std::find_if(state.shown.begin(), state.shown.end(), [&part = part](const PartLook &look) {
            return look.segmentation == part.segmentation && look.label == part.label;
        });
        actor->SetVisibility(look != state.shown.end());
        if (look != state.shown.end())
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
    const QImage pixels = state.slice.convertToFormat(QImage::Format_RGBA8888).mirrored();
    vtkNew<vtkImageData> image;
    image->SetDimensions(pixels.width(), pixels.height(), 1);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 4);
    auto *out = static_cast<unsigned char *>(image->GetScalarPointer());
    for (int row = 0; row < pixels.height(); ++row)
        std::memcpy(out + std::size_t(row) * pixels.width() * 4, pixels.constScanLine(row),
                    std::size_t(pixels.width()) * 4);
    m_planeTexture->SetInputData(image);
    const double half[2] = {pixels.width() * state.sliceMmPerPixel / 2, pixels.height() * state.sliceMmPerPixel / 2};
    const Vec3 corner = state.plane.at(-half[0], half[1]);
    m_planeShape->SetOrigin(corner[0], corner[1], corner[2]);
    const Vec3 right = state.plane.at(half[0], half[1]), top = state.plane.at(-half[0], -half[1]);
    m_planeShape->SetPoint1(right[0], right[1], right[2]);
    m_planeShape->SetPoint2(top[0], top[1], top[2]);
}

void VtkScene::checkAbort()
{
    if (m_stop && *m_stop)
        m_window->SetAbortRender(1);
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
    const QSize size = state.size.expandedTo({1, 1});
    m_window->SetSize(size.width(), size.height());
    place(state.mode);
    lookAt(state);
    colour(state);
    if (state.mode == SceneMode::Oblique)
        showPlane(state);
    else
        tuneVolume(state);
    vtkOpenGLState *gl = m_window->GetState();
    gl->Reset(); // Qt has read from the context behind VTK's back
    gl->Push();
    m_window->Render();
    if (!m_target || m_target->size() != size)
        m_target = std::make_unique<QOpenGLFramebufferObject>(size);
    gl->vtkglBindFramebuffer(GL_DRAW_FRAMEBUFFER, m_target->handle());
    m_window->BlitDisplayFramebuffer();
    gl->Pop();
    QImage picture = stop ? QImage() : m_target->toImage().convertToFormat(QImage::Format_RGB32);
    m_context.doneCurrent();
    m_stop = nullptr;
    return picture;
}

} // namespace consilium::viewer
