// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "node/command.h"
#include "tasks/dataset.h"

#include <algorithm>
#include <array>
#include <fmt/ranges.h>
#include <iostream>
#include <map>
#include <set>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct InspectOptions
{
    std::vector<fs::path> paths;
    bool json = false;
};

/// The JSON document of one path, and the same for people.
struct Report
{
    Json json;
    std::string text;
};

Result<Report> inspectFile(const fs::path &file)
{
    if (!imaging::isNiftiName(file))
        return failWithHint(ErrorCode::Unsupported, "This version inspects NIfTI files and datasets",
                            "{} is not a NIfTI file", file.string());
    const auto header = imaging::readNiftiHeader(file);
    if (!header)
        return fail(header.error());
    const auto volume = imaging::readNifti(file);
    if (!volume)
        return fail(volume.error());
    const auto &geometry = header->geometry;
    const auto range = imaging::valueRange(volume->values);
    Json json{{"path", file.string()},
              {"kind", "nifti"},
              {"dimensions", geometry.size},
              {"frames", header->frames},
              {"spacing", geometry.spacing},
              {"frame", "LPS"},
              {"origin", geometry.origin},
              {"direction", geometry.direction},
              {"orientation", geometry.orientation()},
              {"transform", header->transform},
              {"componentType", header->componentType},
              {"range",
               {{"minimum", range.minimum},
                {"maximum", range.maximum},
                {"percentile0.5", range.low},
                {"percentile99.5", range.high}}}};
    auto text = fmt::format(
        "{}\n  kind         NIfTI, {}{}\n  dimensions   {}\n  spacing      {:.4g} mm\n  orientation  {} ({})\n"
        "  origin       {:.3f} mm, LPS\n",
        file.string(), header->componentType,
        header->frames > 1 ? fmt::format(", {} frames, the first shown", header->frames) : "",
        fmt::join(geometry.size, " x "), fmt::join(geometry.spacing, " x "), geometry.orientation(), header->transform,
        fmt::join(geometry.origin, ", "));
    for (int row = 0; row < 3; ++row)
        text += fmt::format("  {:<11}  {:8.5f}\n", row == 0 ? "direction" : "",
                            fmt::join(geometry.direction[static_cast<std::size_t>(row)], " "));
    text += fmt::format("  values       {:.6g} to {:.6g}; 99 % within {:.6g} to {:.6g}\n", range.minimum, range.maximum,
                        range.low, range.high);
    return Report{std::move(json), std::move(text)};
}

struct GridSummary
{
    std::vector<imaging::Geometry> grids;
    std::set<std::string> orientations;
    std::vector<std::string> problems;
};

/// Headers alone: every file of every case, compared with the case's first channel.
GridSummary gridsOf(const tasks::Dataset &dataset)
{
    GridSummary summary;
    for (const auto &entry : dataset.cases) {
        auto files = entry.channels;
        if (entry.labels)
            files.push_back(*entry.labels);
        std::optional<imaging::Geometry> first;
        for (const auto &file : files) {
            const auto header = imaging::readNiftiHeader(file);
            if (!header) {
                summary.problems.push_back(fmt::format("Case {}: {}", entry.id, header.error().message));
                continue;
            }
            if (!first) {
                first = header->geometry;
                summary.grids.push_back(*first);
                summary.orientations.insert(first->orientation());
            } else if (!header->geometry.sameGrid(*first, 0.1)) {
                summary.problems.push_back(fmt::format(
                    "Case {}: {} ({}) is not on the grid of the first channel ({})", entry.id, file.filename().string(),
                    fmt::join(header->geometry.size, "x"), fmt::join(first->size, "x")));
            }
        }
    }
    return summary;
}

template <typename Values>
Json extremes(const std::vector<imaging::Geometry> &grids, Values imaging::Geometry::*field)
{
    Json minimum = Json::array(), median = Json::array(), maximum = Json::array();
    for (std::size_t axis = 0; axis < 3 && !grids.empty(); ++axis) {
        std::vector<typename Values::value_type> values;
        for (const auto &grid : grids)
            values.push_back((grid.*field)[axis]);
        std::sort(values.begin(), values.end());
        minimum.push_back(values.front());
        median.push_back(values[values.size() / 2]);
        maximum.push_back(values.back());
    }
    return {{"minimum", minimum}, {"median", median}, {"maximum", maximum}};
}

Result<Report> inspectDataset(const fs::path &folder)
{
    const auto dataset = tasks::openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    const auto summary = gridsOf(*dataset);
    std::set<std::string> patients;
    for (const auto &entry : dataset->cases)
        patients.insert(entry.patient);
    const auto sizes = extremes(summary.grids, &imaging::Geometry::size);
    const auto spacings = extremes(summary.grids, &imaging::Geometry::spacing);
    Json json{{"path", folder.string()},     {"kind", "dataset"},
              {"layout", "nnU-Net raw"},     {"cases", dataset->cases.size()},
              {"patients", patients.size()}, {"channels", dataset->channels},
              {"labels", dataset->labels},   {"dimensions", sizes},
              {"spacing", spacings},         {"orientation", summary.orientations},
              {"problems", summary.problems}};
    const auto span = [](const Json &values) {
        return fmt::format("{} to {}, median {}", values["minimum"].dump(), values["maximum"].dump(),
                           values["median"].dump());
    };
    auto text = fmt::format("{}\n  kind         dataset in nnU-Net raw layout\n  cases        {} of {} patient(s)\n  "
                            "channels     {}\n  labels       {}\n"
                            "  dimensions   {}\n  spacing      {} mm\n  orientation  {}\n",
                            folder.string(), dataset->cases.size(), patients.size(), fmt::join(dataset->channels, ", "),
                            fmt::join(dataset->labels, ", "), span(sizes), span(spacings),
                            fmt::join(summary.orientations, ", "));
    if (summary.problems.empty())
        text += "  problems     none in the headers\n";
    for (const auto &problem : summary.problems)
        text += "  problem      " + problem + "\n";
    return Report{std::move(json), std::move(text)};
}

Result<std::vector<Report>> inspectPath(const fs::path &path)
{
    std::error_code error;
    if (!fs::exists(path, error))
        return fail(ErrorCode::NotFound, "There is no file or folder {}", path.string());
    std::vector<fs::path> images;
    if (!fs::is_directory(path, error)) {
        images.push_back(path);
    } else if (!fs::exists(path / "dataset.json", error)) {
        for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
            if (imaging::isNiftiName(entry->path()))
                images.push_back(entry->path());
        }
        std::sort(images.begin(), images.end());
    }
    std::vector<Report> reports;
    for (const auto &file : images) {
        auto report = inspectFile(file);
        if (!report)
            return fail(report.error());
        reports.push_back(std::move(*report));
    }
    if (images.empty()) {
        auto report = inspectDataset(path);
        if (!report)
            return fail(report.error());
        reports.push_back(std::move(*report));
    }
    return reports;
}

Result<> inspect(const InspectOptions &options)
{
    std::vector<Report> reports;
    for (const auto &path : options.paths) {
        auto found = inspectPath(path);
        if (!found)
            return fail(found.error());
        std::move(found->begin(), found->end(), std::back_inserter(reports));
    }
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
    auto *command = line.app.add_subcommand("inspect", "Says what is in NIfTI files and datasets");
    command->add_option("PATH", options->paths, "Files, or folders of a dataset or of NIfTI files")->required();
    command->add_flag("--json", options->json, "One object for one thing inspected, an array for several");
    command->callback([&line, options] { line.action = [options] { return inspect(*options); }; });
}

} // namespace consilium::node
