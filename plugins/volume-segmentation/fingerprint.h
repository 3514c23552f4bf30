// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <filesystem>

namespace consilium::segmentation {

/// The summary of a dataset that may leave a site, numbers over its cases and never a voxel, a name or a path:
/// {"format": 1, "task", "kind", "channels": [...], "modalities": ["CT" or "other" per channel], "labels": [...],
///  "cases": n, "patients": n, "labelCases": [cases that hold each label],
///  "size": {"minimum": [x, y, z], "percentile10", "median", "percentile90", "maximum"} in voxels,
///  "spacing": the same in mm, "extent": the same of size times spacing, in mm: over a spacing it is the size there,
///  "intensity": [per channel {"image": moments, "foreground": moments, "pooled": moments and "voxels"}]}
/// with moments {"mean", "deviation", "median", "percentile0.5", "percentile99.5"}: of "image" and "foreground" each
/// case's own, averaged over the cases; of "pooled" those of the foreground voxels of all cases together, up to 10 000
/// evenly spaced ones of each case, and how many they are, so that sites can be merged. "foreground" and "pooled" are
/// null where no case has foreground. Axes are those of the canonical frame.
///
/// With one or two cases minima, percentiles and medians are those of single patients' scans (grid and brightness, from
/// which nobody is known); that a site takes part only with the plan's privacy.minimumCases keeps them summaries.
/// `preset` may be an empty object: names then come from the dataset alone. Errors: as openDataset and as the reading
/// of a case; Invalid (channels or labels that are not the task's).
Result<Json> datasetFingerprint(const std::filesystem::path &data, const Json &preset, int threads);

} // namespace consilium::segmentation
