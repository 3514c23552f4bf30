// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "federation/local_trainer.h"
#include "federation/update_layout.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace consilium::federation {

/// What a site's training in a round comes to.
struct SiteTraining
{
    /// What may leave the site: the trained model's tensors; fedbn without those that stay home; scaffold with the
    /// changes of the site's control variates beside them.
    ModelState update;
    std::int64_t samples = 0;
    double loss = 0;
    int steps = 0;
    double normalisedSteps = 0; ///< normalisedSteps()
    /// validation-weighted alone: the headline metric of the trained model on the site's validation cases, 0 to 1;
    /// nothing where the site has none.
    std::optional<double> score;
};

/// A site's half of a strategy: what it does beside training the model that the host sent, and what it keeps from round
/// to round. What it keeps lies in `folder`/strategy, one file for each of the last two rounds; it changes by keep()
/// alone, so that a program killed at any instant, or a round that the host asks for again, applies nothing twice.
class SiteStrategy
{
public:
    /// `plan` outlives it. Errors: none for kinds that the sites have no part in, a plug-in's among them.
    static std::unique_ptr<SiteStrategy> create(const Plan &plan, std::filesystem::path folder);
    /// `folder` is where the state lies. Use create().
    SiteStrategy(const Plan &plan, std::filesystem::path folder) : m_plan(plan), m_folder(std::move(folder)) {}
    virtual ~SiteStrategy() = default;

    /// The model that this site works with where the host sent `sent`: without control variates; of fedbn (Li et al.
    /// 2021) with the site's own tensors in the place of those that stay home, once it has trained them. Errors: Io,
    /// Malformed (what the site keeps).
    Result<ModelState> localModel(const ModelState &sent) const;

    /// Trains in round `round` and leaves on the disk, for keep(), what changes at home. It starts from what the site
    /// kept of rounds before this one. Errors: as LocalTrainer::fit and localModel; Io; Invalid (control variates of
    /// another network).
    Result<SiteTraining> fit(LocalTrainer &trainer, const ModelState &sent, int round,
                             const std::function<bool(const LocalProgress &)> &progress);

    /// Makes permanent what fit() of that round changed at home; to be called once the reply is stored, as often as one
    /// likes. Errors: Io.
    Result<> keep(int round);

    /// The model that is this site's alone, for evaluation at home: ditto's personal model, fedbn's localModel; nothing
    /// before the first was trained, and of strategies without one. Errors: as localModel.
    Result<std::optional<ModelState>> personalModel(const ModelState &sent) const;

protected:
    /// A round as a strategy sees it.
    struct Round
    {
        LocalTrainer &trainer;
        const ModelState &sent;  ///< as it came
        const ModelState &start; ///< localModel()
        const ModelState &kept;  ///< after the last round before this one; empty: nothing was kept
        int number;
        const std::function<bool(const LocalProgress &)> &progress;
    };
    /// Trains and fills `keeps` with what is to be kept after this round.
    virtual Result<SiteTraining> train(const Round &round, ModelState &keeps) const;
    /// `model` as this site works with it.
    virtual void bringHome(ModelState &model, const ModelState &kept) const;
    virtual std::optional<ModelState> personal(const ModelState &sent, const ModelState &kept) const;
    /// Trains as `fit` says and fills what is the same in every strategy.
    Result<SiteTraining> trained(const Round &round, const LocalFit &fit, LocalUpdate *whole = nullptr) const;

    const Plan &m_plan;

private:
    std::filesystem::path stateFile(int round) const;
    std::filesystem::path pendingFile(int round) const;
    /// What was kept after the last round before `round`. Errors: Io, Malformed.
    Result<ModelState> keptBefore(int round) const;

    std::filesystem::path m_folder;
};

/// How many plain gradient steps a local training amounts to, ||a||_1 of Wang et al. 2020 (FedNova): what `steps` steps
/// of SGD with a gradient of 1 throughout move a weight by, in units of the learning rate `lr`. The paper's examples:
/// without momentum `steps`; with momentum rho (steps - rho (1 - rho^steps) / (1 - rho)) / (1 - rho); with a proximal
/// term (1 - (1 - lr mu)^steps) / (lr mu). Of other optimisers `steps`.
double normalisedSteps(const Plan::Optimizer &optimizer, int steps, double lr, double mu);

} // namespace consilium::federation
