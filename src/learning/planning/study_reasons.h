// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <span>
#include <string>
#include <vector>

namespace consilium::learning {

/// Adds sentences for people on how a study by this plan goes: sites with too few cases to take part, keys that act in
/// local training alone, rounds and steps. `cases` are those of each fingerprint, in their order.
void tellStudy(const Plan &plan, std::span<const int> cases, std::vector<std::string> &reasons);

} // namespace consilium::learning
