// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <filesystem>

namespace consilium::imaging {

/// What a file is, told by its name for NIfTI and research formats and by its first bytes for DICOM, whose names mean
/// nothing.
enum class FileKind { Nifti, Research, Dicom, Other };
FileKind kindOf(const std::filesystem::path &file);

/// True for names of NIfTI and research formats, for listing a folder without opening its files.
bool isImageName(const std::filesystem::path &file);

/// False for what does not say where the patient's left is: pictures, and NIfTI files without sform and qform. For
/// DICOM, Series::isPlaced tells.
bool isPlaced(const std::filesystem::path &file);

/// Reads one image of any kind into patient LPS millimetres; of a DICOM file its one series (enhanced, mosaic, X-ray or
/// a single slice). Errors: as readNifti, readResearchFormat and loadSeries; Unsupported (none of these kinds).
Result<Volume> readImage(const std::filesystem::path &file);

/// Reads a segmentation of any kind: label images, and DICOM SEG and RTSTRUCT merged into one map (the higher number
/// stands where segments overlap). `grid` is the image it belongs to: SEG frames are put there by patient position when
/// they lie on it, and an RTSTRUCT needs it. Errors: as readLabels, readResearchLabels, readSegmentation and
/// readStructureSet; Invalid (an RTSTRUCT without grid).
Result<LabelMap> readLabelImage(const std::filesystem::path &file, const Geometry *grid = nullptr);

} // namespace consilium::imaging
