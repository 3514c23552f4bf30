// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/unpack.h"

#include "core/half.h"

#include <cassert>
#include <cstring>

namespace consilium::federation {

void unpackHalf(std::span<const std::byte> halves, float scale, std::span<float> out)
{
    assert(halves.size() == out.size() * sizeof(std::uint16_t));
    const auto *from = halves.data();
    auto *to = out.data();
    const auto count = out.size();
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half;
        std::memcpy(&half, from + i * sizeof half, sizeof half);
        to[i] = fromHalf(half) * scale;
    }
}

void unpackInt8(std::span<const std::byte> bytes, float scale, std::span<float> out)
{
    assert(bytes.size() == out.size());
    const auto *from = reinterpret_cast<const signed char *>(bytes.data());
    auto *to = out.data();
    const auto count = out.size();
    for (std::size_t i = 0; i < count; ++i)
        to[i] = static_cast<float>(from[i]) * scale;
}

bool allFinite(std::span<const float> values)
{
    // An exponent of ones, found without a branch for each value.
    std::uint32_t bad = 0;
    for (const auto value : values)
        bad |= (std::bit_cast<std::uint32_t>(value) & 0x7fffffffU) >= 0x7f800000U ? 1U : 0U;
    return bad == 0;
}

} // namespace consilium::federation
