// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace consilium {

/// Whether `path` is `folder` or lies below it, by the places they name: relative or absolute, with links, "..", a
/// slash at the end; either may be missing still. Errors: Io (a place that cannot be told).
Result<bool> liesWithin(const std::filesystem::path &folder, const std::filesystem::path &path);

} // namespace consilium
