// SPDX-License-Identifier: GPL-3.0-or-later
#include "planner.h"

#include "learning/network.h"
#include "learning/planning/memory.h"
#include "learning/planning/study_reasons.h"
#include "merged_fingerprint.h"
#include "plan_draft.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>

namespace consilium::segmentation {

namespace {

using learning::AxisValues;
using Sites = std::vector<SiteFingerprint>;

/// What the task calls its channels and labels.
struct TaskNames
{
    std::vector<std::string> channels, labels;
};

/// Labels carry the meaning of the reference and must agree; a channel may go by another name as long as their number
/// does.
Result<> checkAgreement(const SiteFingerprint &site, const TaskNames &task, std::size_t number,
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

Result<Sites> readSites(std::span<const Json> fingerprints, const Json &preset, TaskNames &task,
                        std::vector<std::string> &reasons)
{
    if (fingerprints.empty())
        return fail(ErrorCode::Invalid, "A plan needs the fingerprint of at least one dataset");
    Sites sites;
    for (const auto &json : fingerprints) {
        auto site = readFingerprint(json, sites.size() + 1);
        if (!site)
            return fail(site.error());
        sites.push_back(std::move(*site));
    }
    task = {preset.value("channels", sites.front().channels), preset.value("labels", sites.front().labels)};
    int cases = 0;
    for (std::size_t index = 0; index < sites.size(); ++index) {
        if (auto agrees = checkAgreement(sites[index], task, index + 1, reasons); !agrees)
            return fail(agrees.error());
        cases += sites[index].cases;
    }
    reasons.push_back(fmt::format("{} case(s) at {} site(s), channels {}, labels {}", cases, sites.size(),
                                  fmt::join(task.channels, ", "), fmt::join(task.labels, ", ")));
    return sites;
}

AxisValues overSites(const Sites &sites, SiteFingerprint::Spread SiteFingerprint::*spread, double percent)
{
    AxisValues values{};
    for (std::size_t axis = 0; axis < 3; ++axis)
        values[axis] = percentileOverSites(sites, spread, axis, percent);
    return values;
}

AxisValues sizeAt(const AxisValues &extent, const AxisValues &spacing)
{
    return {extent[0] / spacing[0], extent[1] / spacing[1], extent[2] / spacing[2]};
}

/// Files store spacings as float32 products; a plan reads better, and hashes the same everywhere, at a tenth of a
/// micrometre.
AxisValues tidy(AxisValues millimetres)
{
    for (auto &value : millimetres)
        value = std::max(std::round(value * 1e4), 1.0) / 1e4;
    return millimetres;
}

/// The spacing a preset or a person fixes, when it is one; what is not is left to Plan::fromJson to refuse.
std::optional<AxisValues> fixedSpacing(const Json &spacing)
{
    try {
        const auto values = spacing.get<AxisValues>();
        const bool possible = std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
        return possible ? std::optional(values) : std::nullopt;
    } catch (const Json::exception &) {
        return std::nullopt;
    }
}

AxisValues chooseSpacing(PlanDraft &draft, const Sites &sites, std::vector<std::string> &reasons)
{
    const auto median = tidy(overSites(sites, &SiteFingerprint::spacing, 50));
    if (const auto *fixed = draft.find("preprocessing", "spacing")) {
        reasons.emplace_back("Spacing as the task fixes it");
        return fixedSpacing(*fixed).value_or(median);
    }
    const auto target = learning::targetSpacing(median, tidy(overSites(sites, &SiteFingerprint::spacing, 10)),
                                                sizeAt(overSites(sites, &SiteFingerprint::extent, 50), median));
    draft.section("preprocessing")["spacing"] = target.spacing;
    reasons.push_back(fmt::format("Spacing {} mm: the median over all cases, so that few images lose detail and few "
                                  "are blown up{}",
                                  fmt::join(target.spacing, " x "),
                                  target.coarseAxis < 0 ? ""
                                                        : fmt::format("; along {}, over three times as coarse, the "
                                                                      "10th percentile",
                                                                      "xyz"[target.coarseAxis])));
    return target.spacing;
}

std::vector<std::string> chooseNormalisation(const TaskNames &task, const Sites &sites,
                                             std::vector<std::string> &reasons)
{
    std::vector<std::string> schemes;
    for (std::size_t channel = 0; channel < task.channels.size(); ++channel) {
        const auto said = std::count_if(sites.begin(), sites.end(), [channel](const auto &s) { return s.ct[channel]; });
        const bool ct = lower(task.channels[channel]) == "ct" || said == std::ssize(sites);
        if (!ct && said > 0)
            reasons.push_back(fmt::format("Check: {} of {} sites say that channel {} is CT", said, sites.size(),
                                          task.channels[channel]));
        schemes.push_back(ct ? "ct" : "zscore");
        reasons.push_back(ct ? fmt::format("Intensities of {} clipped and scaled alike at all sites: CT has a unit",
                                           task.channels[channel])
                             : fmt::format("Intensities of {} as z-scores image by image: they have no unit, and "
                                           "scanners differ",
                                           task.channels[channel]));
    }
    return schemes;
}

/// Clips and scales for the channels with "ct".
Result<> chooseIntensities(PlanDraft &draft, const TaskNames &task, const Sites &sites,
                           std::vector<std::string> &reasons)
{
    auto &preprocessing = draft.section("preprocessing");
    if (!preprocessing.contains("normalisation"))
        preprocessing["normalisation"] = chooseNormalisation(task, sites, reasons);
    const auto &schemes = preprocessing["normalisation"];
    if (preprocessing.contains("intensities") || !schemes.is_array() || schemes.size() != task.channels.size())
        return {};
    auto intensities = Json::array();
    for (std::size_t channel = 0; channel < task.channels.size(); ++channel) {
        if (schemes[channel] != "ct")
            continue;
        const auto all = foregroundOverSites(sites, channel);
        if (!all || all->high <= all->low || all->deviation <= 0)
            return failWithHint(ErrorCode::Invalid, "Make the fingerprints anew, from cases with labels",
                                "No fingerprint tells how bright the foreground is in channel {}, which CT needs",
                                task.channels[channel]);
        intensities.push_back({all->low, all->high, all->mean, all->deviation});
        reasons.push_back(fmt::format("{}: clipped to {:.4g} to {:.4g}, then ({:.4g}, {:.4g}) to (0, 1): percentiles, "
                                      "mean and deviation of the foreground of all sites",
                                      task.channels[channel], all->low, all->high, all->mean,
                                      all->mean + all->deviation));
    }
    preprocessing["intensities"] = intensities;
    return {};
}

/// A preset's patch: divisible by what the network divides, and no larger than the median image needs.
void fitPatch(Plan &plan, const AxisValues &medianSize, bool networkIsOpen, std::vector<std::string> &reasons)
{
    auto &patch = plan.training.patch;
    // A network that is found for the patch can halve it three times.
    const auto divisor = networkIsOpen ? std::vector<int>(patch.size(), 8) : patchDivisor(plan.network);
    const auto wanted = patch;
    for (std::size_t axis = 0; axis < patch.size(); ++axis) {
        const auto whole = [&divisor, axis](double extent) {
            return std::max(static_cast<int>(std::ceil(extent / divisor[axis] - 1e-6)), 1) * divisor[axis];
        };
        patch[axis] = std::min(whole(patch[axis]), whole(medianSize[axis]));
    }
    const auto median = fmt::format("the median image, {:.4g} voxels at that spacing, in whole multiples of {}",
                                    fmt::join(medianSize, " x "), fmt::join(divisor, " x "));
    if (patch == wanted)
        reasons.push_back(fmt::format("Patch {} as the task asks: {}, is no smaller", fmt::join(patch, " x "), median));
    else
        reasons.push_back(fmt::format("Patch {} instead of {}: what the network divides, and no more than {}",
                                      fmt::join(patch, " x "), fmt::join(wanted, " x "), median));
}

std::string countText(double count)
{
    if (count >= 1e9)
        return fmt::format("{:.1f} billion", count / 1e9);
    return count >= 1e6 ? fmt::format("{:.1f} million", count / 1e6) : fmt::format("{:.0f}", count);
}

/// What the plan amounts to, for people.
Result<> tellPlan(const Plan &plan, const Sites &sites, const tasks::PlanRequest &request,
                  std::vector<std::string> &reasons)
{
    if (plan.network.kind != "torchscript") {
        const auto summary = learning::summarise(plan);
        if (!summary)
            return fail(summary.error());
        reasons.push_back(fmt::format("Network {}: {} weights, {} multiply-adds for a patch, drawn {}",
                                      plan.network.kind, countText(static_cast<double>(summary->parameters)),
                                      countText(summary->multiplyAdds), summary->initialisation));
        const double memory = learning::trainingMemory(plan).total(plan.training.batchSize);
        reasons.push_back(fmt::format("Training takes about {} of memory", learning::bytesText(memory)));
        if (memory > request.memory)
            reasons.push_back(fmt::format("Check: that is more than {}; a smaller patch or batch takes less",
                                          learning::bytesText(request.memory)));
    }
    std::vector<int> cases;
    for (const auto &site : sites)
        cases.push_back(site.cases);
    learning::tellStudy(plan, cases, reasons);
    return {};
}

} // namespace

Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons)
{
    TaskNames task;
    const auto sites = readSites(fingerprints, preset, task, reasons);
    if (!sites)
        return fail(sites.error());
    auto draft = PlanDraft::begin(preset, task.channels, task.labels, request);
    if (!draft)
        return fail(draft.error());
    learning::ImageStatistics images;
    images.medianSize = sizeAt(overSites(*sites, &SiteFingerprint::extent, 50), chooseSpacing(*draft, *sites, reasons));
    for (const auto &site : *sites)
        images.cases += site.cases;
    if (auto chosen = chooseIntensities(*draft, task, *sites, reasons); !chosen)
        return fail(chosen.error());

    auto plan = draft->parsed(images, reasons);
    if (!plan)
        return fail(plan.error(), "Task '{}'", preset.value("name", ""));
    const bool module = plan->network.kind == "torchscript";
    if (module && draft->patchIsOpen())
        return failWithHint(ErrorCode::Invalid, "Set it, as in --set training.patch=[64,64,64]",
                            "The patch of a TorchScript module cannot be found: what its network divides is not known");
    const learning::OpenChoices open{draft->networkIsOpen(), draft->patchIsOpen(), draft->batchSizeIsOpen()};
    if (!open.patch && !draft->patchIsAsked() && !module)
        fitPatch(*plan, images.medianSize, open.network, reasons);
    if (auto configured = learning::configure(*plan, images, open, request.memory, reasons); !configured)
        return fail(configured.error());
    for (const auto &[key, value] : request.settings)
        reasons.push_back(fmt::format("As asked: {}={}", key, value));
    plan = Plan::fromJson(plan->toJson());
    if (!plan)
        return fail(plan.error(), "Task '{}'", preset.value("name", ""));
    if (auto told = tellPlan(*plan, *sites, request, reasons); !told)
        return fail(told.error());
    return plan;
}

} // namespace consilium::segmentation
