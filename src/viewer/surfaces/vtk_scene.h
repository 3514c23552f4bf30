// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/surfaces/scene.h"
#include "viewer/surfaces/surface_model.h"

#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>
#include <map>
#include <utility>
#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>
#include <vtkVolume.h>
#include <vtkVolumeMapper.h>

namespace consilium::viewer {

/// Draws a scene with VTK into a frame buffer of an OpenGL context of its own. A QOpenGLWidget would make Qt put the
/// whole window together with OpenGL from then on: without a graphics card that took every change of a slice from 9 to
/// 36 ms beside it, and to 94 ms with it in sight.
class VtkScene : public Scene
{
public:
    /// How volumes are cast. On two busy cores without a graphics card, a head of 182 x 218 x 182 in 500 x 480 pixels
    /// took vtkFixedPointVolumeRayCastMapper 0.6 s for a maximum intensity projection and 0.5 s for a body,
    /// vtkOpenGLGPUVolumeRayCastMapper 1.2 and 3.8 s (vtkSmartVolumeMapper takes the latter wherever OpenGL is). In
    /// 125 x 120 pixels it was 60 and 60 ms against 60 and 210. So Best is Processor where OpenGL is drawn by the
    /// processor, too.
    enum class Caster { Best, Processor, GraphicsCard };

    static Result<std::unique_ptr<Scene>> make(QOffscreenSurface *surface, Caster caster = Caster::Best);
    ~VtkScene() override;

    void setModel(std::shared_ptr<const SceneModel> model) override;
    void setVolume(std::shared_ptr<const DisplayVolume> volume) override;
    QImage render(const SceneState &state, const std::atomic<bool> &stop) override;

private:
    explicit VtkScene(QOffscreenSurface *surface);

    void build(Caster caster);
    void place(SceneMode mode);
    void lookAt(const SceneState &state);
    void colour(const SceneState &state);
    void tuneVolume(const SceneState &state);
    void showPlane(const SceneState &state);
    QImage takePicture(const SceneState &state);
    QImage takeFront(const SceneState &state);
    void checkAbort();

    QOpenGLContext m_context;
    QOffscreenSurface *m_surface;
    std::unique_ptr<QOpenGLFramebufferObject> m_target;
    vtkNew<vtkGenericOpenGLRenderWindow> m_window;
    vtkNew<vtkRenderer> m_scene, m_front; // front: over the volume, which would hide what lies in it
    vtkNew<vtkCamera> m_camera;

    std::shared_ptr<const SceneModel> m_model;
    std::vector<std::pair<SurfacePart, vtkSmartPointer<vtkActor>>> m_parts;
    vtkSmartPointer<vtkActor> m_hull, m_cursor, m_plane;
    vtkNew<vtkTexture> m_planeTexture;

    std::shared_ptr<const DisplayVolume> m_shown;
    vtkSmartPointer<vtkVolumeMapper> m_caster;
    vtkNew<vtkVolume> m_volume;
    vtkNew<vtkColorTransferFunction> m_greys;
    vtkNew<vtkPiecewiseFunction> m_opacity;

    bool m_begun = false;
    std::optional<SceneMode> m_mode;
    const std::atomic<bool> *m_stop = nullptr;
};

} // namespace consilium::viewer
