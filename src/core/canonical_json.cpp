// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace consilium {

namespace {

/// UTF-8 to UTF-16 code units, for comparing keys as RFC 8785 section 3.2.3 wants. Malformed input keeps its bytes.
std::u16string utf16(std::string_view text)
{
    std::u16string units;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int extra = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        char32_t point = extra == 0 ? lead : lead & (0x3f >> extra);
        for (int k = 1; k <= extra && i + k < text.size(); ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3f);
        i += extra + 1;
        if (point >= 0x10000) {
            units.push_back(static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10)));
            units.push_back(static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff)));
        } else {
            units.push_back(static_cast<char16_t>(point));
        }
    }
    return units;
}

void writeString(std::string &out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\b': out += "\\b"; break;
        case '\f': out += "\\f"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += fmt::format("\\u{:04x}", static_cast<int>(c));
            else
                out += c;
        }
    }
    out += '"';
}

/// Number::toString of ECMA-262, section 6.1.6.1.20: the shortest digits that round-trip, laid out by exponent.
std::string ecmaNumber(double value)
{
    if (value == 0.0)
        return "0";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific).ptr;
    const std::string_view text(buffer, end - buffer);
    const auto e = text.find('e');
    std::string digits(text.substr(0, e));
    std::erase(digits, '.');
    int exponent = 0;
    const auto tail = text.substr(e + (text[e + 1] == '+' ? 2 : 1));
    std::from_chars(tail.data(), tail.data() + tail.size(), exponent);

    const int k = static_cast<int>(digits.size());
    const int n = exponent + 1; // the decimal point stands after digit n
    std::string out = value < 0 ? "-" : "";
    if (k <= n && n <= 21)
        return out + digits + std::string(n - k, '0');
    if (0 < n && n <= 21)
        return out + digits.substr(0, n) + "." + digits.substr(n);
    if (-6 < n && n <= 0)
        return out + "0." + std::string(-n, '0') + digits;
    out += digits.substr(0, 1);
    if (k > 1)
        out += "." + digits.substr(1);
    return out + "e" + (n - 1 < 0 ? "-" : "+") + std::to_string(std::abs(n - 1));
}

Result<> write(std::string &out, const Json &value)
{
    switch (value.type()) {
    case Json::value_t::object: {
        std::vector<std::pair<std::u16string, const std::string *>> keys;
        for (const auto &item : value.items())
            keys.emplace_back(utf16(item.key()), &item.key());
        std::sort(keys.begin(), keys.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
        out += '{';
        bool first = true;
        for (const auto &[units, key] : keys) {
            if (!std::exchange(first, false))
                out += ',';
            writeString(out, *key);
            out += ':';
            if (auto written = write(out, value.at(*key)); !written)
                return written;
        }
        out += '}';
        return {};
    }
    case Json::value_t::array: {
        out += '[';
        bool first = true;
        for (const auto &element : value) {
            if (!std::exchange(first, false))
                out += ',';
            if (auto written = write(out, element); !written)
                return written;
        }
        out += ']';
        return {};
    }
    case Json::value_t::string: writeString(out, value.get_ref<const std::string &>()); return {};
    case Json::value_t::boolean: out += value.get<bool>() ? "true" : "false"; return {};
    case Json::value_t::null: out += "null"; return {};
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: {
        constexpr std::int64_t exact = 9007199254740992; // 2^53
        const bool beyond = value.is_number_unsigned() ? value.get<std::uint64_t>() > static_cast<std::uint64_t>(exact)
                                                       : value.get<std::int64_t>() < -exact;
        if (beyond)
            return fail(ErrorCode::Invalid, "The number {} is too large to be written exactly", value.dump());
        out += value.dump();
        return {};
    }
    case Json::value_t::number_float: {
        const auto number = value.get<double>();
        if (!std::isfinite(number))
            return fail(ErrorCode::Invalid, "A number that is not finite has no JSON form");
        out += ecmaNumber(number);
        return {};
    }
    default: return fail(ErrorCode::Invalid, "A value of type {} has no canonical form", value.type_name());
    }
}

} // namespace

Result<std::string> canonicalJson(const Json &value)
{
    std::string out;
    if (auto written = write(out, value); !written)
        return fail(written.error());
    return out;
}

} // namespace consilium
