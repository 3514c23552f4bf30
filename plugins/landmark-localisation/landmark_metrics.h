// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/landmarks.h"
#include "tasks/task.h"

#include <optional>

namespace consilium::localisation {

/// "found", "error", "errorShare", and of "sacralSlope", "pelvicTilt", "pelvicIncidence" and "lumbarLordosis" those
/// that `landmarks` can tell.
std::vector<std::string> landmarkMetricNames(const std::vector<std::string> &landmarks);

/// One case: "found", the share of the reference's landmarks that the answer has within 3 % of the picture's height
/// (see evaluation::shareFound); "error", their mean distance in mm; "errorShare", that distance as share of the
/// height; the absolute error of each angle in degrees (see evaluation::SpinopelvicAngles). Without `height`, mm, there
/// is no "found" and no "errorShare". Both sets are in one order of names. Angles are those of the patient's sagittal
/// plane, or of the picture's where it lies in another.
tasks::CaseMetrics landmarkMetrics(const std::string &caseId, const imaging::LandmarkSet &answer,
                                   const imaging::LandmarkSet &reference, std::optional<double> height);

} // namespace consilium::localisation
