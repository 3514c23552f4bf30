// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/round_runner.h"

#include "core/file.h"
#include "core/headline_metric.h"
#include "core/log.h"
#include "core/platform.h"
#include "federation/next_model.h"
#include "federation/tensor_readers.h"

#include <algorithm>

namespace consilium::federation {

namespace {

constexpr std::uint64_t serverNode = 1; // the SuperLink's node id, fixed by the protocol
constexpr std::uint64_t runId = 1;      // an embedded aggregator runs one study

constexpr int attempts = 3; // of one round below its quorum, before a person has to look

double secondsSince1970()
{
    return std::chrono::duration<double>(now().time_since_epoch()).count();
}

} // namespace

RoundRunner::RoundRunner(Exchange &exchange, std::function<bool()> stopRequested)
    : m_exchange(exchange), m_store(exchange.store()), m_plan(m_store.manifest().plan), m_planHash(m_plan.hash()),
      m_stopRequested(std::move(stopRequested)), m_idleLimit(m_plan.federation.idleLimitSeconds)
{
}

tl::unexpected<Error> RoundRunner::cancelled() const
{
    return failWithHint(ErrorCode::Cancelled, "Start the host again to go on in the same round",
                        "Stopped on request; everything received is kept in {}", m_store.paths().folder.string());
}

Result<> RoundRunner::setRound(int round, RoundState state, const std::string &note)
{
    if (auto set = m_store.setRound(round, state, note); !set)
        return set;
    m_exchange.tell({now(),
                     "round-state",
                     {},
                     round,
                     fmt::format("Round {} of {}: {}{}{}", round, m_plan.federation.rounds, name(state),
                                 note.empty() ? "" : ". ", note),
                     {{"state", name(state)}}});
    return {};
}

Result<> RoundRunner::run()
{
    const auto state = m_store.value("state");
    if (!state)
        return fail(state.error());
    if (*state == "finished") {
        m_exchange.tell({now(), "finished", {}, m_plan.federation.rounds, "The study is finished already"});
        return dismissSites();
    }
    if (const auto started = m_store.value("started"); started && started->empty()) {
        if (auto set = m_store.setValue("started", toIso(now())); !set)
            return set;
    }
    if (auto set = m_store.setValue("state", "running"); !set)
        return set;
    const auto done = [&]() -> Result<> {
        if (auto there = waitForSites(); !there)
            return there;
        for (int round = 1; round <= m_plan.federation.rounds; ++round) {
            const auto row = m_store.round(round);
            if (!row)
                return fail(row.error());
            if (*row && (*row)->state == RoundState::Closed)
                continue;
            if (auto ran = runRound(round); !ran)
                return ran;
        }
        return testBest();
    }();
    if (!done) {
        const auto set = m_store.setValue("state", "stopped");
        m_exchange.tell(
            {now(), done.error().code == ErrorCode::Cancelled ? "stopped" : "error", {}, 0, done.error().line()});
        return set ? done : set;
    }
    if (auto set = m_store.setValue("ended", toIso(now())); !set)
        return set;
    if (auto set = m_store.setValue("state", "finished"); !set)
        return set;
    m_exchange.tell({now(), "finished", {}, m_plan.federation.rounds, "The study is finished"});
    return dismissSites();
}

Result<> RoundRunner::waitForSites()
{
    // A start is worth waiting for everybody who was invited; when some do not come, the quorum goes ahead after the
    // idle limit.
    const auto begin = Exchange::Clock::now();
    bool told = false;
    while (true) {
        if (m_stopRequested())
            return cancelled();
        if (auto flushed = m_exchange.flush(); !flushed)
            return flushed;
        const auto invited = m_store.sites();
        if (!invited)
            return fail(invited.error());
        const auto online = std::count_if(invited->begin(), invited->end(),
                                          [&](const std::string &site) { return m_exchange.contact(site).online; });
        const bool all = online == std::ssize(*invited) && online > 0;
        const bool patienceOver = Exchange::Clock::now() - begin > m_idleLimit;
        if (online >= m_plan.federation.quorum && (all || patienceOver))
            return {};
        if (!std::exchange(told, true))
            m_exchange.tell({now(),
                             "waiting",
                             {},
                             0,
                             fmt::format("Waiting for sites: {} of {} are here", online, invited->size())});
        m_exchange.waitForNews(std::chrono::milliseconds(500));
    }
}

Result<> RoundRunner::runRound(int round)
{
    std::error_code ignored;
    const auto row = m_store.round(round);
    if (!row)
        return fail(row.error());
    const bool aggregated = *row && (*row)->state == RoundState::Evaluating &&
                            std::filesystem::exists(m_store.paths().model(round), ignored);
    for (int attempt = 1; !aggregated; ++attempt) {
        if (auto sent = distribute(round); !sent)
            return sent;
        if (auto collected = collect(round); !collected)
            return collected;
        const auto updates = m_store.updates(round);
        if (!updates)
            return fail(updates.error());
        if (std::ssize(*updates) >= m_plan.federation.quorum) {
            if (auto combined = aggregate(round, *updates); !combined)
                return combined;
            break;
        }
        const auto shortfall =
            fmt::format("{} of the {} sites needed were counted", updates->size(), m_plan.federation.quorum);
        if (auto set = setRound(round, RoundState::Failed, shortfall); !set)
            return set;
        if (attempt == attempts)
            return failWithHint(ErrorCode::Unavailable, "See each site's reason, then start the host again",
                                "Round {} failed {} times: {}", round, attempts, shortfall);
        if (auto dropped = m_store.dropUncountedMessages(round); !dropped)
            return dropped;
        if (auto there = waitForSites(); !there)
            return there;
    }
    if (round % m_plan.evaluation.everyRounds == 0 || round == m_plan.federation.rounds) {
        if (auto evaluated = evaluate(round); !evaluated)
            return evaluated;
    }
    if (auto chosen = chooseBest(round); !chosen)
        return chosen;
    const auto siteRounds = m_store.siteRounds(round);
    if (!siteRounds)
        return fail(siteRounds.error());
    std::vector<std::string> missing;
    for (const auto &site : *siteRounds) {
        if (site.state != SiteState::Counted)
            missing.push_back(fmt::format("{} ({})", site.site, site.detail));
    }
    if (auto set = setRound(round, RoundState::Closed,
                            missing.empty() ? "" : fmt::format("Closed without {}", fmt::join(missing, ", ")));
        !set)
        return set;
    return dropOldObjects(round);
}

Result<> RoundRunner::distribute(int round)
{
    if (auto set = setRound(round, RoundState::Distributing); !set)
        return set;
    const auto arrays = encodeArrays(m_store.paths().model(round - 1), m_exchange.spool());
    if (!arrays)
        return fail(arrays.error(), "Round {}", round);
    const auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    const auto updates = m_store.updates(round);
    if (!updates)
        return fail(updates.error());
    for (const auto &site : *sites) {
        const bool counted =
            std::any_of(updates->begin(), updates->end(), [&](const auto &update) { return update.site == site.name; });
        if (auto set = m_store.setSiteRound(round, site.name, counted ? SiteState::Counted : SiteState::Offered,
                                            counted ? 1 : 0, {});
            !set)
            return set;
    }
    return sendToSites(round, "train", *sites, *arrays, {{"round", std::int64_t{round}}, {"plan", m_planHash}},
                       Json::object());
}

Result<> RoundRunner::sendToSites(int round, const std::string &kind, const std::vector<storage::SiteIdentity> &sites,
                                  const std::string &arrays, const Config &config, const Json &content)
{
    const auto sent = m_store.messages(round, kind);
    if (!sent)
        return fail(sent.error());
    for (const auto &site : sites) {
        // After a restart the first message still stands: the site may be answering it right now.
        if (std::any_of(sent->begin(), sent->end(), [&](const auto &message) { return message.site == site.name; }))
            continue;
        Message message;
        message.metadata = {runId,
                            serverNode,
                            static_cast<std::uint64_t>(site.nodeId),
                            {},
                            std::to_string(round),
                            kind == "train" ? "train" : "evaluate",
                            /*ttl*/ 30.0 * 24 * 3600,
                            secondsSince1970()};
        message.arrays = arrays;
        message.config = config;
        const auto id = encodeMessage(message, m_exchange.spool());
        if (!id)
            return fail(id.error());
        if (auto added = m_store.addMessage({*id, round, site.name, kind, content, now(), false, std::nullopt}); !added)
            return added;
    }
    return {};
}

Result<RoundRunner::Wait> RoundRunner::waitForReplies(int round, const std::string &kind, int enough)
{
    m_exchange.restartActivity();
    const auto begin = Exchange::Clock::now();
    while (true) {
        if (m_stopRequested())
            return cancelled();
        const auto time = Exchange::Clock::now();
        if (time - m_lastFlush > std::chrono::seconds(1)) {
            if (auto flushed = m_exchange.flush(); !flushed)
                return fail(flushed.error());
            m_lastFlush = time;
        }
        const auto messages = m_store.messages(round, kind);
        if (!messages)
            return fail(messages.error());
        int answered = 0;
        bool somebodyActive = false;
        for (const auto &message : *messages) {
            if (message.reply) {
                ++answered;
                continue;
            }
            const auto contact = m_exchange.contact(message.site);
            // A site that fell silent keeps its place until the idle limit; one that never came in this wait gets it
            // from the start.
            somebodyActive = somebodyActive || time - std::max(contact.lastActivity, begin) < m_idleLimit;
        }
        if (answered == std::ssize(*messages))
            return Wait::AllAnswered;
        if (!somebodyActive && answered >= enough)
            return Wait::IdleLimit;
        if (kind == "train" && round > 0) {
            const auto row = m_store.round(round);
            const auto sites = m_store.siteRounds(round);
            if (!row || !sites)
                return fail(row ? sites.error() : row.error());
            const bool training = std::any_of(sites->begin(), sites->end(),
                                              [](const auto &site) { return site.state >= SiteState::Training; });
            const auto state = answered > 0 ? RoundState::Collecting
                               : training   ? RoundState::Training
                                            : RoundState::Distributing;
            if (*row && (*row)->state < state && (*row)->state >= RoundState::Distributing) {
                if (auto set = setRound(round, state); !set)
                    return fail(set.error());
            }
        }
        m_exchange.waitForNews(std::chrono::milliseconds(1000));
    }
}

Result<> RoundRunner::collect(int round)
{
    const auto waited = waitForReplies(round, "train", m_plan.federation.quorum);
    if (!waited)
        return fail(waited.error());
    if (*waited == Wait::AllAnswered)
        return {};
    const auto messages = m_store.messages(round, "train");
    if (!messages)
        return fail(messages.error());
    for (const auto &message : *messages) {
        if (message.reply)
            continue;
        const auto online = m_exchange.contact(message.site).online;
        const auto reason = online ? fmt::format("no progress for {} s", m_idleLimit.count())
                                   : std::string("connection lost while training");
        if (auto set = m_store.setSiteRound(round, message.site, SiteState::NotCounted, 1, reason); !set)
            return set;
        m_exchange.tell({now(), "warning", message.site, round,
                         fmt::format("Round {} goes on without {}: {}", round, message.site, reason)});
    }
    return m_store.closeMessages(round, "train");
}

Result<> RoundRunner::aggregate(int round, const std::vector<storage::UpdateRow> &updates)
{
    if (auto set = setRound(round, RoundState::Aggregating); !set)
        return set;
    std::vector<Contribution> contributions;
    for (const auto &update : updates) {
        auto reader = readerOf(m_store.paths().folder / update.file);
        if (!reader)
            return fail(reader.error(), "The update of site '{}'", update.site);
        Contribution contribution;
        contribution.site = update.site;
        contribution.update = std::move(*reader);
        contribution.samples = update.samples;
        contributions.push_back(std::move(contribution));
    }
    const auto strategy = makeStrategy(m_plan);
    if (!strategy)
        return fail(strategy.error());
    const auto enrolled = m_store.enrolledSites();
    if (!enrolled)
        return fail(enrolled.error());
    const auto combined = nextModel(**strategy, m_plan, m_store.paths(), round, std::move(contributions),
                                    enrolled->size(), platform::availableCores());
    if (!combined)
        return fail(combined.error());
    return {};
}

Result<> RoundRunner::askForEvaluation(int round, const std::string &kind, const std::filesystem::path &modelFile,
                                       Json content)
{
    const auto arrays = encodeArrays(modelFile, m_exchange.spool());
    if (!arrays)
        return fail(arrays.error());
    auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    std::erase_if(*sites, [&](const auto &site) { return !m_exchange.contact(site.name).online; });
    const Config config{{"round", std::int64_t{round}},
                        {"plan", m_planHash},
                        {"model", content.value("model", "global")},
                        {"split", content.value("split", "validation")}};
    if (auto sent = sendToSites(round, kind, *sites, *arrays, config, content); !sent)
        return sent;
    const auto waited = waitForReplies(round, kind, 0);
    if (!waited)
        return fail(waited.error());
    return m_store.closeMessages(round, kind);
}

Result<> RoundRunner::evaluate(int round)
{
    if (auto set = setRound(round, RoundState::Evaluating); !set)
        return set;
    return askForEvaluation(round, "evaluate", m_store.paths().model(round),
                            {{"model", "global"}, {"split", "validation"}});
}

Result<> RoundRunner::chooseBest(int round)
{
    int best = round;
    if (m_plan.evaluation.selectBest == "validation") {
        const auto metrics = m_store.metrics("global", "validation");
        if (!metrics)
            return fail(metrics.error());
        // Mean over all sites' validation cases; the earlier round wins a tie.
        std::map<int, std::pair<double, double>> sums;
        for (const auto &metric : *metrics) {
            if (!isHeadline(metric.name))
                continue;
            sums[metric.round].first += metric.value * metric.support;
            sums[metric.round].second += metric.support;
        }
        double bestMean = -1;
        for (const auto &[candidate, sum] : sums) {
            const double mean = sum.second > 0 ? sum.first / sum.second : -1;
            if (mean > bestMean) {
                bestMean = mean;
                best = candidate;
            }
        }
    }
    const auto known = m_store.value("bestRound");
    if (!known)
        return fail(known.error());
    if (*known != std::to_string(best)) {
        if (auto copied = copyFileAtomically(m_store.paths().model(best), m_store.paths().bestModel()); !copied)
            return copied;
        return m_store.setValue("bestRound", std::to_string(best));
    }
    return {};
}

Result<> RoundRunner::testBest()
{
    const auto best = m_store.value("bestRound");
    if (!best)
        return fail(best.error());
    return askForEvaluation(m_plan.federation.rounds, "test", m_store.paths().bestModel(),
                            {{"model", "best"}, {"split", "test"}, {"metricRound", std::stoi(*best)}});
}

Result<> RoundRunner::dropOldObjects(int round)
{
    std::set<std::string> kept;
    const auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    for (const auto &site : *sites) {
        const auto open = m_store.openMessages(site.name);
        if (!open)
            return fail(open.error());
        for (const auto &message : *open) {
            const auto below = m_exchange.spool().reachable(message.id);
            if (!below)
                return fail(below.error());
            kept.insert(below->begin(), below->end());
        }
    }
    if (auto dropped = m_exchange.spool().keepOnly(kept); !dropped)
        return dropped;
    dropOldMemory(m_store.paths(), round);
    // The whole updates of the round before are not needed any more; this round's stay until the next one closes.
    const auto old = m_store.updates(round - 1);
    if (!old)
        return fail(old.error());
    for (const auto &update : *old) {
        std::error_code ignored;
        std::filesystem::remove(m_store.paths().folder / update.file, ignored);
    }
    return {};
}

Result<> RoundRunner::dismissSites()
{
    // Sites ask for the study's state every few seconds; leaving at once would look to them like a lost host.
    const auto deadline = Exchange::Clock::now() + std::chrono::seconds(15);
    while (Exchange::Clock::now() < deadline && !m_stopRequested()) {
        if (auto flushed = m_exchange.flush(); !flushed)
            return flushed;
        const auto sites = m_store.enrolledSites();
        if (!sites)
            return fail(sites.error());
        if (std::none_of(sites->begin(), sites->end(),
                         [&](const auto &site) { return m_exchange.contact(site.name).online; }))
            break;
        m_exchange.waitForNews(std::chrono::milliseconds(300));
    }
    return {};
}

} // namespace consilium::federation
