// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <span>

namespace consilium::learning {

// Scores are those of the epochs of one fit so far, in their order; higher is better.

/// How many optimiser steps a site does over the study and in one of its epochs.
struct StudySteps
{
    int total = 1;
    int perEpoch = 1;
};

/// The learning rate of step `step` (0-based) of a study: with training.epochsPerRound, `steps` place it in its epoch
/// and its round. `scores` matter to "plateau" alone: without any it stays where it is.
double learningRate(const Plan::Training &training, int step, const StudySteps &steps, std::span<const double> scores);

/// The first of the epochs with the highest score, 1-based; 0: there is none.
int bestEpoch(std::span<const double> scores);

/// Whether so many epochs have passed without a better one; never with a patience of 0.
bool patienceIsOver(std::span<const double> scores, int patience);

} // namespace consilium::learning
