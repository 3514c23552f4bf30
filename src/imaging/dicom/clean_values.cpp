// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/clean_values.h"

#include "imaging/dicom/imaging_vocabulary.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <fmt/format.h>
#include <optional>

namespace consilium::imaging::dicom {

namespace {

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

/// Letters, digits and every byte outside ASCII: names in other scripts are words too.
bool isWordLetter(char letter)
{
    return isDigit(letter) || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           static_cast<unsigned char>(letter) >= 0x80;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (auto &letter : lower) {
        if (letter >= 'A' && letter <= 'Z')
            letter = static_cast<char>(letter + 32);
    }
    return lower;
}

template <typename Visit>
void forEachWord(std::string_view text, const Visit &visit)
{
    for (std::size_t begin = 0; begin < text.size();) {
        if (!isWordLetter(text[begin])) {
            ++begin;
            continue;
        }
        auto end = begin + 1;
        while (end < text.size() && isWordLetter(text[end]))
            ++end;
        visit(text.substr(begin, end - begin));
        begin = end;
    }
}

int number(std::string_view digits)
{
    int value = 0;
    for (const auto digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

bool allDigits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, isDigit);
}

std::string joined(const std::vector<std::string> &values)
{
    std::string whole;
    for (std::size_t i = 0; i < values.size(); ++i)
        whole += (i ? "\\" : "") + values[i];
    return whole;
}

/// `digits`: YYYY, YYYYMM or YYYYMMDD; the same precision comes back. A missing month or day counts as the first.
std::string shiftedDay(std::string_view digits, int days)
{
    using namespace std::chrono;
    if (!allDigits(digits) || (digits.size() != 4 && digits.size() != 6 && digits.size() != 8))
        return {};
    const year_month_day date{year{number(digits.substr(0, 4))},
                              month{digits.size() > 4 ? static_cast<unsigned>(number(digits.substr(4, 2))) : 1U},
                              day{digits.size() > 6 ? static_cast<unsigned>(number(digits.substr(6, 2))) : 1U}};
    if (!date.ok())
        return {};
    const year_month_day moved{sys_days{date} + std::chrono::days{days}};
    if (static_cast<int>(moved.year()) < 1)
        return {};
    return fmt::format("{:04}{:02}{:02}", static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()),
                       static_cast<unsigned>(moved.day()))
        .substr(0, digits.size());
}

bool isTime(std::string_view time)
{
    std::string digits;
    std::size_t at = 0;
    for (; at < time.size() && time[at] != '.'; ++at) {
        if (time[at] != ':')
            digits += time[at];
    }
    if (!allDigits(digits) || digits.size() > 6 || digits.size() % 2 != 0)
        return false;
    if (at < time.size() && (!allDigits(time.substr(at + 1)) || time.size() - at > 7 || digits.size() != 6))
        return false;
    return number(std::string_view(digits).substr(0, 2)) < 24 &&
           (digits.size() < 4 || number(std::string_view(digits).substr(2, 2)) < 60) &&
           (digits.size() < 6 || number(std::string_view(digits).substr(4, 2)) <= 60);
}

/// Day, month and year in figures with strokes or hyphens between: 3/12/1985, 1985-12-03.
bool holdsDate(std::string_view text)
{
    for (std::size_t begin = 0; begin < text.size(); ++begin) {
        if (!isDigit(text[begin]) || (begin > 0 && isDigit(text[begin - 1])))
            continue;
        std::size_t at = begin;
        int parts = 0;
        while (parts < 3) {
            const auto start = at;
            while (at < text.size() && isDigit(text[at]))
                ++at;
            if (at == start || at - start > 4)
                break;
            ++parts;
            if (parts < 3 && (at == text.size() || (text[at] != '/' && text[at] != '-')))
                break;
            ++at;
        }
        if (parts == 3)
            return true;
    }
    return false;
}

bool holdsLongNumber(std::string_view text)
{
    constexpr int shortestIdentifier = 5;
    int run = 0;
    for (const auto letter : text) {
        run = isDigit(letter) ? run + 1 : 0;
        if (run == shortestIdentifier)
            return true;
    }
    return false;
}

/// The bytes as text of 16 bits a letter, of either order.
std::string wide(std::string_view text, bool littleEndian)
{
    std::string bytes;
    for (const auto letter : text) {
        bytes += littleEndian ? letter : '\0';
        bytes += littleEndian ? '\0' : letter;
    }
    return bytes;
}

std::string byteSwapped(std::string_view text)
{
    std::string bytes(text);
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2)
        std::swap(bytes[i], bytes[i + 1]);
    return bytes;
}

constexpr std::size_t shortestName = 3, shortestText = 4, longEnoughAnywhere = 5, longestWithWords = 64;

} // namespace

void Identities::addName(std::string_view value)
{
    forEachWord(value, [&](std::string_view word) {
        if (word.size() < shortestName)
            return;
        const auto lower = lowered(word);
        m_names.insert(lower);
        addText(lower);
    });
}

void Identities::addText(std::string_view value)
{
    const auto whole = lowered(trimmed(value));
    if (whole == lowered(dummyText))
        return;
    const auto add = [this](const std::string &text) {
        if (text.size() < shortestName || isImagingWord(text))
            return;
        m_words.insert(text);
        if (text.size() >= longEnoughAnywhere)
            m_long.insert(text);
    };
    add(whole);
    if (whole.size() > longestWithWords)
        return;
    forEachWord(whole, [&](std::string_view word) {
        if (word.size() >= shortestText)
            add(std::string(word));
    });
}

bool Identities::isName(std::string_view word) const
{
    return m_names.contains(lowered(word));
}

bool Identities::isIn(std::string_view text) const
{
    const auto lower = lowered(text);
    if (std::ranges::any_of(m_long, [&](const auto &identity) { return lower.find(identity) != std::string::npos; }))
        return true;
    bool found = m_words.contains(trimmed(lower));
    forEachWord(lower, [&](std::string_view word) { found = found || m_words.contains(word); });
    return found;
}

bool Identities::isInBytes(std::string_view bytes) const
{
    const auto lower = lowered(bytes);
    return std::ranges::any_of(m_long, [&](const std::string &identity) {
        const auto holds = [&](const std::string &form) { return lower.find(form) != std::string::npos; };
        return holds(identity) || holds(wide(identity, true)) || holds(wide(identity, false)) ||
               holds(byteSwapped(identity).substr(0, identity.size() / 2 * 2)) ||
               holds(byteSwapped(identity.substr(1)).substr(0, (identity.size() - 1) / 2 * 2));
    });
}

std::string_view trimmed(std::string_view value)
{
    const auto isPadding = [](char letter) { return letter == ' ' || letter == '\0'; };
    while (!value.empty() && isPadding(value.back()))
        value.remove_suffix(1);
    while (!value.empty() && isPadding(value.front()))
        value.remove_prefix(1);
    return value;
}

std::vector<std::string_view> splitValues(std::string_view value)
{
    std::vector<std::string_view> values;
    for (;;) {
        const auto end = value.find('\\');
        values.push_back(trimmed(value.substr(0, end)));
        if (end == std::string_view::npos)
            return values;
        value.remove_prefix(end + 1);
    }
}

std::string shiftedDates(std::string_view value, int days)
{
    std::vector<std::string> shifted;
    for (const auto one : splitValues(value)) {
        std::string digits(one);
        if (digits.size() == 10 && digits[4] == '.' && digits[7] == '.')
            std::erase(digits, '.');
        shifted.push_back(digits.size() == 8 ? shiftedDay(digits, days) : std::string());
    }
    return joined(shifted);
}

std::string shiftedDateTimes(std::string_view value, int days)
{
    std::vector<std::string> shifted;
    for (const auto one : splitValues(value)) {
        const auto stamp = one.substr(0, one.find_first_of("+-"));
        const auto day = shiftedDay(stamp.substr(0, 8), days);
        const auto time = stamp.size() > 8 ? stamp.substr(8) : std::string_view();
        shifted.push_back(day.empty() || (!time.empty() && !isTime(time)) ? std::string() : day + std::string(time));
    }
    return joined(shifted);
}

std::string cappedAge(std::string_view value)
{
    const auto age = trimmed(value);
    if (age.size() != 4 || !allDigits(age.substr(0, 3)) || std::string_view("DWMY").find(age[3]) == std::string::npos)
        return {};
    constexpr int oldestKept = 89;
    const int count = number(age.substr(0, 3));
    const bool isOlder = age[3] == 'Y' && count > oldestKept; // 999 months or less are below 84 years
    return isOlder ? "090Y" : std::string(age);
}

bool areTimes(std::string_view value)
{
    return std::ranges::all_of(splitValues(value), [](auto time) { return time.empty() || isTime(time); });
}

bool areNumbers(std::string_view value)
{
    constexpr std::size_t longest = 64; // the standard's 16, and what scanners write
    return std::ranges::all_of(splitValues(value), [](auto one) {
        return one.size() <= longest && std::ranges::all_of(one, [](char letter) {
                   return isDigit(letter) || std::string_view("+-.eE ").find(letter) != std::string_view::npos;
               });
    });
}

std::string cleanedDescription(std::string_view value, const Identities &identities)
{
    // An escape sequence changes the meaning of the bytes after it: none of them can be read as ASCII words.
    constexpr char escape = '\x1b';
    if (value.find(escape) != std::string_view::npos)
        return {};
    if (lowered(trimmed(value)) == lowered(dummyText))
        return std::string(trimmed(value));
    std::string cleaned;
    for (std::size_t begin = 0; begin < value.size();) {
        auto end = begin;
        while (end < value.size() && (isWordLetter(value[end]) || value[end] == '*' ||
                                      (value[end] == '.' && end > begin && isDigit(value[end - 1]) &&
                                       end + 1 < value.size() && isDigit(value[end + 1]))))
            ++end;
        if (end == begin) {
            ++begin;
            continue;
        }
        const auto word = value.substr(begin, end - begin);
        if (isImagingWord(word) && !identities.isName(word))
            cleaned += (cleaned.empty() ? "" : " ") + std::string(word);
        begin = end;
    }
    return cleaned;
}

bool isPublicTerminology(std::string_view designator)
{
    // PS3.16 section 8, table 8-1: those that images use.
    static const std::set<std::string_view> designators{
        "DCM", "SCT",    "SRT",     "SNM3",    "99SDM",     "LN",     "UCUM", "FMA",       "NCIt",
        "NCI", "RADLEX", "RadLex",  "UMLS",    "ICD9",      "I9",     "I10",  "MDC",       "SCPECG",
        "C4",  "CPT",    "NEU",     "BI",      "ACR",       "UBERON", "MA",   "MSH",       "RXNORM",
        "UNS", "IBSI",   "RFC3066", "RFC5646", "ISO3166_1", "DCMUID", "NDC",  "RADELEMENT"};
    return designators.contains(trimmed(designator));
}

bool looksIdentifying(std::string_view value, const Identities &identities)
{
    const auto lower = lowered(value);
    return lower.find('@') != std::string::npos || lower.find("://") != std::string::npos ||
           lower.find("www.") != std::string::npos || holdsLongNumber(lower) || holdsDate(lower) ||
           identities.isIn(lower);
}

std::string cleanedValue(Action action, DcmEVR vr, const std::string &value, const Identities &identities, int days)
{
    constexpr std::size_t shortestNumericIdentifier = 6;
    if (trimmed(value).empty())
        return {};
    switch (action) {
    case Action::Clean:
    case Action::CleanOrEmpty: return cleanedDescription(value, identities);
    case Action::CleanOrDummy: {
        auto cleaned = cleanedDescription(value, identities);
        if (cleaned.empty())
            cleaned = dummyText;
        if (vr == EVR_CS)
            std::ranges::transform(cleaned, cleaned.begin(), [](unsigned char c) { return std::toupper(c); });
        return cleaned;
    }
    case Action::Dummy:
        switch (vr) {
        case EVR_DA:
        case EVR_DT: return "19000101";
        case EVR_TM: return "000000";
        case EVR_AS: return "000Y";
        default: return dummyText;
        }
    case Action::Date: return vr == EVR_DT ? shiftedDateTimes(value, days) : shiftedDates(value, days);
    case Action::Time: return areTimes(value) ? value : std::string();
    case Action::Age: return cappedAge(value);
    case Action::Number: {
        const bool isIdentity = trimmed(value).size() >= shortestNumericIdentifier &&
                                value.find('\\') == std::string::npos && allDigits(trimmed(value)) &&
                                identities.isIn(value);
        return areNumbers(value) && !isIdentity ? value : std::string();
    }
    case Action::Code:
        if (value.starts_with("ISO_")) // a standard's number is no identifier: ISO_10918_1
            return identities.isIn(value) ? std::string() : value;
        return looksIdentifying(value, identities) && vr != EVR_UI ? std::string() : value;
    case Action::Plain: return looksIdentifying(value, identities) ? dummyText : value;
    case Action::Term: return identities.isIn(value) ? dummyText : value;
    case Action::Keep: return value;
    case Action::Remove:
    case Action::Empty:
    case Action::Pseudonym:
    case Action::Uid:
    case Action::Recurse: break;
    }
    return {};
}

} // namespace consilium::imaging::dicom
