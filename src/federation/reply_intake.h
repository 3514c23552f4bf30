// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/exchange.h"

namespace flwr::proto {
class ObjectTree;
}

namespace consilium::federation {

/// Takes the sites' replies: objects lie in the spool until a reply is whole, then it is checked and counted, or not
/// counted and the reason told. Safe from several threads.
class ReplyIntake
{
public:
    explicit ReplyIntake(Exchange &exchange);

    /// Announces a reply; returns the objects still missing. A reply that is whole already is accepted here.
    /// Errors: Refused (answers no message of this site); Malformed; Io.
    Result<std::vector<std::string>> announce(const std::string &site, const std::string &replyId,
                                              const std::string &messageId, const flwr::proto::ObjectTree &tree);
    /// Stores one object, given in pieces: of an announced reply, or ahead of its announcement while the site has a
    /// message to answer. When it was the last one of a reply, that is on disk and in the database before this returns.
    /// Errors: NotFound (not wanted from this site); Refused (wrong bytes); Io.
    Result<> store(const std::string &site, const std::string &id, std::span<const std::string_view> bytes);

private:
    struct Pending
    {
        std::string messageId;
        std::set<std::string> missing;
    };
    struct SiteReplies
    {
        std::map<std::string, Pending> pending; ///< by reply id
        std::uint64_t ahead = 0;                ///< bytes stored before they were announced
    };

    bool wants(const std::string &site, const std::string &id, std::uint64_t size);
    Result<> accept(const std::string &replyId, const std::string &messageId);
    Result<> acceptTraining(const storage::MessageRow &row, const std::string &replyId, const Message &reply);
    Result<> acceptEvaluation(const storage::MessageRow &row, const std::string &replyId, const Message &reply);
    Result<> refuse(const storage::MessageRow &row, const std::string &replyId, const std::string &reason);

    /// The host's disk refuses: told at most once a minute.
    void complain(const std::string &site, const Error &error);

    Exchange &m_exchange;
    storage::StudyStore &m_store;
    const std::string m_planHash;
    std::mutex m_mutex;
    std::map<std::string, SiteReplies> m_sites;
    Exchange::Clock::time_point m_complained{};
};

} // namespace consilium::federation
