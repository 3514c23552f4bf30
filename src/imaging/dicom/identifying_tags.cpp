// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/dataset_cleaner.h"
#include "imaging/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace consilium::imaging::dicom {

namespace {

struct Claims
{
    bool isDeidentified = false, datesAreModified = false;
};

bool isPseudonym(std::string_view value)
{
    constexpr std::size_t length = 12; // PseudonymKey::patient
    return value.size() == length && value.starts_with("C-") && std::ranges::all_of(value.substr(2), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
           });
}

/// Of an overlay the picture and its texts; its size identifies nobody.
bool isOfInterest(const DcmTagKey &tag)
{
    if ((tag.getGroup() & 0xFF00) != 0x6000)
        return tag.getElement() != 0 && tag != DCM_RETIRED_LengthToEnd;
    return tag.getElement() == 0x3000 || tag.getElement() == 0x4000 || tag.getElement() == 0x0022 ||
           tag.getElement() == 0x1500;
}

bool wouldChange(DcmElement &element, Action action, DcmEVR vr, const Claims &claims, const Identities &identities)
{
    if (element.getLength() == 0)
        return false;
    switch (action) {
    case Action::Remove:
    case Action::Empty:
    case Action::Dummy: {
        const auto raw = rawText(element);
        return isOfInterest(element.getTag()) && trimmed(raw) != cleanedValue(Action::Dummy, vr, "x", identities, 0) &&
               (vr == EVR_SQ || vr == EVR_OB || vr == EVR_OW || vr == EVR_UN || !trimmed(raw).empty());
    }
    case Action::Pseudonym: {
        const auto raw = rawText(element);
        return !trimmed(raw).empty() && !(claims.isDeidentified && isPseudonym(trimmed(raw)));
    }
    case Action::Date: return !claims.datesAreModified && !trimmed(rawText(element)).empty();
    case Action::Keep:
    case Action::Uid:
    case Action::Recurse: return false;
    default: {
        const auto raw = rawText(element);
        return trimmed(cleanedValue(action, vr, raw, identities, 0)) != trimmed(raw);
    }
    }
}

struct Findings
{
    std::set<std::uint32_t> seen;
    std::vector<std::string> lines;
    std::size_t privates = 0;
};

void look(DcmItem &item, const Claims &claims, const Identities &identities, Findings &findings)
{
    for (unsigned long i = 0; i < item.card(); ++i) {
        auto &element = *item.getElement(i);
        if (element.getGTag() % 2 != 0) {
            const bool isCreator = element.getETag() >= 0x10 && element.getETag() <= 0xFF;
            findings.privates += !isCreator && !isKeptPrivate(item, element, identities) ? 1 : 0;
            continue;
        }
        const auto vr = vrOf(element);
        const auto action = actionIn(item, element);
        if (wouldChange(element, action, vr, claims, identities)) {
            const auto number = static_cast<std::uint32_t>(element.getGTag()) << 16 | element.getETag();
            if (findings.seen.insert(number).second)
                findings.lines.push_back(fmt::format("{} ({:04X},{:04X})", DcmTag(element.getTag()).getTagName(),
                                                     element.getGTag(), element.getETag()));
        }
        auto *sequence = dynamic_cast<DcmSequenceOfItems *>(&element);
        for (unsigned long k = 0; sequence && vr == EVR_SQ && action == Action::Recurse && k < sequence->card(); ++k)
            look(*sequence->getItem(k), claims, identities, findings);
    }
}

} // namespace

Result<std::vector<std::string>> identifyingTags(const std::filesystem::path &file)
{
    readUnknownAsWhatItIs();
    auto opened = DicomFile::open(file, Depth::Header);
    if (!opened)
        return fail(opened.error());
    auto &dataset = opened->dataset();
    const auto modified = text(dataset, DCM_LongitudinalTemporalInformationModified);
    const Claims claims{text(dataset, DCM_PatientIdentityRemoved) == "YES",
                        modified == "MODIFIED" || modified == "REMOVED"};
    Findings findings;
    auto &meta = *opened->format().getMetaInfo();
    for (const auto &tag : {DCM_SourceApplicationEntityTitle, DCM_SendingApplicationEntityTitle,
                            DCM_ReceivingApplicationEntityTitle, DCM_PrivateInformation}) {
        if (meta.tagExistsWithValue(tag))
            findings.lines.push_back(
                fmt::format("{} ({:04X},{:04X})", DcmTag(tag).getTagName(), tag.getGroup(), tag.getElement()));
    }
    look(dataset, claims, identitiesIn(dataset), findings);
    if (findings.privates > 0)
        findings.lines.push_back(
            fmt::format("{} private element{}", findings.privates, findings.privates > 1 ? "s" : ""));
    return std::move(findings.lines);
}

} // namespace consilium::imaging::dicom
