// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_evaluation.h"

#include "core/file.h"
#include "federation/best_round.h"
#include "federation/round_updates.h"

#include <algorithm>

namespace consilium::federation {

namespace {

/// A second name for a file that never changes, where the file system has such; else a copy.
Result<> nameAgain(const std::filesystem::path &file, const std::filesystem::path &name)
{
    auto fresh = name;
    fresh += ".partial-link";
    std::error_code error;
    std::filesystem::remove(fresh, error);
    std::filesystem::create_hard_link(file, fresh, error);
    if (!error)
        std::filesystem::rename(fresh, name, error);
    return error ? copyFileAtomically(file, name) : Result<>();
}

} // namespace

SiteEvaluation::SiteEvaluation(Exchange &exchange, Asking &asking)
    : m_exchange(exchange), m_store(exchange.store()), m_plan(m_store.manifest().plan), m_asking(asking)
{
}

Result<> SiteEvaluation::ask(int round, const std::string &kind, const std::filesystem::path &modelFile,
                             const Json &content)
{
    const auto arrays = encodeArrays(modelFile, m_exchange.spool());
    if (!arrays)
        return fail(arrays.error());
    auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    std::erase_if(*sites, [&](const auto &site) { return !m_exchange.contact(site.name).online; });
    return m_asking.send({.round = round,
                          .kind = kind,
                          .arrays = *arrays,
                          .config = {{"round", std::int64_t{round}},
                                     {"plan", m_plan.hash()},
                                     {"model", content.value("model", "global")},
                                     {"split", content.value("split", "validation")}},
                          .content = content},
                         *sites);
}

Result<> SiteEvaluation::await(int round, const std::string &kind)
{
    if (const auto waited = m_asking.wait(round, kind, 0); !waited)
        return fail(waited.error());
    return m_store.closeMessages(round, kind);
}

Result<> SiteEvaluation::validate(int round, bool wait)
{
    if (auto asked =
            ask(round, "evaluate", m_store.paths().model(round), {{"model", "global"}, {"split", "validation"}});
        !asked)
        return asked;
    return wait ? await(round, "evaluate") : Result<>();
}

Result<> SiteEvaluation::chooseBest(int round)
{
    const auto metrics = m_store.metrics("global", "validation");
    const auto known = m_store.value("bestRound");
    if (!metrics || !known)
        return fail(metrics ? known.error() : metrics.error());
    const int best = m_plan.evaluation.selectBest == "validation" ? bestRound(*metrics).value_or(round) : round;
    if (*known == std::to_string(best))
        return {};
    if (auto named = nameAgain(m_store.paths().model(best), m_store.paths().bestModel()); !named)
        return named;
    return m_store.setValue("bestRound", std::to_string(best));
}

Result<bool> SiteEvaluation::endsEarly(int round)
{
    if (m_plan.evaluation.patience == 0 || round == m_plan.federation.rounds)
        return false;
    const auto metrics = m_store.metrics("global", "validation");
    if (!metrics)
        return fail(metrics.error());
    const auto best = bestRound(*metrics);
    if (!best || round - *best < m_plan.evaluation.patience)
        return false;
    m_exchange.tell({now(),
                     "early-end",
                     {},
                     round,
                     fmt::format("The study ends after round {}: no model has been better than that of round {} for {} "
                                 "rounds",
                                 round, *best, m_plan.evaluation.patience)});
    return true;
}

Result<> SiteEvaluation::test(const std::string &model, const std::filesystem::path &file, int metricRound)
{
    const auto kind = model == "best" ? std::string("test") : "cross:" + model;
    const int round = m_plan.federation.rounds;
    if (auto asked = ask(round, kind, file, {{"model", model}, {"split", "test"}, {"metricRound", metricRound}});
        !asked)
        return asked;
    return await(round, kind);
}

Result<> SiteEvaluation::testModels(bool asynchronous)
{
    const auto last = m_store.value("round");
    if (!last || last->empty())
        return last ? Result<>() : Result<>(fail(last.error()));
    const int lastRound = std::stoi(*last);
    if (asynchronous) {
        for (int round = 1; round <= lastRound; ++round) {
            if (auto answered = await(round, "evaluate"); !answered)
                return answered;
            if (auto closed = m_store.closeMessages(round, "train"); !closed)
                return closed;
        }
        if (auto chosen = chooseBest(lastRound); !chosen)
            return chosen;
    }
    const auto best = m_store.value("bestRound");
    if (!best)
        return fail(best.error());
    if (auto tested = test("best", m_store.paths().bestModel(), std::stoi(*best)); !tested)
        return tested;
    for (const auto &model : m_plan.evaluation.crossSite) {
        if (model != "local") {
            const int round = model == "last" ? lastRound : std::stoi(model.substr(6));
            if (round > lastRound)
                continue; // the study ended before it
            if (auto tested = test(fmt::format("round-{}", round), m_store.paths().model(round), round); !tested)
                return tested;
            continue;
        }
        const auto locals = localModels(m_store, m_exchange.spool(), lastRound);
        if (!locals)
            return fail(locals.error());
        for (const auto &local : *locals) {
            if (auto tested = test("update-" + local.site, local.file, lastRound); !tested)
                return tested;
        }
    }
    return {};
}

} // namespace consilium::federation
