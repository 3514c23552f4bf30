// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "imaging/volume.h"
#include "learning/inference/inference.h"
#include "learning/network.h"
#include "learning/sample.h"
#include "tasks/dataset.h"

#include <span>
#include <vector>

namespace consilium::segmentation {

/// The files of one case as they lie on the disk, checked against each other.
struct RawCase
{
    std::vector<imaging::Volume> channels; ///< all on the grid of the first
    imaging::LabelMap labels;              ///< on that grid too; empty when the case has none
};

/// Reads a case. Errors: as readNifti and readLabels; Invalid (a channel or the label map on another grid than the
/// first channel, voxels that are not finite numbers, a label of `labelCount` or more). All name the case and the file.
Result<RawCase> readCase(const tasks::DatasetCase &files, std::size_t labelCount);

/// A case as the network wants it, and the grids that lead back to the file's own.
struct PreparedCase
{
    learning::Sample sample;
    imaging::Geometry original;  ///< of the first channel's file
    imaging::Geometry canonical; ///< the same grid, axes in canonical order
    imaging::Geometry prepared;  ///< at the plan's spacing
};

/// Brings a case to canonical axes and, where an axis differs by more than 1 %, to the plan's spacing, and normalises
/// each channel as the plan says. One channel after the other is read: beside the result at most two copies of one are
/// in memory. Errors: as readCase; Invalid (an image that cannot be normalised, as one of a single value).
Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan);

/// The most probable label of every voxel of the case's own file: `networks` (an ensemble) answer on the prepared grid,
/// and where that is not the file's, probabilities are brought to the file's voxels (trilinear between voxel centres)
/// before the label is chosen. Beyond the outermost centres the border voxel's answer goes on to the end of the file's
/// grid, whose extent differs from the prepared one by the rounding of sizes alone.
///
/// Memory beside the case: predictPlanes' planes, two planes of probabilities on the file's grid, and the label map;
/// for 512 x 512 x 800 voxels, 3 labels and tiles of 96 x 96 x 96 that is 300 + 6 + 210 MB, then the label map once
/// more where the file's axes are not canonical. Errors: as learning::predictPlanes.
Result<imaging::LabelMap> labelsOnOriginalGrid(std::span<learning::Network *const> networks, const Plan &plan,
                                               const learning::Sample &sample, const PreparedCase &prepared,
                                               const learning::InferenceOptions &options = {});

/// Whether label maps of one belong on the other. Two programs that write the same grid differ in the last digits of
/// its header; a tenth of a voxel moves no label.
bool onSameGrid(const imaging::Geometry &a, const imaging::Geometry &b);

/// "35x50x36"
std::string sizeText(const imaging::Geometry &geometry);

} // namespace consilium::segmentation
