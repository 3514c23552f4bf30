// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/clean_values.h"
#include "imaging/dicom/deidentify.h"

#include <dcmtk/dcmdata/dcitem.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace consilium::imaging::dicom {

/// What happened to an element.
enum class Deed { Removed, Emptied, Replaced, Cleaned, Shifted, Kept };
inline constexpr std::array<const char *, 6> deedNames{"removed", "emptied", "replaced", "cleaned", "shifted", "kept"};

/// How often what happened, by standard element (group << 16 | element). Private elements are counted together: their
/// numbers and creators may tell more than they should.
struct Tally
{
    std::map<std::uint32_t, std::array<std::size_t, deedNames.size()>> elements;
    std::size_t privateRemoved = 0, privateKept = 0;

    void add(const Tally &other);
};

struct PatientPseudonym
{
    std::string name;
    int dateShift = 0; ///< days
};

/// Everything in a data set, nested items too, that says who the patient is or where and by whom the study was made.
Identities identitiesIn(DcmItem &dataset);

/// De-identifies a data set in place, nested items too, and says so in (0012,0062) to (0012,0064) and (0028,0303).
Tally cleanDataset(DcmItem &dataset, const PseudonymKey &key, const PatientPseudonym &patient);

/// Makes DCMTK read elements that some archive wrote as UN under the VR its dictionary has for them, so that they are
/// cleaned by what they are. For the whole process; to be called before a file is opened.
void readUnknownAsWhatItIs();

/// The element's VR as the file, or the dictionary, has it.
DcmEVR vrOf(DcmElement &element);
/// The bytes of a text element as they stand in the file.
std::string rawText(DcmElement &element);
/// actionFor, knowing the item the element is in: whether a code's meaning stays depends on its coding scheme.
Action actionIn(DcmItem &item, DcmElement &element);
/// Whether a private element is on the safe list and its value is of the kind that makes it safe.
bool isKeptPrivate(DcmItem &item, DcmElement &element, const Identities &identities);

} // namespace consilium::imaging::dicom
