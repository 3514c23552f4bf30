// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/image_header.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <map>
#include <span>
#include <string_view>

namespace consilium::imaging::dicom {

namespace {

/// Reads the little-endian private header, never beyond its end.
class CsaReader
{
public:
    explicit CsaReader(std::span<const unsigned char> bytes) : m_bytes(bytes) {}

    bool has(std::size_t count) const { return m_bytes.size() - m_at >= count; }
    bool skip(std::size_t count)
    {
        if (!has(count))
            return false;
        m_at += count;
        return true;
    }
    std::uint32_t integer()
    {
        if (!has(4)) {
            m_at = m_bytes.size();
            return 0;
        }
        std::uint32_t value = 0;
        for (int n = 3; n >= 0; --n)
            value = value << 8 | m_bytes[m_at + static_cast<std::size_t>(n)];
        m_at += 4;
        return value;
    }
    /// Up to the first NUL of a field of `count` bytes.
    std::string text(std::size_t count)
    {
        if (!has(count)) {
            m_at = m_bytes.size();
            return {};
        }
        std::string value(reinterpret_cast<const char *>(m_bytes.data() + m_at), count);
        m_at += count;
        return value.substr(0, value.find('\0'));
    }

private:
    std::span<const unsigned char> m_bytes;
    std::size_t m_at = 0;
};

using CsaValues = std::map<std::string, std::vector<double>>;

/// The values of one entry that are numbers.
bool readCsaEntry(CsaReader &reader, bool second, std::optional<std::uint32_t> &firstItems, CsaValues &values)
{
    if (!reader.has(84))
        return false;
    const auto name = reader.text(64);
    reader.skip(4 + 4 + 4); // multiplicity, VR, type
    const auto items = reader.integer();
    reader.skip(4);
    if (!firstItems)
        firstItems = items;
    for (std::uint32_t n = 0; n < items; ++n) {
        if (!reader.has(16))
            return false;
        const std::uint32_t lengths[4] = {reader.integer(), reader.integer(), reader.integer(), reader.integer()};
        // The first version adds the item count of the first entry to every length.
        const auto length = second ? lengths[1] : lengths[0] - *firstItems;
        if (!reader.has(length))
            return false;
        const auto text = reader.text(length);
        reader.skip(std::min<std::size_t>((4 - length % 4) % 4, 3));
        const auto start = text.find_first_not_of(' ');
        double number = 0;
        if (start != std::string::npos &&
            std::from_chars(text.data() + start, text.data() + text.size(), number).ec == std::errc())
            values[name].push_back(number);
    }
    return true;
}

CsaValues parseCsa(std::span<const unsigned char> bytes)
{
    CsaReader reader(bytes);
    const bool second = bytes.size() >= 8 && std::memcmp(bytes.data(), "SV10", 4) == 0;
    if (second)
        reader.skip(8);
    const auto entries = reader.integer();
    reader.skip(4);
    CsaValues values;
    std::optional<std::uint32_t> firstItems;
    for (std::uint32_t n = 0; n < entries && n < 1024; ++n)
        if (!readCsaEntry(reader, second, firstItems, values))
            break;
    return values;
}

/// Where a private block of this creator lies within its group, or nothing.
std::optional<DcmTagKey> privateElement(DcmItem &dataset, Uint16 group, std::string_view creator, Uint16 element)
{
    for (Uint16 block = 0x10; block <= 0xff; ++block)
        if (text(dataset, DcmTagKey(group, block)) == creator)
            return DcmTagKey(group, static_cast<Uint16>(block << 8 | element));
    return std::nullopt;
}

CsaValues csaImageHeader(DcmItem &dataset)
{
    const auto tag = privateElement(dataset, 0x0029, "SIEMENS CSA HEADER", 0x10);
    const Uint8 *bytes = nullptr;
    unsigned long count = 0;
    if (!tag || dataset.findAndGetUint8Array(*tag, bytes, &count).bad() || !bytes)
        return {};
    return parseCsa({bytes, count});
}

int tilesIn(DcmItem &dataset, const CsaValues &csa)
{
    if (const auto found = csa.find("NumberOfImagesInMosaic"); found != csa.end())
        return static_cast<int>(found->second.front());
    if (const auto tag = privateElement(dataset, 0x0019, "SIEMENS MR HEADER", 0x0a))
        return static_cast<int>(number(dataset, *tag, 0));
    return 0;
}

} // namespace

Result<> unpackMosaic(DcmItem &dataset, ImageHeader &header)
{
    const bool named = ("\\" + header.planes.front().imageType + "\\").find("\\MOSAIC\\") != std::string::npos;
    if (!named || header.planes.size() != 1)
        return {};
    const auto csa = csaImageHeader(dataset);
    const int tiles = tilesIn(dataset, csa);
    const int side = static_cast<int>(std::ceil(std::sqrt(std::max(tiles, 0))));
    if (tiles < 1 || header.columns % side != 0 || header.rows % side != 0)
        return fail(ErrorCode::Unsupported, "it is a mosaic, and its private header does not say of how many slices");

    auto first = header.planes.front();
    const int columns = header.columns / side, rows = header.rows / side;
    // Image Position is that of a slice as large as the whole mosaic about the same centre.
    for (std::size_t n = 0; n < 3; ++n)
        first.position[n] += first.row[n] * first.spacing[0] * (header.columns - columns) / 2 +
                             first.column[n] * first.spacing[1] * (header.rows - rows) / 2;
    auto step = normalOf(first);
    if (const auto normal = csa.find("SliceNormalVector"); normal != csa.end() && normal->second.size() == 3) {
        if (const auto &told = normal->second; dot({told[0], told[1], told[2]}, step) < 0)
            for (auto &part : step)
                part = -part;
    }
    header.columns = columns;
    header.rows = rows;
    header.mosaicSide = side;
    header.planes.assign(static_cast<std::size_t>(tiles), first);
    for (int tile = 0; tile < tiles; ++tile) {
        auto &plane = header.planes[static_cast<std::size_t>(tile)];
        plane.frame = tile;
        for (std::size_t n = 0; n < 3; ++n)
            plane.position[n] += step[n] * first.depth * tile;
    }
    return {};
}

} // namespace consilium::imaging::dicom
