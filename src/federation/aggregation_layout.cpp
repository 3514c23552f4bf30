// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/aggregation_layout.h"

#include "core/name_pattern.h"
#include "federation/tile_kernels.h"

#include <algorithm>
#include <bit>
#include <fmt/ranges.h>
#include <tuple>
#include <unordered_map>

namespace consilium::federation {

namespace {

// One read of a site: so long that the call costs little beside the copy, and so short that the tiles of all sites stay
// in the processor's caches.
constexpr std::size_t allSites = 128 * 1024, smallestTile = 2048, largestTile = 16 * 1024;
// Of all sites, and as many as each may have of them: what lies in memory of the updates does not grow with the sites.
constexpr std::size_t stripeOfAll = 2 * 1024 * 1024, smallestStripe = 32 * 1024, largestStripe = 256 * 1024;

std::string described(const TensorInfo &info)
{
    return fmt::format("{} [{}]", name(info.dtype), fmt::join(info.shape, ", "));
}

using Names = std::unordered_map<std::string_view, std::size_t>;

Names namesOf(const std::vector<TensorInfo> &tensors)
{
    Names names;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        names.emplace(tensors[i].name, i);
    return names;
}

/// Changes travel as floating numbers of any width.
bool fitsTogether(const TensorInfo &theirs, const TensorInfo &ours, bool delta)
{
    return theirs.shape == ours.shape && (theirs.dtype == ours.dtype || (delta && kernels::isFloating(theirs.dtype) &&
                                                                         kernels::isFloating(ours.dtype)));
}

} // namespace

Result<AggregationLayout> AggregationLayout::make(const std::vector<TensorInfo> &tensors,
                                                  std::vector<Contribution> contributions,
                                                  const std::vector<std::string> &stays)
{
    AggregationLayout layout;
    layout.m_tensors = tensors;
    for (const auto &tensor : tensors)
        layout.m_stays.push_back(matchesAnyPattern(tensor.name, stays));
    std::ranges::sort(contributions, {}, [](const auto &c) { return std::tie(c.site, c.staleness); });
    const auto ours = namesOf(layout.m_tensors);
    for (const auto &contribution : contributions) {
        const auto &site = contribution.site;
        if (!layout.m_inUpdate.empty()) {
            const auto &before = contributions[layout.m_inUpdate.size() - 1];
            if (before.site == site && before.staleness == contribution.staleness)
                return fail(ErrorCode::Invalid, "Two updates of site '{}' are for the same round", site);
        }
        const auto &theirs = contribution.update->tensors();
        for (const auto &info : theirs)
            if (!ours.contains(info.name))
                return fail(ErrorCode::Invalid, "The update of site '{}' has a tensor '{}' that the model has not",
                            site, info.name);
        const auto names = namesOf(theirs);
        const auto baseNames = contribution.base ? namesOf(contribution.base->tensors()) : Names{};
        std::vector<std::size_t> inUpdate, inBase;
        for (std::size_t t = 0; t < tensors.size(); ++t) {
            inUpdate.push_back(nowhere);
            inBase.push_back(nowhere);
            if (layout.m_stays[t])
                continue;
            const auto found = names.find(tensors[t].name);
            if (found == names.end())
                return fail(ErrorCode::Invalid, "The update of site '{}' lacks the tensor '{}'", site, tensors[t].name);
            if (!fitsTogether(theirs[found->second], tensors[t], contribution.delta))
                return fail(ErrorCode::Invalid, "The tensor '{}' in the update of site '{}' is {}, the model's {}",
                            tensors[t].name, site, described(theirs[found->second]), described(tensors[t]));
            inUpdate.back() = found->second;
            if (!contribution.base)
                continue;
            const auto base = baseNames.find(tensors[t].name);
            if (base == baseNames.end() || contribution.base->tensors()[base->second] != tensors[t])
                return fail(ErrorCode::Invalid, "The model that site '{}' began with has another tensor '{}'", site,
                            tensors[t].name);
            inBase.back() = base->second;
        }
        layout.m_inUpdate.push_back(std::move(inUpdate));
        layout.m_inBase.push_back(std::move(inBase));
    }
    layout.m_contributions = std::move(contributions);
    return layout;
}

std::vector<Stripe> AggregationLayout::stripes() const
{
    const auto sites = std::max<std::size_t>(m_contributions.size(), 1);
    const auto tile = std::clamp(std::bit_floor(allSites / sites), smallestTile, largestTile);
    const auto stripe = std::clamp(std::bit_floor(stripeOfAll / sites), smallestStripe, largestStripe);
    std::vector<Stripe> stripes;
    std::size_t open = stripe; // elements of the last stripe
    for (std::size_t t = 0; t < m_tensors.size(); ++t) {
        const auto elements = static_cast<std::size_t>(m_tensors[t].elements());
        for (std::size_t begin = 0; begin < elements; begin += tile) {
            const auto count = std::min(tile, elements - begin);
            if (open + count > stripe) {
                stripes.emplace_back();
                open = 0;
            }
            stripes.back().push_back({t, begin, count});
            open += count;
        }
    }
    return stripes;
}

} // namespace consilium::federation
