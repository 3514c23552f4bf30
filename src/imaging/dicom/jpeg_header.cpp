// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/jpeg_header.h"

#include <algorithm>
#include <cstring>

namespace consilium::imaging::dicom {
namespace {

int bigEndian16(const std::uint8_t *bytes)
{
    return bytes[0] << 8 | bytes[1];
}

std::optional<JpegProcess> processOf(std::uint8_t marker)
{
    switch (marker) {
    case 0xc0:
    case 0xc1: return JpegProcess::Sequential;
    case 0xc2: return JpegProcess::Progressive;
    case 0xc3: return JpegProcess::Lossless;
    case 0xf7: return JpegProcess::LosslessLs;
    default: return std::nullopt;
    }
}

bool isStartOfFrame(std::uint8_t marker)
{
    return marker == 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc);
}

struct ColourMarks
{
    bool hasJfif = false;
    std::optional<int> adobeTransform;

    void note(std::uint8_t marker, std::span<const std::uint8_t> body)
    {
        if (marker == 0xe0 && body.size() >= 5 && std::memcmp(body.data(), "JFIF", 5) == 0)
            hasJfif = true;
        if (marker == 0xee && body.size() >= 12 && std::memcmp(body.data(), "Adobe", 5) == 0)
            adobeTransform = body[11];
    }

    JpegColour colour(std::span<const std::uint8_t> components) const
    {
        if (adobeTransform)
            return *adobeTransform == 0 ? JpegColour::Rgb : JpegColour::YCbCr;
        if (hasJfif)
            return JpegColour::YCbCr;
        const bool namesRgb =
            components.size() >= 9 && components[0] == 'R' && components[3] == 'G' && components[6] == 'B';
        return namesRgb ? JpegColour::Rgb : JpegColour::Unsaid;
    }
};

} // namespace

std::optional<JpegHeader> readJpegHeader(std::span<const std::uint8_t> stream)
{
    ColourMarks marks;
    if (stream.size() < 4 || stream[0] != 0xff || stream[1] != 0xd8)
        return std::nullopt;
    for (std::size_t at = 2; at + 4 <= stream.size();) {
        if (stream[at] != 0xff)
            return std::nullopt;
        const auto marker = stream[at + 1];
        if (marker == 0xff) { // fill byte
            ++at;
            continue;
        }
        const auto length = static_cast<std::size_t>(bigEndian16(stream.data() + at + 2));
        if (length < 2 || at + 2 + length > stream.size() || marker == 0xda)
            return std::nullopt;
        const auto body = stream.subspan(at + 4, length - 2);
        if (isStartOfFrame(marker)) {
            const auto process = processOf(marker);
            if (!process || body.size() < 6)
                return std::nullopt;
            return JpegHeader{*process, bigEndian16(body.data() + 3), bigEndian16(body.data() + 1), body[5],
                              body[0],  marks.colour(body.subspan(6))};
        }
        marks.note(marker, body);
        at += 2 + length;
    }
    return std::nullopt;
}

} // namespace consilium::imaging::dicom
