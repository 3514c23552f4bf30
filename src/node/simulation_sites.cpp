// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/headline_metric.h"
#include "node/console.h"
#include "node/simulation.h"

#include <algorithm>

namespace consilium::node {

Result<SimulatedSites> SimulatedSites::create(const SimulationOptions &options)
{
    SimulatedSites sites;
    sites.m_data = options.data;
    std::ranges::sort(sites.m_data, {}, folderName);
    for (const auto &folder : sites.m_data)
        sites.m_names.push_back(folderName(folder));
    const auto same = std::ranges::adjacent_find(sites.m_names);
    if (same != sites.m_names.end())
        return failWithHint(ErrorCode::Invalid, "Rename one: tables and attacks name the sites by their folders",
                            "Two of the data folders are called '{}'", *same);
    auto listing = datasetListing(sites.m_data);
    if (!listing)
        return fail(listing.error());
    sites.m_listing = std::move(*listing);
    sites.m_device = options.device;
    sites.m_threads = options.threads;
    sites.m_planFile = options.plan;
    return sites;
}

Result<std::vector<SimulatedSite> *> SimulatedSites::openedFor(const Plan &plan)
{
    // The rounds alone of what a federation is decide anything about a site's job: where the schedule ends.
    auto alone = plan;
    alone.federation = {};
    alone.federation.rounds = plan.federation.rounds;
    const auto wanted = alone.hash();
    if (m_openedFor == wanted)
        return &m_sites;
    m_sites.clear();
    m_openedFor.clear();
    for (std::size_t index = 0; index < m_names.size(); ++index) {
        auto opened = openJob(plan, {m_data[index]}, {m_threads, m_device, moduleBeside(m_planFile, plan)});
        if (!opened)
            return fail(opened.error(), "Site {}", m_names[index]);
        m_sites.push_back({m_names[index], m_data[index], std::move(*opened)});
    }
    m_openedFor = wanted;
    return &m_sites;
}

Result<Json> siteMetrics(SimulatedSite &site, const ModelState &model, tasks::Split split)
{
    Json entry{{"site", site.name}, {"cases", site.opened.job->cases(split)}, {"metrics", Json::array()}};
    if (site.opened.job->cases(split) == 0)
        return entry;
    const auto result = site.opened.job->evaluate({&model, 1}, split);
    if (!result)
        return fail(result.error(), "Site {}", site.name);
    entry["metrics"] = toJson(result->means);
    return entry;
}

double headlineOf(const Json &entry)
{
    for (const auto &metric : entry["metrics"]) {
        if (isHeadline(metric.value("name", "")))
            return metric.value("value", 0.0);
    }
    return 0;
}

double meanOverSites(const Json &entries)
{
    double sum = 0;
    int sites = 0;
    for (const auto &entry : entries) {
        if (entry.value("cases", 0) == 0)
            continue;
        sum += headlineOf(entry);
        ++sites;
    }
    return sites > 0 ? sum / sites : 0;
}

std::optional<Json> finishedRun(const std::filesystem::path &folder, const std::string &identity)
{
    auto record = readJson(folder / "result.json");
    if (!record || !record->is_object() || record->value("identity", "") != identity)
        return std::nullopt;
    return std::move(*record);
}

std::string runIdentity(const Simulation &simulation, const Plan &plan, const std::string &kind)
{
    auto text = fmt::format("{}\n{}\n{}\n", kind, plan.hash(), simulation.sites.listing());
    for (const auto &name : simulation.sites.names())
        text += name + "\n";
    if (kind == "strategy") {
        for (const auto &[site, factor] : simulation.attack)
            text += fmt::format("{} {}\n", site, factor);
    }
    return sha256Hex(text);
}

} // namespace consilium::node
