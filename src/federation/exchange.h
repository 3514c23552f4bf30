// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "federation/message_codec.h"
#include "storage/study_store.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

namespace flwr::proto {
class ObjectTree;
}

namespace consilium::federation {

/// Where the aggregator and its sites meet: messages lie here until they are fetched, replies until they are whole.
/// The wire's services call it from their threads, the round runner from its own; every method is safe to call at once.
class Exchange
{
public:
    using Clock = std::chrono::steady_clock;

    Exchange(storage::StudyStore &store, std::function<void(const Event &)> onEvent);

    storage::StudyStore &store() { return m_store; }
    const Spool &spool() const { return m_spool; }

    // Called for sites
    Result<> activate(const std::string &site);
    void heartbeat(const std::string &site);
    void deactivate(const std::string &site);
    /// The oldest message the site has not fetched since it last said hello, or nothing.
    Result<std::optional<storage::MessageRow>> nextMessage(const std::string &site);
    /// Announces a reply; returns the objects still missing. A reply that is whole already is accepted here.
    /// Errors: Refused (answers no message of this site); Malformed; Io.
    Result<std::vector<std::string>> announceReply(const std::string &site, const std::string &replyId,
                                                   const std::string &messageId, const flwr::proto::ObjectTree &tree);
    /// Stores one object of an announced reply. When it was the last one the reply is on disk and in the database
    /// before this returns. Errors: Refused (not announced, wrong bytes); Io.
    Result<> storeObject(const std::string &site, const std::string &id, std::string_view bytes);
    Result<std::string> fetchObject(const std::string &site, const std::string &id);
    Result<> report(const std::string &site, int round, SiteState state, double progress, const std::string &detail,
                    int step, double loss);

    // Called by the round runner
    struct SiteContact
    {
        bool online = false;            ///< heard from within the last ten seconds
        Clock::time_point lastContact;  ///< any call
        Clock::time_point lastActivity; ///< bytes or progress
    };
    SiteContact contact(const std::string &site);
    /// A new wait begins: sites that are online now get the full idle limit.
    void restartActivity();
    /// Writes down who was seen and how many bytes went; tells of sites lost and back. About once a second.
    Result<> flush();
    /// Waits for something to happen, at most `limit`.
    void waitForNews(std::chrono::milliseconds limit);
    void tell(Event event);

private:
    struct Pending
    {
        std::string site;
        std::string messageId;
        std::set<std::string> missing;
    };
    struct SiteTraffic
    {
        Clock::time_point lastContact, lastActivity;
        bool seen = false, online = false, wasLost = false;
        bool left = false; ///< said goodbye, so that its silence is no loss
        std::int64_t received = 0, sent = 0;
    };

    void noteContact(const std::string &site, bool activity, std::int64_t received = 0, std::int64_t sent = 0);
    Result<> accept(const std::string &replyId, const Pending &pending);
    Result<> acceptTraining(const storage::MessageRow &row, const std::string &replyId, const Message &reply);
    Result<> acceptEvaluation(const storage::MessageRow &row, const std::string &replyId, const Message &reply);
    Result<> refuseUpdate(const storage::MessageRow &row, const std::string &replyId, const std::string &reason);

    storage::StudyStore &m_store;
    Spool m_spool;
    std::function<void(const Event &)> m_onEvent;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::uint64_t m_newsCount = 0, m_newsSeen = 0;
    std::map<std::string, SiteTraffic> m_traffic;
    std::map<std::string, Pending> m_pending; // by reply id
};

} // namespace consilium::federation
