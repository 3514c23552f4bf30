// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/character_set.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcspchrs.h>
#include <dcmtk/ofstd/ofchrenc.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace consilium::imaging::dicom {
namespace {

constexpr auto replacement = "\xef\xbf\xbd"; // U+FFFD

bool isPlain(const std::string &text)
{
    return std::none_of(text.begin(), text.end(),
                        [](unsigned char c) { return c >= 0x80 || c == 0x1b; }); // 0x1b changes the set (ISO 2022)
}

/// The data set says its character set once; items of sequences inherit it.
OFString characterSet(DcmItem &item)
{
    for (DcmItem *level = &item; level; level = level->getParentItem()) {
        OFString value;
        if (level->findAndGetOFStringArray(DCM_SpecificCharacterSet, value).good() && !value.empty())
            return value;
    }
    return {};
}

/// PN switches its character set back at ^ and =, all text does at a backslash where values are separated by it.
const char *delimitersOf(DcmEVR vr)
{
    switch (vr) {
    case EVR_PN: return "\\^=";
    case EVR_LT:
    case EVR_ST:
    case EVR_UT: return "";
    default: return "\\";
    }
}

/// Converts character by character, so that one byte that is wrong costs itself and not the whole name.
template <typename Convert>
std::string convertedPiecewise(const std::string &text, const Convert &convert)
{
    constexpr std::size_t longestCharacter = 4;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        OFString piece;
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            out += text[at++];
            continue;
        }
        while (length <= std::min(longestCharacter, text.size() - at) &&
               !convert(OFString(text.data() + at, length), piece))
            ++length;
        const bool found = length <= std::min(longestCharacter, text.size() - at) && !piece.empty();
        out += found ? piece.c_str() : replacement;
        at += found ? length : 1;
    }
    return out;
}

/// One of the sets of Japanese names, which the C library knows only together: ISO_IR 13 and ISO 2022 IR 13, 87, 159.
bool isJapanese(const OFString &sets)
{
    std::string_view rest(sets.data(), sets.size());
    while (!rest.empty()) {
        auto one = rest.substr(0, rest.find('\\'));
        rest.remove_prefix(std::min(one.size() + 1, rest.size()));
        while (one.ends_with(' '))
            one.remove_suffix(1);
        if (one.ends_with("IR 13") || one.ends_with("IR 87") || one.ends_with("IR 159"))
            return true;
    }
    return false;
}

/// Puts escape sequences that change only what DICOM does not use into the form that iconv knows.
std::string withCommonEscapes(std::string text)
{
    // JIS X 0201 romaji is ASCII but for the backslash, which separates values, and the tilde; half-width katakana
    // are recognised by their high bit, whatever announced them.
    for (const auto &[from, to] : {std::pair{"\x1b(J", "\x1b(B"}, std::pair{"\x1b)I", ""}}) {
        const std::string_view pattern = from;
        for (auto at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at))
            text.replace(at, pattern.size(), to);
    }
    return text;
}

/// JIS X 0208 and 0212 by iconv, as ISO-2022-JP-2 (RFC 1554); half-width katakana (JIS X 0201, right half) by the order
/// in which Unicode took them over, 0xA1 as U+FF61.
std::string japaneseToUtf8(const std::string &encoded)
{
    OFCharacterEncoding encoding;
    const bool usable = encoding.selectEncoding("ISO-2022-JP-2", "UTF-8").good();
    const auto text = withCommonEscapes(encoded);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x80) {
            if (byte >= 0xa1 && byte <= 0xdf) {
                const unsigned code = 0xff61u + (byte - 0xa1u);
                out += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
                        static_cast<char>(0x80 | (code & 0x3f))};
            } else {
                out += replacement;
            }
            ++at;
            continue;
        }
        const auto end = static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at),
                                                               text.end(), [](unsigned char c) { return c >= 0x80; }) -
                                                  text.begin());
        OFString piece;
        const bool converted = usable && encoding.convertString(OFString(text.data() + at, end - at), piece).good();
        out += converted ? std::string(piece.data(), piece.size()) : std::string(replacement);
        at = end;
    }
    return out;
}

} // namespace

std::string toUtf8(DcmItem &item, const std::string &text, DcmEVR vr)
{
    if (isPlain(text))
        return text;
    const auto sets = characterSet(item);
    if (isJapanese(sets))
        return japaneseToUtf8(text);
    DcmSpecificCharacterSet converter;
    const bool usable =
        DcmSpecificCharacterSet::isConversionAvailable() && converter.selectCharacterSet(sets, "ISO_IR 192").good();
    OFString converted;
    if (usable && converter.convertString(OFString(text.data(), text.size()), converted, delimitersOf(vr)).good())
        return {converted.data(), converted.size()};
    return convertedPiecewise(
        text, [&](const OFString &from, OFString &to) { return usable && converter.convertString(from, to).good(); });
}

} // namespace consilium::imaging::dicom
