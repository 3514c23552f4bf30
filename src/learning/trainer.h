// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/sample.h"

#include <functional>
#include <span>

namespace consilium::learning {

struct FitProgress
{
    int step = 0; ///< steps done, 1 to steps
    int steps = 0;
    double loss = 0; ///< mean loss since the last report
};

struct FitOptions
{
    int firstStep = 0;      ///< optimiser steps already done in this study: where the schedule stands
    int steps = 1;          ///< steps to do now
    int totalSteps = 1;     ///< where the schedule ends
    std::uint64_t seed = 0; ///< of patches and augmentation; with the weights it decides the result to the last bit
    /// Called about ten times an epoch, on the calling thread; false stops (the fit then returns Cancelled).
    std::function<bool(const FitProgress &)> progress;
};

struct FitSummary
{
    int steps = 0;
    double loss = 0; ///< mean over the last tenth of the steps
    double secondsPerStep = 0;
};

/// Trains `network` in place on patches drawn from `samples` as `plan` says (optimiser, schedule, loss, augmentation,
/// foreground oversampling). The optimiser starts afresh; deterministic for a fixed number of threads.
/// Errors: Invalid (no samples, a label the plan does not know, values that are not finite: names the case); Cancelled;
/// Internal (the loss became not finite, with the step).
Result<FitSummary> fit(Network &network, const Plan &plan, std::span<const Sample> samples, const FitOptions &options);

} // namespace consilium::learning
