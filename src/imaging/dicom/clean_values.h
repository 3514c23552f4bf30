// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/confidentiality_profile.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace consilium::imaging::dicom {

/// What a data set says of people, places and numbers that identify, gathered so that the same words are found again
/// where they do not belong. Bytes as they stand in the file, ASCII letters in lower case.
class Identities
{
public:
    /// A person's name, in parts: "Doe^Jane" gives "doe" and "jane".
    void addName(std::string_view value);
    /// An identifier, an address, an institution: whole, and its words when it is short.
    void addText(std::string_view value);

    /// A word of a name, whatever else the word means.
    bool isName(std::string_view word) const;
    /// Whether the text holds one of them: short ones as words, long ones anywhere. Words of imaging count for nothing.
    bool isIn(std::string_view text) const;
    /// The same for opaque bytes, also in UTF-16 of either byte order.
    bool isInBytes(std::string_view bytes) const;

private:
    std::set<std::string, std::less<>> m_names, m_words, m_long;
};

/// DA "YYYYMMDD" (or the old "YYYY.MM.DD") moved by whole days; several values separated by a backslash. Empty for one
/// that is no date.
std::string shiftedDates(std::string_view value, int days);
/// DT: the date moved, the time kept, the offset from UTC (it tells the place) dropped.
std::string shiftedDateTimes(std::string_view value, int days);
/// AS: ages above 89 years become 090Y; empty for what is no age.
std::string cappedAge(std::string_view value);
/// TM and ranges of it, numbers as text: whether each value is one.
bool areTimes(std::string_view value);
bool areNumbers(std::string_view value);

/// The words of a description that are words of imaging and no name of this data set, one blank between them.
/// Keeping known words rather than removing known identities: what nobody thought of goes too.
std::string cleanedDescription(std::string_view value, const Identities &identities);

/// Whether text that should name equipment or a technique looks like an identity all the same: one of `identities`, an
/// e-mail or web address, a date, a run of five or more digits.
bool looksIdentifying(std::string_view value, const Identities &identities);

/// Whether a code belongs to a public terminology, by its coding scheme designator: its values and meanings are printed
/// in books and name nobody. Codes of local schemes are text that somebody wrote.
bool isPublicTerminology(std::string_view designator);

/// The value an element has after `action`, an empty one when none may stay. Not for Pseudonym, Uid and Recurse.
std::string cleanedValue(Action action, DcmEVR vr, const std::string &value, const Identities &identities, int days);

/// Values separated by a backslash: views into `value`, which must outlive them.
std::vector<std::string_view> splitValues(std::string_view value);
std::vector<std::string_view> splitValues(std::string &&value) = delete;
/// Without blanks and NULs at both ends.
std::string_view trimmed(std::string_view value);

} // namespace consilium::imaging::dicom
