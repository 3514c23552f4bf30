// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/volume.h"

#include <cstdint>
#include <filesystem>

namespace consilium::imaging {

/// A JPEG file's luminance as one slice of 1 mm pixels. By libjpeg itself, because ITK 5.2 crashes on a header that is
/// cut off. Errors: NotFound; Malformed (truncated or damaged, or a volume of more than `mostBytes`); Unsupported
/// (CMYK).
Result<Volume> readJpeg(const std::filesystem::path &file, std::uint64_t mostBytes);

} // namespace consilium::imaging
