// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace consilium::imaging::dicom {

/// The UID below 2.25 (ISO/IEC 9834-8) of the first 128 bits of a hash, marked as a UUID of version 8 (RFC 9562: made
/// by a hash of our own). The same bytes give the same UID.
std::string derivedUid(std::array<std::uint8_t, 16> hash);

} // namespace consilium::imaging::dicom
