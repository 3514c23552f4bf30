// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/exchange.h"

namespace consilium::federation {

/// Takes a study through its rounds: Planned, Distributing, Training, Collecting, Aggregating, Evaluating, Closed;
/// Failed when fewer sites than the quorum answered, then tried again. Every step can be repeated after a kill at any
/// instant.
class RoundRunner
{
public:
    RoundRunner(Exchange &exchange, std::function<bool()> stopRequested);

    /// Errors: Cancelled (stop was asked for); Io.
    Result<> run();

private:
    Result<> waitForSites();
    Result<> runRound(int round);
    Result<> distribute(int round);
    Result<> collect(int round);
    Result<> aggregate(int round, const std::vector<storage::UpdateRow> &updates);
    Result<> evaluate(int round);
    Result<> chooseBest(int round);
    Result<> testBest();
    Result<> dismissSites();

    /// Sends the model to sites for evaluation and waits for the answers of those who are there.
    Result<> askForEvaluation(int round, const std::string &kind, const std::filesystem::path &modelFile, Json content);
    Result<> sendToSites(int round, const std::string &kind, const std::vector<storage::SiteIdentity> &sites,
                         const std::string &arrays, const Config &config, const Json &content);
    /// Until every message of that kind is answered, or no site that still could answer shows life.
    enum class Wait { AllAnswered, IdleLimit };
    Result<Wait> waitForReplies(int round, const std::string &kind, int enough);
    Result<> setRound(int round, RoundState state, const std::string &note = {});
    Result<> dropOldObjects(int round);
    tl::unexpected<Error> cancelled() const;

    Exchange &m_exchange;
    storage::StudyStore &m_store;
    const Plan &m_plan;
    const std::string m_planHash;
    std::function<bool()> m_stopRequested;
    std::chrono::seconds m_idleLimit;
    Exchange::Clock::time_point m_lastFlush{};
};

} // namespace consilium::federation
