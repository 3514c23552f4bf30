// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <optional>
#include <span>

namespace consilium::federation {

/// The round whose global model has the highest headline metric, averaged over all sites' validation cases (each site
/// by its number of cases); of equal ones the first. Nothing before any was measured.
std::optional<int> bestRound(std::span<const storage::MetricRow> validation);

} // namespace consilium::federation
