// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace consilium::imaging::dicom {

/// HMAC-SHA-256 of `message` under `key` (any length). Source: RFC 2104.
std::array<std::uint8_t, 32> hmacSha256(std::string_view key, std::string_view message);

} // namespace consilium::imaging::dicom
