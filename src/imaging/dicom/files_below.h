// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <vector>

namespace consilium::imaging::dicom {

/// The regular files in a folder and all folders below it, sorted; of a file itself. Links to files count, links to
/// folders are not followed, so that none leads in a circle. Errors: NotFound; Io (a folder that cannot be read to its
/// end, named: part of a series is no series).
Result<std::vector<std::filesystem::path>> filesBelow(const std::filesystem::path &folder);

} // namespace consilium::imaging::dicom
