// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "imaging/landmarks.h"
#include "imaging/volume.h"
#include "learning/sample.h"
#include "tasks/dataset.h"

#include <vector>

namespace consilium::localisation {

/// The files of one case as they lie on the disk, checked against each other.
struct RawCase
{
    std::vector<imaging::Volume> channels; ///< upright, all on the grid of the first
    imaging::LandmarkSet reference;        ///< in the plan's order; empty when the case has none
};

/// The picture with its columns and rows exchanged or reversed, where the file holds them otherwise, so that rows run
/// to the patient's feet, or to the back where the picture shows no height (of what knows no patient, such as a PNG,
/// that is down). Every pixel keeps its place in the patient. Which way a patient faces stays as it is.
imaging::Volume upright(imaging::Volume picture);

/// Reads a case. Errors: as readImage and readLandmarks; Invalid (several slices, pixels that are not finite, one value
/// everywhere, another grid than the first channel's, a landmark that is not among `landmarks`). All name the case and
/// the file.
Result<RawCase> readCase(const tasks::DatasetCase &files, const std::vector<std::string> &landmarks);

/// A case as the network wants it, and what leads back to the picture.
struct PreparedCase
{
    learning::Sample sample;
    imaging::Geometry square;       ///< the sample's grid: its pixels in patient LPS mm
    double height = 0;              ///< of the picture, mm
    imaging::LandmarkSet reference; ///< in the plan's order; empty when the case has none
};

/// Normalises each channel over the picture, and fits it whole into the plan's square. Landmarks that the reference
/// calls absent, or that lie outside the picture, are not visible. Errors: as readCase; Invalid (another number of
/// channels than the plan's).
Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan);

} // namespace consilium::localisation
