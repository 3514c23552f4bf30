// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/plugin_loader.h"
#include "tasks/task.h"

#include <QObject>

namespace consilium::tasks {

Result<std::unique_ptr<Task>> loadTask(const std::string &kind)
{
    const auto plugin = loadPlugin(kind, CONSILIUM_TASK_FACTORY_ID, "data.kind");
    if (!plugin)
        return fail(plugin.error());
    const auto *factory = qobject_cast<TaskFactory *>(*plugin);
    if (!factory)
        return fail(ErrorCode::Malformed, "The plug-in '{}' offers no task", kind);
    return factory->create();
}

} // namespace consilium::tasks
