// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/exchange.h"

/// Private to this library.
namespace consilium::federation {

/// Puts one question to many sites and waits for what they answer.
class Asking
{
public:
    Asking(Exchange &exchange, std::chrono::seconds idleLimit, std::function<bool()> stopRequested);

    struct Question
    {
        int round = 0;
        std::string kind;   ///< "train", "evaluate", "test", "cross:<model>": with round and site it names a message
        std::string arrays; ///< object id of the ArrayRecord
        Config config;
        Json content = Json::object(); ///< what the host remembers of it
        int baseRound = 0;
    };
    /// Sends it to those sites that were not sent it before: after a restart the first message still stands, for the
    /// site may be answering it right now. Errors: Io.
    Result<> send(const Question &question, const std::vector<storage::SiteIdentity> &sites);

    enum class Wait { AllAnswered, IdleLimit };
    /// Until every message of that kind is answered, or at least `enough` are and no site that still could answer shows
    /// life: those that are silent, or stand still, for the idle limit, and those that said goodbye. `look`, when
    /// given, is called with the number of answers after every change. Errors: Cancelled; Io.
    Result<Wait> wait(int round, const std::string &kind, int enough, const std::function<Result<>(int)> &look = {});

    /// Whether a wait need not go on for that site.
    bool isSilent(const std::string &site, Exchange::Clock::time_point waitBegan) const;
    tl::unexpected<Error> cancelled() const;
    bool stopRequested() const { return m_stopRequested(); }

private:
    Exchange &m_exchange;
    storage::StudyStore &m_store;
    std::chrono::seconds m_idleLimit;
    std::function<bool()> m_stopRequested;
};

} // namespace consilium::federation
