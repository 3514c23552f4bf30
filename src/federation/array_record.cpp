// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/array_record.h"

#include "core/json.h"

#include <algorithm>

namespace consilium::federation {

Result<FleetObject> objectOfType(const std::string &id, const Spool &spool, std::string_view type)
{
    auto object = spool.object(id);
    if (object && object->type != type)
        return fail(ErrorCode::Malformed, "The object {} is of type {}, not {}", id, object->type, type);
    return object;
}

/// name -> id, in order, from an ArrayRecord's or RecordDict's body; every id must be one of the children.
Result<std::vector<std::pair<std::string, std::string>>> namedChildren(const FleetObject &object)
{
    const auto json = OrderedJson::parse(object.body, nullptr, false);
    if (!json.is_object())
        return fail(ErrorCode::Malformed, "A {} is not a JSON object", object.type);
    std::vector<std::pair<std::string, std::string>> named;
    for (const auto &[name, id] : json.items()) {
        if (!id.is_string() ||
            std::find(object.children.begin(), object.children.end(), id.get<std::string>()) == object.children.end())
            return fail(ErrorCode::Malformed, "A {} names '{}', which is none of its children", object.type, name);
        named.emplace_back(name, id.get<std::string>());
    }
    return named;
}

Result<std::vector<std::pair<std::string, std::string>>> namedArrays(const std::string &id, const Spool &spool)
{
    const auto record = objectOfType(id, spool, "ArrayRecord");
    if (!record)
        return fail(record.error());
    return namedChildren(*record);
}

Result<std::vector<std::string>> chunksOf(const std::string &name, const std::string &arrayId, const Spool &spool)
{
    const auto array = objectOfType(arrayId, spool, "Array");
    if (!array)
        return fail(array.error());
    const auto body = Json::parse(array->body, nullptr, false);
    if (!body.is_object() || !body.contains("arraychunk_ids") || !body["arraychunk_ids"].is_array() ||
        body["arraychunk_ids"].empty())
        return fail(ErrorCode::Malformed, "The array '{}' names no chunks", name);
    std::vector<std::string> chunks;
    for (const auto &index : body["arraychunk_ids"]) {
        if (!index.is_number_unsigned() || index.get<std::size_t>() >= array->children.size())
            return fail(ErrorCode::Malformed, "The array '{}' names a chunk that is not there", name);
        chunks.push_back(array->children[index.get<std::size_t>()]);
    }
    return chunks;
}

} // namespace consilium::federation
