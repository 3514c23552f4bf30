// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/sample.h"

#include <span>
#include <vector>

namespace consilium::learning {

/// Where a landmark was found.
struct LocatedPoint
{
    double x = 0, y = 0;   ///< in pixels of the sample, as SamplePoint
    double spread = 0;     ///< standard deviation of the heatmap about it, in pixels of the sample (root of the mean
                           ///< variance of both axes)
    double confidence = 0; ///< 0 to 1, falling as the heatmap spreads: the share of it within 3 heatmap pixels
};

/// The landmarks of a radiograph, in the plan's order: the mean of each heatmap of the last stack after softmax (DSNT,
/// Nibali et al. 2018), averaged over `networks`, an ensemble of at least one. Errors: Invalid (the sample is not what
/// the plan reads); Internal.
Result<std::vector<LocatedPoint>> locate(std::span<Network *const> networks, const Plan &plan, const Sample &sample);

} // namespace consilium::learning
