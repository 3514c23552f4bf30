// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"

#include <cstdint>
#include <span>

namespace consilium::learning {

/// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994, Graphics Gems IV) of a picture of `height` rows
/// on its own range of values: 8 x 8 tiles, 256 bins. A tile's histogram is cut at `clipLimit` (at least 1) times the
/// mean of its bins, and what was cut is spread over all of them; a value becomes the share of the tile below it, half
/// of its own bin included. Between the middles of tiles their maps are blended bilinearly, between the middles of bins
/// linearly, so that no grey levels are lost. A constant picture stays as it is.
void equalise(std::span<float> picture, std::int64_t height, double clipLimit);

/// Coarse dropout (DeVries and Taylor 2017, "Cutout"): one to four rectangles, each side up to `largest` of the
/// picture's, are filled with its mean.
void blankRectangles(std::span<float> picture, std::int64_t height, double largest, Random &random);

} // namespace consilium::learning
