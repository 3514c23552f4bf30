// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

namespace consilium::federation {

/// `out[i]` = the half or byte `i`, times `scale`. As many packed values as `out` has.
void unpackHalf(std::span<const std::byte> halves, float scale, std::span<float> out);
void unpackInt8(std::span<const std::byte> bytes, float scale, std::span<float> out);

/// False when one is infinite or not a number.
bool allFinite(std::span<const float> values);

} // namespace consilium::federation
