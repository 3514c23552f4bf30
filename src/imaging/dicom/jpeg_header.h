// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace consilium::imaging::dicom {

enum class JpegProcess { Sequential, Progressive, Lossless, LosslessLs };
enum class JpegColour { Unsaid, Rgb, YCbCr };

/// What a JPEG or JPEG-LS stream says of itself.
struct JpegHeader
{
    JpegProcess process = JpegProcess::Sequential;
    int columns = 0, rows = 0; ///< rows 0: told at the end of the first scan
    int components = 0;
    int precision = 0; ///< bits a sample
    JpegColour colour = JpegColour::Unsaid;
};

/// Reads the markers up to the start of frame; nothing when there is none, or one of a process that nobody writes
/// (hierarchical, arithmetic). Colour by the Adobe marker, else the JFIF marker, else the names of the components, as
/// libjpeg does it. Source: ITU-T T.81, annex B; T.87, annex C; T.872.
std::optional<JpegHeader> readJpegHeader(std::span<const std::uint8_t> stream);

} // namespace consilium::imaging::dicom
