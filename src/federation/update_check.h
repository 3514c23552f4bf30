// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace consilium::federation {

/// Whether a site's update may be averaged with others: the model's tensors, in order, and finite values only.
/// Memory: one piece of 4 MB. Errors: Invalid, naming the tensor; those of SafetensorsFile.
Result<> checkUpdate(const std::filesystem::path &update, const std::filesystem::path &model);

} // namespace consilium::federation
