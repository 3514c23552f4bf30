// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/dicom/dicom_file.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// The colour table of an image, 8 bits a channel (PS3.3, C.7.6.3.1.5 and 6).
class Palette
{
public:
    /// Plain and segmented tables, of 8 or 16 bits. Errors, without the file's name: Malformed.
    static Result<Palette> read(DcmItem &item, bool isSigned);

    /// Values below or above the table take its first or last colour.
    std::array<std::uint8_t, 3> colour(int value) const;

private:
    int m_first = 0;
    std::array<std::vector<std::uint8_t>, 3> m_channels;
};

/// Turns interleaved 8-bit samples of that photometric interpretation into RGB, in place: YBR_FULL, YBR_FULL_422 (its
/// chroma spread to full resolution before), YBR_PARTIAL_422 and _420; RGB stays. False: some other one.
/// Source: PS3.3, C.7.6.3.1.2.
bool toRgb(std::span<std::uint8_t> pixels, const std::string &photometric);

/// Uncompressed 4:2:2 data (two Y, one Cb, one Cr) as Y, Cb, Cr a pixel; `columns` is even.
std::vector<std::uint8_t> spreadChroma(std::span<const std::uint8_t> pairs);

} // namespace consilium::imaging::dicom
