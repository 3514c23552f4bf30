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
    int dimensions = 3;        ///< 3 to 7, as the file counts them
    int frames = 1;            ///< volumes in the file: the lengths of dimensions 4 to 7 multiplied
    std::string componentType; ///< "uint8", "int16", "float32", ...
    std::string transform;     ///< which transform places it: "sform", "qform" or "none"
    double shear = 0; ///< degrees by which the sform's axes miss right angles; the geometry has them straightened
};

/// Reads one NIfTI-1 or NIfTI-2 file (.nii, .nii.gz, or either file of a .hdr/.img pair) into patient LPS millimetres.
/// sform before qform, as the NIfTI-1 standard orders them; voxel values are scaled by scl_slope and scl_inter. Of a 4D
/// or 5D file the volume `frame`, counted from 0 in the order of the file. A sheared sform, which no grid of unit axes
/// can hold, is straightened to the nearest rotation.
/// Errors: NotFound (the other file of a pair too); Malformed (truncated data, impossible dimensions, singular affine);
/// Unsupported (complex or RGB data, ANALYZE 7.5); Invalid (no such frame).
Result<Volume> readNifti(const std::filesystem::path &file, int frame = 0);

/// As readNifti, for segmentations. Errors besides: Invalid (a value that is not a whole number from 0 to 255).
Result<LabelMap> readLabels(const std::filesystem::path &file);

Result<NiftiHeader> readNiftiHeader(const std::filesystem::path &file);

/// Writes .nii or .nii.gz atomically, float32 or uint8, sform and qform both set. Errors: Io.
Result<> writeNifti(const std::filesystem::path &file, const Volume &volume);
Result<> writeLabels(const std::filesystem::path &file, const LabelMap &labels);

/// True for names that end in .nii, .nii.gz, .hdr or .hdr.gz, whatever the case: a .hdr/.img pair counts once.
bool isNiftiName(const std::filesystem::path &file);

} // namespace consilium::imaging
