// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctagkey.h>
#include <dcmtk/dcmdata/dcvr.h>

#include <string_view>

namespace consilium::imaging::dicom {

/// What de-identification does with an element. The letters are those of PS3.15 table E.1-1, resolved to one action
/// each where the table offers several, and with the options taken (dates modified, descriptors cleaned).
enum class Action {
    Remove,       ///< X
    Empty,        ///< Z
    Dummy,        ///< D: a value that says nothing
    Pseudonym,    ///< D: the patient's pseudonym
    Uid,          ///< U: another UID, the same for the same one, unless the standard defines it
    Clean,        ///< C: words of imaging stay; removed when none is left
    CleanOrEmpty, ///< the same, left empty
    CleanOrDummy, ///< the same, a dummy in its place
    Date,         ///< C: shifted by the patient's days (DA, DT)
    Time,         ///< kept when it is a time
    Age,          ///< kept up to 89 years (45 CFR 164.514(b)(2)(i)(C))
    Number,       ///< kept when it is a number written as text
    Code,         ///< kept unless it holds an identity: code strings
    Plain,        ///< kept unless it holds an identity: names of equipment and techniques
    Term,         ///< kept unless it holds an identity: codes of public terminologies
    Keep,
    Recurse ///< a sequence: each item by the same rules
};

/// What becomes of a standard element (of an even group). Elements the standard's table does not name are treated by
/// their VR, so that nothing that could hold an identity passes: person names are emptied, dates shifted, UIDs mapped,
/// free text cleaned, opaque bytes removed save the pixel, look-up table and waveform data of an image.
/// Source: DICOM PS3.15 2023e, annex E, table E.1-1; on top of it identifiers the table leaves out.
Action actionFor(const DcmTagKey &tag, DcmEVR vr);

/// Whether a private element is known to hold nothing but a measure of the acquisition (diffusion weighting and
/// direction, mosaic size, scale factors, CT pitch). Sources: PS3.15 table E.3.10-1; the vendors' conformance
/// statements.
bool isSafePrivate(std::string_view creator, const DcmTagKey &tag);

/// The value put where the standard wants one and the true one must go.
inline constexpr const char *dummyText = "Anonymized";

} // namespace consilium::imaging::dicom
