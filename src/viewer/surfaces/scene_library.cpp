// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/scene.h"

#include <QCoreApplication>
#include <QFile>
#include <QPluginLoader>

namespace consilium::viewer {

namespace {

Result<const SceneFactory *> load()
{
    const QString here = QCoreApplication::applicationDirPath();
    // Beside the program, beside the tests' program, and where it is installed.
    QStringList tried;
    for (const char *folder : {"", "/../bin", "/../lib/consilium"}) {
        const QString file = here + QLatin1String(folder) + QStringLiteral("/consilium-3d.so");
        if (!QFile::exists(file))
            continue;
        QPluginLoader loader(file);
        if (const auto *factory = qobject_cast<SceneFactory *>(loader.instance()))
            return factory;
        tried.append(loader.errorString());
    }
    return fail(ErrorCode::NotFound, "The part that draws in 3D could not be loaded{}{}", tried.isEmpty() ? "" : ": ",
                tried.join(QStringLiteral("; ")).toStdString());
}

} // namespace

Result<const SceneFactory *> sceneFactory()
{
    static const auto factory = load();
    return factory;
}

} // namespace consilium::viewer
