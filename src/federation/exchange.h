// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "federation/message_codec.h"
#include "federation/site_contacts.h"
#include "storage/study_store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace consilium::federation {

/// Where the aggregator and its sites meet: messages lie here until they are fetched, and everybody's state is known.
/// The wire's services call it from their threads, the round runner from its own; every method is safe to call at once.
/// Replies arrive by ReplyIntake.
class Exchange
{
public:
    using Clock = SiteContacts::Clock;

    Exchange(storage::StudyStore &store, std::function<void(const Event &)> onEvent);
    ~Exchange();
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    storage::StudyStore &store() { return m_store; }
    const Spool &spool() const { return m_spool; }

    // Called for sites
    /// Hello: what the site fetched before is sent once more, for it may have lost it.
    Result<> activate(const std::string &site, const std::string &worker);
    void heartbeat(const std::string &site) { note(site, false); }
    void deactivate(const std::string &site);
    /// Errors: Refused (a newer worker speaks for the site).
    Result<> checkWorker(const std::string &site, const std::string &worker);
    /// A newer worker speaks for the site; nobody is told.
    bool isRelieved(const std::string &site, const std::string &worker) const
    {
        return m_contacts.isRelieved(site, worker);
    }
    /// The oldest message the site has not fetched since it last said hello, or nothing.
    Result<std::optional<storage::MessageRow>> nextMessage(const std::string &site);
    /// Calls `ready` once, from any thread: as soon as there may be a message for the site, at the latest after
    /// `limit`, or when this object ends.
    void whenMessage(const std::string &site, std::chrono::milliseconds limit, std::function<void()> ready);
    /// The message is answered: nobody asks for it again.
    void forget(const std::string &messageId);
    Result<> report(const std::string &site, int round, SiteState state, double progress, const std::string &detail,
                    int step, double loss);
    /// The round in which an answer to a message of round `asked` counts: that one, or where rounds are asynchronous
    /// the present one.
    Result<int> roundOf(int asked);
    /// A call came from the site; bytes are those of objects.
    void note(const std::string &site, bool activity, std::int64_t received = 0, std::int64_t sent = 0);

    // Called by the round runner
    /// Stores the messages in one transaction and tells the sites that wait for them.
    Result<> send(const std::vector<storage::MessageRow> &messages);
    SiteContacts::State contact(const std::string &site) const { return m_contacts.of(site); }
    void restartActivity() { m_contacts.restartActivity(); }
    /// When this host began to listen: sites that were there before need a while to come back.
    Clock::time_point begin() const { return m_begin; }
    /// Writes down who was seen and how many bytes went; tells of sites lost and back. Also done once a second.
    Result<> flush();
    /// Waits for something to happen, at most `limit`.
    void waitForNews(std::chrono::milliseconds limit);
    void news();
    void tell(Event event);
    /// Answers everybody who waits for a message: the study's state has changed.
    void wakeEverybody();
    /// The same, and lets nobody wait any more.
    void end();

private:
    struct Waiter
    {
        std::string site;
        Clock::time_point deadline;
        std::function<void()> ready;
    };
    void keepHouse();
    void wake(const std::function<bool(const Waiter &)> &which);

    storage::StudyStore &m_store;
    Spool m_spool;
    std::function<void(const Event &)> m_onEvent;
    const Clock::time_point m_begin = Clock::now();
    SiteContacts m_contacts;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::uint64_t m_newsCount = 0, m_newsSeen = 0;
    std::set<std::string> m_delivered; ///< messages handed to their sites since those last said hello
    std::vector<Waiter> m_waiters;
    std::mutex m_flushing; ///< changes are told in the order they happened
    bool m_over = false;   ///< no message comes any more
    bool m_ending = false;
    std::condition_variable m_end;
    std::thread m_housekeeper; ///< last: it uses the members above
};

} // namespace consilium::federation
