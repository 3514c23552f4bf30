// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/derived_uid.h"

#include <algorithm>

namespace consilium::imaging::dicom {

std::string derivedUid(std::array<std::uint8_t, 16> number)
{
    number[6] = static_cast<std::uint8_t>((number[6] & 0x0f) | 0x80); // version
    number[8] = static_cast<std::uint8_t>((number[8] & 0x3f) | 0x80); // variant
    // 128 bits to decimal: long division by ten, digit by digit from the right.
    std::string digits;
    while (std::ranges::any_of(number, [](auto byte) { return byte != 0; })) {
        unsigned rest = 0;
        for (auto &byte : number) {
            const unsigned value = rest * 256 + byte;
            byte = static_cast<std::uint8_t>(value / 10);
            rest = value % 10;
        }
        digits += static_cast<char>('0' + rest);
    }
    std::ranges::reverse(digits);
    return "2.25." + digits;
}

} // namespace consilium::imaging::dicom
