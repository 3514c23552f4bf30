// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "tasks/task.h"

#include <QDir>
#include <QJsonObject>
#include <QLibrary>
#include <QPluginLoader>

namespace consilium::tasks {

namespace fs = std::filesystem;

Result<std::unique_ptr<Task>> loadTask(const std::string &kind)
{
    // The kind becomes a folder's name: it must not lead anywhere else.
    if (kind.empty() || kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        return fail(ErrorCode::Invalid, "'{}' is not the name of a task plug-in", kind);
    const auto programs = platform::programFolder();
    const fs::path candidates[] = {programs / "plugins" / kind, programs / ".." / "bin" / "plugins" / kind,
                                   programs / ".." / "lib" / "consilium" / "plugins" / kind};
    for (const auto &candidate : candidates) {
        const QDir folder(QString::fromStdString(candidate.lexically_normal().string()));
        const auto files = folder.entryList(QDir::Files);
        for (const auto &file : files) {
            if (!QLibrary::isLibrary(file))
                continue;
            const auto library = folder.absoluteFilePath(file);
            // Never unloaded: tasks and jobs made by it may live to the end of the program.
            QPluginLoader loader(library);
            const auto id = loader.metaData().value("IID").toString();
            if (!id.isEmpty() && id != CONSILIUM_TASK_FACTORY_ID)
                return failWithHint(ErrorCode::Malformed, "Build or install plug-ins and program of one version",
                                    "{} is a plug-in of another version: it is a {}, this program takes {}",
                                    library.toStdString(), id.toStdString(), CONSILIUM_TASK_FACTORY_ID);
            const auto *factory = qobject_cast<TaskFactory *>(loader.instance());
            if (!factory)
                return fail(ErrorCode::Malformed, "{} is not a task plug-in this program can use: {}",
                            library.toStdString(),
                            loader.isLoaded() ? "it offers no task" : loader.errorString().toStdString());
            return factory->create();
        }
    }
    return failWithHint(ErrorCode::NotFound, "Build or install it, or correct data.kind in the plan",
                        "There is no task plug-in '{}' in {}", kind, candidates[0].string());
}

} // namespace consilium::tasks
