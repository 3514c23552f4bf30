// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/files/image_files.h"
#include "node/command.h"
#include "node/inspect_report.h"

#include <algorithm>
#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct InspectOptions
{
    std::vector<fs::path> paths;
    bool json = false, headersOnly = false, commonSpacing = false, events = false;
    std::uint64_t seed = Plan().seed;
    std::string task;
};

Result<std::vector<fs::path>> imagesIn(const fs::path &folder)
{
    std::vector<fs::path> images;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (std::error_code broken; entry->is_regular_file(broken) && imaging::isImageName(entry->path()))
            images.push_back(entry->path());
    if (error)
        return fail(ErrorCode::Io, "{} cannot be read: {}", folder.string(), error.message());
    std::sort(images.begin(), images.end());
    return images;
}

template <typename Inspected>
Result<> append(std::vector<InspectReport> &reports, Inspected inspected)
{
    if (!inspected)
        return fail(inspected.error());
    if constexpr (std::is_same_v<typename Inspected::value_type, InspectReport>)
        reports.push_back(std::move(*inspected));
    else
        std::move(inspected->begin(), inspected->end(), std::back_inserter(reports));
    return {};
}

Result<> inspectFolder(const fs::path &folder, const InspectOptions &options, std::vector<InspectReport> &reports)
{
    std::error_code error;
    if (fs::exists(folder / "dataset.json", error))
        return append(reports, inspectDataset(folder, {options.task, options.commonSpacing, options.seed,
                                                       !options.headersOnly, options.events}));
    if (options.events)
        return failWithHint(ErrorCode::Invalid, "A dataset has one that names its channels and labels",
                            "There is no dataset.json in {}", folder.string());
    const auto images = imagesIn(folder);
    if (!images)
        return fail(images.error());
    for (const auto &file : *images)
        if (auto done = append(reports, inspectImage(file)); !done)
            return done;
    auto series = inspectDicom(folder);
    if (!series && series.error().code == ErrorCode::Invalid && !images->empty())
        return {};
    if (!series && series.error().code == ErrorCode::Invalid)
        return failWithHint(ErrorCode::Invalid, "Name a file, a folder of images, a DICOM folder or a dataset", "{}",
                            series.error().message);
    return append(reports, std::move(series));
}

Result<> inspectPath(const fs::path &path, const InspectOptions &options, std::vector<InspectReport> &reports)
{
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(ErrorCode::NotFound, "There is no file or folder {}", path.string());
    if (fs::is_directory(path, error))
        return inspectFolder(path, options, reports);
    if (options.events)
        return fail(ErrorCode::Invalid, "{} is a file; --events tell of datasets", path.string());
    if (!fs::is_regular_file(path, error))
        return fail(ErrorCode::Unsupported, "{} is neither a file nor a folder", path.string());
    const auto kind = imaging::kindOf(path);
    if (kind == imaging::FileKind::Nifti || kind == imaging::FileKind::Research)
        return append(reports, inspectImage(path));
    return append(reports, inspectDicom(path));
}

Result<> inspect(const InspectOptions &options)
{
    std::vector<InspectReport> reports;
    for (const auto &path : options.paths)
        if (auto done = inspectPath(path, options, reports); !done)
            return done;
    if (options.events) // each dataset has told of itself
        return {};
    if (!options.json) {
        for (const auto &report : reports)
            std::cout << report.text;
        return {};
    }
    auto json = Json::array();
    for (auto &report : reports)
        json.push_back(std::move(report.json));
    printJson(json.size() == 1 ? json.front() : json);
    return {};
}

} // namespace

void addInspect(CommandLine &line)
{
    auto options = std::make_shared<InspectOptions>();
    auto *command = line.app.add_subcommand("inspect", "Says what is in images, DICOM folders and datasets");
    command->add_option("PATH", options->paths, "Image files, DICOM files or folders, datasets")->required();
    command->add_flag("--json", options->json, "One object for one thing inspected, an array for several");
    command->add_option("--task", options->task,
                        "Of a dataset: preset that says what spacing and kind of image is expected");
    command->add_flag("--common-spacing", options->commonSpacing,
                      "Of a dataset: the spacing of nine of ten cases is expected of all, in place of the task's");
    command->add_option("--seed", options->seed, "Of the splits of a dataset: a plan's own seed; 7 unless given");
    command->add_flag("--headers-only", options->headersOnly,
                      "Of a dataset: no voxel is read, quality is not looked at");
    command->add_flag("--events", options->events,
                      "Of a dataset: JSON lines as things are known: dataset, case, progress, quality, finished");
    command->callback([&line, options] { line.action = [options] { return inspect(*options); }; });
}

} // namespace consilium::node
