// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/meta_image_header.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>
#include <zlib.h>

namespace consilium::imaging {

namespace fs = std::filesystem;

namespace {

/// "Key = value" lines up to ElementDataFile, which comes last.
struct Header
{
    std::map<std::string, std::string> values;
    std::int64_t end = 0; ///< of the header in the file

    std::string get(const std::string &key) const
    {
        const auto found = values.find(key);
        return found == values.end() ? std::string() : found->second;
    }
    bool isTrue(const std::string &key) const { return get(key) == "True" || get(key) == "true" || get(key) == "1"; }
};

std::string trimmed(const std::string &text)
{
    const auto first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r");
    return first == std::string::npos ? std::string() : text.substr(first, last - first + 1);
}

Result<Header> readHeader(std::ifstream &stream, const fs::path &file)
{
    Header header;
    std::string line;
    for (int lines = 0; lines < 500 && std::getline(stream, line) && line.size() < 10000; ++lines) {
        const auto equals = line.find('=');
        if (equals == std::string::npos)
            continue;
        const auto key = trimmed(line.substr(0, equals));
        header.values[key] = trimmed(line.substr(equals + 1));
        if (key == "ElementDataFile") {
            header.end = stream.tellg();
            return header;
        }
    }
    return fail(ErrorCode::Malformed, "{} has no MetaImage header that names its data (ElementDataFile)",
                file.string());
}

/// Of the voxels as they are in memory; 0 when the header does not say.
std::int64_t promisedBytes(const Header &header)
{
    static const std::map<std::string, int> sizes{{"MET_CHAR", 1},       {"MET_UCHAR", 1}, {"MET_SHORT", 2},
                                                  {"MET_USHORT", 2},     {"MET_INT", 4},   {"MET_UINT", 4},
                                                  {"MET_LONG", 4},       {"MET_ULONG", 4}, {"MET_LONG_LONG", 8},
                                                  {"MET_ULONG_LONG", 8}, {"MET_FLOAT", 4}, {"MET_DOUBLE", 8}};
    auto type = header.get("ElementType");
    if (type.ends_with("_ARRAY"))
        type.resize(type.size() - 6);
    const auto size = sizes.find(type);
    if (size == sizes.end())
        return 0;
    double bytes = size->second;
    const auto channels = header.get("ElementNumberOfChannels");
    if (!channels.empty())
        bytes *= std::atof(channels.c_str());
    std::istringstream extents(header.get("DimSize"));
    int count = 0;
    for (double extent = 0; extents >> extent; ++count)
        bytes *= extent;
    return count > 0 && bytes > 0 && bytes < 1e15 ? static_cast<std::int64_t>(bytes) : 0;
}

/// The bytes that a zlib or gzip stream holds, at most `limit`; -1 when it is damaged or ends early.
std::int64_t inflatedBytes(std::ifstream &stream, std::int64_t limit)
{
    z_stream state{};
    if (inflateInit2(&state, 15 + 32) != Z_OK)
        return -1;
    std::vector<char> in(1 << 16), out(1 << 18);
    std::int64_t total = 0;
    int status = Z_OK;
    while (status == Z_OK && total <= limit) {
        stream.read(in.data(), static_cast<std::streamsize>(in.size()));
        state.next_in = reinterpret_cast<Bytef *>(in.data());
        state.avail_in = static_cast<uInt>(stream.gcount());
        if (state.avail_in == 0)
            break;
        do {
            state.next_out = reinterpret_cast<Bytef *>(out.data());
            state.avail_out = static_cast<uInt>(out.size());
            status = inflate(&state, Z_NO_FLUSH);
            total += static_cast<std::int64_t>(out.size() - state.avail_out);
        } while (status == Z_OK && state.avail_out == 0);
    }
    inflateEnd(&state);
    return status == Z_STREAM_END ? total : -1;
}

} // namespace

Result<> checkMetaImage(const fs::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    auto header = readHeader(stream, file);
    if (!header)
        return fail(header.error());
    const auto promised = promisedBytes(*header);
    if (promised == 0)
        return fail(ErrorCode::Malformed, "{}: the header gives no size or no known type of voxel", file.string());
    const auto name = header->get("ElementDataFile");
    fs::path dataFile = file;
    std::int64_t start = header->end;
    if (name == "LIST" || name.find('%') != std::string::npos)
        return failWithHint(ErrorCode::Unsupported, "Save it as one .mha file", "{} is spread over several data files",
                            file.string());
    if (name != "LOCAL" && name != "Local" && name != "local") {
        dataFile = fs::path(name).is_absolute() ? fs::path(name) : file.parent_path() / name;
        start = 0;
    }
    std::error_code error;
    const auto size = static_cast<std::int64_t>(fs::file_size(dataFile, error));
    if (error)
        return failWithHint(ErrorCode::NotFound, "Keep the two files together", "{}: its data file {} is missing",
                            file.string(), dataFile.string());
    if (const auto skipped = header->get("HeaderSize"); !skipped.empty() && std::atoll(skipped.c_str()) > 0)
        start = std::atoll(skipped.c_str());

    bool whole = size - start >= promised;
    if (header->isTrue("CompressedData")) {
        std::ifstream data(dataFile, std::ios::binary);
        data.seekg(start);
        whole = inflatedBytes(data, promised) >= promised;
    }
    if (!whole)
        return failWithHint(ErrorCode::Malformed, "Copy it again",
                            "{} is truncated: it holds less than its header says", dataFile.string());
    return {};
}

} // namespace consilium::imaging
