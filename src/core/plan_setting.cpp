// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan_setting.h"

#include <algorithm>

namespace consilium {

Result<> applySetting(Json &plan, const std::string &path, const std::string &value, UnknownKeys unknown)
{
    Json *node = &plan;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find('.', begin), path.size());
        const auto key = path.substr(begin, end - begin);
        const bool known = node->is_object() && node->contains(key);
        const bool made = unknown == UnknownKeys::Made && (node->is_object() || node->is_null());
        if (!known && !made)
            return fail(ErrorCode::Invalid, "Plan key '{}' is not a key of a plan", path);
        node = &(*node)[key];
        begin = end + 1;
    }
    auto parsed = Json::parse(value, nullptr, false);
    *node = parsed.is_discarded() ? Json(value) : std::move(parsed);
    return {};
}

} // namespace consilium
