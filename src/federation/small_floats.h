// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

/// Floating-point numbers of 16 bits: F16 (IEEE 754 binary16: 5 bits of exponent) and BF16 (8 bits).
namespace consilium::federation {

/// Exact.
template <int ExponentBits>
double fromSmallFloat(std::uint16_t bits)
{
    constexpr int mantissaBits = 15 - ExponentBits;
    constexpr int largest = (1 << ExponentBits) - 1;
    constexpr int bias = largest >> 1;
    const auto sign = static_cast<std::uint64_t>(bits >> 15) << 63;
    const auto exponent = (bits >> mantissaBits) & largest;
    const std::uint64_t mantissa = bits & ((1U << mantissaBits) - 1);
    if (exponent == 0)
        return std::copysign(std::ldexp(static_cast<double>(mantissa), 1 - bias - mantissaBits), sign ? -1.0 : 1.0);
    const auto wide = static_cast<std::uint64_t>(exponent == largest ? 2047 : exponent - bias + 1023);
    return std::bit_cast<double>(sign | (wide << 52) | (mantissa << (52 - mantissaBits)));
}

/// The nearest, the even one of two; beyond the range infinity.
template <int ExponentBits>
std::uint16_t toSmallFloat(double value)
{
    constexpr int mantissaBits = 15 - ExponentBits;
    constexpr int largest = (1 << ExponentBits) - 1;
    constexpr int bias = largest >> 1;
    constexpr int dropped = 52 - mantissaBits;
    constexpr auto infinity = static_cast<std::uint16_t>(largest << mantissaBits);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 48) & 0x8000);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | infinity | (1 << (mantissaBits - 1)));
    const int exponent = static_cast<int>((bits >> 52) & 2047) - 1023 + bias;
    if (exponent <= 0) { // below the normal numbers: steps of one size
        const auto steps = std::nearbyint(std::ldexp(std::abs(value), bias - 1 + mantissaBits));
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(steps));
    }
    if (exponent >= largest)
        return static_cast<std::uint16_t>(sign | infinity);
    const auto mantissa = bits & ((std::uint64_t{1} << 52) - 1);
    auto small = (static_cast<std::uint64_t>(exponent) << mantissaBits) | (mantissa >> dropped);
    const auto rest = mantissa & ((std::uint64_t{1} << dropped) - 1);
    const auto half = std::uint64_t{1} << (dropped - 1);
    if (rest > half || (rest == half && (small & 1)))
        ++small; // carries into the exponent, up to infinity
    return static_cast<std::uint16_t>(sign | small);
}

} // namespace consilium::federation
