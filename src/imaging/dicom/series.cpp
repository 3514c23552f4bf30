// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series.h"

#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/dicom/files_below.h"
#include "imaging/dicom/image_header.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

namespace {

int threadsOr(int wanted)
{
    return wanted > 0 ? wanted : platform::availableCores();
}

/// A disc's directory writes names in capitals; on the disk they may stand in small letters, or with an ending.
std::optional<fs::path> onDisk(const fs::path &listed)
{
    std::error_code error;
    if (fs::exists(listed, error))
        return listed;
    auto name = listed.filename().string();
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const auto &other : {listed.parent_path() / name, fs::path(listed.string() + ".dcm")})
        if (fs::exists(other, error))
            return other;
    return std::nullopt;
}

/// The files to read: all below a folder, those that a DICOMDIR lists, or the one.
Result<std::vector<fs::path>> filesOf(const fs::path &path, std::vector<SkippedFile> &skipped)
{
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(ErrorCode::NotFound, "There is no file or folder {}", path.string());
    if (fs::is_directory(path, error))
        return filesBelow(path);
    const auto listed = filesOfDicomdir(path);
    if (!listed)
        return fail(listed.error());
    if (!*listed)
        return std::vector{path};
    std::vector<fs::path> files;
    for (const auto &file : **listed) {
        if (const auto found = onDisk(file))
            files.push_back(*found);
        else
            skipped.push_back(
                {file, fmt::format("{} is listed in {}, and is not there", file.string(), path.string())});
    }
    return files;
}

/// One file's headers or the reason why there are none.
struct Reading
{
    std::optional<ImageHeader> header;
    std::string reason;
};

Result<std::vector<Reading>> readHeaders(const std::vector<fs::path> &files, const ScanOptions &options)
{
    std::vector<Reading> readings(files.size());
    std::mutex mutex;
    std::size_t done = 0;
    const auto read = forEachIndex(files.size(), threadsOr(options.threads), [&](std::size_t n) -> Result<> {
        if (auto header = readImageHeader(files[n]))
            readings[n].header = std::move(*header);
        else
            readings[n].reason = header.error().line();
        const std::lock_guard lock(mutex);
        ++done;
        if (options.progress && !options.progress(done, files.size()))
            return fail(ErrorCode::Cancelled, "Reading was stopped after {} of {} files", done, files.size());
        return {};
    });
    if (!read)
        return fail(read.error());
    return readings;
}

void addSidecars(std::vector<Series> &all, int threads)
{
    (void)forEachIndex(all.size(), threads, [&](std::size_t n) -> Result<> {
        auto &series = all[n];
        // The file was read a moment ago; should it be gone, loading says so.
        if (auto file = DicomFile::open(series.frames.front().front().file, Depth::Header))
            series.sidecar = acquisitionFacts(file->dataset());
        return {};
    });
}

/// The commonest reason, for a folder in which nothing is an image.
Error nothingFound(const fs::path &path, const std::vector<SkippedFile> &skipped)
{
    if (skipped.empty())
        return {ErrorCode::Invalid, fmt::format("{} holds no files", path.string()), {}};
    if (skipped.size() == 1)
        return {ErrorCode::Invalid, skipped.front().reason, {}};
    return {ErrorCode::Invalid,
            fmt::format("None of the {} files of {} is a DICOM image that can be read; the first: {}", skipped.size(),
                        path.string(), skipped.front().reason),
            {}};
}

} // namespace

Result<ScanResult> scanSeries(const fs::path &path, const ScanOptions &options)
{
    ScanResult result;
    const auto files = filesOf(path, result.skipped);
    if (!files)
        return fail(files.error());
    auto readings = readHeaders(*files, options);
    if (!readings)
        return fail(readings.error());
    result.filesRead = files->size();
    std::vector<ImageHeader> headers;
    for (std::size_t n = 0; n < files->size(); ++n) {
        if ((*readings)[n].header)
            headers.push_back(std::move(*(*readings)[n].header));
        else
            result.skipped.push_back({(*files)[n], std::move((*readings)[n].reason)});
    }
    if (headers.empty())
        return fail(nothingFound(path, result.skipped));
    result.series = groupIntoSeries(headers);
    addSidecars(result.series, threadsOr(options.threads));
    return result;
}

} // namespace consilium::imaging::dicom
