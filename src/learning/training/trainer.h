// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/batches/batch.h"
#include "learning/network.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace consilium::learning {

struct FitProgress
{
    int step = 0; ///< steps done, 1 to steps
    int steps = 0;
    double loss = 0; ///< mean loss since the last report
};

/// Learning without forgetting (Li and Hoiem 2016): besides the labels, the network is asked to go on answering as
/// `model` did.
struct Retention
{
    ModelState model;
    double weight = 1; ///< of the distillation loss; above 0
    double temperature = 2;
};

/// mu / 2 times the squared distance of the trained parameters to those of `anchor` joins the loss (Li et al. 2020,
/// FedProx; Li et al. 2021, Ditto).
struct Proximal
{
    ModelState anchor; ///< has every trained tensor
    double mu = 0;
};

struct FitOptions
{
    int firstStep = 0;      ///< optimiser steps already done in this study: where the schedule stands
    int steps = 1;          ///< steps to do now
    int totalSteps = 1;     ///< where the schedule ends
    int stepsPerEpoch = 0;  ///< 0: plan.training.batchesPerEpoch
    std::uint64_t seed = 0; ///< of patches and augmentation; with the weights it decides the result to the last bit
    int loaders = 1;        ///< threads that draw batches ahead; they do not change the result
    /// Scores the network, higher is better, after every epoch; of the running mean of the weights where the plan keeps
    /// one. With it the best epoch's weights are the result, the schedule "plateau" works, and plan.training.patience
    /// ends the fit early.
    std::function<Result<double>(Network &)> validate;
    std::optional<Retention> retention;
    std::optional<Proximal> proximal;
    /// Added to the gradients of the trained tensors it names, after they were clipped, before every step (Karimireddy
    /// et al. 2020, SCAFFOLD: c - c_i). Other tensors it holds are passed over.
    std::optional<ModelState> correction;
    /// Folder that keeps the state of the fit, once an epoch and at least every five minutes: a fit that was killed
    /// goes on from there when it is called again with the same network, plan, samples, seed, steps and terms, and ends
    /// with the same bytes; what belongs to another fit is not used, and is replaced. A fit that is done stays in it,
    /// so that nothing is lost before the caller has stored the result: the caller removes the folder. Empty: nothing
    /// is kept.
    std::filesystem::path checkpoint;
    /// Called about ten times an epoch, on the calling thread; false stops: the state is kept, the fit returns
    /// Cancelled.
    std::function<bool(const FitProgress &)> progress;
};

struct EpochScore
{
    int epoch = 0; ///< 1-based, of this fit
    double score = 0;
};

struct FitSummary
{
    int steps = 0;              ///< done, fewer than asked for when it ended early
    double loss = 0;            ///< of the cases alone, without a proximal term: mean over the last tenth of the steps
    double learningRateSum = 0; ///< of all steps
    double secondsPerStep = 0;
    int resumedAt = 0; ///< steps a checkpoint spared
    std::vector<EpochScore> scores;
    int bestEpoch = 0; ///< whose weights the network has; 0: the last step's
    bool endedEarly = false;
};

/// Trains `network` in place on batches from `samples` as `plan` says (optimiser, schedule, loss, augmentation,
/// precision, running mean). The optimiser starts afresh; deterministic for a fixed number of threads.
/// Errors: Invalid (no samples, a label the plan does not know, values that are not finite: names the case; a term of
/// another network: names the tensor); Cancelled;
/// Io (the checkpoint); Internal (the loss or the weights became not finite, with the step).
Result<FitSummary> fit(Network &network, const Plan &plan, std::span<const Sample> samples, const FitOptions &options);

} // namespace consilium::learning
