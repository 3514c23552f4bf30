// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network_parts.h"
#include "learning/training/checkpoint.h"
#include "learning/training/optimizers.h"

#include <vector>

namespace consilium::learning {

/// A network's weights and buffers, in the order of Body::tensors(); what layers of a module share comes once.
std::vector<torch::Tensor> tensorsOf(const Network &network);
std::vector<torch::Tensor> copiesOf(const std::vector<torch::Tensor> &tensors);
/// Puts what is kept in the place of a network's tensors, and those in its place: the memory changes hands, no value is
/// copied.
void exchange(Network &network, std::vector<torch::Tensor> &kept);

/// All that a fit changes beside the network itself.
struct FitState
{
    int step = 0;                       ///< steps done
    double learningRateSum = 0;         ///< of those steps
    std::vector<double> losses;         ///< of every step
    std::vector<double> scores;         ///< of every epoch, where they are scored
    std::vector<torch::Tensor> average; ///< running mean of the tensors; empty: none is kept
    std::vector<torch::Tensor> best;    ///< tensors of the best epoch; empty: none was scored
    Optimizer optimizer;

    FitState(const Network &network, const Plan &plan);

    /// Moves the running mean towards the network's tensors after a step; what is no fraction is taken over. The first
    /// steps decay faster, by (1 + t) / (10 + t) at most after step t, so that a fit of few steps is not held back by
    /// the weights that it began with.
    void follow(const Network &network, double decay);

    Checkpoint checkpoint(Network &network, const std::string &fit);
    /// Errors: Invalid (it is of another network).
    Result<> restore(Network &network, const Checkpoint &checkpoint);
};

} // namespace consilium::learning
