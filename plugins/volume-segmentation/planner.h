// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/plan.h"
#include "tasks/task.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// The preset's plan, fitted to the data of all sites. What the preset, or a person's settings, name stays: spacing,
/// network, patch (made no larger than the median image needs, and a multiple of what the network divides), batch
/// size, normalisation. What they leave open, and with `request.configure` network, patch and batch size though the
/// preset names them, is found by learning::targetSpacing() and learning::configure() within `request.memory`; channels
/// named CT are clipped and scaled by the foreground of all sites, others normalised image by image. `reasons` receives
/// one sentence per decision, what the network amounts to, and what a person should check.
/// Errors: Invalid (no fingerprint, or one that disagrees with the task; a plan that is impossible, naming the key;
/// too little memory); Malformed and Unsupported (a fingerprint).
Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons);

} // namespace consilium::segmentation
