// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <filesystem>

namespace consilium::localisation {

/// The summary of a dataset that may leave a site, means and extremes over its cases and never a pixel, a position or a
/// name: {"format": 1, "task", "kind", "channels": [...], "landmarks": [...], "cases": n, "patients": n,
///  "landmarkCases": [cases that show each landmark], "size": {"median": [columns, rows], "minimum", "maximum"} in
///  pixels, "spacing": the same in mm, "intensity": [per channel moments]}
/// with moments {"mean", "deviation", "median", "percentile0.5", "percentile99.5"}, averaged over the cases. Pictures
/// are upright. `preset` may be an empty object: names then come from the dataset alone. Errors: as openDataset and as
/// readCase; Invalid (channels or landmarks that are not the task's).
Result<Json> datasetFingerprint(const std::filesystem::path &data, const Json &preset, int threads);

} // namespace consilium::localisation
