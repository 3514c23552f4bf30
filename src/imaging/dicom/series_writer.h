// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace consilium::imaging::dicom {

/// What a written series says of itself, for phantoms and tests. UIDs are derived from `uidSeed`, so the same
/// arguments give the same files.
struct SeriesDescription
{
    std::string patientId = "PHANTOM", patientName = "Phantom^Synthetic", description, modality = "MR";
    std::string patientPosition = "HFS"; ///< HFS, FFS, HFDR, FFP, ...
    std::string studyDate = "20260101", seriesNumber = "1", protocol, manufacturer = "Consilium";
    std::string uidSeed;     ///< names the study and the series; the series UID depends on description too
    bool projection = false; ///< a 2D radiograph (DX) in place of slices
    std::string patientOrientation = "A\\F"; ///< of a radiograph: where rows and columns run (PS3.3 C.7.6.1.1.1)
    bool enhanced = false;                   ///< one enhanced multi-frame MR file in place of one file a slice
    std::string patientBirthDate;            ///< YYYYMMDD; empty: unknown
};

/// Writes the volume as one DICOM file a slice, IMG-0001.dcm and on along k (explicit VR little endian, 16-bit, rescale
/// chosen so that whole numbers stay exact) into `folder`. Values must be finite, directions at right angles. A
/// radiograph has one slice, and no place in the patient: its millimetres are calibrated Pixel Spacing.
/// Errors: Io; Invalid.
Result<> writeSeries(const std::filesystem::path &folder, const Volume &volume, const SeriesDescription &description);

} // namespace consilium::imaging::dicom
