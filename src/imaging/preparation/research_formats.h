// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <filesystem>

namespace consilium::imaging {

/// True for names of NRRD, MetaImage, PNG, JPEG and TIFF files, whatever the case.
bool isResearchFormatName(const std::filesystem::path &file);

/// True for PNG, JPEG and TIFF, which know no patient.
bool isPictureName(const std::filesystem::path &file);

/// Reads NRRD (.nrrd, .nhdr) and MetaImage (.mha, .mhd) into patient LPS millimetres, and PNG, JPEG and TIFF as
/// uncalibrated 2D images (1 mm a pixel; colour as luminance). Of 4D files the first volume. Errors: NotFound;
/// Malformed (truncated, or its data file missing); Unsupported.
Result<Volume> readResearchFormat(const std::filesystem::path &file);
/// As readResearchFormat, for segmentations. Errors besides: Invalid (a value that is not a whole number from 0 to
/// 255).
Result<LabelMap> readResearchLabels(const std::filesystem::path &file);

/// Writes NRRD by the ending of the name, gzip-compressed, atomically. Errors: Io; Unsupported.
Result<> writeNrrd(const std::filesystem::path &file, const LabelMap &labels);

} // namespace consilium::imaging
