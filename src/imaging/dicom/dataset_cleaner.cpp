// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/dataset_cleaner.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcvrcs.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

namespace consilium::imaging::dicom {

namespace {

bool isPrivate(const DcmElement &element)
{
    return element.getGTag() % 2 != 0;
}

bool isCreator(const DcmElement &element)
{
    return isPrivate(element) && element.getETag() >= 0x10 && element.getETag() <= 0xFF;
}

bool isText(DcmEVR vr)
{
    switch (vr) {
    case EVR_AE:
    case EVR_LO:
    case EVR_LT:
    case EVR_PN:
    case EVR_SH:
    case EVR_ST:
    case EVR_UC:
    case EVR_UR:
    case EVR_UT: return true;
    default: return false;
    }
}

std::uint32_t number(const DcmElement &element)
{
    return static_cast<std::uint32_t>(element.getGTag()) << 16 | element.getETag();
}

/// Values that are taken away everywhere: what they hold is looked for in what stays.
bool isIdentity(Action action)
{
    return action == Action::Remove || action == Action::Empty || action == Action::Dummy ||
           action == Action::Pseudonym;
}

void gather(DcmItem &item, bool inRemoved, Identities &identities)
{
    for (unsigned long i = 0; i < item.card(); ++i) {
        auto &element = *item.getElement(i);
        if (isPrivate(element))
            continue;
        const auto vr = vrOf(element);
        const auto action = actionFor(element.getTag(), vr);
        if (auto *sequence = dynamic_cast<DcmSequenceOfItems *>(&element); sequence && vr == EVR_SQ) {
            for (unsigned long k = 0; k < sequence->card(); ++k)
                gather(*sequence->getItem(k), inRemoved || isIdentity(action), identities);
        } else if (isText(vr) && (inRemoved || isIdentity(action))) {
            const auto raw = rawText(element);
            for (const auto value : splitValues(raw)) {
                if (vr == EVR_PN)
                    identities.addName(value);
                else
                    identities.addText(value);
            }
        }
    }
}

/// Five letters or digits in a row, which binary numbers have next to never.
bool holdsWord(std::string_view bytes)
{
    constexpr int shortestWord = 5;
    int run = 0;
    for (const unsigned char byte : bytes) {
        run =
            (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ? run + 1 : 0;
        if (run == shortestWord)
            return true;
    }
    return false;
}

class Cleaner
{
public:
    Cleaner(const PseudonymKey &key, const PatientPseudonym &patient, const Identities &identities)
        : m_key(key), m_patient(patient), m_identities(identities)
    {
    }

    void clean(DcmItem &item)
    {
        const auto blocks = keptBlocks(item);
        for (unsigned long i = 0; i < item.card();) {
            auto &element = *item.getElement(i);
            if (isPrivate(element) ? stays(item, element, blocks) : treat(item, element)) {
                ++i;
            } else {
                const std::unique_ptr<DcmElement> gone(item.remove(i));
            }
        }
    }

    Tally tally;

private:
    using Blocks = std::set<std::pair<Uint16, Uint16>>;

    /// The private blocks (group, first byte of the element) of which something is kept, so that their creators stay.
    Blocks keptBlocks(DcmItem &item) const
    {
        Blocks blocks;
        for (unsigned long i = 0; i < item.card(); ++i) {
            auto &element = *item.getElement(i);
            if (isPrivate(element) && !isCreator(element) && isKeptPrivate(item, element, m_identities))
                blocks.emplace(element.getGTag(), static_cast<Uint16>(element.getETag() >> 8));
        }
        return blocks;
    }

    bool stays(DcmItem &item, DcmElement &element, const Blocks &blocks)
    {
        if (isCreator(element))
            return blocks.contains({element.getGTag(), element.getETag()});
        const bool kept = isKeptPrivate(item, element, m_identities);
        ++(kept ? tally.privateKept : tally.privateRemoved);
        return kept;
    }

    void count(const DcmElement &element, Deed deed)
    {
        ++tally.elements[number(element)][static_cast<std::size_t>(deed)];
    }

    /// False when the element is to be removed.
    bool treat(DcmItem &item, DcmElement &element)
    {
        const auto vr = vrOf(element);
        const auto action = actionIn(item, element);
        switch (action) {
        case Action::Remove: count(element, Deed::Removed); return false;
        case Action::Empty:
            count(element, element.getLength() == 0 ? Deed::Kept : Deed::Emptied);
            element.clear();
            return true;
        case Action::Recurse: {
            auto &sequence = dynamic_cast<DcmSequenceOfItems &>(element);
            count(element, Deed::Kept);
            for (unsigned long k = 0; k < sequence.card(); ++k)
                clean(*sequence.getItem(k));
            return true;
        }
        case Action::Keep: return keepBytes(element, vr);
        default: return treatText(element, vr, action);
        }
    }

    /// Opaque bytes that belong to the image stay as they are; those small enough to be text are looked at.
    bool keepBytes(DcmElement &element, DcmEVR vr)
    {
        constexpr Uint32 largestSearched = 1 << 20;
        const bool isOpaque = vr == EVR_OB || vr == EVR_OW || vr == EVR_ox;
        if (isOpaque && element.getTag() != DCM_PixelData && element.getLength() <= largestSearched) {
            Uint8 *bytes = nullptr;
            Uint16 *words = nullptr;
            const void *start = nullptr;
            if (element.getUint8Array(bytes).good())
                start = bytes;
            else if (element.getUint16Array(words).good())
                start = words;
            if (start && m_identities.isInBytes({static_cast<const char *>(start), element.getLength()})) {
                count(element, Deed::Removed);
                return false;
            }
        }
        count(element, Deed::Kept);
        return true;
    }

    bool treatText(DcmElement &element, DcmEVR vr, Action action)
    {
        const auto raw = rawText(element);
        if (raw.empty() && element.getLength() > 0) { // what cannot be read as text cannot be cleaned as text
            count(element, Deed::Removed);
            return false;
        }
        const auto value = newValue(action, vr, raw);
        if (value.empty() && action == Action::Clean) {
            count(element, trimmed(raw).empty() ? Deed::Kept : Deed::Removed);
            return trimmed(raw).empty();
        }
        if (value == raw) {
            count(element, Deed::Kept);
            return true;
        }
        count(element, trimmed(value) == trimmed(raw) ? Deed::Kept
                       : value.empty()                ? Deed::Emptied
                       : action == Action::Date       ? Deed::Shifted
                       : action == Action::Clean || action == Action::CleanOrEmpty ||
                               (action == Action::CleanOrDummy && value != dummyText)
                           ? Deed::Cleaned
                           : Deed::Replaced);
        if (element.putString(value.c_str()).bad())
            element.clear();
        return true;
    }

    std::string newValue(Action action, DcmEVR vr, const std::string &raw) const
    {
        if (action == Action::Pseudonym)
            return m_patient.name;
        if (action == Action::Uid || vr == EVR_UI)
            return newUids(raw, action == Action::Code);
        return cleanedValue(action, vr, raw, m_identities, m_patient.dateShift);
    }

    std::string newUids(const std::string &raw, bool nameClasses) const
    {
        std::string uids;
        for (const auto uid : splitValues(raw)) {
            const bool isUid = std::ranges::all_of(uid, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
            const bool isStandard = isUid && (nameClasses || uid.starts_with("1.2.840.10008."));
            uids += (uids.empty() ? "" : "\\") +
                    (isStandard || uid.empty() ? std::string(uid) : m_key.uid(std::string(uid)));
        }
        return uids;
    }

    const PseudonymKey &m_key;
    const PatientPseudonym &m_patient;
    const Identities &m_identities;
};

void putCode(DcmItem &dataset, long index, const char *value, const char *meaning)
{
    DcmItem *item = nullptr;
    if (dataset.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, index).good() && item) {
        item->putAndInsertString(DCM_CodeValue, value);
        item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM");
        item->putAndInsertString(DCM_CodeMeaning, meaning);
    }
}

void sayWhatWasDone(DcmItem &dataset, const PatientPseudonym &patient)
{
    dataset.putAndInsertString(DCM_PatientName, patient.name.c_str());
    dataset.putAndInsertString(DCM_PatientID, patient.name.c_str());
    dataset.putAndInsertString(DCM_PatientIdentityRemoved, "YES");
    dataset.putAndInsertString(DCM_DeidentificationMethod, "PS3.15 Basic Application Confidentiality Profile\\"
                                                           "Retain Longitudinal Information, Modified Dates\\"
                                                           "Clean Descriptors\\Age kept up to 89 years");
    dataset.findAndDeleteElement(DCM_DeidentificationMethodCodeSequence);
    putCode(dataset, 0, "113100", "Basic Application Confidentiality Profile");
    putCode(dataset, 1, "113107", "Retain Longitudinal Temporal Information Modified Dates Option");
    putCode(dataset, 2, "113105", "Clean Descriptors Option");
    dataset.putAndInsertString(DCM_LongitudinalTemporalInformationModified, "MODIFIED");
}

} // namespace

void Tally::add(const Tally &other)
{
    for (const auto &[tag, deeds] : other.elements) {
        auto &sum = elements[tag];
        for (std::size_t i = 0; i < deeds.size(); ++i)
            sum[i] += deeds[i];
    }
    privateRemoved += other.privateRemoved;
    privateKept += other.privateKept;
}

void readUnknownAsWhatItIs()
{
    dcmEnableUnknownVRConversion.set(OFTrue);
}

DcmEVR vrOf(DcmElement &element)
{
    return DcmVR(element.getVR()).getValidEVR();
}

std::string rawText(DcmElement &element)
{
    OFString value;
    if (element.getOFStringArray(value, OFFalse).bad())
        return {};
    return {value.data(), value.size()};
}

Action actionIn(DcmItem &item, DcmElement &element)
{
    const auto action = actionFor(element.getTag(), vrOf(element));
    const auto &tag = element.getTag();
    const bool isOfCode = tag == DCM_CodeValue || tag == DCM_LongCodeValue || tag == DCM_CodeMeaning ||
                          tag == DCM_CodingSchemeDesignator || tag == DCM_CodingSchemeVersion;
    if (!isOfCode || action != Action::Plain)
        return action;
    DcmElement *designator = nullptr;
    if (item.findAndGetElement(DCM_CodingSchemeDesignator, designator).good() && designator &&
        isPublicTerminology(rawText(*designator)))
        return Action::Term;
    return tag == DCM_CodeMeaning ? Action::CleanOrDummy : action;
}

bool isKeptPrivate(DcmItem &item, DcmElement &element, const Identities &identities)
{
    constexpr Uint32 largest = 4096;
    const auto &tag = element.getTag();
    OFString creator;
    if (item.findAndGetOFString(DcmTagKey(tag.getGroup(), static_cast<Uint16>(tag.getElement() >> 8)), creator).bad() ||
        !isSafePrivate(trimmed({creator.data(), creator.size()}), tag) || element.getLength() > largest)
        return false;
    const auto isWord = [&](std::string_view text) { // "I", "BIDIRECTIONAL"
        return text.size() <= 16 &&
               std::ranges::all_of(text, [](char c) { return c == '_' || (c >= 'A' && c <= 'Z'); }) &&
               !identities.isIn(text);
    };
    switch (vrOf(element)) {
    case EVR_US:
    case EVR_SS:
    case EVR_UL:
    case EVR_SL:
    case EVR_FL:
    case EVR_FD: return true;
    case EVR_IS:
    case EVR_DS:
    case EVR_SH:
    case EVR_LO: return areNumbers(rawText(element));
    case EVR_CS: return isWord(trimmed(rawText(element)));
    case EVR_UN:
    case EVR_OB: {
        Uint8 *bytes = nullptr;
        if (element.getUint8Array(bytes).bad() || !bytes)
            return false;
        const std::string_view value(reinterpret_cast<const char *>(bytes), element.getLength());
        if (areNumbers(value) || isWord(trimmed(value)))
            return true;
        return value.size() % 2 == 0 && !holdsWord(value);
    }
    default: return false;
    }
}

Identities identitiesIn(DcmItem &dataset)
{
    Identities identities;
    gather(dataset, false, identities);
    return identities;
}

Tally cleanDataset(DcmItem &dataset, const PseudonymKey &key, const PatientPseudonym &patient)
{
    const auto identities = identitiesIn(dataset);
    Cleaner cleaner(key, patient, identities);
    cleaner.clean(dataset);
    sayWhatWasDone(dataset, patient);
    return std::move(cleaner.tally);
}

} // namespace consilium::imaging::dicom
