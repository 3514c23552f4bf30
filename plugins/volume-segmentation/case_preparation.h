// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "imaging/volume.h"
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
/// first channel, a label of `labelCount` or more). All name the case and the file.
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
/// each channel. Errors: as readCase; Invalid (an image that cannot be normalised).
Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan);

/// The most probable label of every voxel of the case's own file: `networks` (an ensemble) answer on the prepared grid,
/// and where that is not the file's, probabilities are brought to the file's voxels (trilinear) before the label is
/// chosen. Holds the answers of few planes at a time. Errors: as learning::predictPlanes.
Result<imaging::LabelMap> labelsOnOriginalGrid(std::span<learning::Network *const> networks, const Plan &plan,
                                               const learning::Sample &sample, const PreparedCase &prepared);

/// "35x50x36"
std::string sizeText(const imaging::Geometry &geometry);

} // namespace consilium::segmentation
