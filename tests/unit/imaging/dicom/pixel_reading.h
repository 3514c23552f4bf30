// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dicom_bytes.h"
#include "imaging/dicom/pixels.h"

#include <QList>

namespace consilium::test {

using Values = QList<double>;

inline Result<imaging::dicom::DicomFile> fromBytes(const std::string &bytes)
{
    return imaging::dicom::DicomFile::fromBytes(bytes, "the file", imaging::dicom::Depth::Whole);
}

inline std::string words(const std::vector<int> &values)
{
    std::string out;
    for (const int value : values)
        out += le16(static_cast<unsigned>(value) & 0xffff);
    return out;
}

inline std::string bytesOf(std::initializer_list<int> values)
{
    std::string out;
    for (const int value : values)
        out += static_cast<char>(value);
    return out;
}

/// One grey frame of a file, or the message of what went wrong.
struct Grey
{
    std::vector<float> values;
    Error error;
};

inline Grey readGrey(const std::string &bytes, int frame = 0)
{
    auto file = fromBytes(bytes);
    if (!file)
        return {{}, file.error()};
    auto reader = imaging::dicom::FrameReader::open(*file);
    if (!reader)
        return {{}, reader.error()};
    std::vector<float> out(static_cast<std::size_t>(reader->layout().rows * reader->layout().columns));
    if (const auto read = reader->readGrey(frame, out); !read)
        return {{}, read.error()};
    return {out, {}};
}

inline Grey readColour(const std::string &bytes, int frame = 0)
{
    auto file = fromBytes(bytes);
    if (!file)
        return {{}, file.error()};
    auto reader = imaging::dicom::FrameReader::open(*file);
    if (!reader)
        return {{}, reader.error()};
    const auto read = reader->readColour(frame);
    if (!read)
        return {{}, read.error()};
    return {{read->begin(), read->end()}, {}};
}

inline Values asList(const std::vector<float> &values)
{
    return {values.begin(), values.end()};
}

} // namespace consilium::test
