// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <spdlog/spdlog.h>

namespace consilium {

/// Sends the program's log to stderr (warnings and worse) and, when `file` is given, everything to that file too.
/// Results go to stdout and never through here. Call once, at the start of a program.
void startLogging(const std::filesystem::path &file = {});

} // namespace consilium
