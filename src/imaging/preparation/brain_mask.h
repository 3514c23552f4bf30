// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

namespace consilium::imaging {

/// The brain (1) in a head or in a brain that is cut out already, from T1, T2 or FLAIR, good enough for quality control
/// (Dice about 0.95 against a hand-drawn one); not for volumetry. In T2, whose fluid is bright, the fluid around the
/// brain counts too. A brain on a constant background is taken as it was cut. On the grid of the image. Errors: Invalid
/// (no contrast, a field of view without a brain).
Result<LabelMap> brainMask(const Volume &volume);

} // namespace consilium::imaging
