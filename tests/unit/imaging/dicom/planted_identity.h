// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcvrlo.h>
#include <dcmtk/dcmdata/dcvrobow.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// A made-up patient with all 18 identifiers of 45 CFR 164.514(b)(2)(i), planted wherever a DICOM file can carry them.
namespace consilium::test {

inline const std::string familyName = "Quagmire", givenName = "Wilhelmina", patientId = "MRN-88412097";

/// In the order of the regulation; names and addresses by the words that must not be left.
inline const std::vector<std::string> plantedIdentifiers{
    familyName,                          // (A) names: the patient,
    givenName,                           //
    "Throckmorton",                      //     a relative,
    "Zimbalist",                         //     a physician
    "Larkspur Terrace",                  // (B) geographic subdivisions
    "Ebbwater",                          //
    "QX7 4TT",                           //
    "19310417",                          // (C) dates: birth,
    "17/04/1931",                        //
    "20120229",                          //     study,
    "20120227",                          //     admission
    "01632960437",                       // (D) telephone
    "+44 1632 960438",                   // (E) fax
    "w.quagmire@ebbmail.example",        // (F) e-mail
    "078-05-1120",                       // (G) social security number
    patientId,                           // (H) medical record number
    "HPB-55-90871",                      // (I) health plan number
    "ACC7719034",                        // (J) account number
    "LIC-GB-443871",                     // (K) certificate or licence
    "VX19 KQP",                          // (L) vehicle
    "SN-MAG-20418-B",                    // (M) device serial number
    "https://portal.ebbwater.example/p", // (N) URL
    "203.0.113.77",                      // (O) IP address
    "FINGERPRINT-7f3a91",                // (P) biometric
    "fullface_portrait.jpg",             // (Q) full-face photograph
    "STUDYCODE-ZQ-19"                    // (R) any other unique number
};

inline std::string everyIdentifier()
{
    std::string all = "AX T2 ";
    for (const auto &identifier : plantedIdentifiers)
        all += identifier + "; ";
    return all;
}

inline std::string wide(const std::string &text, bool littleEndian)
{
    std::string bytes;
    for (const char letter : text) {
        bytes += littleEndian ? letter : '\0';
        bytes += littleEndian ? '\0' : letter;
    }
    return bytes;
}

inline std::string swappedPairs(std::string text)
{
    if (text.size() % 2)
        text += ' ';
    for (std::size_t i = 0; i < text.size(); i += 2)
        std::swap(text[i], text[i + 1]);
    return text;
}

inline std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
    return text;
}

/// The ways in which an identifier may stand in bytes, in lower case.
inline std::vector<std::string> writings(const std::string &identifier)
{
    const auto lower = lowered(identifier);
    auto pairs = swappedPairs(lower), oddPairs = swappedPairs(lower.substr(1));
    if (lower.size() % 2)
        pairs.resize(lower.size() - 1); // the last pair is half somebody else's
    else
        oddPairs.resize(lower.size() - 2);
    return {lower, wide(lower, true), wide(lower, false), pairs, oddPairs};
}

inline std::string bytesOf(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Every file below `folder`, sorted.
inline std::vector<std::filesystem::path> filesBelow(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// "identifier in file" for each that is in the bytes or the path of a file below `folder`.
inline std::vector<std::string> leaks(const std::filesystem::path &folder, const std::vector<std::string> &identifiers)
{
    std::vector<std::string> found;
    for (const auto &file : filesBelow(folder)) {
        const auto content = lowered(bytesOf(file)) + '\n' + lowered(file.lexically_relative(folder).generic_string());
        for (const auto &identifier : identifiers) {
            for (const auto &writing : writings(identifier)) {
                if (content.find(writing) != std::string::npos)
                    found.push_back(identifier + " in " + file.filename().string());
            }
        }
    }
    return found;
}

inline void putBytes(DcmItem &item, const DcmTag &tag, std::string bytes)
{
    if (bytes.size() % 2)
        bytes += ' ';
    auto *element = new DcmOtherByteOtherWord(tag);
    element->putUint8Array(reinterpret_cast<const Uint8 *>(bytes.data()), static_cast<unsigned long>(bytes.size()));
    item.insert(element, OFTrue);
}

inline void putText(DcmItem &item, const DcmTag &tag, const std::string &text)
{
    item.putAndInsertString(tag, text.c_str());
}

/// Patient, institution, physicians and the rest where the standard has a place for them.
inline void plantInStandardTags(DcmItem &dataset)
{
    putText(dataset, DCM_PatientName, familyName + "^" + givenName);
    putText(dataset, DCM_PatientID, patientId);
    putText(dataset, DCM_PatientBirthDate, "19310417");
    putText(dataset, DCM_PatientAge, "093Y");
    putText(dataset, DCM_OtherPatientNames, "Throckmorton^" + givenName);
    putText(dataset, DCM_PatientMotherBirthName, "Throckmorton");
    putText(dataset, DCM_RETIRED_OtherPatientIDs, "078-05-1120\\STUDYCODE-ZQ-19");
    putText(dataset, DCM_PatientAddress, "12 Larkspur Terrace, Ebbwater QX7 4TT");
    putText(dataset, DCM_PatientTelephoneNumbers, "01632960437");
    putText(dataset, DCM_RETIRED_InsurancePlanIdentification, "HPB-55-90871");
    putText(dataset, DCM_RETIRED_MedicalRecordLocator, "ACC7719034");
    putText(dataset, DCM_PatientComments, everyIdentifier());
    putText(dataset, DCM_InstitutionName, "Ebbwater Infirmary");
    putText(dataset, DCM_InstitutionAddress, "Larkspur Terrace, Ebbwater");
    putText(dataset, DCM_ReferringPhysicianName, "Zimbalist^Ephraim");
    putText(dataset, DCM_OperatorsName, "Zimbalist^Ephraim");
    putText(dataset, DCM_AccessionNumber, "ACC7719034");
    putText(dataset, DCM_StudyID, "88412097");
    putText(dataset, DCM_DeviceSerialNumber, "SN-MAG-20418-B");
    putText(dataset, DCM_StationName, "203.0.113.77");
    putText(dataset, DCM_AdmissionID, "LIC-GB-443871");
    putText(dataset, DCM_AdmittingDate, "20120227");
    putText(dataset, DCM_RetrieveURL, "https://portal.ebbwater.example/p");
    putText(dataset, DCM_TimezoneOffsetFromUTC, "+0100");
}

/// Where it does not belong: free text, equipment names, codes, numbers and dates as text.
inline void plantInWrongTags(DcmItem &dataset)
{
    const auto all = everyIdentifier();
    putText(dataset, DCM_ImageComments, all);
    putText(dataset, DCM_StudyDescription, "AX T2 BRAIN " + familyName + " 01632960437");
    putText(dataset, DCM_SeriesDescription, "FLAIR 17/04/1931 VX19 KQP");
    putText(dataset, DCM_ProtocolName, "MRI w.quagmire@ebbmail.example");
    putText(dataset, DCM_DerivationDescription, all);
    putText(dataset, DCM_ManufacturerModelName, "Avanto of Ebbwater");
    putText(dataset, DCM_SoftwareVersions, "for " + familyName);
    putText(dataset, DCM_BodyPartExamined, "QUAGMIRE");
    putText(dataset, DCM_ProcessingFunction, "FINGERPRINT-7f3a91 fullface_portrait.jpg");
    putText(dataset, DCM_WindowCenterWidthExplanation, givenName);
    putText(dataset, DCM_SequenceName, "078-05-1120");
    putText(dataset, DCM_RequestedProcedureDescription, familyName + " BRAIN 078-05-1120");
    putText(dataset, DcmTag(0x6000, 0x4000, EVR_LT), all);
    putText(dataset, DcmTag(0x5000, 0x0022, EVR_LO), familyName);
    putBytes(dataset, DcmTag(0x6000, 0x3000, EVR_OB), all);
    putBytes(dataset, DcmTag(0xFFFC, 0xFFFC, EVR_OB), all);
    putBytes(dataset, DcmTag(DCM_ICCProfile, EVR_OB), "profile " + wide(familyName + givenName, true));
}

/// In items of sequences, three deep.
inline void plantInSequences(DcmItem &dataset)
{
    DcmItem *item = nullptr;
    const auto all = everyIdentifier();
    if (dataset.findOrCreateSequenceItem(DCM_RequestAttributesSequence, item).good()) {
        putText(*item, DCM_RequestedProcedureID, "STUDYCODE-ZQ-19");
        putText(*item, DCM_ReasonForTheRequestedProcedure, all.substr(0, 64));
    }
    if (dataset.findOrCreateSequenceItem(DCM_ProcedureCodeSequence, item).good()) {
        putText(*item, DCM_CodeValue, "LIC-GB-443871");
        putText(*item, DCM_CodingSchemeDesignator, "99EBBWATER");
        putText(*item, DCM_CodeMeaning, "BRAIN of " + familyName);
    }
    for (const auto &sequence :
         {DCM_DerivationCodeSequence, DCM_PurposeOfReferenceCodeSequence, DCM_ViewCodeSequence}) {
        DcmItem &parent = item ? *item : dataset;
        if (parent.findOrCreateSequenceItem(sequence, item).bad())
            return;
        putText(*item, DCM_ReferringPhysicianName, "Zimbalist^Ephraim");
        putText(*item, DCM_ImageComments, all);
        putText(*item, DcmTag(0x0009, 0x0010, EVR_LO), "EBBWATER PACS");
        putText(*item, DcmTag(0x0009, 0x1001, EVR_LT), all);
    }
}

/// In private elements: of unknown creators, and next to safe ones of a vendor.
inline void plantInPrivateTags(DcmItem &dataset)
{
    const auto all = everyIdentifier();
    putText(dataset, DcmTag(0x0019, 0x0042, EVR_LO), "SIEMENS MR HEADER");
    putText(dataset, DcmTag(0x0019, 0x420C, EVR_IS), "1000");
    putText(dataset, DcmTag(0x0019, 0x420D, EVR_CS), "QUAGMIRE");
    putText(dataset, DcmTag(0x0019, 0x4208, EVR_LT), all);
    putText(dataset, DcmTag(0x0029, 0x0010, EVR_LO), "SIEMENS CSA HEADER");
    putBytes(dataset, DcmTag(0x0029, 0x1010, EVR_OB), all);
    putText(dataset, DcmTag(0x0033, 0x0010, EVR_LO), familyName);
    putBytes(dataset, DcmTag(0x0033, 0x1002, EVR_UN), wide(all, false));
    // Unknown elements of standard groups, in text, in 16 bits a letter, in pairs turned over.
    putBytes(dataset, DcmTag(0x0010, 0x4321, EVR_UN), all);
    putBytes(dataset, DcmTag(0x0018, 0x9FF2, EVR_UN), wide(all, true));
    putBytes(dataset, DcmTag(0x0040, 0x9FF4, EVR_OB), swappedPairs(all));
}

/// A copy of `source` with everything planted, written to `target`, its folders made.
inline bool plant(const std::filesystem::path &source, const std::filesystem::path &target,
                  const std::string &studyDate = "20120229")
{
    using namespace imaging::dicom;
    auto file = DicomFile::open(source, Depth::Whole);
    if (!file)
        return false;
    auto &dataset = file->dataset();
    dataset.loadAllDataIntoMemory();
    plantInStandardTags(dataset);
    plantInWrongTags(dataset);
    plantInSequences(dataset);
    plantInPrivateTags(dataset);
    for (const auto &tag : {DCM_StudyDate, DCM_SeriesDate, DCM_AcquisitionDate, DCM_ContentDate})
        putText(dataset, tag, studyDate);
    putText(dataset, DCM_AcquisitionDateTime, studyDate + "101530.25+0100");
    auto &meta = *file->format().getMetaInfo();
    putText(meta, DCM_SourceApplicationEntityTitle, "EBBWATER_MR1");
    putText(meta, DCM_PrivateInformationCreatorUID, "1.2.3.4");
    putBytes(meta, DcmTag(DCM_PrivateInformation, EVR_OB), everyIdentifier());
    std::filesystem::create_directories(target.parent_path());
    const auto syntax = DcmXfer(file->transferSyntax().c_str()).getXfer();
    if (file->format()
            .saveFile(target.c_str(), syntax, EET_ExplicitLength, EGL_recalcGL, EPD_noChange, 0, 0, EWM_updateMeta)
            .bad())
        return false;
    std::fstream out(target, std::ios::binary | std::ios::in | std::ios::out);
    out.write((familyName + " " + givenName + " 078-05-1120").c_str(), 34);
    return out.good();
}

} // namespace consilium::test
