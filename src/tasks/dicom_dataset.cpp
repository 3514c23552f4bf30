// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/dicom_dataset.h"

#include "imaging/dicom/file_summary.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/nifti.h"

#include <algorithm>
#include <cctype>
#include <fmt/ranges.h>
#include <set>

namespace consilium::tasks {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
    return text;
}

/// What the files of one study hold for us.
struct Study
{
    std::string name; ///< "study 1 of C-ABCDEFGHIJ": what may be said aloud
    std::string patient, caseId;
    std::vector<const dicom::Series *> series;
};

/// By patient, then study; numbered within the patient.
std::vector<Study> studiesOf(const dicom::ScanResult &scan, const dicom::PseudonymKey &key)
{
    std::map<std::pair<std::string, std::string>, std::vector<const dicom::Series *>> byStudy;
    for (const auto &series : scan.series)
        if (!series.isColour)
            byStudy[{series.patientIdentity, series.studyUid}].push_back(&series);
    std::map<std::string, int> number;
    std::vector<Study> studies;
    for (auto &[which, series] : byStudy) {
        const auto patient = key.patient(which.first);
        const int n = ++number[patient];
        studies.push_back(
            {fmt::format("study {} of {}", n, patient), patient, fmt::format("{}-{}", patient, n), std::move(series)});
    }
    return studies;
}

Result<const dicom::Series *> channelOf(const Study &study, const std::string &channel,
                                        const DicomDatasetOptions &options)
{
    const auto asked = options.descriptions.find(channel);
    const auto wanted = lower(asked == options.descriptions.end() ? channel : asked->second);
    std::vector<const dicom::Series *> found;
    // By number: a description may say who the patient is, and stands beside a pseudonym here.
    std::vector<int> numbers;
    for (const auto *series : study.series) {
        numbers.push_back(series->number);
        if (lower(series->description).find(wanted) != std::string::npos)
            found.push_back(series);
    }
    if (found.size() == 1)
        return found.front();
    return failWithHint(ErrorCode::Invalid,
                        fmt::format("Say what its description contains: --channel \"{}=...\"", channel),
                        "{} of its series (numbers {}) has a description that says '{}'",
                        found.empty() ? "none" : "more than one", fmt::join(numbers, ", "), wanted);
}

/// The label value of each segment: that of the preset's label of the same name, or the segment's number when not all
/// have such a name.
std::vector<std::uint8_t> labelValues(const std::vector<dicom::Segment> &segments, const Json &labels)
{
    std::vector<std::uint8_t> byName, byNumber;
    for (const auto &segment : segments) {
        byNumber.push_back(static_cast<std::uint8_t>(std::clamp(segment.number, 0, 255)));
        for (std::size_t value = 1; value < labels.size(); ++value)
            if (lower(labels[value].get<std::string>()) == lower(segment.label))
                byName.push_back(static_cast<std::uint8_t>(value));
    }
    return byName.size() == segments.size() ? byName : byNumber;
}

/// A SEG file and what it is about.
struct SegmentationFile
{
    fs::path file;
    std::string studyUid, frameOfReferenceUid;
};

std::vector<SegmentationFile> segmentationsIn(const dicom::ScanResult &scan)
{
    std::vector<SegmentationFile> found;
    for (const auto &skipped : scan.skipped)
        if (const auto summary = dicom::summarise(skipped.file); summary && summary->modality == "SEG")
            found.push_back({skipped.file, summary->studyUid, summary->frameOfReferenceUid});
    return found;
}

/// Paths and descriptions may name the patient, so neither stands beside a pseudonym.
tl::unexpected<Error> unreadable(const Error &cause, std::string_view what)
{
    if (cause.code == ErrorCode::Io || cause.code == ErrorCode::Cancelled)
        return fail(cause);
    return failWithHint(cause.code, "`inspect` on the folder says why", "its {} cannot be read", what);
}

/// The one SEG of the series' study and frame of reference, on the grid of the series.
Result<imaging::LabelMap> labelsOn(const dicom::Series &series, const std::vector<SegmentationFile> &segmentations,
                                   const Json &labels)
{
    std::vector<fs::path> fitting;
    for (const auto &[file, study, frame] : segmentations)
        if (study == series.studyUid && frame == series.frameOfReferenceUid && !frame.empty())
            fitting.push_back(file);
    if (fitting.size() != 1)
        return fail(ErrorCode::Invalid, "{} in its frame of reference",
                    fitting.empty() ? "there is no segmentation" : "there are several segmentations");
    const auto &grid = series.geometry;
    const auto read = dicom::readSegmentation(fitting.front(), &grid);
    if (!read)
        return unreadable(read.error(), "segmentation");
    const auto values = labelValues(read->segments, labels);
    imaging::LabelMap map{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()))};
    for (std::size_t segment = 0; segment < read->masks.size(); ++segment)
        for (std::size_t n = 0; n < map.values.size(); ++n)
            if (read->masks[segment][n])
                map.values[n] = values[segment];
    return map;
}

Result<> writeCase(const Study &study, const Json &preset, const std::vector<SegmentationFile> &segmentations,
                   const fs::path &out, const DicomDatasetOptions &options)
{
    std::vector<const dicom::Series *> channels;
    for (const auto &channel : preset["channels"]) {
        const auto series = channelOf(study, channel.get<std::string>(), options);
        if (!series)
            return fail(series.error());
        const auto &slices = (*series)->frames.front();
        if (std::any_of(slices.begin(), slices.end(), [](const auto &slice) { return slice.file.empty(); }))
            return fail(ErrorCode::Invalid, "its series {} has missing slices", (*series)->number);
        channels.push_back(*series);
    }
    // The labels first: a study without them is not worth decoding.
    const auto labels = labelsOn(*channels.front(), segmentations, preset["labels"]);
    if (!labels)
        return fail(labels.error());
    for (std::size_t channel = 0; channel < channels.size(); ++channel) {
        const auto volume = dicom::loadSeries(*channels[channel]);
        if (!volume)
            return unreadable(volume.error(), fmt::format("series {}", channels[channel]->number));
        const auto file = out / "imagesTr" / fmt::format("{}_{:04}.nii.gz", study.caseId, channel);
        if (auto written = imaging::writeNifti(file, *volume); !written)
            return written;
    }
    return imaging::writeLabels(out / "labelsTr" / (study.caseId + ".nii.gz"), *labels);
}

Result<> writeDescription(const Json &preset, const std::map<std::string, std::string> &patients, const fs::path &out)
{
    Json description{{"name", preset.value("title", "Imported from DICOM")},
                     {"channel_names", Json::object()},
                     {"labels", Json::object()},
                     {"numTraining", patients.size()},
                     {"file_ending", ".nii.gz"},
                     {"patients", patients}};
    for (std::size_t channel = 0; channel < preset["channels"].size(); ++channel)
        description["channel_names"][std::to_string(channel)] = preset["channels"][channel];
    for (std::size_t value = 0; value < preset["labels"].size(); ++value)
        description["labels"][preset["labels"][value].get<std::string>()] = value;
    return writeJson(out / "dataset.json", description);
}

} // namespace

Result<DicomDatasetReport> writeDicomDataset(const fs::path &folder, const Json &preset, const dicom::PseudonymKey &key,
                                             const fs::path &out, const DicomDatasetOptions &options)
{
    if (!preset.contains("labels"))
        return failWithHint(ErrorCode::Unsupported, "Import the images, and put landmarksTr/CASE.mrk.json beside them",
                            "Task '{}' learns landmarks, which DICOM files do not hold", preset.value("name", ""));
    dicom::ScanOptions scanning;
    scanning.progress = options.progress;
    const auto scan = dicom::scanSeries(folder, scanning);
    if (!scan)
        return fail(scan.error());
    const auto segmentations = segmentationsIn(*scan);
    DicomDatasetReport report;
    std::map<std::string, std::string> patients;
    std::string firstHint;
    for (const auto &study : studiesOf(*scan, key)) {
        const auto written = writeCase(study, preset, segmentations, out, options);
        if (!written && written.error().code == ErrorCode::Io)
            return fail(written.error());
        if (written)
            patients[study.caseId] = study.patient;
        else
            report.leftOut.push_back(fmt::format("{}: {}", study.name, written.error().message));
        if (!written && firstHint.empty())
            firstHint = written.error().hint;
    }
    report.cases = patients.size();
    if (patients.empty())
        return failWithHint(ErrorCode::Invalid, firstHint, "No study in {} makes a case of '{}'; {}", folder.string(),
                            preset.value("name", ""),
                            report.leftOut.empty() ? "all of it is in colour" : report.leftOut.front());
    if (auto written = writeDescription(preset, patients, out); !written)
        return fail(written.error());
    return report;
}

} // namespace consilium::tasks
