// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/label_editor.h"

namespace consilium::viewer {

/// A range to begin with: the 5th to the 95th percentile of the image under the active label, or of the whole image
/// while the label has fewer than ten voxels. Looks at 30,000 values at most, evenly spread. Nothing without an image.
std::optional<ValueInterval> suggestedInterval(const LabelEditor &editor);

} // namespace consilium::viewer
