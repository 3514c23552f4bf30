// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/phantom.h"

#include "core/hash.h"
#include "imaging/phantom/phantom_kinds.h"

#include <array>
#include <fmt/ranges.h>

namespace consilium::imaging {

namespace {

struct Kind
{
    std::string_view name;
    PhantomCase (*make)(std::uint64_t seed, int siteShift);
};
constexpr std::array s_kinds{Kind{"multiple-sclerosis", multipleSclerosisPhantom},
                             Kind{"hippocampus", hippocampusPhantom}, Kind{"prostate", prostatePhantom},
                             Kind{"spinopelvic", spinopelvicPhantom}};

} // namespace

Result<PhantomCase> makePhantom(std::string_view kind, std::size_t index, int siteShift, std::uint64_t seed)
{
    const auto ofSite = derivedSeed(seed, "phantom", static_cast<std::uint64_t>(siteShift));
    std::vector<std::string_view> names;
    for (const auto &known : s_kinds) {
        if (known.name == kind)
            return known.make(derivedSeed(ofSite, "case", index), siteShift);
        names.push_back(known.name);
    }
    return failWithHint(ErrorCode::Unsupported, fmt::format("Name one of: {}", fmt::join(names, ", ")),
                        "There is no phantom '{}'", kind);
}

} // namespace consilium::imaging
