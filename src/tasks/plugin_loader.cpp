// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/plugin_loader.h"

#include "core/platform.h"

#include <QDir>
#include <QJsonObject>
#include <QLibrary>
#include <QPluginLoader>

namespace consilium::tasks {

namespace fs = std::filesystem;

Result<QObject *> loadPlugin(const std::string &name, const std::string &interfaceId, const std::string &key)
{
    // The name becomes a folder's: it must not lead anywhere else.
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        return fail(ErrorCode::Invalid, "'{}' is not the name of a plug-in", name);
    const auto programs = platform::programFolder();
    const fs::path candidates[] = {programs / "plugins" / name, programs / ".." / "bin" / "plugins" / name,
                                   programs / ".." / "lib" / "consilium" / "plugins" / name};
    for (const auto &candidate : candidates) {
        const QDir folder(QString::fromStdString(candidate.lexically_normal().string()));
        for (const auto &file : folder.entryList(QDir::Files)) {
            if (!QLibrary::isLibrary(file))
                continue;
            const auto library = folder.absoluteFilePath(file);
            QPluginLoader loader(library);
            const auto id = loader.metaData().value("IID").toString().toStdString();
            if (!id.empty() && id != interfaceId)
                return failWithHint(ErrorCode::Malformed, "Build or install plug-ins and program of one version",
                                    "{} is a plug-in of another kind or version: it is a {}, this program takes {}",
                                    library.toStdString(), id, interfaceId);
            auto *exported = loader.instance();
            if (!exported)
                return fail(ErrorCode::Malformed, "{} is not a plug-in this program can use: {}", library.toStdString(),
                            loader.errorString().toStdString());
            return exported;
        }
    }
    return failWithHint(ErrorCode::NotFound, "Build or install it, or correct " + key + " in the plan",
                        "There is no plug-in '{}' in {}", name, candidates[0].string());
}

} // namespace consilium::tasks
