// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/phantom/phantom.h"

#include <filesystem>
#include <string>

namespace consilium::tasks {

/// Writes one phantom as a scanner and a reader would leave it: `folder`/CHANNEL/IMG-0001.dcm and on, and beside the
/// channels the reference: labels.nii.gz and labels.dcm (DICOM SEG), or landmarks.mrk.json, in the millimetres in which
/// the DICOM image is read (a radiograph has no place in the patient, so its own differ from the phantom's).
///
/// The patient is invented, and says so: name, ID and birth date follow from `caseId`. `uidSeed` names the study.
/// Errors: Io; Invalid.
Result<> writePhantomDicom(const std::filesystem::path &folder, const std::string &caseId, const std::string &uidSeed,
                           const imaging::PhantomCase &phantom);

} // namespace consilium::tasks
