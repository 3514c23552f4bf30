// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/study_show.h"

#include "core/headline_metric.h"
#include "node/console.h"

#include <iostream>
#include <map>

namespace consilium::node {

namespace {

using storage::MetricRow;
using storage::StudySnapshot;

/// What the aggregator measured of the sites' updates: by round and site, the metrics' names without "update-".
using Drifts = std::map<int, std::map<std::string, std::map<std::string, double>>>;

Drifts driftsOf(const StudySnapshot &study)
{
    constexpr std::string_view prefix = "update-";
    Drifts drifts;
    for (const auto &metric : study.metrics) {
        if (metric.split == "update" && metric.model == "local")
            drifts[metric.round][metric.site]
                  [metric.name.starts_with(prefix) ? metric.name.substr(prefix.size()) : metric.name] = metric.value;
    }
    return drifts;
}

struct Traffic
{
    std::int64_t received = 0, sent = 0;
    int counted = 0, asked = 0;
};

/// Of all sites, by round.
std::map<int, Traffic> trafficOf(const StudySnapshot &study)
{
    std::map<int, Traffic> rounds;
    for (const auto &row : study.siteRounds) {
        auto &round = rounds[row.round];
        round.received += row.bytesReceived;
        round.sent += row.bytesSent;
        round.counted += row.state == SiteState::Counted;
        ++round.asked;
    }
    return rounds;
}

std::string megabytes(std::int64_t bytes)
{
    return fmt::format("{:.1f}", static_cast<double>(bytes) / 1e6);
}

void printSites(const StudySnapshot &study)
{
    std::map<std::string, std::string> states, headlines;
    for (const auto &row : study.siteRounds) {
        if (row.round == study.round)
            states[row.site] = fmt::format(", {}{}{}", name(row.state), row.detail.empty() ? "" : ": ", row.detail);
    }
    for (const auto &metric : study.metrics) {
        if (metric.model == "global" && metric.split == "validation" && isHeadline(metric.name))
            headlines[metric.site] = fmt::format("{:.3f}", metric.value);
    }
    std::vector<std::vector<std::string>> table{
        {"site", "state", "cases", study.plan.data.landmarks.empty() ? "validation Dice" : "validation landmarks found",
         "received MB"}};
    for (const auto &site : study.sites) {
        const std::string presence = !site.enrolled ? "invited" : site.online ? "online" : "not connected";
        const auto headline = headlines.find(site.name);
        table.push_back({site.name, presence + states[site.name], std::to_string(site.trainingCases),
                         headline == headlines.end() ? "-" : headline->second, megabytes(site.bytesReceived)});
    }
    std::cout << alignedTable(table);
}

void printRounds(const StudySnapshot &study)
{
    const auto traffic = trafficOf(study);
    std::vector<std::vector<std::string>> table{{"round", "state", "sites in", "received MB", "sent MB"}};
    for (const auto &round : study.rounds) {
        const auto found = traffic.find(round.round);
        const auto sums = found == traffic.end() ? Traffic{} : found->second;
        table.push_back({std::to_string(round.round), std::string(name(round.state)),
                         fmt::format("{} of {}", sums.counted, sums.asked), megabytes(sums.received),
                         megabytes(sums.sent)});
    }
    if (table.size() > 1)
        std::cout << '\n' << alignedTable(table);
}

void printDrift(const StudySnapshot &study)
{
    const auto drifts = driftsOf(study);
    if (drifts.empty())
        return;
    const auto &[round, sites] = *drifts.rbegin();
    std::vector<std::vector<std::string>> table{{"site", "cosine", "norm", "distance", "weight"}};
    for (const auto &[site, figures] : sites) {
        std::vector<std::string> row{site};
        for (const auto *figure : {"cosine", "norm", "distance", "weight"}) {
            const auto found = figures.find(figure);
            row.push_back(found == figures.end()                 ? "-"
                          : std::string_view(figure) == "cosine" ? fmt::format("{:.2f}", found->second)
                                                                 : fmt::format("{:.3g}", found->second));
        }
        table.push_back(std::move(row));
    }
    std::cout << "\nUpdates of round " << round << ": cosine with the step of the global model, norm of the change, "
              << "distance from the new global model, weight\n"
              << alignedTable(table);
}

} // namespace

Json toJson(const StudySnapshot &study)
{
    Json sites = Json::array(), rounds = Json::array(), metrics = Json::array();
    for (const auto &site : study.sites)
        sites.push_back({{"site", site.name},
                         {"enrolled", site.enrolled},
                         {"online", site.online},
                         {"lastSeen", site.lastSeen ? Json(toIso(*site.lastSeen)) : Json()},
                         {"trainingCases", site.trainingCases},
                         {"bytesReceived", site.bytesReceived},
                         {"bytesSent", site.bytesSent}});
    std::map<int, Json> states;
    for (const auto &site : study.siteRounds)
        states[site.round][site.site] = {{"state", name(site.state)},
                                         {"progress", site.progress},
                                         {"detail", site.detail},
                                         {"bytesReceived", site.bytesReceived},
                                         {"bytesSent", site.bytesSent}};
    for (const auto &[round, bySite] : driftsOf(study)) {
        for (const auto &[site, figures] : bySite) {
            if (const auto found = states.find(round); found != states.end() && found->second.contains(site))
                found->second[site]["update"] = figures;
        }
    }
    auto traffic = trafficOf(study);
    for (const auto &round : study.rounds) {
        const auto found = states.find(round.round);
        rounds.push_back({{"round", round.round},
                          {"state", name(round.state)},
                          {"started", toIso(round.started)},
                          {"ended", round.ended ? Json(toIso(*round.ended)) : Json()},
                          {"note", round.note},
                          {"bytesReceived", traffic[round.round].received},
                          {"bytesSent", traffic[round.round].sent},
                          {"sites", found == states.end() ? Json::object() : found->second}});
    }
    for (const auto &metric : study.metrics) {
        if (metric.split != "training")
            metrics.push_back({{"round", metric.round},
                               {"site", metric.site},
                               {"model", metric.model},
                               {"split", metric.split},
                               {"name", metric.name},
                               {"value", metric.value},
                               {"support", metric.support}});
    }
    return {{"id", study.id},
            {"title", study.title},
            {"state", study.state},
            {"round", study.round},
            {"bestRound", study.bestRound},
            {"planHash", study.plan.hash()},
            {"plan", study.plan.toJson()},
            {"sites", sites},
            {"rounds", rounds},
            {"metrics", metrics}};
}

void print(const StudySnapshot &study)
{
    const int planned = study.plan.federation.rounds;
    std::cout << study.title << ": " << study.state << ", "
              << (study.state == "finished" && study.round < planned
                      ? fmt::format("ended after round {} of {}", study.round, planned)
                      : fmt::format("round {} of {}", study.round, planned))
              << (study.bestRound > 0 ? fmt::format(", best round {}", study.bestRound) : "") << "\nPlan SHA-256 "
              << study.plan.hash() << '\n';
    printSites(study);
    printRounds(study);
    printDrift(study);
    for (const auto &round : study.rounds) {
        if (!round.note.empty())
            std::cout << "Round " << round.round << ": " << round.note << '\n';
    }
}

} // namespace consilium::node
