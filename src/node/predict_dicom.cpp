// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/predict_dicom.h"

#include "imaging/dicom/file_summary.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/nifti.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <tuple>

namespace consilium::node {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

std::string fileName(const dicom::Series &series)
{
    std::string name = fmt::format("{:03}", std::max(series.number, 0));
    for (const auto *text : {&series.description, &series.part}) {
        std::string plain;
        for (const unsigned char c : *text)
            plain += std::isalnum(c) && c < 0x80 ? static_cast<char>(c) : '-';
        plain.erase(std::unique(plain.begin(), plain.end(), [](char a, char b) { return a == '-' && b == '-'; }),
                    plain.end());
        while (!plain.empty() && plain.back() == '-')
            plain.pop_back();
        if (!plain.empty())
            name += "_" + plain.substr(0, 48);
    }
    return name;
}

/// Codes for what the labels of the presets are; any other label is tissue, by its name.
dicom::Segment segmentOf(int value, const std::string &label, const std::string &algorithm)
{
    using dicom::Code;
    static const Code anatomy{"91723000", "SCT", "Anatomical Structure"};
    static const std::map<std::string, std::pair<Code, Code>> known{
        {"lesion", {{"49755003", "SCT", "Morphologically Altered Structure"}, {"52988006", "SCT", "Lesion"}}},
        {"prostate", {anatomy, {"41216001", "SCT", "Prostate"}}},
    };
    static const std::array<std::array<std::uint8_t, 3>, 6> colours{
        {{255, 128, 0}, {0, 151, 206}, {128, 174, 128}, {216, 101, 79}, {183, 156, 220}, {241, 214, 145}}};
    dicom::Segment segment;
    segment.number = value;
    segment.label = label;
    segment.category = segment.type = {"85756007", "SCT", "Tissue"};
    if (const auto code = known.find(label); code != known.end())
        std::tie(segment.category, segment.type) = code->second;
    segment.algorithm = algorithm;
    segment.colour = colours[static_cast<std::size_t>(value - 1) % colours.size()];
    return segment;
}

} // namespace

bool isDicomInput(const fs::path &input)
{
    constexpr auto options = fs::directory_options::skip_permission_denied;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(input, options, error), end; !error && entry != end;
         entry.increment(error))
        if (imaging::isNiftiName(entry->path()))
            return false;
    return dicom::holdsDicom(input);
}

Result<std::vector<DicomCase>> findDicomCases(const fs::path &input, std::size_t channels, int threads)
{
    if (channels != 1)
        return failWithHint(ErrorCode::Invalid,
                            "Import them, register them to each other and give the NIfTI files in the plan's order",
                            "The plan needs {} channels a case, and the DICOM series in {} do not say which is which",
                            channels, input.string());
    dicom::ScanOptions options;
    options.threads = threads;
    auto scan = dicom::scanSeries(input, options);
    if (!scan)
        return fail(scan.error());
    std::vector<DicomCase> cases;
    std::set<std::string> taken;
    for (auto &series : scan->series) {
        if (series.isColour)
            continue;
        const auto name = fileName(series);
        auto id = name;
        for (int n = 2; !taken.insert(id).second; ++n)
            id = fmt::format("{}_{}", name, n);
        cases.push_back({id, std::move(series)});
    }
    if (cases.empty())
        return fail(ErrorCode::Invalid, "{} holds colour pictures alone, and nothing to segment", input.string());
    return cases;
}

Result<SeriesAsNifti> SeriesAsNifti::write(const DicomCase &entry, const fs::path &folder, int threads)
{
    const auto volume = dicom::loadSeries(entry.series, 0, threads);
    if (!volume)
        return fail(volume.error());
    SeriesAsNifti nifti(folder / ("." + entry.id + "_input.nii"));
    if (auto written = imaging::writeNifti(nifti.m_file, *volume); !written)
        return fail(written.error());
    return nifti;
}

SeriesAsNifti::~SeriesAsNifti()
{
    std::error_code error;
    if (!m_file.empty())
        fs::remove(m_file, error);
}

Result<WrittenSegmentation> writeSegmentationBeside(const fs::path &labels, const DicomCase &entry, const Plan &plan)
{
    const auto map = imaging::readLabels(labels);
    if (!map)
        return fail(map.error());
    if (std::all_of(map->values.begin(), map->values.end(), [](auto value) { return value == 0; }))
        return WrittenSegmentation{{}, "nothing was segmented"};
    std::vector<dicom::Segment> segments;
    for (std::size_t value = 1; value < plan.data.labels.size(); ++value)
        segments.push_back(segmentOf(static_cast<int>(value), plan.data.labels[value], "Consilium " + plan.task));
    const auto file = labels.parent_path() / (entry.id + ".dcm");
    const auto written = dicom::writeSegmentation(file, *map, segments, entry.series, "Segmentation by " + plan.task);
    if (!written && written.error().code == ErrorCode::Unsupported)
        return WrittenSegmentation{{}, written.error().message};
    if (!written)
        return fail(written.error());
    return WrittenSegmentation{file, {}};
}

} // namespace consilium::node
