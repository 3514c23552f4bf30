// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/plan.h"
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

/// How a dataset is looked at.
struct DatasetInspection
{
    std::string task; ///< preset that says what spacing is expected, and whether brains are; empty: nothing is
    bool commonSpacing = false; ///< the spacing that nine of ten cases have is expected of all, whatever the task's
    std::uint64_t seed = Plan().seed; ///< of the splits: a plan's own says who trains and who tests in its study
    bool quality = true;              ///< false: headers alone, no voxel is read
    bool events = false;              ///< tells each thing as an event on standard output when it is known
};

/// A dataset: every case with its patient and split, and its quality. Errors: as openDataset; Cancelled.
Result<InspectReport> inspectDataset(const std::filesystem::path &folder, const DatasetInspection &inspection);

} // namespace consilium::node
