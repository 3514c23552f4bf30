// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/dicom/deidentify.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

class DcmItem;

namespace consilium::imaging::dicom {

/// What tells the patient from others, for pseudonyms only: the ID and its issuer, else name and birth date, else the
/// study. The same for all files of one study that name one patient.
std::string patientIdentity(DcmItem &dataset);

/// What a file's header says that matters for de-identifying it.
struct InputFile
{
    enum class Kind { NotDicom, Directory, Refused, Object };

    std::filesystem::path file;
    Kind kind = Kind::NotDicom;
    std::string reason;     ///< of a refusal; without identity
    std::string reasonFull; ///< the same for the operator's eyes

    std::string patient; ///< patientIdentity
    bool hasPatientId = true;
    std::string studyDate, studyTime, studyUid;
    long seriesNumber = 0;
    std::string seriesUid;
    long instanceNumber = 0;
    std::string sopUid;

    std::string modality;
    bool burnedIn = false, perhapsBurnedIn = false, perhapsFace = false, overlayInPixels = false,
         overlayRemoved = false;

    auto order() const
    {
        return std::tie(patient, studyDate, studyTime, studyUid, seriesNumber, seriesUid, instanceNumber, sopUid, file);
    }
};

/// Every file below `in`, in the order of paths, its header read. Never fails for a single file. `step` is called after
/// each; false cancels. Errors: NotFound; Io; Cancelled.
Result<std::vector<InputFile>> surveyInput(const std::filesystem::path &in, int threads,
                                           const std::function<bool(std::size_t total)> &step);

} // namespace consilium::imaging::dicom
