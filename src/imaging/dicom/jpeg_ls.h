// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging::dicom {

/// One JPEG-LS image (ITU-T T.87), lossless or near-lossless, that is to be `size` bytes: interleaved samples, of one
/// byte when it has up to 8 bits a sample, else of two little-endian ones. Errors, without the file's name: Malformed.
Result<std::vector<std::uint8_t>> decodeJpegLs(std::span<const std::uint8_t> stream, std::size_t size);

} // namespace consilium::imaging::dicom
