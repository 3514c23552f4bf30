// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/site_figures.h"

#include "core/headline_metric.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace consilium::dashboard {

namespace {

void take(Drift &drift, const storage::MetricRow &metric)
{
    if (metric.round < drift.round)
        return;
    if (metric.round > drift.round)
        drift = {.round = metric.round, .cosine = {}, .norm = {}, .distance = {}, .weight = {}};
    if (metric.name == "update-cosine")
        drift.cosine = metric.value;
    else if (metric.name == "update-norm")
        drift.norm = metric.value;
    else if (metric.name == "update-distance")
        drift.distance = metric.value;
    else if (metric.name == "weight")
        drift.weight = metric.value;
}

} // namespace

std::vector<SiteFigures> siteFigures(const storage::StudySnapshot &study)
{
    std::vector<SiteFigures> figures(study.sites.size());
    std::unordered_map<std::string_view, SiteFigures *> bySite;
    bySite.reserve(figures.size());
    for (std::size_t i = 0; i < figures.size(); ++i)
        bySite.emplace(study.sites[i].name, &figures[i]);
    const auto find = [&](const std::string &site) -> SiteFigures * {
        const auto found = bySite.find(site);
        return found == bySite.end() ? nullptr : found->second;
    };

    for (const auto &row : study.siteRounds) {
        if (row.round == study.round)
            if (auto *site = find(row.site))
                site->current = row;
    }
    std::vector<int> evaluated(figures.size(), 0);
    for (const auto &metric : study.metrics) {
        const bool update = metric.split == "update" && metric.model == "local";
        if (!update && (metric.split != "validation" || metric.model != "global" || !isHeadline(metric.name)))
            continue;
        auto *site = find(metric.site);
        if (!site)
            continue;
        if (update) {
            take(site->drift, metric);
        } else if (auto &round = evaluated[static_cast<std::size_t>(site - figures.data())]; metric.round >= round) {
            round = metric.round;
            site->headline = metric.value;
        }
    }
    return figures;
}

bool hasTrafficByRound(const storage::StudySnapshot &study)
{
    return std::ranges::any_of(study.siteRounds,
                               [](const auto &row) { return row.bytesReceived > 0 || row.bytesSent > 0; });
}

} // namespace consilium::dashboard
