// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/spooled_update.h"

#include "core/file.h"
#include "federation/fleet_object.h"

#include <set>

namespace consilium::federation {

Result<SpooledUpdate> spooledUpdate(const std::filesystem::path &spool, const std::string &id)
{
    std::set<std::string> seen;
    std::vector<std::string> open{id};
    while (!open.empty()) {
        const auto next = open.back();
        open.pop_back();
        if (!seen.insert(next).second)
            continue;
        if (!isObjectId(next))
            return SpooledUpdate{Spooled::Missing, next};
        const auto bytes = readFile(spool / next);
        if (!bytes && bytes.error().code == ErrorCode::NotFound)
            return SpooledUpdate{Spooled::Missing, next};
        if (!bytes)
            return fail(bytes.error());
        const auto object = objectId(*bytes) == next ? FleetObject::decode(*bytes)
                                                     : Result<FleetObject>(fail(ErrorCode::Malformed, "damaged"));
        if (!object)
            return SpooledUpdate{Spooled::Damaged, next};
        open.insert(open.end(), object->children.begin(), object->children.end());
    }
    return SpooledUpdate{};
}

} // namespace consilium::federation
