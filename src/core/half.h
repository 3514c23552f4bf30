// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace consilium {

/// The nearest number of 16 bits, ties to even; from 65520 on infinity. Not-a-number stays one. Source: IEEE 754-2019,
/// binary16.
inline std::uint16_t toHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const auto size = bits & 0x7fffffffU;
    std::uint32_t half = 0;
    if (size > 0x7f800000U) {
        half = 0x7e00U | ((size >> 13) & 0x3ffU);
    } else if (size >= 0x477ff000U) {
        half = 0x7c00U;
    } else if (size < 0x38800000U) {
        // Below 2^-14 halves are the multiples of 2^-24, which is what a float next to 0.5 can hold.
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size) + 0.5F) - 0x3f000000U;
    } else {
        half = (size - 0x38000000U + 0xfffU + ((size >> 13) & 1U)) >> 13;
    }
    return static_cast<std::uint16_t>(sign | half);
}

/// Exact.
inline float fromHalf(std::uint16_t half)
{
    const auto size = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
    const auto sign = static_cast<std::uint32_t>(half & 0x8000U) << 16;
    // Both ways are worked out and one is chosen by a mask, which lets compilers use vector instructions. Infinity and
    // not-a-number keep an exponent of ones.
    const auto normal = size + 0x38000000U + (0x38000000U & -static_cast<std::uint32_t>(size >= 0x0f800000U));
    const auto small = std::bit_cast<std::uint32_t>(std::bit_cast<float>(size + 0x38800000U) - 0x1p-14F);
    const auto isSmall = -static_cast<std::uint32_t>(size < 0x00800000U);
    return std::bit_cast<float>(sign | (small & isSmall) | (normal & ~isSmall));
}

} // namespace consilium
