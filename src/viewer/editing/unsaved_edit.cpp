// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/unsaved_edit.h"

#include "core/file.h"
#include "core/hash.h"
#include "viewer/cases/paths.h"

#include <algorithm>
#include <fstream>

namespace consilium::viewer {

namespace fs = std::filesystem;
using imaging::Geometry;

namespace {

constexpr std::string_view kFormat = "consilium unsaved edit 1\n";
constexpr const char *kEnding = ".unsaved-edit";
constexpr std::size_t kLongestRun = (1U << 24) - 1;

std::string packed(const std::vector<std::uint8_t> &values)
{
    std::string bytes;
    for (auto at = values.begin(); at != values.end();) {
        const auto longest = std::min(kLongestRun, static_cast<std::size_t>(values.end() - at));
        const auto end = std::find_if(at, at + static_cast<std::ptrdiff_t>(longest),
                                      [value = *at](std::uint8_t other) { return other != value; });
        const auto length = static_cast<std::uint32_t>(end - at);
        for (const int shift : {0, 8, 16})
            bytes.push_back(static_cast<char>(length >> shift & 0xff));
        bytes.push_back(static_cast<char>(*at));
        at = end;
    }
    return bytes;
}

Result<std::vector<std::uint8_t>> unpacked(std::string_view bytes, std::int64_t voxels)
{
    std::vector<std::uint8_t> values;
    values.reserve(static_cast<std::size_t>(voxels));
    for (std::size_t n = 0; n + 4 <= bytes.size(); n += 4) {
        std::size_t length = 0;
        for (const int byte : {2, 1, 0})
            length = length << 8 | static_cast<std::uint8_t>(bytes[n + static_cast<std::size_t>(byte)]);
        if (values.size() + length > static_cast<std::size_t>(voxels))
            break;
        values.insert(values.end(), length, static_cast<std::uint8_t>(bytes[n + 3]));
    }
    if (values.size() != static_cast<std::size_t>(voxels) || bytes.size() % 4 != 0)
        return fail(ErrorCode::Malformed, "Its runs do not fill its grid");
    return values;
}

Json toJson(const Geometry &grid)
{
    return {{"size", grid.size}, {"spacing", grid.spacing}, {"origin", grid.origin}, {"direction", grid.direction}};
}

Result<Geometry> gridFrom(const Json &json)
{
    Geometry grid;
    json.at("size").get_to(grid.size);
    json.at("spacing").get_to(grid.spacing);
    json.at("origin").get_to(grid.origin);
    json.at("direction").get_to(grid.direction);
    constexpr std::int64_t kMostVoxels = std::int64_t{1} << 36;
    std::int64_t voxels = 1;
    for (const int size : grid.size) {
        if (size < 1 || (voxels *= size) > kMostVoxels)
            return fail(ErrorCode::Malformed, "Its grid is of an impossible size");
    }
    return grid;
}

struct Header
{
    EditRecord record;
    Geometry grid;
    std::string sha256;
};

Result<Header> headerFrom(const std::string &line)
{
    const auto json = parseJson(line);
    if (!json)
        return fail(json.error());
    try {
        auto record = editRecordFromJson(json->at("record"));
        if (!record)
            return fail(record.error());
        const auto grid = gridFrom(json->at("grid"));
        if (!grid)
            return fail(grid.error());
        return Header{std::move(*record), *grid, json->at("sha256").get<std::string>()};
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "Its head is not as expected: {}", error.what());
    }
}

Result<Header> readHeader(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    std::string format(kFormat.size(), '\0'), line;
    if (!in.read(format.data(), static_cast<std::streamsize>(format.size())) || format != kFormat)
        return fail(ErrorCode::Malformed, "It is no unsaved edit");
    std::getline(in, line);
    return headerFrom(line);
}

fs::path lockOf(const fs::path &file)
{
    fs::path lock = file;
    lock += ".lock";
    return lock;
}

} // namespace

Result<> writeUnsaved(const fs::path &file, const EditRecord &record, const imaging::LabelRuns &runs)
{
    const std::string bytes = packed(runs.expanded().values);
    const Json head{
        {"record", viewer::toJson(record)}, {"grid", toJson(runs.geometry())}, {"sha256", sha256Hex(bytes)}};
    return writeFileAtomically(file, std::string(kFormat) + head.dump() + "\n" + bytes);
}

Result<RecoveredEdit> readUnsaved(const fs::path &file)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return fail(bytes.error());
    const auto lineEnd = bytes->find('\n', kFormat.size());
    if (!bytes->starts_with(kFormat) || lineEnd == std::string::npos)
        return fail(ErrorCode::Malformed, "{} is no unsaved edit", utf8(file));
    auto header = headerFrom(bytes->substr(kFormat.size(), lineEnd - kFormat.size()));
    if (!header)
        return fail(header.error(), "{} could not be read", utf8(file));
    const auto runs = std::string_view(*bytes).substr(lineEnd + 1);
    if (sha256Hex(runs) != header->sha256)
        return fail(ErrorCode::Malformed, "{} was cut short or changed", utf8(file));
    auto values = unpacked(runs, header->grid.voxels());
    if (!values)
        return fail(values.error(), "{} could not be read", utf8(file));

    RecoveredEdit recovered{std::move(header->record), {}};
    const imaging::LabelMap map{header->grid, std::move(*values)};
    recovered.prepared = prepareEdit(map, recovered.record.origin);
    recovered.prepared.origin = recovered.record.origin;
    return recovered;
}

UnsavedEdits findUnsaved(const fs::path &folder, const std::string &caseId)
{
    UnsavedEdits found;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const fs::path file = it->path();
        if (file.extension() != kEnding || !lockUnsaved(file))
            continue;
        auto header = readHeader(file);
        if (!header)
            found.problems.push_back(
                fmt::format("Unsaved work in {} could not be read: {}", utf8(file), header.error().line()));
        else if (caseId.empty() || header->record.caseId == caseId)
            found.edits.push_back({file, std::move(header->record)});
    }
    std::sort(found.edits.begin(), found.edits.end(),
              [](const UnsavedEdit &a, const UnsavedEdit &b) { return a.record.saved > b.record.saved; });
    return found;
}

Result<> removeUnsaved(const fs::path &file)
{
    std::error_code error, ignored;
    fs::remove(file, error);
    fs::remove(lockOf(file), ignored);
    if (error)
        return fail(ErrorCode::Io, "{} could not be removed: {}", utf8(file), error.message());
    return {};
}

fs::path newUnsavedFile(const fs::path &folder)
{
    return folder / (randomHex(8) + kEnding);
}

std::optional<platform::FileLock> lockUnsaved(const fs::path &file)
{
    return platform::FileLock::take(lockOf(file));
}

} // namespace consilium::viewer
