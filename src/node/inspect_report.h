// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/quality/quality.h"

#include <filesystem>
#include <vector>

namespace consilium::node {

/// What `inspect` says of one thing: the JSON document, and the same for people.
struct InspectReport
{
    Json json;
    std::string text;
};

/// Size, spacing, origin, direction and orientation of a grid, as every report has them.
Json gridJson(const imaging::Geometry &geometry);
std::string gridText(const imaging::Geometry &geometry, const std::string &placedBy);

Json rangeJson(const imaging::ValueRange &range);
std::string rangeText(const imaging::ValueRange &range);

/// "  quality      warn: spacing 1.4 mm, expected 1.0 mm within 0.1", or "pass".
std::string qualityText(const imaging::QualityReport &report);

/// A NIfTI, NRRD, MetaImage, PNG, JPEG or TIFF file. Errors: as readImage.
Result<InspectReport> inspectImage(const std::filesystem::path &file);

/// A DICOM file, DICOMDIR or folder tree: one report a series, and one for each object that is no image (segmentations,
/// plans, reports). Errors: as scanSeries; Invalid (nothing of DICOM there).
Result<std::vector<InspectReport>> inspectDicom(const std::filesystem::path &path);

/// A dataset with the quality of every case. Errors: as openDataset; Cancelled.
Result<InspectReport> inspectDataset(const std::filesystem::path &folder, imaging::QualityLimits limits);

} // namespace consilium::node
