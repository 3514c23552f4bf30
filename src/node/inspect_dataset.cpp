// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/platform.h"
#include "imaging/canonical.h"
#include "imaging/nifti.h"
#include "imaging/preparation/case_preparation.h"
#include "node/console.h"
#include "node/inspect_report.h"
#include "tasks/dataset.h"
#include "tasks/task.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <map>
#include <set>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct GridSummary
{
    std::vector<imaging::Geometry> grids;
    std::set<std::string> orientations;
    std::vector<std::string> problems;
    Json cases = Json::array(); ///< one object a case, in the order of the cases
};

/// Changes when a file of the case is written anew. A file that is not there counts as such.
std::string stampOf(const std::vector<fs::path> &files)
{
    Sha256 hash;
    for (const auto &file : files) {
        std::error_code error;
        const auto size = fs::file_size(file, error);
        const auto written = error ? fs::file_time_type() : fs::last_write_time(file, error);
        hash.add(fmt::format("{} {} {}\n", file.filename().string(), error ? 0 : size,
                             static_cast<std::int64_t>(written.time_since_epoch().count())));
    }
    return hash.hex().substr(0, 16);
}

Json caseJson(const tasks::DatasetCase &entry, tasks::Split split, const std::vector<fs::path> &files)
{
    Json json{{"case", entry.id},
              {"patient", entry.patient},
              {"split", tasks::name(split)},
              {"channels", Json::array()},
              {"stamp", stampOf(files)}};
    for (const auto &channel : entry.channels)
        json["channels"].push_back(channel.string());
    if (entry.labels)
        json["labels"] = entry.labels->string();
    if (entry.landmarks)
        json["landmarks"] = entry.landmarks->string();
    return json;
}

/// Headers alone: every file of every case, compared with the case's first channel. Errors: Cancelled.
Result<GridSummary> gridsOf(const tasks::Dataset &dataset, const DatasetInspection &inspection)
{
    GridSummary summary;
    const auto splits = tasks::splitCases(dataset, inspection.seed);
    for (std::size_t index = 0; index < dataset.cases.size(); ++index) {
        if (platform::stopRequested())
            return fail(ErrorCode::Cancelled, "Stopped after {} of {} cases", index, dataset.cases.size());
        const auto &entry = dataset.cases[index];
        auto files = entry.channels;
        for (const auto &reference : {entry.labels, entry.landmarks})
            if (reference)
                files.push_back(*reference);
        auto json = caseJson(entry, splits[index], files);
        if (entry.landmarks)
            files.pop_back();
        std::optional<imaging::Geometry> first;
        for (const auto &file : files) {
            if (!imaging::isNiftiName(file))
                continue;
            const auto header = imaging::readNiftiHeader(file);
            if (!header) {
                summary.problems.push_back(fmt::format("Case {}: {}", entry.id, header.error().message));
                continue;
            }
            if (!first) {
                first = header->geometry;
                summary.grids.push_back(*first);
                summary.orientations.insert(first->orientation());
                json["dimensions"] = first->size;
                json["spacing"] = first->spacing;
                json["orientation"] = first->orientation();
            } else if (!header->geometry.sameGrid(*first, 0.1)) {
                summary.problems.push_back(fmt::format(
                    "Case {}: {} ({}) is not on the grid of the first channel ({})", entry.id, file.filename().string(),
                    fmt::join(header->geometry.size, "x"), fmt::join(first->size, "x")));
            }
        }
        if (inspection.events)
            printEvent("case", entry.id, json);
        summary.cases.push_back(std::move(json));
    }
    return summary;
}

/// Presets that a dataset can be used with.
struct FittingTasks
{
    std::vector<std::string> names; ///< as many channels and labels, or landmarks; those that name them alike first
    std::string same;               ///< the first that names them alike; empty when none does
};

FittingTasks fittingTasks(const tasks::Dataset &dataset)
{
    FittingTasks fitting;
    std::vector<std::string> alike;
    for (const auto &name : tasks::presetNames()) {
        const auto preset = tasks::loadPreset(name);
        if (!preset || (*preset)["channels"].size() != dataset.channels.size())
            continue;
        const bool byLandmarks = preset->contains("landmarks");
        if (byLandmarks == dataset.landmarks.empty())
            continue;
        const auto names = (*preset)[byLandmarks ? "landmarks" : "labels"].get<std::vector<std::string>>();
        const auto &there = byLandmarks ? dataset.landmarks : dataset.labels;
        if (names == there)
            fitting.names.push_back(name);
        else if (names.size() == there.size())
            alike.push_back(name);
    }
    if (!fitting.names.empty())
        fitting.same = fitting.names.front();
    fitting.names.insert(fitting.names.end(), alike.begin(), alike.end());
    return fitting;
}

/// The spacing, in canonical axes, that nine of ten grids have within `tolerance` (mm); nothing when they differ more.
std::optional<imaging::Vec3> commonSpacing(const std::vector<imaging::Geometry> &grids, double tolerance)
{
    if (grids.empty())
        return std::nullopt;
    std::vector<imaging::Vec3> spacings;
    for (const auto &grid : grids)
        spacings.push_back(imaging::canonicalGeometry(grid).spacing);
    imaging::Vec3 median{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::vector<double> values;
        for (const auto &spacing : spacings)
            values.push_back(spacing[axis]);
        std::ranges::nth_element(values, values.begin() + std::ssize(values) / 2);
        median[axis] = values[values.size() / 2];
    }
    const auto alike = std::ranges::count_if(spacings, [&](const imaging::Vec3 &spacing) {
        for (std::size_t axis = 0; axis < 3; ++axis)
            if (std::abs(spacing[axis] - median[axis]) > tolerance)
                return false;
        return true;
    });
    return 10 * alike >= 9 * std::ssize(spacings) ? std::optional(median) : std::nullopt;
}

Result<imaging::QualityLimits> limitsOf(const std::string &task)
{
    imaging::QualityLimits limits;
    if (task.empty())
        return limits;
    const auto preset = tasks::loadPreset(task);
    if (!preset)
        return fail(preset.error());
    const auto settings = imaging::PreparationSettings::fromJson(preset->value("preparation", Json::object()));
    if (!settings)
        return fail(settings.error(), "Task '{}'", task);
    limits.spacing = settings->spacing;
    limits.spacingTolerance = settings->spacingTolerance;
    limits.brain = settings->brain;
    return limits;
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

Result<std::vector<imaging::QualityReport>> qualityOf(const tasks::Dataset &dataset, imaging::QualityLimits limits,
                                                      bool events)
{
    limits.channels = dataset.channels;
    limits.labelCount = static_cast<int>(dataset.labels.size());
    std::vector<imaging::QualityCase> cases;
    for (const auto &entry : dataset.cases)
        cases.push_back({entry.id, entry.channels, entry.labels});
    ProgressLine line(false, events);
    imaging::QualityOptions options;
    options.progress = [&](std::size_t done, std::size_t total) {
        line.show(fmt::format("Looking at case {} of {}", done, total), done, total);
        return !platform::stopRequested();
    };
    return imaging::checkQuality(cases, limits, options);
}

} // namespace

Result<InspectReport> inspectDataset(const fs::path &folder, const DatasetInspection &inspection)
{
    const auto dataset = tasks::openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    const auto fitting = fittingTasks(*dataset);
    auto limits = limitsOf(inspection.task);
    if (!limits)
        return fail(limits.error());
    if (inspection.events)
        printEvent("dataset", folder.string(),
                   {{"path", folder.string()},
                    {"cases", dataset->cases.size()},
                    {"channels", dataset->channels},
                    {"labels", dataset->labels},
                    {"landmarks", dataset->landmarks},
                    {"seed", inspection.seed},
                    {"task", fitting.same},
                    {"tasks", fitting.names}});
    const auto read = gridsOf(*dataset, inspection);
    if (!read)
        return fail(read.error());
    const auto &summary = *read;
    if (inspection.commonSpacing)
        limits->spacing = commonSpacing(summary.grids, limits->spacingTolerance);
    const auto quality = inspection.quality ? qualityOf(*dataset, *limits, inspection.events)
                                            : Result<std::vector<imaging::QualityReport>>();
    if (!quality)
        return fail(quality.error());
    if (inspection.events) {
        for (const auto &report : *quality)
            printEvent("quality", imaging::summary(report), imaging::toJson(report));
        printEvent("finished", {}, {{"problems", summary.problems}});
        return InspectReport{};
    }
    std::set<std::string> patients;
    for (const auto &entry : dataset->cases)
        patients.insert(entry.patient);
    const auto sizes = extremes(summary.grids, &imaging::Geometry::size);
    const auto spacings = extremes(summary.grids, &imaging::Geometry::spacing);
    Json json{{"path", folder.string()},
              {"kind", "dataset"},
              {"layout", "nnU-Net raw"},
              {"cases", dataset->cases.size()},
              {"patients", patients.size()},
              {"channels", dataset->channels},
              {"labels", dataset->labels},
              {"landmarks", dataset->landmarks},
              {"dimensions", sizes},
              {"spacing", spacings},
              {"orientation", summary.orientations},
              {"problems", summary.problems},
              {"seed", inspection.seed},
              {"task", fitting.same},
              {"tasks", fitting.names},
              {"listing", summary.cases}};
    const auto span = [](const Json &values) {
        return fmt::format("{} to {}, median {}", values["minimum"].dump(), values["maximum"].dump(),
                           values["median"].dump());
    };
    const bool byLandmarks = !dataset->landmarks.empty();
    auto text = fmt::format("{}\n  kind         dataset in nnU-Net raw layout\n  cases        {} of {} patient(s)\n  "
                            "channels     {}\n  {:<11}  {}\n"
                            "  dimensions   {}\n  spacing      {} mm\n  orientation  {}\n",
                            folder.string(), dataset->cases.size(), patients.size(), fmt::join(dataset->channels, ", "),
                            byLandmarks ? "landmarks" : "labels",
                            fmt::join(byLandmarks ? dataset->landmarks : dataset->labels, ", "), span(sizes),
                            span(spacings), fmt::join(summary.orientations, ", "));
    if (summary.problems.empty())
        text += "  problems     none in the headers\n";
    for (const auto &problem : summary.problems)
        text += "  problem      " + problem + "\n";
    if (!inspection.quality)
        return InspectReport{std::move(json), std::move(text)};
    std::map<imaging::Verdict, std::size_t> verdicts;
    for (const auto &report : *quality) {
        ++verdicts[report.verdict];
        json["quality"].push_back(imaging::toJson(report));
    }
    text += fmt::format("  quality      {} pass, {} warn, {} fail\n", verdicts[imaging::Verdict::Pass],
                        verdicts[imaging::Verdict::Warn], verdicts[imaging::Verdict::Fail]);
    for (const auto &report : *quality)
        if (report.verdict != imaging::Verdict::Pass)
            text += fmt::format("    {:<4}  {}: {}\n", imaging::name(report.verdict), report.caseId, report.reason());
    return InspectReport{std::move(json), std::move(text)};
}

} // namespace consilium::node
