// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/phantom_dicom.h"

#include "core/hash.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"

#include <array>

namespace consilium::tasks {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

/// How DICOM calls the ways rows and columns run (PS3.3 C.7.6.1.1.1): as the letters of an orientation, but for head
/// and foot.
std::string patientOrientation(const imaging::Geometry &geometry)
{
    const auto letter = [](char towards) { return towards == 'S' ? 'H' : towards == 'I' ? 'F' : towards; };
    const auto letters = geometry.orientation();
    return {letter(letters[0]), '\\', letter(letters[1])};
}

dicom::Segment segmentOf(std::size_t value, const std::string &name)
{
    constexpr std::array<std::array<std::uint8_t, 3>, 3> colours{{{255, 128, 0}, {0, 170, 255}, {120, 220, 80}}};
    dicom::Segment segment;
    segment.number = static_cast<int>(value);
    segment.label = name;
    segment.algorithm = "Consilium phantom";
    segment.colour = colours[(value - 1) % colours.size()];
    const dicom::Code anatomy{"123037004", "SCT", "Anatomical Structure"};
    if (name == "prostate") {
        segment.category = anatomy;
        segment.type = {"41216001", "SCT", "Prostate"};
    } else if (name == "anterior" || name == "posterior") {
        segment.category = anatomy;
        segment.type = {"5366008", "SCT", "Hippocampus"};
    }
    return segment;
}

/// A person nobody can be: the name says so, the birth date lies in a month of 1950 that follows from the case.
dicom::SeriesDescription patientOf(const std::string &caseId, const std::string &uidSeed)
{
    const auto number = derivedSeed(0, caseId);
    dicom::SeriesDescription description;
    description.patientId = "INVENTED-" + caseId;
    description.patientName = "Nobody^Invented " + caseId;
    description.patientBirthDate = fmt::format("1950{:02}{:02}", 1 + number % 12, 1 + number / 12 % 28);
    description.uidSeed = uidSeed;
    return description;
}

Result<> writeReference(const fs::path &folder, const dicom::Series &source, const imaging::PhantomCase &phantom)
{
    if (!phantom.labels.values.empty()) {
        std::vector<dicom::Segment> segments;
        for (std::size_t value = 1; value < phantom.labelNames.size(); ++value)
            segments.push_back(segmentOf(value, phantom.labelNames[value]));
        return dicom::writeSegmentation(folder / "labels.dcm", phantom.labels, segments, source, "Reference")
            .and_then([&] { return imaging::writeLabels(folder / "labels.nii.gz", phantom.labels); });
    }
    auto landmarks = phantom.landmarks;
    for (auto &point : landmarks.points)
        point.position = source.geometry.toPatient(phantom.images.front().geometry.toIndex(point.position));
    return imaging::writeLandmarks(folder / "landmarks.mrk.json", landmarks);
}

} // namespace

Result<> writePhantomDicom(const fs::path &folder, const std::string &caseId, const std::string &uidSeed,
                           const imaging::PhantomCase &phantom)
{
    auto description = patientOf(caseId, uidSeed);
    description.modality = phantom.modality;
    description.projection = phantom.modality == "DX";
    for (std::size_t channel = 0; channel < phantom.images.size(); ++channel) {
        description.description = phantom.channels[channel];
        description.seriesNumber = std::to_string(channel + 1);
        description.patientOrientation = patientOrientation(phantom.images[channel].geometry);
        if (auto written = dicom::writeSeries(folder / phantom.channels[channel], phantom.images[channel], description);
            !written)
            return written;
    }
    const auto scanned = dicom::scanSeries(folder / phantom.channels.front(), {1, {}});
    if (!scanned)
        return fail(scanned.error());
    if (scanned->series.size() != 1)
        return fail(ErrorCode::Internal, "{} was written as one series and read as {}", folder.string(),
                    scanned->series.size());
    return writeReference(folder, scanned->series.front(), phantom);
}

} // namespace consilium::tasks
