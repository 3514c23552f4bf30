// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging::dicom {

/// How the stored bits lie in their container.
struct BitField
{
    int up = 0, down = 0; ///< shifts that leave the value alone, sign and all
    double turned = 0;    ///< MONOCHROME1: smallest + largest stored value
    bool isTurned = false;
};

struct SampleKind
{
    int bits = 16; ///< 8, 16, 32 or 64
    bool isSigned = false, isReal = false;
};

/// out.size() samples, little-endian, as (stored value, or turned - stored value) x slope + intercept.
void convert(const std::uint8_t *from, std::span<float> out, const SampleKind &kind, const BitField &field,
             double slope, double intercept);

/// Samples of 8, 16 or 32 bits as 8 bits, the highest stored ones.
std::vector<std::uint8_t> toBytes(std::span<const std::uint8_t> samples, int bitsAllocated, int bitsStored);

/// Three planes, one after the other, as pixels of three bytes.
std::vector<std::uint8_t> interleaved(std::span<const std::uint8_t> planes);

} // namespace consilium::imaging::dicom
