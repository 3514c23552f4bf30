// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/input_survey.h"

#include "core/parallel.h"
#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/files_below.h"
#include "imaging/dicom/imaging_vocabulary.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <algorithm>
#include <array>
#include <set>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view structuredReports = "1.2.840.10008.5.1.4.1.1.88.";
constexpr std::string_view encapsulatedDocuments = "1.2.840.10008.5.1.4.1.1.104.";
constexpr std::string_view standardRoot = "1.2.840.10008.";

std::string sopClass(DicomFile &file)
{
    auto uid = text(file.dataset(), DCM_SOPClassUID);
    if (uid.empty())
        uid = text(*file.format().getMetaInfo(), DCM_MediaStorageSOPClassUID);
    return uid == UID_PrivateGenericFileSOPClass ? "" : uid; // what DCMTK writes for a class that is missing
}

/// Why a file's content cannot be cleaned with certainty; empty when it can.
std::string refusal(DicomFile &file)
{
    auto &dataset = file.dataset();
    const auto uid = sopClass(file);
    if (uid.starts_with(structuredReports) || dataset.tagExists(DCM_ContentSequence))
        return "a structured report, whose text cannot be cleaned with certainty";
    if (uid.starts_with(encapsulatedDocuments) || dataset.tagExists(DCM_EncapsulatedDocument))
        return "an encapsulated document, whose text cannot be cleaned with certainty";
    if (!uid.empty() && !uid.starts_with(standardRoot))
        return "an object of a private class, whose content nobody knows";
    if (DcmXfer(file.transferSyntax().c_str()).getXfer() == EXS_Unknown)
        return "in a transfer syntax that cannot be written";
    return {};
}

bool isOneOf(std::string_view value, std::initializer_list<std::string_view> list)
{
    return std::ranges::find(list, value) != list.end();
}

bool holdsHeadWord(std::string_view text)
{
    static const std::array words{"head",   "brain", "skull", "face",  "orbit",    "sinus",    "flair",
                                  "mprage", "neck",  "cereb", "crani", "temporal", "pituitary"};
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::ranges::any_of(words, [&](const char *word) { return lower.find(word) != std::string::npos; });
}

void notePixels(DicomFile &file, InputFile &input)
{
    auto &dataset = file.dataset();
    const auto burnedIn = text(dataset, DCM_BurnedInAnnotation);
    const auto imageType = text(dataset, DCM_ImageType);
    const bool isCapture = sopClass(file).starts_with(UID_SecondaryCaptureImageStorage) ||
                           imageType.find("SCREEN") != std::string::npos || dataset.tagExists(DCM_ConversionType);
    // Modalities whose pixels carry names and numbers in practice; CR and DX for what is typed on the cassette.
    const bool isProne = isOneOf(input.modality, {"US", "IVUS", "SC", "XC", "OT", "ES", "GM", "OP", "RF", "XA", "CR",
                                                  "DX", "DG", "DOC", "IO", "PX", "OPT", "HC", "SM"});
    input.burnedIn = burnedIn == "YES";
    input.perhapsBurnedIn = burnedIn.empty() && dataset.tagExists(DCM_Rows) && (isProne || isCapture);
    const bool isVolume = isOneOf(input.modality, {"MR", "CT", "PT"});
    input.perhapsFace =
        text(dataset, DCM_RecognizableVisualFeatures) == "YES" ||
        (isVolume && text(dataset, DCM_RecognizableVisualFeatures).empty() &&
         holdsHeadWord(text(dataset, DCM_BodyPartExamined) + ' ' + text(dataset, DCM_StudyDescription) + ' ' +
                       text(dataset, DCM_SeriesDescription) + ' ' + text(dataset, DCM_ProtocolName)));
    for (Uint16 group = 0x6000; group <= 0x601E; group += 2) {
        const bool hasData = dataset.tagExists(DcmTagKey(group, 0x3000));
        input.overlayRemoved = input.overlayRemoved || hasData;
        input.overlayInPixels = input.overlayInPixels || (!hasData && number(dataset, DcmTagKey(group, 0x0102), 0) > 0);
    }
}

InputFile surveyed(const fs::path &path)
{
    InputFile input;
    input.file = path;
    auto file = DicomFile::open(path, Depth::Header);
    if (!file) {
        if (file.error().code == ErrorCode::Unsupported)
            return input;
        input.kind = InputFile::Kind::Refused;
        input.reason = file.error().code == ErrorCode::Malformed ? "damaged" : "not to be read";
        input.reasonFull = file.error().message;
        return input;
    }
    auto &dataset = file->dataset();
    if (sopClass(*file) == UID_MediaStorageDirectoryStorage || dataset.tagExists(DCM_DirectoryRecordSequence)) {
        input.kind = InputFile::Kind::Directory;
        return input;
    }
    input.reason = input.reasonFull = refusal(*file);
    input.kind = input.reason.empty() ? InputFile::Kind::Object : InputFile::Kind::Refused;
    input.studyDate = text(dataset, DCM_StudyDate);
    input.studyTime = text(dataset, DCM_StudyTime);
    input.studyUid = text(dataset, DCM_StudyInstanceUID);
    input.seriesNumber = static_cast<long>(number(dataset, DCM_SeriesNumber, 0));
    input.seriesUid = text(dataset, DCM_SeriesInstanceUID);
    input.instanceNumber = static_cast<long>(number(dataset, DCM_InstanceNumber, 0));
    input.sopUid = text(dataset, DCM_SOPInstanceUID);
    const auto modality = text(dataset, DCM_Modality);
    input.modality = modality.size() <= 4 ? modality : "";
    input.hasPatientId = !text(dataset, DCM_PatientID).empty();
    input.patient = patientIdentity(dataset);
    notePixels(*file, input);
    return input;
}

} // namespace

std::string patientIdentity(DcmItem &dataset)
{
    // A backslash separates values, so it is in no ID: what is put together here equals no other patient's ID.
    const auto id = text(dataset, DCM_PatientID), issuer = text(dataset, DCM_IssuerOfPatientID);
    const auto name = text(dataset, DCM_PatientName);
    if (!id.empty())
        return issuer.empty() ? id : id + "\\" + issuer;
    if (!name.empty())
        return "\\" + name + "\\" + text(dataset, DCM_PatientBirthDate);
    return "\\\\" + text(dataset, DCM_StudyInstanceUID);
}

Result<std::vector<InputFile>> surveyInput(const fs::path &in, int threads,
                                           const std::function<bool(std::size_t)> &step)
{
    const auto files = filesBelow(in);
    if (!files)
        return fail(files.error());
    std::vector<InputFile> inputs(files->size());
    const auto done = forEachIndex(files->size(), threads, [&](std::size_t index) -> Result<> {
        inputs[index] = surveyed((*files)[index]);
        if (!step(files->size()))
            return fail(ErrorCode::Cancelled, "De-identification was stopped");
        return {};
    });
    if (!done)
        return fail(done.error());
    return inputs;
}

} // namespace consilium::imaging::dicom
