// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_pattern.h"

#include <algorithm>

namespace consilium {

bool matchesPattern(std::string_view name, std::string_view pattern)
{
    // Only the last star needs another try: what an earlier one could take in addition, the last one can too.
    std::size_t n = 0, p = 0, afterStar = std::string_view::npos, taken = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            afterStar = ++p;
            taken = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            ++p;
            ++n;
        } else if (afterStar != std::string_view::npos) {
            p = afterStar;
            n = ++taken;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool matchesAnyPattern(std::string_view name, std::span<const std::string> patterns)
{
    return std::ranges::any_of(patterns, [name](const auto &pattern) { return matchesPattern(name, pattern); });
}

} // namespace consilium
