// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <functional>

namespace consilium {

/// Makes a folder that appears whole or not at all: `fill` writes into `folder`.partial beside it, which takes its
/// place when `fill` succeeds and is removed when it fails or throws. Errors: Invalid (`folder` is there and not an
/// empty folder); Busy (`folder`.partial is there: another run is writing it, or one was killed); Io; those of `fill`.
Result<> makeNewFolder(const std::filesystem::path &folder,
                       const std::function<Result<>(const std::filesystem::path &partial)> &fill);

} // namespace consilium
