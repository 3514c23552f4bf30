// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/series.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace consilium::imaging::dicom {

/// Writes a picture of the review (8-bit RGB, interleaved, rows from the top; width x height x 3 bytes) as a Secondary
/// Capture of the patient and study of `source`. Errors: Invalid (the pixels do not fit the size, or the size DICOM);
/// those of DicomFile::open for the source; Io.
Result<> writeSecondaryCapture(const std::filesystem::path &file, std::span<const std::uint8_t> rgb, int width,
                               int height, const Series &source, const std::string &description);

} // namespace consilium::imaging::dicom
