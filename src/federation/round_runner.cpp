// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/round_runner.h"

#include "core/file.h"
#include "core/log.h"
#include "federation/next_model.h"
#include "federation/receipt.h"
#include "federation/round_updates.h"
#include "federation/stored_update.h"

#include <algorithm>

namespace consilium::federation {

namespace {

constexpr auto diskPause = std::chrono::seconds(5);

bool is(const std::vector<storage::UpdateRow> &updates, const std::string &site)
{
    return std::any_of(updates.begin(), updates.end(), [&](const auto &update) { return update.site == site; });
}

} // namespace

RoundRunner::RoundRunner(Exchange &exchange, const HostRules &rules, std::function<bool()> stopRequested)
    : m_exchange(exchange), m_store(exchange.store()), m_plan(m_store.manifest().plan), m_rules(rules),
      m_planHash(m_plan.hash()), m_idleLimit(m_plan.federation.idleLimitSeconds),
      m_asking(exchange, m_idleLimit, std::move(stopRequested)), m_evaluation(exchange, m_asking)
{
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

Result<> RoundRunner::patiently(const std::function<Result<>()> &work)
{
    std::string said;
    while (true) {
        auto done = work();
        if (done || done.error().code != ErrorCode::Io) {
            if (!said.empty())
                m_exchange.tell({now(), "warning", {}, 0, "The host can write to its disk again"});
            return done;
        }
        if (std::exchange(said, done.error().message) != done.error().message)
            m_exchange.tell(
                {now(),
                 "error",
                 {},
                 0,
                 fmt::format("{}. Nothing is lost; the host tries again every {} s. Free some space, or stop "
                             "the host and start it again later",
                             done.error().message, diskPause.count())});
        for (const auto end = Exchange::Clock::now() + diskPause; Exchange::Clock::now() < end;) {
            if (m_asking.stopRequested())
                return m_asking.cancelled();
            m_exchange.waitForNews(std::chrono::milliseconds(200));
        }
    }
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
    if (auto done = runStudy(); !done) {
        const auto set = m_store.setValue("state", "stopped");
        m_exchange.tell(
            {now(), done.error().code == ErrorCode::Cancelled ? "stopped" : "error", {}, 0, done.error().line()});
        return set ? done : set;
    }
    m_exchange.spool().removeOutdated();
    if (auto set = patiently([this] { return finishStudy(m_store); }); !set)
        return set;
    m_exchange.tell({now(), "finished", {}, m_plan.federation.rounds, "The study is finished"});
    return dismissSites();
}

Result<> RoundRunner::runStudy()
{
    if (auto there = waitForSites(); !there)
        return there;
    for (int round = 1; round <= m_plan.federation.rounds; ++round) {
        const auto row = m_store.round(round);
        if (!row)
            return fail(row.error());
        if (!*row || (*row)->state != RoundState::Closed) {
            if (auto ran = runRound(round); !ran)
                return ran;
        }
        const auto early = m_evaluation.endsEarly(round);
        if (!early)
            return fail(early.error());
        if (*early)
            break;
    }
    return patiently([this] { return m_evaluation.testModels(asynchronous()); });
}

Result<> RoundRunner::waitForSites()
{
    // A start is worth waiting for everybody who was invited; when some do not come, the quorum goes ahead after the
    // idle limit.
    const auto begin = Exchange::Clock::now();
    bool told = false;
    while (true) {
        if (m_asking.stopRequested())
            return m_asking.cancelled();
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
    if (!aggregated) {
        if (auto checked = checkSpool(round); !checked)
            return checked;
    }
    for (int attempt = 1; !aggregated; ++attempt) {
        if (auto sent = patiently([&] { return distribute(round); }); !sent)
            return sent;
        if (auto collected = patiently([&] { return asynchronous() ? fillBuffer(round) : collect(round); }); !collected)
            return collected;
        bool enough = false;
        const auto combined = patiently([&]() -> Result<> {
            const auto done = aggregate(round);
            enough = done && *done;
            return done ? Result<>() : Result<>(fail(done.error()));
        });
        if (!combined)
            return combined;
        if (enough)
            break;
        if (attempt == m_rules.attempts) {
            const auto failed = m_store.round(round);
            return failWithHint(ErrorCode::Unavailable, "See each site's reason, then start the host again",
                                "Round {} failed {} times: {}", round, m_rules.attempts,
                                failed && *failed ? (*failed)->note : std::string());
        }
        if (auto dropped = m_store.dropUncountedMessages(round); !dropped)
            return dropped;
        if (auto there = waitForSites(); !there)
            return there;
    }
    return patiently([&]() -> Result<> {
        if (round % m_plan.evaluation.everyRounds == 0 || round == m_plan.federation.rounds) {
            if (auto evaluated = evaluate(round); !evaluated)
                return evaluated;
        }
        if (auto chosen = m_evaluation.chooseBest(round); !chosen)
            return chosen;
        if (auto closed = close(round); !closed)
            return closed;
        return dropOldFiles(round);
    });
}

Result<> RoundRunner::checkSpool(int round)
{
    // After a power cut an update that was accepted may have lost what the disk had not yet taken.
    const auto updates = m_store.updates(round);
    if (!updates)
        return fail(updates.error());
    for (const auto &update : *updates) {
        if (isIntact(m_exchange.spool(), update))
            continue;
        if (auto again = m_store.askAgain(update); !again)
            return again;
        m_exchange.tell(
            {now(), "warning", update.site, round,
             fmt::format("Round {}: parts of the update of {} are missing after a restart and are asked for "
                         "again",
                         round, update.site)});
    }
    return {};
}

Result<> RoundRunner::distribute(int round)
{
    if (auto set = setRound(round, RoundState::Distributing); !set)
        return set;
    const auto start = roundStart(m_plan, m_store.paths(), round);
    if (!start)
        return fail(start.error());
    std::vector<std::filesystem::path> files{start->model};
    if (start->control)
        files.push_back(*start->control);
    const auto arrays = encodeArrays(files, m_exchange.spool());
    if (!arrays)
        return fail(arrays.error(), "Round {}", round);
    auto sites = m_store.enrolledSites();
    const auto updates = m_store.updates(round);
    if (!sites || !updates)
        return fail(sites ? updates.error() : sites.error());
    std::vector<storage::SiteRoundRow> rows;
    std::vector<storage::SiteIdentity> asked;
    for (const auto &site : *sites) {
        const bool counted = is(*updates, site.name);
        const auto open = m_store.openMessages(site.name);
        if (!open)
            return fail(open.error());
        const bool busy = asynchronous() && std::any_of(open->begin(), open->end(), [&](const auto &message) {
                              return message.kind == "train" && message.round < round;
                          });
        if (m_exchange.contact(site.name).left && !counted) {
            rows.push_back({round, site.name, SiteState::NotCounted, 1, "it has signed off", {}, 0, 0});
            continue;
        }
        rows.push_back({round,
                        site.name,
                        counted ? SiteState::Counted
                        : busy  ? SiteState::Training
                                : SiteState::Offered,
                        counted ? 1.0 : 0.0,
                        busy ? "still with the model of an earlier round" : "",
                        {},
                        0,
                        0});
        if (!busy)
            asked.push_back(site);
    }
    if (auto set = m_store.setSiteRounds(rows); !set)
        return set;
    return m_asking.send({.round = round,
                          .kind = "train",
                          .arrays = *arrays,
                          .config = {{"round", std::int64_t{round}}, {"plan", m_planHash}},
                          .baseRound = round - 1},
                         asked);
}

Result<> RoundRunner::leaveOut(int round, const std::string &site, const std::string &reason)
{
    if (auto set = m_store.setSiteRound(round, site, SiteState::NotCounted, 1, reason); !set)
        return set;
    m_exchange.tell(
        {now(), "warning", site, round, fmt::format("Round {} goes on without {}: {}", round, site, reason)});
    return {};
}

Result<> RoundRunner::collect(int round)
{
    const auto look = [&](int answered) -> Result<> {
        const auto row = m_store.round(round);
        const auto sites = m_store.siteRounds(round);
        if (!row || !sites)
            return fail(row ? sites.error() : row.error());
        const bool training = std::any_of(sites->begin(), sites->end(), [](const auto &site) {
            return site.state >= SiteState::Training && site.state != SiteState::NotCounted;
        });
        const auto state = answered > 0 ? RoundState::Collecting
                           : training   ? RoundState::Training
                                        : RoundState::Distributing;
        if (*row && (*row)->state < state && (*row)->state >= RoundState::Distributing)
            return setRound(round, state);
        return {};
    };
    const auto waited = m_asking.wait(round, "train", m_plan.federation.quorum, look);
    if (!waited)
        return fail(waited.error());
    if (*waited == Asking::Wait::AllAnswered)
        return {};
    const auto answers = m_store.answers(round, "train");
    const auto states = m_store.siteRounds(round);
    if (!answers || !states)
        return fail(answers ? states.error() : answers.error());
    const auto lostIn = [&](const std::string &site) {
        const auto row =
            std::find_if(states->begin(), states->end(), [&](const auto &one) { return one.site == site; });
        return row == states->end() || row->state == SiteState::Offered
                   ? std::string("it was not there")
                   : fmt::format("connection lost while {}", name(row->state));
    };
    for (const auto &answer : *answers) {
        if (answer.answered)
            continue;
        const auto contact = m_exchange.contact(answer.site);
        const auto reason = contact.left     ? std::string("it has signed off")
                            : contact.online ? fmt::format("no progress for {} s", m_idleLimit.count())
                                             : lostIn(answer.site);
        if (auto left = leaveOut(round, answer.site, reason); !left)
            return left;
    }
    return m_store.closeMessages(round, "train");
}

Result<> RoundRunner::fillBuffer(int round)
{
    if (auto set = setRound(round, RoundState::Training); !set)
        return set;
    m_exchange.restartActivity();
    const auto began = Exchange::Clock::now();
    while (true) {
        if (m_asking.stopRequested())
            return m_asking.cancelled();
        const auto updates = m_store.updates(round);
        const auto sites = m_store.siteRounds(round);
        if (!updates || !sites)
            return fail(updates ? sites.error() : updates.error());
        // With fewer sites at work than the buffer holds, it is full when they are all in.
        const bool working = std::any_of(sites->begin(), sites->end(), [&](const auto &site) {
            return site.state != SiteState::Counted && site.state != SiteState::NotCounted &&
                   !m_asking.isSilent(site.site, began);
        });
        if (std::ssize(*updates) >= m_plan.federation.strategy.buffer || (!working && !updates->empty()))
            break;
        m_exchange.waitForNews(std::chrono::milliseconds(1000));
    }
    return {};
}

Result<bool> RoundRunner::aggregate(int round)
{
    const auto strategy = m_rules.makeStrategy(m_plan);
    if (!strategy)
        return fail(strategy.error());
    const auto updates = m_store.updates(round);
    if (!updates)
        return fail(updates.error());
    auto taken = takeUpdates(m_store.manifest(), m_store.paths(), m_exchange.spool(), *updates, round);
    if (!taken)
        return fail(taken.error());
    for (const auto &refused : taken->refused) {
        if (auto set = m_store.setSiteRound(round, refused.site, SiteState::NotCounted, 1, refused.reason); !set)
            return fail(set.error());
        m_exchange.tell(
            {now(), "warning", refused.site, round,
             fmt::format("Round {}: the update of {} is not counted: {}", round, refused.site, refused.reason)});
    }
    for (const auto &clipped : taken->clipped)
        m_exchange.tell(
            {now(), "warning", clipped.site, round,
             fmt::format("Round {}: the update of {} was made smaller: {}", round, clipped.site, clipped.reason)});
    const int needed = asynchronous() ? 1 : m_plan.federation.quorum;
    if (std::ssize(taken->contributions) < needed) {
        const auto shortfall =
            fmt::format("{} of the {} sites needed were counted", taken->contributions.size(), needed);
        if (auto set = setRound(round, RoundState::Failed, shortfall); !set)
            return fail(set.error());
        return false;
    }
    if (auto set = setRound(round, RoundState::Aggregating); !set)
        return fail(set.error());
    const auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    const auto combined = nextModel(**strategy, m_plan, m_store.paths(), round, std::move(taken->contributions),
                                    sites->size(), m_rules.threads);
    if (!combined)
        return fail(combined.error());
    if (auto recorded = recordRound(m_store, round, *combined); !recorded)
        return fail(recorded.error());
    const auto receipt = draftReceipt(
        m_store, round, m_store.paths().folder / "models" / fmt::format("memory-{:04}.safetensors", round));
    if (!receipt)
        return fail(receipt.error());
    if (auto written = writeReceipt(m_store, *receipt); !written)
        return fail(written.error());
    return true;
}

Result<> RoundRunner::evaluate(int round)
{
    if (auto set = setRound(round, RoundState::Evaluating); !set)
        return set;
    // Sites of asynchronous rounds answer when they come to it.
    return m_evaluation.validate(round, !asynchronous());
}

Result<> RoundRunner::close(int round)
{
    const auto siteRounds = m_store.siteRounds(round);
    if (!siteRounds)
        return fail(siteRounds.error());
    std::vector<std::string> missing;
    for (const auto &site : *siteRounds) {
        if (site.state == SiteState::Counted)
            continue;
        std::string reason = site.detail;
        if (site.state != SiteState::NotCounted) {
            reason = "still training; its update counts in a later round";
            if (auto set = m_store.setSiteRound(round, site.site, SiteState::NotCounted, 1, reason); !set)
                return set;
        }
        missing.push_back(fmt::format("{} ({})", site.site, reason));
    }
    return setRound(round, RoundState::Closed,
                    missing.empty() ? "" : fmt::format("Closed without {}", fmt::join(missing, ", ")));
}

Result<> RoundRunner::dropOldFiles(int round)
{
    std::set<std::string> kept;
    const auto keep = [&](const std::string &id) -> Result<> {
        const auto below = m_exchange.spool().reachable(id);
        if (!below)
            return fail(below.error());
        kept.insert(below->begin(), below->end());
        return {};
    };
    const auto sites = m_store.enrolledSites();
    if (!sites)
        return fail(sites.error());
    for (const auto &site : *sites) {
        const auto open = m_store.openMessages(site.name);
        if (!open)
            return fail(open.error());
        for (const auto &message : *open) {
            if (auto done = keep(message.id); !done)
                return done;
        }
    }
    // The updates of the last round stay, so that it can be worked out again.
    for (int old = m_rules.keepUpdates ? 1 : round; old <= round; ++old) {
        const auto updates = m_store.updates(old);
        if (!updates)
            return fail(updates.error());
        for (const auto &update : *updates) {
            if (auto done = keep(update.reply); !done)
                return done;
        }
    }
    if (auto dropped = m_exchange.spool().keepOnly(kept, Spool::Removal::AsOthersCome); !dropped)
        return dropped;
    if (!m_rules.keepUpdates)
        dropOldMemory(m_store.paths(), round - 1);
    return {};
}

Result<> RoundRunner::dismissSites()
{
    // Sites ask for the study's state when they hear of no message; leaving at once would look to them like a lost
    // host.
    m_exchange.wakeEverybody();
    const auto deadline = Exchange::Clock::now() + std::chrono::seconds(20);
    while (Exchange::Clock::now() < deadline && !m_asking.stopRequested()) {
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
