// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/exchange.h"

#include "core/log.h"

#include <algorithm>

namespace consilium::federation {

Exchange::Exchange(storage::StudyStore &store, std::function<void(const Event &)> onEvent)
    : m_store(store), m_spool(store.paths().spool()), m_onEvent(std::move(onEvent)),
      m_housekeeper([this] { keepHouse(); })
{
}

Exchange::~Exchange()
{
    end();
    m_housekeeper.join();
}

void Exchange::wakeEverybody()
{
    {
        const std::lock_guard lock(m_mutex);
        m_over = true; // who asks from now on, having been busy with the last answer, is not kept waiting either
    }
    wake([](const Waiter &) { return true; });
}

void Exchange::end()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_end.notify_all();
    wakeEverybody();
}

void Exchange::keepHouse()
{
    std::unique_lock lock(m_mutex);
    while (!m_end.wait_for(lock, std::chrono::seconds(1), [this] { return m_ending; })) {
        lock.unlock();
        wake([now = Clock::now()](const Waiter &waiter) { return waiter.deadline <= now; });
        if (auto flushed = flush(); !flushed)
            spdlog::error("{}", flushed.error().line());
        lock.lock();
    }
}

void Exchange::tell(Event event)
{
    spdlog::info("{}", event.text);
    if (auto written = m_store.addEvent(event); !written)
        spdlog::error("{}", written.error().line());
    if (m_onEvent)
        m_onEvent(event);
}

void Exchange::news()
{
    const std::lock_guard lock(m_mutex);
    ++m_newsCount;
    m_news.notify_all();
}

void Exchange::note(const std::string &site, bool activity, std::int64_t received, std::int64_t sent)
{
    if (m_contacts.note(site, activity, received, sent))
        news();
}

Result<> Exchange::activate(const std::string &site, const std::string &worker)
{
    m_contacts.welcome(site, worker);
    const auto open = m_store.openMessages(site);
    if (!open)
        return fail(open.error());
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &message : *open)
            m_delivered.erase(message.id);
    }
    note(site, true);
    return flush();
}

Result<> Exchange::checkWorker(const std::string &site, const std::string &worker)
{
    const auto standing = m_contacts.standing(site, worker);
    if (standing == SiteContacts::Standing::Current)
        return {};
    if (standing == SiteContacts::Standing::RelievedFirst)
        tell({now(), "warning", site, 0,
              fmt::format("Two workers run with the identity of {}: the older one was told to stop", site)});
    return failWithHint(ErrorCode::Refused, "If nobody started it on purpose, somebody has copied this site's folder",
                        "Another worker has joined with the identity of site '{}'; this one stops", site);
}

void Exchange::deactivate(const std::string &site)
{
    m_contacts.leave(site);
    news();
    if (auto flushed = flush(); !flushed)
        spdlog::error("{}", flushed.error().line());
}

Result<std::optional<storage::MessageRow>> Exchange::nextMessage(const std::string &site)
{
    const auto open = m_store.openMessages(site);
    if (!open)
        return fail(open.error());
    for (const auto &message : *open) {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_delivered.insert(message.id).second)
                continue;
        }
        note(site, true);
        return message;
    }
    note(site, false);
    return std::nullopt;
}

void Exchange::whenMessage(const std::string &site, std::chrono::milliseconds limit, std::function<void()> ready)
{
    bool ending = false;
    {
        const std::lock_guard lock(m_mutex);
        ending = m_ending || m_over;
        if (!ending)
            m_waiters.push_back({site, Clock::now() + limit, ready});
    }
    if (ending)
        return ready();
    // A message that came between the caller's look and this one must not wait for the limit.
    const auto open = m_store.openMessages(site);
    const auto undelivered = [this](const auto &message) {
        const std::lock_guard lock(m_mutex);
        return !m_delivered.contains(message.id);
    };
    if (open && std::any_of(open->begin(), open->end(), undelivered))
        wake([&](const Waiter &waiter) { return waiter.site == site; });
}

void Exchange::forget(const std::string &messageId)
{
    const std::lock_guard lock(m_mutex);
    m_delivered.erase(messageId);
}

void Exchange::wake(const std::function<bool(const Waiter &)> &which)
{
    std::vector<Waiter> woken;
    {
        const std::lock_guard lock(m_mutex);
        const auto first =
            std::stable_partition(m_waiters.begin(), m_waiters.end(), [&](const Waiter &each) { return !which(each); });
        std::move(first, m_waiters.end(), std::back_inserter(woken));
        m_waiters.erase(first, m_waiters.end());
    }
    for (const auto &waiter : woken)
        waiter.ready();
}

Result<> Exchange::send(const std::vector<storage::MessageRow> &messages)
{
    if (auto added = m_store.addMessages(messages); !added)
        return added;
    std::set<std::string> sites;
    for (const auto &message : messages)
        sites.insert(message.site);
    wake([&](const Waiter &waiter) { return sites.contains(waiter.site); });
    return {};
}

Result<int> Exchange::roundOf(int asked)
{
    if (m_store.manifest().plan.federation.strategy.kind != "fedbuff")
        return asked;
    const auto present = m_store.value("round");
    if (!present)
        return fail(present.error());
    return present->empty() ? asked : std::max(asked, std::stoi(*present));
}

Result<> Exchange::report(const std::string &site, int asked, SiteState state, double progress,
                          const std::string &detail, int step, double loss)
{
    note(site, true);
    const auto present = roundOf(asked);
    if (!present)
        return fail(present.error());
    const int round = *present;
    const auto before = m_store.reportSiteRound(round, site, state, progress, detail);
    if (!before)
        return fail(before.error());
    if (m_onEvent && *before && (**before != state || step > 0))
        m_onEvent({now(),
                   "site-state",
                   site,
                   round,
                   fmt::format("{}: {}{}{}", site, name(state), detail.empty() ? "" : ", ", detail),
                   {{"state", name(state)}, {"progress", progress}, {"step", step}, {"loss", loss}}});
    if (step > 0)
        return m_store.addMetrics({{asked, site, "local", "training", "loss", step, loss, 0}});
    return {};
}

Result<> Exchange::flush()
{
    const std::lock_guard oneAtATime(m_flushing);
    const auto changes = m_contacts.takeChanges();
    std::vector<storage::SiteTraffic> traffic;
    for (const auto &change : changes) {
        if (change.heard || change.received > 0 || change.sent > 0 || change.now.online != change.wasOnline)
            traffic.push_back({change.site, change.now.online, change.received, change.sent});
    }
    if (traffic.empty())
        return {};
    const auto round = m_store.addTraffic(traffic);
    if (!round)
        return fail(round.error());
    for (const auto &change : changes) {
        if (change.now.online == change.wasOnline)
            continue;
        if (!change.now.online && change.now.left)
            tell({now(), "site-left", change.site, *round, fmt::format("{} has signed off", change.site)});
        else if (!change.now.online)
            tell({now(), "site-lost", change.site, *round,
                  fmt::format("{} is lost: nothing heard for {} s, waiting", change.site,
                              SiteContacts::lostAfter.count())});
        else
            tell({now(), change.wasLost ? "site-back" : "site-online", change.site, *round,
                  fmt::format("{} is {}", change.site, change.wasLost ? "back" : "online")});
        news();
    }
    return {};
}

void Exchange::waitForNews(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    m_news.wait_for(lock, limit, [this] { return m_newsCount != m_newsSeen; });
    m_newsSeen = m_newsCount;
}

} // namespace consilium::federation
