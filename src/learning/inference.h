// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/sample.h"

#include <functional>

namespace consilium::learning {

struct InferenceOptions
{
    double overlap = 0.5;                      ///< of neighbouring tiles, 0 to below 1
    bool mirror = false;                       ///< average over the flips of all axes
    std::function<bool(double done)> progress; ///< 0 to 1; false stops
};

struct Prediction
{
    std::vector<std::uint8_t> labels; ///< Z, Y, X: the most probable label
    std::vector<float> probabilities; ///< L, Z, Y, X after softmax, weighted mean over tiles
};

/// Sliding window in tiles of the plan's patch, weighted by a Gaussian (sigma = patch/8, as nnU-Net does; Isensee et
/// al. 2021). A case smaller than the patch is padded with zeros. Errors: Invalid (channels differ from the plan);
/// Cancelled; Internal.
Result<Prediction> predict(Network &network, const Plan &plan, const Sample &sample,
                           const InferenceOptions &options = {});

} // namespace consilium::learning
