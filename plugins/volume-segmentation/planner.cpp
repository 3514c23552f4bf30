// SPDX-License-Identifier: GPL-3.0-or-later
#include "planner.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/ranges.h>
#include <functional>

namespace consilium::segmentation {

namespace {

using Triple = std::array<double, 3>;

/// What the planner needs of one site's fingerprint.
struct SiteSummary
{
    int cases = 0;
    std::vector<std::string> channels, labels;
    Triple size{}, spacing{}; ///< medians
};

Result<SiteSummary> readFingerprint(const Json &json, std::size_t number)
{
    try {
        if (const int format = json.at("format").get<int>(); format != 1)
            return fail(ErrorCode::Unsupported, "Fingerprint {} has format {}; this program knows format 1", number,
                        format);
        SiteSummary site{json.at("cases").get<int>(), json.at("channels").get<std::vector<std::string>>(),
                         json.at("labels").get<std::vector<std::string>>(), json.at("size").at("median").get<Triple>(),
                         json.at("spacing").at("median").get<Triple>()};
        const auto positive = [](double value) { return value > 0 && std::isfinite(value); };
        if (site.cases < 1 || !std::all_of(site.size.begin(), site.size.end(), positive) ||
            !std::all_of(site.spacing.begin(), site.spacing.end(), positive))
            return fail(ErrorCode::Malformed, "Fingerprint {} holds numbers that no dataset has", number);
        return site;
    } catch (const Json::exception &) {
        return fail(ErrorCode::Malformed, "Fingerprint {} is not a fingerprint of this program", number);
    }
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

/// Labels carry the meaning of the reference and must agree; a channel may go by another name as long as their number
/// does.
Result<> checkAgreement(const SiteSummary &site, const SiteSummary &task, std::size_t number,
                        std::vector<std::string> &reasons)
{
    if (site.channels.size() != task.channels.size())
        return fail(ErrorCode::Invalid, "Fingerprint {} has {} channel(s) ({}), the task {} ({})", number,
                    site.channels.size(), fmt::join(site.channels, ", "), task.channels.size(),
                    fmt::join(task.channels, ", "));
    if (site.labels.size() != task.labels.size())
        return fail(ErrorCode::Invalid, "Fingerprint {} has the labels {}, the task {}", number,
                    fmt::join(site.labels, ", "), fmt::join(task.labels, ", "));
    for (std::size_t label = 0; label < task.labels.size(); ++label) {
        if (lower(site.labels[label]) != lower(task.labels[label]))
            return fail(ErrorCode::Invalid, "Fingerprint {} calls label {} '{}', the task '{}'", number, label,
                        site.labels[label], task.labels[label]);
    }
    for (std::size_t channel = 0; channel < task.channels.size(); ++channel) {
        if (lower(site.channels[channel]) != lower(task.channels[channel]))
            reasons.push_back(fmt::format("Check: fingerprint {} calls channel {} '{}', the task '{}'", number, channel,
                                          site.channels[channel], task.channels[channel]));
    }
    return {};
}

/// The value at which half of the cases lie on either side, each site standing for its number of cases.
double weightedMedian(std::vector<std::pair<double, int>> values)
{
    std::sort(values.begin(), values.end());
    long long total = 0;
    for (const auto &[value, weight] : values)
        total += weight;
    long long below = 0;
    for (const auto &[value, weight] : values) {
        below += weight;
        if (2 * below >= total)
            return value;
    }
    return values.back().first;
}

Triple medianOf(const std::vector<SiteSummary> &sites,
                const std::function<double(const SiteSummary &, int axis)> &value)
{
    Triple median{};
    for (int axis = 0; axis < 3; ++axis) {
        std::vector<std::pair<double, int>> values;
        for (const auto &site : sites)
            values.emplace_back(value(site, axis), site.cases);
        median[static_cast<std::size_t>(axis)] = weightedMedian(std::move(values));
    }
    return median;
}

/// Files store spacings as float32 products; a plan reads better, and hashes the same everywhere, at a tenth of a
/// micrometre.
double tidy(double millimetres)
{
    return std::round(millimetres * 1e4) / 1e4;
}

void fitPatch(Plan &plan, const Triple &medianSize, std::vector<std::string> &reasons)
{
    const int divisor = 1 << (plan.network.features.size() - 1);
    const auto wanted = plan.training.patch;
    for (std::size_t axis = 0; axis < plan.training.patch.size() && axis < 3; ++axis) {
        const int needed = static_cast<int>(std::ceil(medianSize[axis] / divisor - 1e-6)) * divisor;
        plan.training.patch[axis] = std::min(plan.training.patch[axis], std::max(needed, divisor));
    }
    const auto text = [](const auto &values) { return fmt::format("{}", fmt::join(values, " x ")); };
    const auto median = fmt::format(
        "the median image, {:.4g} x {:.4g} x {:.4g} voxels at that spacing, rounded up to whole multiples of {}",
        medianSize[0], medianSize[1], medianSize[2], divisor);
    if (plan.training.patch == wanted)
        reasons.push_back(fmt::format("Patch {} as the task asks: {}, is no smaller", text(wanted), median));
    else
        reasons.push_back(
            fmt::format("Patch {} instead of {}: no more than {}", text(plan.training.patch), text(wanted), median));
}

} // namespace

Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons)
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
    SiteSummary task = sites.front();
    if (preset.contains("channels"))
        task.channels = preset["channels"].get<std::vector<std::string>>();
    if (preset.contains("labels"))
        task.labels = preset["labels"].get<std::vector<std::string>>();
    int cases = 0;
    for (std::size_t index = 0; index < sites.size(); ++index) {
        if (auto agrees = checkAgreement(sites[index], task, index + 1, reasons); !agrees)
            return fail(agrees.error());
        cases += sites[index].cases;
    }
    reasons.push_back(fmt::format("{} case(s) at {} site(s), channels {}, labels {}", cases, sites.size(),
                                  fmt::join(task.channels, ", "), fmt::join(task.labels, ", ")));

    Json json = preset.value("plan", Json::object());
    json["format"] = 1;
    json["task"] = preset.value("name", "");
    json["data"] = {
        {"kind", preset.value("kind", "volume-segmentation")}, {"channels", task.channels}, {"labels", task.labels}};
    auto &preprocessing = json["preprocessing"];
    if (!preprocessing.contains("normalisation")) {
        preprocessing["normalisation"] = std::vector<std::string>(task.channels.size(), "zscore");
        reasons.push_back("Intensities as z-scores per channel: MR images have no unit, and scanners differ");
    }
    if (preprocessing.contains("spacing")) {
        reasons.push_back("Spacing as the task fixes it");
    } else {
        auto spacing = medianOf(
            sites, [](const SiteSummary &site, int axis) { return site.spacing[static_cast<std::size_t>(axis)]; });
        std::transform(spacing.begin(), spacing.end(), spacing.begin(), tidy);
        preprocessing["spacing"] = spacing;
        reasons.push_back(
            fmt::format("Spacing {} mm: the median over all cases, so that few images lose detail and few are blown up",
                        fmt::join(spacing, " x ")));
    }
    auto plan = Plan::fromJson(json);
    if (!plan)
        return fail(plan.error(), "Task '{}'", preset.value("name", ""));
    fitPatch(*plan,
             medianOf(sites,
                      [&plan](const SiteSummary &site, int axis) {
                          const auto a = static_cast<std::size_t>(axis);
                          return site.size[a] * site.spacing[a] / plan->preprocessing.spacing[a];
                      }),
             reasons);
    if (auto set = plan->set(request.settings); !set)
        return fail(set.error());
    for (const auto &[key, value] : request.settings)
        reasons.push_back(fmt::format("As asked: {}={}", key, value));
    for (std::size_t index = 0; index < sites.size(); ++index) {
        if (sites[index].cases < plan->privacy.minimumCases)
            reasons.push_back(
                fmt::format("Check: fingerprint {} has {} case(s), fewer than the {} a site needs to take part",
                            index + 1, sites[index].cases, plan->privacy.minimumCases));
    }
    reasons.push_back(fmt::format("{} round(s) of {} step(s), batches of {}: {} step(s) at each site",
                                  plan->federation.rounds, plan->stepsPerRound(), plan->training.batchSize,
                                  plan->totalSteps()));
    return plan;
}

} // namespace consilium::segmentation
