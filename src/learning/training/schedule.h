// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <span>

namespace consilium::learning {

// Scores are those of the epochs of one fit so far, in their order; higher is better.

/// The learning rate of step `step` (0-based) of `totalSteps`. `scores` matter to "plateau" alone: without any it stays
/// where it is.
double learningRate(const Plan::Training &training, int step, int totalSteps, std::span<const double> scores);

/// The first of the epochs with the highest score, 1-based; 0: there is none.
int bestEpoch(std::span<const double> scores);

/// Whether so many epochs have passed without a better one; never with a patience of 0.
bool patienceIsOver(std::span<const double> scores, int patience);

} // namespace consilium::learning
