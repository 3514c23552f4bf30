// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"
#include "tasks/task.h"

#include <cstdint>

namespace consilium::tasks {

/// Dice of every foreground label ("dice:<label>") and their mean ("dice", listed first) for one case on one grid. A
/// label that neither map holds has no Dice and is left out of the mean; a case without any has no metrics at all.
/// `labels` are names by value, background first.
CaseMetrics segmentationMetrics(const std::string &caseId, std::span<const std::uint8_t> prediction,
                                std::span<const std::uint8_t> reference, const std::vector<std::string> &labels);

/// The same of two label maps on one grid; where labels are named lesions ("lesion", "new lesion") also "lesions", how
/// many the reference has: connected components of each such label.
CaseMetrics segmentationMetrics(const std::string &caseId, const imaging::LabelMap &prediction,
                                const imaging::LabelMap &reference, const std::vector<std::string> &labels);

/// "dice", then "dice:<label>" for each foreground label; "lesions" where labels are named so.
std::vector<std::string> segmentationMetricNames(const std::vector<std::string> &labels);

} // namespace consilium::tasks
