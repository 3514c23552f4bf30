// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>

namespace consilium::imaging::dicom {

/// What a DICOM file says it is.
struct FileSummary
{
    std::string sopClassUid, sopClass; ///< "MR Image Storage"; the UID again where the standard's names lack it
    std::string modality;              ///< "MR", "SEG", "RTSTRUCT"
    std::string studyUid, seriesUid, frameOfReferenceUid;
};

/// Errors: as DicomFile::open.
Result<FileSummary> summarise(const std::filesystem::path &file);

/// "JPEG 2000 Lossless Only"; the UID again when it has no name.
std::string uidName(const std::string &uid);

/// True when the first bytes are those of a DICOM file with its preamble: quick, for telling kinds apart.
bool looksLikeDicom(const std::filesystem::path &file);

/// True when the file, or any file below the folder, looks like DICOM.
bool holdsDicom(const std::filesystem::path &path);

} // namespace consilium::imaging::dicom
