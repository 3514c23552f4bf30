// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/asking.h"
#include "federation/host_rules.h"
#include "federation/site_evaluation.h"
#include "federation/strategy.h"

namespace consilium::federation {

/// Takes a study through its rounds: Planned, Distributing, Training, Collecting, Aggregating, Evaluating, Closed;
/// Failed when fewer sites than the quorum answered, then tried again. Every step can be repeated after a kill at any
/// instant.
///
/// With the strategy "fedbuff" rounds are asynchronous: a round is over when the plan's buffer is full, sites that are
/// still training go on, and their updates count in the round in which they come.
class RoundRunner
{
public:
    RoundRunner(Exchange &exchange, const HostRules &rules, std::function<bool()> stopRequested);

    /// Errors: Cancelled (stop was asked for); Unavailable (a round failed for good); those of the strategy.
    Result<> run();

private:
    Result<> runStudy();
    Result<> waitForSites();
    Result<> runRound(int round);
    Result<> distribute(int round);
    Result<> collect(int round);
    Result<> fillBuffer(int round);
    Result<> leaveOut(int round, const std::string &site, const std::string &reason);
    Result<> checkSpool(int round);
    Result<bool> aggregate(int round);
    Result<> evaluate(int round);
    Result<> close(int round);
    Result<> dropOldFiles(int round);
    Result<> dismissSites();

    Result<> setRound(int round, RoundState state, const std::string &note = {});
    /// Repeats what the disk refuses, once every few seconds: a full disk ends no study.
    Result<> patiently(const std::function<Result<>()> &work);
    bool asynchronous() const { return m_plan.federation.strategy.kind == "fedbuff"; }

    Exchange &m_exchange;
    storage::StudyStore &m_store;
    const Plan &m_plan;
    const HostRules &m_rules;
    const std::string m_planHash;
    const std::chrono::seconds m_idleLimit;
    Asking m_asking;
    SiteEvaluation m_evaluation;
};

} // namespace consilium::federation
