// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "viewer/canvas/slice_renderer.h"
#include "viewer/cases/review_case.h"
#include "viewer/surfaces/display_volume.h"
#include "viewer/surfaces/oblique_plane.h"
#include "viewer/surfaces/scene_camera.h"

#include <QColor>
#include <QImage>
#include <QSize>
#include <QtPlugin>
#include <atomic>
#include <memory>
#include <optional>
#include <vector>

class QOffscreenSurface;

namespace consilium::viewer {

/// What the 3D view shows.
enum class SceneMode { Surfaces, Mip, Volume, Oblique };

/// The colour of one label of one segmentation (kReference or the index of a prediction).
struct PartLook
{
    int segmentation = 0, label = 1;
    QColor colour;
};

/// The surfaces of a case, built once. Safe to read from any thread.
class SceneModel
{
public:
    virtual ~SceneModel() = default;
    /// Where a ray first meets one of these parts.
    virtual std::optional<imaging::Vec3> hit(const Ray &ray, const std::vector<PartLook> &shown) const = 0;
    virtual std::size_t parts() const = 0;
};

/// Everything a picture depends on but the model and the volume.
struct SceneState
{
    SceneMode mode = SceneMode::Surfaces;
    SceneCamera camera;
    QSize size{1, 1}; ///< of the picture, pixels
    std::vector<PartLook> shown;
    std::optional<imaging::Vec3> cursor;
    QColor ground, hull, crosshair;
    Window window;          ///< as the slices show the image
    double threshold = 0.2; ///< volume mode: share of the window below which nothing is seen, 0 to 1
    bool draft = false;     ///< drawn in a hurry, for a picture that moves
    QImage slice;           ///< oblique mode: drawn on the plane; may be null
    ObliquePlane plane;
    double sliceMmPerPixel = 1;
    std::uint64_t request = 0; ///< counts what was asked for, so that an older picture is known by it
};

/// Draws pictures with OpenGL. Lives on one thread: made, used and destroyed there.
class Scene
{
public:
    virtual ~Scene() = default;
    virtual void setModel(std::shared_ptr<const SceneModel> model) = 0;
    virtual void setVolume(std::shared_ptr<const DisplayVolume> volume) = 0;
    /// Null when `stop` was set meanwhile.
    virtual QImage render(const SceneState &state, const std::atomic<bool> &stop) = 0;
};

/// The way into the library that draws: it is loaded when a 3D view is first shown, because the libraries below it are
/// large and most of the day nobody looks at one.
class SceneFactory
{
public:
    virtual ~SceneFactory() = default;
    /// A second or so for a whole brain; on any thread.
    virtual std::shared_ptr<const SceneModel> build(const ReviewCase &opened) const = 0;
    /// On the thread that will draw. `surface` was created on the window's thread and outlives the scene. Errors:
    /// Unsupported where OpenGL is older than 3.2 or absent.
    virtual Result<std::unique_ptr<Scene>> make(QOffscreenSurface *surface) const = 0;
};

/// Loads it once; on any thread. Errors: NotFound when the library is not beside the program.
Result<const SceneFactory *> sceneFactory();

} // namespace consilium::viewer

#define ConsiliumSceneFactoryId "consilium.SceneFactory/1"
Q_DECLARE_INTERFACE(consilium::viewer::SceneFactory, ConsiliumSceneFactoryId)
