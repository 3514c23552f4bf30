// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/colour.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <cmath>

namespace consilium::imaging::dicom {
namespace {

struct TableTags
{
    DcmTagKey descriptor, plain, segmented;
};

const std::array<TableTags, 3> tableTags{{
    {DCM_RedPaletteColorLookupTableDescriptor, DCM_RedPaletteColorLookupTableData,
     DCM_SegmentedRedPaletteColorLookupTableData},
    {DCM_GreenPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableData,
     DCM_SegmentedGreenPaletteColorLookupTableData},
    {DCM_BluePaletteColorLookupTableDescriptor, DCM_BluePaletteColorLookupTableData,
     DCM_SegmentedBluePaletteColorLookupTableData},
}};

constexpr int largestTable = 65536;

struct Descriptor
{
    int entries = 0, first = 0, bits = 16;
};

Result<Descriptor> readDescriptor(DcmItem &item, const DcmTagKey &tag, bool isSigned)
{
    const auto values = numbers(item, tag);
    if (values.size() != 3)
        return fail(ErrorCode::Malformed, "its palette has no descriptor");
    Descriptor descriptor;
    // 65536 entries do not fit the element's 16 bits and are written as 0; the first value may be told as US or SS.
    descriptor.entries = static_cast<int>(values[0]) & 0xffff;
    if (descriptor.entries == 0)
        descriptor.entries = largestTable;
    descriptor.first = static_cast<int>(values[1]) & 0xffff;
    if (isSigned && descriptor.first >= 0x8000)
        descriptor.first -= 0x10000;
    descriptor.bits = static_cast<int>(values[2]);
    if (descriptor.bits != 8 && descriptor.bits != 16)
        return fail(ErrorCode::Malformed, "its palette has entries of {} bits", descriptor.bits);
    return descriptor;
}

/// The table's words: bytes of an 8-bit table may be packed two a word.
std::vector<std::uint16_t> words(DcmItem &item, const DcmTagKey &tag, bool packed)
{
    const Uint16 *data = nullptr;
    unsigned long count = 0;
    if (item.findAndGetUint16Array(tag, data, &count).bad() || !data)
        return {};
    if (!packed)
        return {data, data + count};
    std::vector<std::uint16_t> bytes;
    bytes.reserve(2 * count);
    for (unsigned long n = 0; n < count; ++n) {
        bytes.push_back(data[n] & 0xff);
        bytes.push_back(data[n] >> 8);
    }
    return bytes;
}

/// Segmented tables: discrete runs, straight lines, and repeats of earlier segments (PS3.3, C.7.9.2).
class SegmentReader
{
public:
    SegmentReader(const std::vector<std::uint16_t> &words, std::size_t entries) : m_words(words), m_entries(entries) {}

    bool read()
    {
        for (std::size_t at = 0; at < m_words.size() && values.size() < m_entries;) {
            if (!readSegment(at, true))
                return false;
        }
        return values.size() >= m_entries;
    }

    std::vector<std::uint16_t> values;

private:
    bool readSegment(std::size_t &at, bool mayRepeat)
    {
        if (at + 2 > m_words.size())
            return false;
        const auto code = m_words[at], length = m_words[at + 1];
        at += 2;
        switch (code) {
        case 0: return discrete(at, length);
        case 1: return line(at, length);
        case 2: return mayRepeat && repeat(at, length);
        default: return false;
        }
    }

    bool discrete(std::size_t &at, std::size_t length)
    {
        if (length > m_words.size() - at)
            return false;
        values.insert(values.end(), m_words.begin() + static_cast<std::ptrdiff_t>(at),
                      m_words.begin() + static_cast<std::ptrdiff_t>(at + length));
        at += length;
        return true;
    }

    bool line(std::size_t &at, int length)
    {
        if (at >= m_words.size() || values.empty() || length == 0)
            return false;
        const int from = values.back(), to = m_words[at++];
        for (int n = 1; n <= length; ++n)
            values.push_back(
                static_cast<std::uint16_t>(std::lround(from + static_cast<double>(to - from) * n / length)));
        return true;
    }

    bool repeat(std::size_t &at, int segments)
    {
        if (m_words.size() - at < 2)
            return false;
        std::size_t from = m_words[at] | static_cast<std::size_t>(m_words[at + 1]) << 16;
        at += 2;
        for (int n = 0; n < segments && values.size() < m_entries; ++n) {
            if (from >= m_words.size() || !readSegment(from, false))
                return false;
        }
        return true;
    }

    const std::vector<std::uint16_t> &m_words;
    std::size_t m_entries;
};

Result<std::vector<std::uint16_t>> readTable(DcmItem &item, const TableTags &tags, const Descriptor &descriptor)
{
    const auto entries = static_cast<std::size_t>(descriptor.entries);
    auto plain = words(item, tags.plain, false);
    if (!plain.empty()) {
        if (descriptor.bits == 8 && plain.size() < entries)
            plain = words(item, tags.plain, true);
        if (plain.size() < entries)
            return fail(ErrorCode::Malformed, "its palette has {} of {} entries", plain.size(), entries);
        plain.resize(entries);
        return plain;
    }
    const auto segments = words(item, tags.segmented, descriptor.bits == 8);
    SegmentReader reader(segments, entries);
    if (!reader.read())
        return fail(ErrorCode::Malformed, "its palette is missing or damaged");
    reader.values.resize(entries);
    return std::move(reader.values);
}

std::uint8_t clamped(double value)
{
    return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

} // namespace

Result<Palette> Palette::read(DcmItem &item, bool isSigned)
{
    Palette palette;
    std::array<std::vector<std::uint16_t>, 3> tables;
    bool isWide = false;
    for (std::size_t n = 0; n < tables.size(); ++n) {
        const auto descriptor = readDescriptor(item, tableTags[n].descriptor, isSigned);
        if (!descriptor)
            return fail(descriptor.error());
        auto table = readTable(item, tableTags[n], *descriptor);
        if (!table)
            return fail(table.error());
        palette.m_first = descriptor->first;
        tables[n] = std::move(*table);
        isWide |= std::any_of(tables[n].begin(), tables[n].end(), [](std::uint16_t value) { return value > 255; });
    }
    // Entries said to have 16 bits that never pass 255 are 8-bit ones: common in old ultrasound.
    for (std::size_t n = 0; n < tables.size(); ++n) {
        for (const auto value : tables[n])
            palette.m_channels[n].push_back(static_cast<std::uint8_t>(isWide ? value >> 8 : value));
    }
    return palette;
}

std::array<std::uint8_t, 3> Palette::colour(int value) const
{
    std::array<std::uint8_t, 3> out{};
    for (std::size_t n = 0; n < out.size(); ++n) {
        const auto last = static_cast<int>(m_channels[n].size()) - 1;
        out[n] = m_channels[n][static_cast<std::size_t>(std::clamp(value - m_first, 0, last))];
    }
    return out;
}

bool toRgb(std::span<std::uint8_t> pixels, const std::string &photometric)
{
    if (photometric == "RGB")
        return true;
    const bool isPartial = photometric.starts_with("YBR_PARTIAL");
    if (!isPartial && !photometric.starts_with("YBR_FULL"))
        return false;
    // ITU-R BT.601, over 0 to 255 or over its studio range.
    const double offset = isPartial ? 16 : 0, gain = isPartial ? 255.0 / 219 : 1, chroma = isPartial ? 255.0 / 224 : 1;
    for (std::size_t n = 0; n + 2 < pixels.size(); n += 3) {
        const double y = gain * (pixels[n] - offset), cb = chroma * (pixels[n + 1] - 128.0),
                     cr = chroma * (pixels[n + 2] - 128.0);
        pixels[n] = clamped(y + 1.402 * cr);
        pixels[n + 1] = clamped(y - 0.344136 * cb - 0.714136 * cr);
        pixels[n + 2] = clamped(y + 1.772 * cb);
    }
    return true;
}

std::vector<std::uint8_t> spreadChroma(std::span<const std::uint8_t> pairs)
{
    std::vector<std::uint8_t> pixels;
    pixels.reserve(pairs.size() / 4 * 6);
    for (std::size_t n = 0; n + 3 < pairs.size(); n += 4) {
        for (const auto y : {pairs[n], pairs[n + 1]})
            pixels.insert(pixels.end(), {y, pairs[n + 2], pairs[n + 3]});
    }
    return pixels;
}

} // namespace consilium::imaging::dicom
