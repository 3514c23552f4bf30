// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/sample.h"

#include <functional>
#include <span>

namespace consilium::learning {

struct InferenceOptions
{
    std::function<bool(double done)> progress; ///< 0 to 1; false stops
};

/// Receives the planes of a prediction as they are finished, z rising from 0: L, Y, X probabilities (after softmax, the
/// weighted mean over tiles, flips and networks). What it returns as failed ends the prediction.
using PlaneSink = std::function<Result<>(std::int64_t z, std::span<const float> probabilities)>;

/// Sliding window in tiles of the plan's patch, half overlapping unless the plan says otherwise, weighted by a Gaussian
/// (sigma = patch/8, as nnU-Net does; Isensee et al. 2021), averaged over the flips that the plan asks for and over
/// `networks`, an ensemble of at least one. A case smaller than the patch lies in its middle, zeros around it.
///
/// Memory beyond the case itself: labels * Y * X floats for as many planes as a tile is deep (8 slices of a 2D
/// network), whatever the depth of the case, and what the network needs for the tiles of one pass. For 512 x 512 x 800
/// voxels, 3 labels and tiles of 96 x 96 x 96 that is 3 * 512 * 512 * 96 * 4 bytes = 302 MB.
///
/// Errors: Invalid (no network, channels differ from the plan); Cancelled; Internal; the sink's.
Result<> predictPlanes(std::span<Network *const> networks, const Plan &plan, const Sample &sample,
                       const InferenceOptions &options, const PlaneSink &sink);

/// The most probable label of each place, the lowest of those that are equally probable. `probabilities` is L times as
/// long as `labels`, label by label; L at most 256.
void mostProbable(std::span<const float> probabilities, std::span<std::uint8_t> labels);

} // namespace consilium::learning
