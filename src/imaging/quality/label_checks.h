// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/quality/image_checks.h"

namespace consilium::imaging {

/// Whether a label map can be that of these images: on the grid of the first, labels below `labelCount`, some at all,
/// and, for brains, inside the brain. Lesions (two labels) must be brighter than what is around them in FLAIR: labels
/// of another case, or mirrored ones, are not. One finding for each thing that is wrong; one that passes when none is.
/// `channels` must not be empty.
std::vector<QualityFinding> checkLabels(const LabelMap &labels, const std::vector<QualityChannel> &channels,
                                        int labelCount);

} // namespace consilium::imaging
