// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/asking.h"

namespace consilium::federation {

/// What the sites say of models on their own cases, and what follows from it: the best round, the early end, the matrix
/// of models and sites. Every step can be repeated after a kill at any instant.
class SiteEvaluation
{
public:
    SiteEvaluation(Exchange &exchange, Asking &asking);

    /// Has the sites that are there measure the round's global model on their validation cases; `wait`: until they have
    /// answered or fallen silent.
    Result<> validate(int round, bool wait);
    /// Names the best round so far, and its model the best.
    Result<> chooseBest(int round);
    /// Whether the plan's patience is over after this round, which is told.
    Result<bool> endsEarly(int round);
    /// Has every site measure the best model, and those of the plan's evaluation.crossSite, on its test cases.
    /// `asynchronous`: answers of earlier rounds are still awaited first.
    Result<> testModels(bool asynchronous);

private:
    /// Sends a model to the sites that are there.
    Result<> ask(int round, const std::string &kind, const std::filesystem::path &modelFile, const Json &content);
    Result<> await(int round, const std::string &kind);
    Result<> test(const std::string &model, const std::filesystem::path &file, int metricRound);

    Exchange &m_exchange;
    storage::StudyStore &m_store;
    const Plan &m_plan;
    Asking &m_asking;
};

} // namespace consilium::federation
