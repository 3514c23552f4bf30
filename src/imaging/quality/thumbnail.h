// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/quality/quality.h"

namespace consilium::imaging {

/// Pixels are square in mm; grey from the 0.5th to the 99.5th percentile of the image. Empty for an empty image.
Thumbnail makeThumbnail(const Volume &volume);

} // namespace consilium::imaging
