// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <filesystem>
#include <string>

namespace consilium::imaging {

/// What a NIfTI file's header says, for `inspect`.
struct NiftiHeader
{
    Geometry geometry;
    int dimensions = 3; ///< 3 or 4
    int frames = 1;
    std::string componentType; ///< "uint8", "int16", "float32", ...
    std::string transform;     ///< which transform places it: "sform", "qform" or "none"
};

/// Reads one NIfTI-1 or NIfTI-2 file (.nii, .nii.gz) into patient LPS millimetres. sform before qform, as the NIfTI-1
/// standard orders them; voxel values are scaled by scl_slope and scl_inter. A 4D file yields its first volume.
/// A sheared sform, which no grid of unit axes can hold, is straightened to the nearest rotation.
/// Errors: NotFound; Malformed (truncated data, impossible dimensions, singular affine); Unsupported (complex or RGB
/// data).
Result<Volume> readNifti(const std::filesystem::path &file);

/// As readNifti, for segmentations. Errors besides: Invalid (a value that is not a whole number from 0 to 255).
Result<LabelMap> readLabels(const std::filesystem::path &file);

Result<NiftiHeader> readNiftiHeader(const std::filesystem::path &file);

/// Writes .nii or .nii.gz atomically, float32 or uint8, sform and qform both set. Errors: Io.
Result<> writeNifti(const std::filesystem::path &file, const Volume &volume);
Result<> writeLabels(const std::filesystem::path &file, const LabelMap &labels);

/// True for names that end in .nii or .nii.gz, whatever the case.
bool isNiftiName(const std::filesystem::path &file);

} // namespace consilium::imaging
