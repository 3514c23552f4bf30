// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <filesystem>

namespace consilium::segmentation {

/// The summary of a dataset that may leave a site, means and extremes over its cases and never a voxel or a name:
/// {"format": 1, "task", "kind", "channels": [...], "labels": [...], "cases": n, "patients": n,
///  "labelCases": [cases that hold each label], "size": {"median": [x, y, z], "minimum", "maximum"} in voxels,
///  "spacing": the same in mm, "intensity": [per channel {"image": moments, "foreground": moments}]}
/// with moments {"mean", "deviation", "median", "percentile0.5", "percentile99.5"}, averaged over the cases. Axes are
/// those of the canonical frame. `preset` may be an empty object: names then come from the dataset alone. Errors: as
/// openDataset and as the reading of a case; Invalid (channels or labels that are not the task's).
Result<Json> datasetFingerprint(const std::filesystem::path &data, const Json &preset, int threads);

} // namespace consilium::segmentation
