// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task.h"

#include <cstdint>

namespace consilium::tasks {

/// Dice of every foreground label ("dice:<label>") and their mean ("dice", listed first) for one case on one grid. A
/// label that neither map holds has no Dice and is left out of the mean; a case without any has no metrics at all.
/// `labels` are names by value, background first.
CaseMetrics segmentationMetrics(const std::string &caseId, std::span<const std::uint8_t> prediction,
                                std::span<const std::uint8_t> reference, const std::vector<std::string> &labels);

/// "dice", then "dice:<label>" for each foreground label.
std::vector<std::string> segmentationMetricNames(const std::vector<std::string> &labels);

} // namespace consilium::tasks
