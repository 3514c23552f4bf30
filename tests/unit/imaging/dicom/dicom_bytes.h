// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// DICOM files written byte by byte (PS3.5, chapter 7; PS3.10, chapter 7), so that tests do not trust the library that
/// they test.
namespace consilium::test {

inline std::string le16(unsigned value)
{
    return {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff)};
}

inline std::string le32(std::uint32_t value)
{
    return le16(value & 0xffff) + le16(value >> 16);
}

/// An element in explicit VR little endian; text is padded to even length.
inline std::string element(std::uint32_t tag, std::string_view vr, std::string value)
{
    if (value.size() % 2 != 0)
        value += vr == "UI" || vr == "OB" || vr == "UN" ? '\0' : ' ';
    const bool isLong = vr == "OB" || vr == "OW" || vr == "OF" || vr == "OD" || vr == "SQ" || vr == "UN" || vr == "UT";
    const auto size = static_cast<std::uint32_t>(value.size());
    return le16(tag >> 16) + le16(tag & 0xffff) + std::string(vr) +
           (isLong ? le16(0) + le32(size) : le16(size & 0xffff)) + value;
}

inline std::string us(std::uint32_t tag, unsigned value)
{
    return element(tag, "US", le16(value));
}

/// Preamble, meta header and the data set.
inline std::string part10(const std::string &dataset, const std::string &transferSyntax = "1.2.840.10008.1.2.1")
{
    const auto meta = element(0x00020010, "UI", transferSyntax);
    return std::string(128, '\0') + "DICM" + element(0x00020000, "UL", le32(static_cast<std::uint32_t>(meta.size()))) +
           meta + dataset;
}

/// What makes an image of a data set; pixel data follow.
struct ImageBytes
{
    unsigned rows = 1, columns = 1, samples = 1, allocated = 16, stored = 16, isSigned = 0;
    int highBit = -1; ///< -1: stored - 1
    std::string photometric = "MONOCHROME2", frames = {}, slope = {}, intercept = {};
    int planar = -1;

    std::string header() const
    {
        std::string out = us(0x00280002, samples) + element(0x00280004, "CS", photometric);
        if (planar >= 0)
            out += us(0x00280006, static_cast<unsigned>(planar));
        if (!frames.empty())
            out += element(0x00280008, "IS", frames);
        out += us(0x00280010, rows) + us(0x00280011, columns) + us(0x00280100, allocated) + us(0x00280101, stored) +
               us(0x00280102, highBit < 0 ? stored - 1 : static_cast<unsigned>(highBit)) + us(0x00280103, isSigned);
        if (!intercept.empty())
            out += element(0x00281052, "DS", intercept);
        if (!slope.empty())
            out += element(0x00281053, "DS", slope);
        return out;
    }
    std::string file(const std::string &pixels) const
    {
        return part10(header() + element(0x7fe00010, allocated > 8 ? "OW" : "OB", pixels));
    }
};

/// One item of encapsulated pixel data (PS3.5, A.4).
inline std::string fragment(std::string bytes)
{
    if (bytes.size() % 2 != 0)
        bytes += '\0';
    return le16(0xfffe) + le16(0xe000) + le32(static_cast<std::uint32_t>(bytes.size())) + bytes;
}

inline std::string encapsulated(const std::string &fragments)
{
    return le16(0x7fe0) + le16(0x0010) + "OB" + le16(0) + le32(0xffffffff) + fragments + le16(0xfffe) + le16(0xe0dd) +
           le32(0);
}

} // namespace consilium::test
