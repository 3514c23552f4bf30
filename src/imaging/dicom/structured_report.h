// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/landmarks.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// What was measured of one lesion.
struct LesionMeasurement
{
    std::string trackingId;  ///< "Lesion 3": what people call it, the same in every report about it
    std::string trackingUid; ///< empty: derived from the source series and trackingId
    Code finding{"52988006", "SCT", "Lesion"};
    std::optional<Code> site;              ///< where in the body
    int segment = 0;                       ///< number of its segment in MeasurementReport::segmentation; 0: none
    std::optional<double> volume;          ///< ml
    std::optional<double> longestDiameter; ///< mm
};

/// An angle between landmarks.
struct AngleMeasurement
{
    std::string name; ///< "SS", "PI", "PT", "LL", or any other of 16 characters at most
    double degrees = 0;
};

struct MeasurementReport
{
    std::string description = "Measurements"; ///< of the series that holds the report
    std::string observer;                     ///< person, as DICOM writes names ("Doe^Jane"); empty: the program
    std::vector<LesionMeasurement> lesions;
    LandmarkSet landmarks; ///< absent ones are left out
    std::vector<AngleMeasurement> angles;
    std::filesystem::path segmentation; ///< the DICOM SEG that the lesions' segments are in; empty: none
};

/// Writes a Comprehensive 3D SR by template TID 1500 about `source`: a measurement group for each lesion (TID 1411 when
/// it has a segment, else TID 1501), each landmark (TID 1410, a point: in patient millimetres where the images have a
/// frame of reference, else in pixels of the image it lies on) and all angles together (TID 1501). Angles have codes of
/// the private scheme 99CONSILIUM, whose value is the name. Errors: Invalid (nothing to report, a name that is empty or
/// too long, a value that is not finite, a landmark off the images, a segment without a segmentation); NotFound and
/// others of DicomFile::open; Io.
Result<> writeMeasurementReport(const std::filesystem::path &file, const MeasurementReport &report,
                                const Series &source);

} // namespace consilium::imaging::dicom
