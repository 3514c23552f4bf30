// SPDX-License-Identifier: GPL-3.0-or-later
#include "planner.h"

#include "learning/network.h"
#include "learning/planning/memory.h"
#include "learning/planning/self_configuration.h"
#include "learning/planning/study_reasons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/ranges.h>

namespace consilium::localisation {

namespace {

/// What the planner needs of one site's fingerprint.
struct SiteSummary
{
    int cases = 0;
    std::vector<std::string> channels, landmarks;
    std::vector<int> landmarkCases;
    std::array<double, 2> size{}, spacing{}; ///< medians
};

Result<SiteSummary> readFingerprint(const Json &json, std::size_t number)
{
    try {
        if (const int format = json.at("format").get<int>(); format != 1)
            return fail(ErrorCode::Unsupported, "Fingerprint {} has format {}; this program knows format 1", number,
                        format);
        SiteSummary site{json.at("cases").get<int>(),
                         json.at("channels").get<std::vector<std::string>>(),
                         json.at("landmarks").get<std::vector<std::string>>(),
                         json.at("landmarkCases").get<std::vector<int>>(),
                         json.at("size").at("median").get<std::array<double, 2>>(),
                         json.at("spacing").at("median").get<std::array<double, 2>>()};
        const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
        if (site.cases < 1 || site.landmarkCases.size() != site.landmarks.size() ||
            !std::all_of(site.size.begin(), site.size.end(), positive) ||
            !std::all_of(site.spacing.begin(), site.spacing.end(), positive))
            return fail(ErrorCode::Malformed, "Fingerprint {} holds numbers that no dataset has", number);
        return site;
    } catch (const Json::exception &) {
        return fail(ErrorCode::Malformed, "Fingerprint {} is not a fingerprint of radiographs with landmarks", number);
    }
}

/// A landmark's name carries its meaning and must agree; a channel may go by another name.
Result<> checkAgreement(const SiteSummary &site, const SiteSummary &task, std::size_t number)
{
    if (site.channels.size() != task.channels.size())
        return fail(ErrorCode::Invalid, "Fingerprint {} has {} channel(s) ({}), the task {} ({})", number,
                    site.channels.size(), fmt::join(site.channels, ", "), task.channels.size(),
                    fmt::join(task.channels, ", "));
    for (const auto &name : site.landmarks)
        if (std::find(task.landmarks.begin(), task.landmarks.end(), name) == task.landmarks.end())
            return fail(ErrorCode::Invalid, "Fingerprint {} has the landmark \"{}\", which the task does not know",
                        number, name);
    return {};
}

Result<std::vector<SiteSummary>> readSites(std::span<const Json> fingerprints)
{
    if (fingerprints.empty())
        return fail(ErrorCode::Invalid, "A plan needs the fingerprint of at least one dataset");
    std::vector<SiteSummary> sites;
    for (const auto &json : fingerprints) {
        auto site = readFingerprint(json, sites.size() + 1);
        if (!site)
            return fail(site.error());
        sites.push_back(std::move(*site));
    }
    return sites;
}

/// How many pictures of all sites show a landmark, least first in the telling: what few show is learnt badly.
void tellOfCases(const std::vector<SiteSummary> &sites, const SiteSummary &task, std::vector<std::string> &reasons)
{
    int cases = 0;
    std::vector<int> shown(task.landmarks.size(), 0);
    for (const auto &site : sites) {
        cases += site.cases;
        for (std::size_t n = 0; n < site.landmarks.size(); ++n) {
            const auto place = std::find(task.landmarks.begin(), task.landmarks.end(), site.landmarks[n]);
            shown[static_cast<std::size_t>(place - task.landmarks.begin())] += site.landmarkCases[n];
        }
    }
    reasons.push_back(
        fmt::format("{} radiograph(s) at {} site(s), {} landmarks", cases, sites.size(), task.landmarks.size()));
    const auto least = std::min_element(shown.begin(), shown.end());
    if (least != shown.end() && *least < cases)
        reasons.push_back(fmt::format("Check: \"{}\" is on {} of them only",
                                      task.landmarks[static_cast<std::size_t>(least - shown.begin())], *least));
}

/// Settings that a person would have to give twice.
std::vector<std::pair<std::string, std::string>> completed(std::vector<std::pair<std::string, std::string>> settings,
                                                           std::vector<std::string> &reasons)
{
    const auto sets = [&settings](const char *key) {
        return std::find_if(settings.begin(), settings.end(), [key](const auto &one) { return one.first == key; });
    };
    for (const auto &[key, value] : settings)
        reasons.push_back(fmt::format("As asked: {}={}", key, value));
    const auto size = sets("preprocessing.size");
    if (size != settings.end() && sets("training.patch") == settings.end()) {
        reasons.push_back(fmt::format("training.patch={} with it: a radiograph is seen whole", size->second));
        settings.emplace_back("training.patch", size->second);
    }
    return settings;
}

/// What a pixel is in millimetres once the median picture is fitted into the square.
std::string pixelInWords(const std::vector<SiteSummary> &sites, int side)
{
    double least = 1e300, most = 0;
    for (const auto &site : sites) {
        const double pixel = std::max(site.size[0] * site.spacing[0], site.size[1] * site.spacing[1]) / side;
        least = std::min(least, pixel);
        most = std::max(most, pixel);
    }
    return sites.size() == 1 ? fmt::format("{:.2g} mm a pixel", most)
                             : fmt::format("{:.2g} to {:.2g} mm a pixel at the sites", least, most);
}

Result<> fitBatch(Plan &plan, double memory, bool fixed, std::vector<std::string> &reasons)
{
    const int wanted = plan.training.batchSize;
    const auto training = learning::trainingMemory(plan);
    const auto needed = [&training](int batch) { return learning::bytesText(training.total(batch)); };
    const auto there = learning::bytesText(memory);
    if (const bool fits = training.total(wanted) <= memory; fits || fixed) {
        reasons.push_back(fmt::format("{}Batches of {}: training takes about {}, {} the {} there are",
                                      fits ? "" : "Check: ", wanted, needed(wanted), fits ? "within" : "more than",
                                      there));
        return {};
    }
    if (training.total(1) > memory)
        return failWithHint(ErrorCode::Invalid, "Give more memory, or a smaller preprocessing.size or network.features",
                            "One picture of {} takes about {} to train on, and there are {}",
                            fmt::join(plan.training.patch, " x "), needed(1), there);
    auto &batch = plan.training.batchSize;
    batch = std::max(1, static_cast<int>((memory - training.fixed) / training.perPatch));
    reasons.push_back(fmt::format("Batches of {} instead of {}: training takes about {}, {} would take {} of the {} "
                                  "there are",
                                  batch, wanted, needed(batch), wanted, needed(wanted), there));
    return {};
}

/// What the network amounts to, and a batch that training has room for.
Result<> settleNetwork(Plan &plan, const tasks::PlanRequest &request, std::vector<std::string> &reasons)
{
    if (plan.network.kind == "torchscript") {
        reasons.push_back(fmt::format("Batches of {}: what training the module takes in memory is not known",
                                      plan.training.batchSize));
        return {};
    }
    const auto summary = learning::summarise(plan);
    if (!summary)
        return fail(summary.error());
    const bool fixed = std::any_of(request.settings.begin(), request.settings.end(),
                                   [](const auto &setting) { return setting.first == "training.batchSize"; });
    if (auto fits = fitBatch(plan, request.memory, fixed, reasons); !fits)
        return fits;
    reasons.push_back(fmt::format("Network: {} stack(s) of {} features, {:.2f} million parameters, {:.2f} thousand "
                                  "million multiply-adds a picture; weights drawn as {}",
                                  plan.network.stacks, plan.network.features.front(), summary->parameters / 1e6,
                                  summary->multiplyAdds / 1e9, summary->initialisation));
    return {};
}

Json planJson(const Json &preset, const SiteSummary &task, std::vector<std::string> &reasons)
{
    Json json = preset.value("plan", Json::object());
    json["format"] = 1;
    json["task"] = preset.value("name", "");
    json["data"] = {{"kind", preset.value("kind", "landmark-localisation")},
                    {"channels", task.channels},
                    {"landmarks", task.landmarks}};
    auto &preprocessing = json["preprocessing"];
    if (!preprocessing.contains("normalisation")) {
        preprocessing["normalisation"] = std::vector<std::string>(task.channels.size(), "zscore");
        reasons.emplace_back("Intensities as z-scores over the picture: detectors and exposures differ");
    }
    return json;
}

} // namespace

Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons)
{
    const auto sites = readSites(fingerprints);
    if (!sites)
        return fail(sites.error());
    SiteSummary task = sites->front();
    task.channels = preset.value("channels", task.channels);
    task.landmarks = preset.value("landmarks", task.landmarks);
    for (std::size_t index = 0; index < sites->size(); ++index) {
        if (auto agrees = checkAgreement((*sites)[index], task, index + 1); !agrees)
            return fail(agrees.error());
    }
    tellOfCases(*sites, task, reasons);
    auto plan = Plan::fromJson(planJson(preset, task, reasons));
    if (!plan)
        return fail(plan.error(), "Task '{}'", preset.value("name", ""));
    if (auto set = plan->set(completed(request.settings, reasons)); !set)
        return fail(set.error());
    reasons.push_back(fmt::format("Pictures of {} pixels, {}: {}", fmt::join(plan->training.patch, " x "),
                                  request.settings.empty() ? "as the task fixes it" : "with what was asked for",
                                  pixelInWords(*sites, plan->training.patch[0])));
    if (request.configure)
        reasons.emplace_back("Nothing but the batch is found automatically: the task fixes size and network, in which "
                             "landmarks are seen as finely as its authors mean them to be");
    if (auto settled = settleNetwork(*plan, request, reasons); !settled)
        return fail(settled.error());
    std::vector<int> cases;
    for (const auto &site : *sites)
        cases.push_back(site.cases);
    learning::tellStudy(*plan, cases, reasons);
    return plan;
}

} // namespace consilium::localisation
