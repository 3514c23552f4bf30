// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "core/result.h"
#include "learning/sample.h"

#include <span>

namespace consilium::learning {

/// Whether a network can be trained on these cases as the plan says. Errors: Invalid, naming the case: none, another
/// number of channels, labels or landmarks than the plan's, values that are not finite.
Result<> checkSamples(std::span<const Sample> samples, const Plan &plan);

} // namespace consilium::learning
