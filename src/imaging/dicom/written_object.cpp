// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/written_object.h"

#include "core/file.h"
#include "core/hash.h"
#include "imaging/dicom/derived_uid.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/ofstd/ofdate.h>
#include <dcmtk/ofstd/oftime.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

namespace consilium::imaging::dicom {
namespace {

/// Type 2 attributes are there even when nothing is known; the others only when the source has them.
struct TakenOver
{
    DcmTagKey tag;
    bool always;
};

const std::array<TakenOver, 20> patientAndStudy{{{DCM_PatientName, true},
                                                 {DCM_PatientID, true},
                                                 {DCM_IssuerOfPatientID, false},
                                                 {DCM_PatientBirthDate, true},
                                                 {DCM_PatientSex, true},
                                                 {DCM_PatientAge, false},
                                                 {DCM_PatientSize, false},
                                                 {DCM_PatientWeight, false},
                                                 {DCM_PatientIdentityRemoved, false},
                                                 {DCM_DeidentificationMethod, false},
                                                 {DCM_StudyInstanceUID, true},
                                                 {DCM_StudyDate, true},
                                                 {DCM_StudyTime, true},
                                                 {DCM_StudyID, true},
                                                 {DCM_StudyDescription, false},
                                                 {DCM_AccessionNumber, true},
                                                 {DCM_ReferringPhysicianName, true},
                                                 {DCM_TimezoneOffsetFromUTC, false},
                                                 {DCM_ClinicalTrialSponsorName, false},
                                                 {DCM_ClinicalTrialProtocolID, false}}};

OFCondition put(DcmItem &item, const DcmTagKey &tag, const std::string &value)
{
    return item.putAndInsertString(tag, value.c_str());
}

std::string today()
{
    OFString text;
    OFDate::getCurrentDate().getISOFormattedDate(text, OFFalse);
    return text.c_str();
}

std::string now()
{
    OFString text;
    OFTime::getCurrentTime().getISOFormattedTime(text, OFTrue, OFFalse, OFFalse, OFFalse);
    return text.c_str();
}

} // namespace

Result<SourceImages> SourceImages::read(const Series &series)
{
    if (series.frames.empty() || series.frames.front().empty())
        return fail(ErrorCode::Invalid, "The series {} has no images to refer to", series.uid);
    std::map<std::filesystem::path, ImageReference> byFile;
    std::optional<DicomFile> first;
    SourceImages source{{}, {}, false};
    for (const auto &slice : series.frames.front()) {
        if (slice.file.empty()) {
            source.slices.emplace_back();
            continue;
        }
        auto known = byFile.find(slice.file);
        if (known == byFile.end()) {
            auto opened = DicomFile::open(slice.file, Depth::Header);
            if (!opened)
                return fail(opened.error());
            auto &header = opened->dataset();
            ImageReference reference{text(header, DCM_SOPClassUID), text(header, DCM_SOPInstanceUID), 0};
            if (reference.sopClass.empty() || reference.sopInstance.empty())
                return fail(ErrorCode::Malformed, "{} has no SOP Class or Instance UID, so nothing can refer to it",
                            slice.file.string());
            reference.frame = number(header, DCM_NumberOfFrames, 1) > 1 ? 1 : 0;
            known = byFile.emplace(slice.file, reference).first;
            if (!first)
                first = std::move(*opened);
        }
        auto reference = known->second;
        if (reference.frame > 0)
            reference.frame = slice.frame + 1;
        source.slices.push_back(reference);
    }
    if (!first)
        return fail(ErrorCode::Invalid, "The series {} has no images to refer to", series.uid);
    source.first = std::move(*first);
    auto &header = source.first.dataset();
    source.inPatientSpace =
        header.tagExists(DCM_ImagePositionPatient) || header.tagExists(DCM_PerFrameFunctionalGroupsSequence);
    return source;
}

std::vector<ImageReference> SourceImages::images() const
{
    std::vector<ImageReference> unique;
    std::set<std::string> seen;
    for (const auto &slice : slices) {
        if (!slice.missing() && seen.insert(slice.sopInstance).second)
            unique.push_back({slice.sopClass, slice.sopInstance, 0});
    }
    return unique;
}

std::string uidFromContent(std::string_view content)
{
    const auto hex = sha256Hex(content);
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t n = 0; n < bytes.size(); ++n)
        bytes[n] = static_cast<std::uint8_t>(std::stoi(hex.substr(2 * n, 2), nullptr, 16));
    return derivedUid(bytes);
}

std::string decimalString(double value)
{
    std::string text;
    for (int precision = 17; precision > 0; --precision) {
        text = fmt::format("{:.{}g}", value + 0.0, precision); // adding 0.0 takes the sign off -0
        if (text.size() <= 16)
            break;
    }
    return text;
}

std::string firstCharacters(const std::string &text, std::size_t count)
{
    for (std::size_t n = 0, seen = 0; n < text.size(); ++n) {
        const bool begins = (static_cast<unsigned char>(text[n]) & 0xc0) != 0x80;
        if (begins && seen++ == count)
            return text.substr(0, n);
    }
    return text;
}

Result<> accepted(const OFCondition &condition, std::string_view what)
{
    if (condition.bad())
        return fail(ErrorCode::Internal, "{} could not be written ({})", what, condition.text());
    return {};
}

Result<> identify(DcmDataset &object, SourceImages &source, const Series &series, const ObjectIdentity &identity)
{
    auto &header = source.first.dataset();
    if (text(header, DCM_StudyInstanceUID).empty())
        return fail(ErrorCode::Malformed, "{} names no study (Study Instance UID)", source.first.path().string());
    const auto seed = series.uid + '\n' + series.part + '\n' + identity.sopClass + '\n' + identity.content;
    OFCondition status = put(object, DCM_SpecificCharacterSet, "ISO_IR 192");
    const auto set = [&](const DcmTagKey &tag, const std::string &value) {
        if (status.good())
            status = put(object, tag, value);
    };
    for (const auto &[tag, always] : patientAndStudy) {
        if (const auto value = text(header, tag); always || !value.empty())
            set(tag, value);
    }
    const auto date = today(), time = now();
    set(DCM_SOPClassUID, identity.sopClass);
    set(DCM_SOPInstanceUID, uidFromContent(seed + "\ninstance"));
    set(DCM_SeriesInstanceUID, uidFromContent(seed + "\nseries"));
    set(DCM_InstanceNumber, "1");
    set(DCM_SeriesNumber, std::to_string(series.number + identity.seriesNumberOffset));
    set(DCM_SeriesDescription, firstCharacters(identity.description, 64));
    set(DCM_Modality, identity.modality);
    for (const auto &tag : {DCM_SeriesDate, DCM_ContentDate, DCM_InstanceCreationDate})
        set(tag, date);
    for (const auto &tag : {DCM_SeriesTime, DCM_ContentTime, DCM_InstanceCreationTime})
        set(tag, time);
    set(DCM_Manufacturer, "Consilium");
    set(DCM_ManufacturerModelName, "Consilium");
    return accepted(status, "The patient and study of " + source.first.path().string());
}

Result<> saveObject(const std::filesystem::path &file, DcmFileFormat &object)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return fail(out.error());
    std::vector<std::uint8_t> buffer(1 << 20);
    DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(buffer.size()));
    object.transferInit();
    OFCondition status = EC_StreamNotifyClient;
    Result<> kept;
    while (status == EC_StreamNotifyClient && kept) {
        status = object.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr, EGL_recalcGL,
                              EPD_withoutPadding, 0, 0, 0, EWM_createNewMeta);
        void *bytes = nullptr;
        offile_off_t count = 0;
        stream.flushBuffer(bytes, count);
        kept = out->write(std::span(static_cast<const std::byte *>(bytes), static_cast<std::size_t>(count)));
    }
    object.transferEnd();
    if (!kept)
        return kept;
    if (auto fine = accepted(status, file.string()); !fine)
        return fine;
    return out->commit();
}

} // namespace consilium::imaging::dicom
