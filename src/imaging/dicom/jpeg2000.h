// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging::dicom {

/// What a frame must be, by the header of its file.
struct FrameShape
{
    int columns = 0, rows = 0, samples = 1;
    int bytesPerSample = 2; ///< 1, 2 or 4
};

/// One JPEG 2000 image, bare (ISO/IEC 15444-1, annex A) or in a JP2 file (annex I), as interleaved samples of
/// bytesPerSample little-endian bytes; negative ones in two's complement. The colour transform the stream names is
/// undone. Errors, without the file's name: Malformed (damaged, or not of that shape).
Result<std::vector<std::uint8_t>> decodeJpeg2000(std::span<const std::uint8_t> stream, const FrameShape &shape);

} // namespace consilium::imaging::dicom
