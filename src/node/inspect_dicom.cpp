// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/dicom/deidentify.h"
#include "imaging/dicom/file_summary.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "node/console.h"
#include "node/inspect_report.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <mutex>
#include <set>

namespace consilium::node {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

Result<std::vector<std::string>> identifyingTagsOf(const std::set<fs::path> &files)
{
    const std::vector<fs::path> list(files.begin(), files.end());
    std::set<std::string> tags;
    std::mutex mutex;
    const auto done = forEachIndex(list.size(), platform::availableCores(), [&](std::size_t n) -> Result<> {
        const auto found = dicom::identifyingTags(list[n]);
        if (!found)
            return fail(found.error());
        const std::lock_guard lock(mutex);
        tags.insert(found->begin(), found->end());
        return {};
    });
    if (!done)
        return fail(done.error());
    return std::vector<std::string>(tags.begin(), tags.end());
}

std::string identifyingText(const std::vector<std::string> &tags)
{
    if (tags.empty())
        return "  identifying  no tag found\n";
    return fmt::format("  identifying  {}\n", fmt::join(tags, "\n               "));
}

std::string_view spacingSourceText(dicom::SpacingSource source)
{
    switch (source) {
    case dicom::SpacingSource::Patient: return "in the patient";
    case dicom::SpacingSource::Detector: return "at the detector, magnified against the patient";
    case dicom::SpacingSource::Uncalibrated: break;
    }
    return "uncalibrated: 1 pixel counts as 1 mm";
}

Result<InspectReport> reportOf(const dicom::Series &series, const fs::path &path)
{
    std::set<fs::path> files;
    for (const auto &time : series.frames)
        for (const auto &slice : time)
            if (!slice.file.empty()) // a missing slice
                files.insert(slice.file);
    const auto tags = identifyingTagsOf(files);
    if (!tags)
        return fail(tags.error());
    const auto syntax = dicom::uidName(series.transferSyntax);

    InspectReport report;
    report.json = {{"path", path.string()},
                   {"kind", "dicom"},
                   {"modality", series.modality},
                   {"series", series.uid},
                   {"seriesNumber", series.number},
                   {"description", series.description},
                   {"part", series.part},
                   {"files", files.size()},
                   {"frames", series.frames.size()},
                   {"spacingSource", spacingSourceText(series.spacingSource)},
                   {"gantryTilt", series.gantryTilt},
                   {"colour", series.isColour},
                   {"transferSyntax", {{"uid", series.transferSyntax}, {"name", syntax}}},
                   {"identifyingTags", *tags},
                   {"warnings", series.warnings}};
    report.json.update(gridJson(series.geometry));
    report.text = fmt::format("{}\n  kind         DICOM, {}{}, series {}{}{}\n  files        {}, {}\n", path.string(),
                              series.modality, series.isColour ? " in colour" : "", series.number,
                              series.description.empty() ? "" : ": " + series.description,
                              series.part.empty() ? "" : " (" + series.part + ")", files.size(), syntax);
    if (series.frames.size() > 1)
        report.text += fmt::format("  frames       {}, the first shown\n", series.frames.size());
    report.text += gridText(series.geometry, std::string(spacingSourceText(series.spacingSource)));
    if (!series.isColour) {
        const auto volume = dicom::loadSeries(series);
        if (!volume)
            return fail(volume.error());
        const auto range = imaging::valueRange(volume->values);
        report.json["range"] = rangeJson(range);
        report.text += rangeText(range);
    }
    for (const auto &warning : series.warnings)
        report.text += "  warning      " + warning + "\n";
    report.text += identifyingText(*tags);
    return report;
}

// One series that cannot be loaded does not hide the others.
InspectReport problemReport(const dicom::Series &series, const fs::path &path, const Error &error)
{
    return {{{"path", path.string()},
             {"kind", "dicom"},
             {"modality", series.modality},
             {"series", series.uid},
             {"seriesNumber", series.number},
             {"problem", error.line()}},
            fmt::format("{}\n  kind         DICOM, {}, series {}\n  problem      {}\n", path.string(), series.modality,
                        series.number, error.line())};
}

// A file that holds no image that could be loaded: a segmentation, a plan, a report, a waveform.
Result<InspectReport> objectReport(const fs::path &file)
{
    const auto summary = dicom::summarise(file);
    if (!summary)
        return fail(summary.error());
    const auto tags = identifyingTagsOf({file});
    if (!tags)
        return fail(tags.error());
    InspectReport report;
    report.json = {{"path", file.string()},
                   {"kind", "dicom-object"},
                   {"modality", summary->modality},
                   {"sopClass", summary->sopClass},
                   {"identifyingTags", *tags}};
    report.text = fmt::format("{}\n  kind         DICOM, {}\n", file.string(), summary->sopClass);
    if (summary->modality == "SEG") {
        const auto segmentation = dicom::readSegmentation(file);
        if (!segmentation)
            return fail(segmentation.error());
        report.json["kind"] = "dicom-seg";
        report.json.update(gridJson(segmentation->geometry));
        report.text += gridText(segmentation->geometry, "frame positions");
        for (std::size_t n = 0; n < segmentation->segments.size(); ++n) {
            const auto &segment = segmentation->segments[n];
            const auto voxels = std::count(segmentation->masks[n].begin(), segmentation->masks[n].end(), 1);
            report.json["segments"].push_back(
                {{"number", segment.number}, {"label", segment.label}, {"voxels", voxels}});
            report.text += fmt::format("  segment {:<4} {}, {} voxels\n", segment.number, segment.label, voxels);
        }
    }
    report.text += identifyingText(*tags);
    return report;
}

} // namespace

Result<std::vector<InspectReport>> inspectDicom(const fs::path &path)
{
    ProgressLine line;
    dicom::ScanOptions options;
    options.progress = [&](std::size_t done, std::size_t total) {
        line.show(fmt::format("Reading headers: {} of {}", done, total));
        return !platform::stopRequested();
    };
    const auto scan = dicom::scanSeries(path, options);
    std::vector<InspectReport> reports;
    if (scan) {
        for (const auto &series : scan->series) {
            auto report = reportOf(series, path);
            if (!report && report.error().code == ErrorCode::Cancelled)
                return fail(report.error());
            reports.push_back(report ? std::move(*report) : problemReport(series, path, report.error()));
        }
        for (const auto &skipped : scan->skipped)
            if (auto report = objectReport(skipped.file))
                reports.push_back(std::move(*report));
        return reports;
    }
    // Without an image the file may still be a DICOM object of another kind.
    std::error_code error;
    if (scan.error().code != ErrorCode::Invalid || fs::is_directory(path, error))
        return fail(scan.error());
    auto report = objectReport(path);
    if (!report)
        return fail(report.error());
    reports.push_back(std::move(*report));
    return reports;
}

} // namespace consilium::node
