// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace consilium::imaging {

/// Looks whether a MetaImage file (.mha, .mhd) has all the bytes that its header promises, and opens if they are
/// compressed: ITK 5.2 fills what is missing with zeros and says nothing to its caller. Errors: NotFound (its data
/// file); Malformed (truncated, or no such header); Unsupported (spread over several data files).
Result<> checkMetaImage(const std::filesystem::path &file);

} // namespace consilium::imaging
