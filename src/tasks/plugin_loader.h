// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <string>

class QObject;

namespace consilium::tasks {

/// The object that the plug-in `name` exports, of the interface `interfaceId` ("org.consilium.TaskFactory/4"): from the
/// plugins folder beside the program (bin/plugins/<name>/), of a bin folder beside the program's own (as tests have),
/// or the installed one (lib/consilium/plugins/<name>/). It is never unloaded: what it made may live to the end of the
/// program. `key` is the key of a plan that names it, for messages. Errors: Invalid (not a name); NotFound; Malformed
/// (no plug-in, or one of another interface or version).
Result<QObject *> loadPlugin(const std::string &name, const std::string &interfaceId, const std::string &key);

} // namespace consilium::tasks
