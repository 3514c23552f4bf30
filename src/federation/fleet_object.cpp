// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/fleet_object.h"

#include "core/hash.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace consilium::federation {

namespace {

constexpr std::array<std::string_view, 7> knownTypes{"Message",    "RecordDict",   "ArrayRecord", "Array",
                                                     "ArrayChunk", "MetricRecord", "ConfigRecord"};

} // namespace

std::string FleetObject::header(std::string_view type, const std::vector<std::string> &children, std::size_t length)
{
    std::string out;
    out.reserve(type.size() + children.size() * 65 + 24);
    out += type;
    out += ' ';
    for (std::size_t i = 0; i < children.size(); ++i) {
        if (i > 0)
            out += ',';
        out += children[i];
    }
    out += ' ';
    out += std::to_string(length);
    out += '\0';
    return out;
}

std::string FleetObject::encode() const
{
    return header(type, children, body.size()) + body;
}

Result<FleetObject> FleetObject::decode(std::string_view bytes)
{
    const auto end = bytes.find('\0');
    if (end == std::string_view::npos)
        return fail(ErrorCode::Malformed, "An object has no header");
    const auto header = bytes.substr(0, end);
    const auto first = header.find(' ');
    const auto second = first == std::string_view::npos ? first : header.find(' ', first + 1);
    if (second == std::string_view::npos)
        return fail(ErrorCode::Malformed, "An object's header is incomplete");
    FleetObject object;
    object.type = header.substr(0, first);
    if (std::find(knownTypes.begin(), knownTypes.end(), object.type) == knownTypes.end())
        return fail(ErrorCode::Malformed, "An object is of an unknown type");
    for (auto list = header.substr(first + 1, second - first - 1); !list.empty();) {
        const auto comma = std::min(list.find(','), list.size());
        if (!isObjectId(list.substr(0, comma)))
            return fail(ErrorCode::Malformed, "An object names a child that is no SHA-256");
        object.children.emplace_back(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    const auto number = header.substr(second + 1);
    std::size_t length = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), length);
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || length != bytes.size() - end - 1)
        return fail(ErrorCode::Malformed, "An object's length does not match its header");
    object.body = bytes.substr(end + 1);
    return object;
}

std::string objectId(std::string_view encoded)
{
    return sha256Hex(encoded);
}

bool isObjectId(std::string_view text)
{
    return text.size() == 64 && std::all_of(text.begin(), text.end(),
                                            [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

} // namespace consilium::federation
