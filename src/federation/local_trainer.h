// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "federation/message_codec.h"

#include <functional>
#include <string>

namespace consilium::federation {

struct LocalProgress
{
    int epoch = 0, epochs = 0; ///< 1-based
    int step = 0, steps = 0;   ///< of this round
    double loss = 0;
};

/// One local training, and what the study's strategy adds to it.
struct LocalFit
{
    const ModelState &start;
    int round = 1;
    /// mu: adds mu / 2 times the squared distance to `anchor` to the loss (Li et al. 2020, FedProx); 0: nothing.
    double proximal = 0;
    const ModelState *anchor = nullptr; ///< nullptr: `start`
    /// Added to the gradient of the tensors that it names before every step (Karimireddy et al. 2020, SCAFFOLD);
    /// nullptr: nothing.
    const ModelState *correction = nullptr;
    /// Keeps trainings of one round apart that go on after a kill: "" for the round's own, "personal" for Ditto's.
    std::string purpose = {};
    /// Called about ten times an epoch; false stops the training, which returns Cancelled.
    std::function<bool(const LocalProgress &)> progress;
};

struct LocalUpdate
{
    ModelState model;
    std::int64_t samples = 0; ///< training cases: the site's weight in a mean
    double loss = 0;
    int steps = 0;              ///< optimiser steps done
    double learningRateSum = 0; ///< of all steps
};

struct LocalEvaluation
{
    std::int64_t cases = 0;
    Metrics metrics; ///< means over the cases: "dice", "dice:<label>"
};

/// How a site learns. The federation has never heard of images: this is all it asks for.
class LocalTrainer
{
public:
    virtual ~LocalTrainer() = default;
    virtual int trainingCases() const = 0;
    virtual Result<LocalUpdate> fit(const LocalFit &fit) = 0;
    /// `split` is "validation" or "test".
    virtual Result<LocalEvaluation> evaluate(const ModelState &model, const std::string &split) = 0;
};

} // namespace consilium::federation
