// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/simulation.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>

namespace consilium::node {

namespace {

/// Splits at `separator`, but not within brackets or quotes, which values in JSON may have.
std::vector<std::string> splitOutside(const std::string &text, char separator)
{
    std::vector<std::string> parts(1);
    int depth = 0;
    bool quoted = false;
    for (const char c : text) {
        quoted = quoted != (c == '"');
        depth += !quoted && (c == '[' || c == '{') ? 1 : !quoted && (c == ']' || c == '}') ? -1 : 0;
        if (c == separator && depth == 0 && !quoted)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

Result<Variant> parseStrategy(const std::string &entry, const Plan &plan, std::size_t sites)
{
    const auto parts = splitOutside(entry, ':');
    std::vector<std::pair<std::string, std::string>> settings{{"federation.strategy.kind", parts.front()},
                                                              {"federation.quorum", std::to_string(sites)}};
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto equals = parts[i].find('=');
        if (equals == std::string::npos || equals == 0)
            return failWithHint(ErrorCode::Invalid, "Write KIND:KEY=VALUE", "'{}' of the strategy '{}' is no setting",
                                parts[i], entry);
        const auto key = parts[i].substr(0, equals);
        settings.emplace_back(key.find('.') == std::string::npos ? "federation.strategy." + key : key,
                              parts[i].substr(equals + 1));
    }
    Variant variant{entry, plan};
    if (auto set = variant.plan.set(settings); !set)
        return fail(set.error(), "Strategy '{}'", entry);
    return variant;
}

} // namespace

Result<std::vector<Variant>> parseStrategies(const std::string &list, const Plan &plan, std::size_t sites)
{
    std::vector<Variant> variants;
    if (list.empty())
        return variants;
    for (const auto &entry : splitOutside(list, ',')) {
        if (std::ranges::any_of(variants, [&](const auto &variant) { return variant.label == entry; }))
            return fail(ErrorCode::Invalid, "The strategy '{}' is asked for twice", entry);
        auto variant = parseStrategy(entry, plan, sites);
        if (!variant)
            return fail(variant.error());
        variants.push_back(std::move(*variant));
    }
    return variants;
}

Result<Attack> parseAttacks(const std::vector<std::string> &attacks, const std::vector<std::string> &sites)
{
    Attack factors;
    for (const auto &attack : attacks) {
        const auto equals = attack.find('=');
        const auto kind = attack.substr(0, equals);
        double factor = -1;
        if (kind.starts_with("scale:")) {
            const auto number = Json::parse(kind.substr(6), nullptr, false);
            factor = number.is_number() ? number.get<double>() : std::nan("");
        }
        if (equals == std::string::npos || (kind != "sign-flip" && !kind.starts_with("scale:")) ||
            !std::isfinite(factor))
            return failWithHint(ErrorCode::Invalid, "Write sign-flip=SITE,SITE or scale:10=SITE,SITE",
                                "There is no attack '{}'", attack);
        for (const auto &site : splitOutside(attack.substr(equals + 1), ',')) {
            if (std::ranges::find(sites, site) == sites.end())
                return fail(ErrorCode::Invalid, "The attack '{}' names the site '{}', and the sites are {}", attack,
                            site, fmt::join(sites, ", "));
            if (!factors.emplace(site, factor).second)
                return fail(ErrorCode::Invalid, "The site '{}' attacks in two ways; choose one", site);
        }
    }
    return factors;
}

} // namespace consilium::node
