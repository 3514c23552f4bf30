// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "imaging/nifti.h"
#include "node/console.h"
#include "node/inspect_report.h"
#include "tasks/dataset.h"

#include <algorithm>
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

Result<std::vector<imaging::QualityReport>> qualityOf(const tasks::Dataset &dataset, imaging::QualityLimits limits)
{
    limits.channels = dataset.channels;
    limits.labelCount = static_cast<int>(dataset.labels.size());
    std::vector<imaging::QualityCase> cases;
    for (const auto &entry : dataset.cases)
        cases.push_back({entry.id, entry.channels, entry.labels});
    ProgressLine line;
    imaging::QualityOptions options;
    options.progress = [&](std::size_t done, std::size_t total) {
        line.show(fmt::format("Looking at case {} of {}", done, total));
        return !platform::stopRequested();
    };
    return imaging::checkQuality(cases, limits, options);
}

} // namespace

Result<InspectReport> inspectDataset(const fs::path &folder, imaging::QualityLimits limits)
{
    const auto dataset = tasks::openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    const auto summary = gridsOf(*dataset);
    const auto quality = qualityOf(*dataset, std::move(limits));
    if (!quality)
        return fail(quality.error());
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
              {"problems", summary.problems}};
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
