// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan_checks.h"

namespace consilium {

namespace {

void checkStrategy(const Plan &plan, Checks &checks)
{
    const auto &strategy = plan.federation.strategy;
    checks.oneOf(strategy.kind, "federation.strategy.kind",
                 {"fedavg", "fedavgm", "fedadagrad", "fedadam", "fedyogi", "fedprox", "fednova", "scaffold", "fedbn",
                  "ditto", "validation-weighted", "median", "trimmed-mean", "krum", "multi-krum", "geometric-median",
                  "fedbuff", "plugin"});
    checks.oneOf(strategy.weights, "federation.strategy.weights", {"samples", "steps", "equal"});
    checks.require(strategy.serverLr > 0 && strategy.serverLr <= 100, "federation.strategy.serverLr",
                   "must be above 0, and at most 100");
    checks.oneOf(strategy.serverSchedule.kind, "federation.strategy.serverSchedule.kind",
                 {"constant", "step", "cosine"});
    checks.within(strategy.serverSchedule.rounds, 1, 1'000'000, "federation.strategy.serverSchedule.rounds");
    checks.require(strategy.serverSchedule.factor > 0 && strategy.serverSchedule.factor < 1,
                   "federation.strategy.serverSchedule.factor", "must be above 0 and below 1");
    checks.from0Below1(strategy.momentum, "federation.strategy.momentum");
    for (const auto beta : strategy.betas)
        checks.from0Below1(beta, "federation.strategy.betas");
    checks.within(strategy.adaptivity, 1e-12, 1, "federation.strategy.adaptivity");
    checks.within(strategy.proximal, 0, 1000, "federation.strategy.proximal");
    checks.require(strategy.kind != "fedbn" || !strategy.keepHome.empty(), "federation.strategy.keepHome",
                   "must name tensors that stay home");
    checks.require(strategy.trim >= 0 && strategy.trim < 0.5, "federation.strategy.trim", "must be 0 to below 0.5");
    checks.within(strategy.byzantine, 0, 10'000, "federation.strategy.byzantine");
    checks.within(strategy.selected, 1, 10'000, "federation.strategy.selected");
    checks.within(strategy.smoothing, 1e-12, 1, "federation.strategy.smoothing");
    checks.within(strategy.buffer, 1, 10'000, "federation.strategy.buffer");
    checks.within(strategy.staleness, 0, 100, "federation.strategy.staleness");
    checks.require((strategy.kind == "plugin") != strategy.plugin.empty(), "federation.strategy.plugin",
                   strategy.kind == "plugin" ? "must name a plug-in" : "is for strategies of kind plugin");
    // Krum's score of a site needs n - f - 2 others, and its guarantee 2 f + 2 < n (Blanchard et al. 2017).
    const bool krum = strategy.kind == "krum" || strategy.kind == "multi-krum";
    checks.require(
        !krum || plan.federation.quorum > 2 * strategy.byzantine + 2, "federation.quorum",
        fmt::format("must be above {}, twice federation.strategy.byzantine and 2", 2 * strategy.byzantine + 2));
    checks.require(strategy.kind != "multi-krum" ||
                       strategy.selected <= plan.federation.quorum - strategy.byzantine - 2,
                   "federation.strategy.selected", "must be at most quorum - byzantine - 2");
    // The correction of Karimireddy et al. 2020 is worked out for plain gradient steps.
    const auto &optimizer = plan.training.optimizer;
    checks.require(strategy.kind != "scaffold" || (optimizer.kind == "sgd" && optimizer.momentum == 0),
                   "training.optimizer", "must be sgd without momentum where federation.strategy.kind is scaffold");
    // Both tell the host how far the steps went, which a mean of the weights on the way does not show.
    checks.require((strategy.kind != "scaffold" && strategy.kind != "fednova") || plan.training.average == 0,
                   "training.average", "must be 0 where federation.strategy.kind is scaffold or fednova");
    checks.require(strategy.kind != "fednova" || optimizer.kind == "sgd", "training.optimizer.kind",
                   "must be sgd where federation.strategy.kind is fednova");
}

void checkUpdates(const Plan::Updates &updates, Checks &checks)
{
    checks.oneOf(updates.content, "federation.updates.content", {"full", "delta"});
    checks.oneOf(updates.encoding, "federation.updates.encoding", {"float32", "float16", "int8", "top-k"});
    checks.require(updates.encoding == "float32" || updates.content == "delta", "federation.updates.content",
                   fmt::format("must be delta where federation.updates.encoding is {}", updates.encoding));
    checks.require(updates.share > 0 && updates.share <= 1, "federation.updates.share",
                   "must be above 0, and at most 1");
    checks.require(updates.normLimit == 0 || updates.normLimit >= 1, "federation.updates.normLimit",
                   "must be 0 or at least 1");
    checks.oneOf(updates.overNorm, "federation.updates.overNorm", {"refuse", "clip"});
}

bool namesModel(const std::string &model, int rounds)
{
    if (model == "last" || model == "local")
        return true;
    if (!model.starts_with("round-") || model.size() < 7 || model.size() > 13 ||
        model.find_first_not_of("0123456789", 6) != std::string::npos)
        return false;
    const int round = std::stoi(model.substr(6));
    return round >= 1 && round <= rounds;
}

} // namespace

void checkFederation(const Plan &plan, Checks &checks)
{
    const auto &federation = plan.federation;
    checks.within(federation.quorum, 1, 10'000, "federation.quorum");
    // So that an int holds it in milliseconds.
    checks.within(federation.idleLimitSeconds, 1, 1'000'000, "federation.idleLimitSeconds");
    checkStrategy(plan, checks);
    checkUpdates(federation.updates, checks);
    const auto &privacy = plan.privacy;
    checks.require(!privacy.clip, "privacy.clip", "is not available in this version; leave it null");
    checks.require(!privacy.noise, "privacy.noise", "is not available in this version; leave it null");
    checks.require(!privacy.secureAggregation, "privacy.secureAggregation",
                   "is not available in this version; leave it false");
    checks.require(privacy.minimumCases >= 0, "privacy.minimumCases", "must not be negative");
    checks.require(plan.evaluation.everyRounds > 0, "evaluation.everyRounds", "must be positive");
    checks.oneOf(plan.evaluation.selectBest, "evaluation.selectBest", {"validation", "last"});
    checks.within(plan.evaluation.patience, 0, 1'000'000, "evaluation.patience");
    for (const auto &model : plan.evaluation.crossSite)
        checks.require(namesModel(model, federation.rounds), "evaluation.crossSite",
                       fmt::format("'{}' is not one of last, local, round-1 to round-{}", model, federation.rounds));
}

} // namespace consilium
