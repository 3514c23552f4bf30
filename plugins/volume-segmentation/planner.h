// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/plan.h"
#include "tasks/task.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// The preset's plan, fitted to the data of all sites: target spacing (median over the cases, unless the preset fixes
/// one), patch (no larger than the median image needs, in whole steps of the network's coarsest grid), channels and
/// labels. `reasons` receives one sentence per decision. Errors: Invalid (no fingerprint, or one that disagrees with
/// the task; a plan that is impossible); Malformed.
Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons);

} // namespace consilium::segmentation
