// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/vtk_scene.h"

#include <QObject>

namespace consilium::viewer {

/// What the library consilium-3d gives to the program that loads it.
class VtkSceneFactory : public QObject, public SceneFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID ConsiliumSceneFactoryId)
    Q_INTERFACES(consilium::viewer::SceneFactory)

public:
    std::shared_ptr<const SceneModel> build(const ReviewCase &opened) const override
    {
        return std::make_shared<BuiltSurfaces>(buildSurfaces(opened));
    }
    Result<std::unique_ptr<Scene>> make(QOffscreenSurface *surface) const override { return VtkScene::make(surface); }
};

} // namespace consilium::viewer

#include "vtk_scene_factory.moc"
