// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// The key that turns identities into pseudonyms: who has it can link, nobody else. 32 bytes, kept by the site in a
/// file of its own (mode 0600), made when missing.
class PseudonymKey
{
public:
    /// Errors: Io; Malformed (a file that is no key).
    static Result<PseudonymKey> open(const std::filesystem::path &file);
    static PseudonymKey fromBytes(std::string bytes);

    /// "C-" and 10 letters or digits: HMAC-SHA-256 of the patient ID (and issuer), base 32.
    std::string patient(const std::string &patientId) const;
    /// Whole days, from -3650 to -1, the same for all data of one patient, so that intervals stay.
    int dateShift(const std::string &patientId) const;
    /// A UID below 2.25 (ISO/IEC 9834-8), the same for the same input.
    std::string uid(const std::string &original) const;

private:
    std::string m_bytes;
};

/// What was done to one tree of files.
struct DeidentifyReport
{
    std::size_t files = 0, patients = 0;
    std::vector<std::string>
        warnings; ///< burned-in annotation suspected, files skipped and why; no identity in the text
    Json json;    ///< per tag: how often removed, replaced, kept; per warning the output file
};

struct DeidentifyOptions
{
    int threads = 0;
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< false cancels
};

/// Writes a de-identified copy of every DICOM file below `in` to the new folder `out`, by the Basic Application Level
/// Confidentiality Profile with the options Retain Longitudinal Temporal Information with Modified Dates and Clean
/// Descriptors, and says so in the files (0012,0062 to 0012,0064). Files are renamed:
/// PSEUDONYM/study-N/series-N/IMG-N.dcm. Private elements go, save a short list known to be safe. Files that are no
/// DICOM are not copied. Nothing is left in `out` when it fails. Source: DICOM PS3.15 2023, annex E, table E.1-1.
/// Errors: NotFound; Invalid (`out` is not empty, no DICOM file); Io; Cancelled.
Result<DeidentifyReport> deidentify(const std::filesystem::path &in, const std::filesystem::path &out,
                                    const PseudonymKey &key, const DeidentifyOptions &options = {});

/// The identifying elements still present in a file, one line each ("PatientName (0010,0010)"), values not shown; for
/// `inspect`. Errors: as DicomFile::open.
Result<std::vector<std::string>> identifyingTags(const std::filesystem::path &file);

} // namespace consilium::imaging::dicom
