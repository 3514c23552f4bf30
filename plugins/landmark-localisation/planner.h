// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/plan.h"
#include "tasks/task.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::localisation {

/// The preset's plan for the data of all sites: its picture size and network stay, channels and landmarks are checked
/// against every fingerprint, and the batch is made as small as the memory asks. A person who sets preprocessing.size
/// alone gets training.patch of that size too; request.configure changes nothing else, and is answered. `reasons`
/// receives one sentence per decision. Errors: Invalid (no fingerprint, or one that disagrees with the task; a plan
/// that is impossible; not memory enough for one picture); Malformed.
Result<Plan> makePlan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons);

} // namespace consilium::localisation
