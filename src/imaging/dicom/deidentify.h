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

/// A file of the input that is not in the output, and why. The path may name the patient: for the eyes of whoever may
/// see the input, never for a file that leaves.
struct RefusedFile
{
    std::filesystem::path file;
    std::string reason;
};

/// What was done to one tree of files.
struct DeidentifyReport
{
    std::size_t files = 0, patients = 0;
    std::vector<RefusedFile> refused;
    std::vector<std::string>
        warnings; ///< burned-in annotation suspected, files skipped and why; no identity in the text
    Json json;    ///< also in out/deidentification.json: per tag how often removed, replaced, kept; per warning the
                  ///< output file
};

struct DeidentifyOptions
{
    int threads = 0;
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< false cancels
};

/// Writes a de-identified copy of every DICOM file below `in` to the new folder `out`, by the Basic Application Level
/// Confidentiality Profile with the options Retain Longitudinal Temporal Information with Modified Dates and Clean
/// Descriptors, and says so in the files (0012,0062 to 0012,0064). Files are renamed:
/// PSEUDONYM/study-N/series-N/IMG-N.dcm. Private elements go, save a short list known to be safe. The transfer syntax
/// and the bytes of the pixel data stay. Not copied: files that are no DICOM, DICOMDIRs, and objects whose content is
/// text that cannot be cleaned with certainty (structured reports, encapsulated documents, private classes); each of
/// the last is a warning. Work goes on in `out`.partial, renamed at the end: nothing is left when it fails.
/// Source: DICOM PS3.15 2023, annex E, table E.1-1.
/// Errors: NotFound; Invalid (`out` is not empty or lies inside `in`, no DICOM file that may be copied); Busy
/// (`out`.partial is there); Io; Cancelled.
Result<DeidentifyReport> deidentify(const std::filesystem::path &in, const std::filesystem::path &out,
                                    const PseudonymKey &key, const DeidentifyOptions &options = {});

/// The identifying elements still present in a file, one line each ("PatientName (0010,0010)"), values not shown; for
/// `inspect`. Errors: as DicomFile::open.
Result<std::vector<std::string>> identifyingTags(const std::filesystem::path &file);

} // namespace consilium::imaging::dicom
