// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/phantom/projection_canvas.h"

namespace consilium::imaging {

/// Draws the bones of one person as a beam from the side shows them. `density`: 1 healthy, less when porous.
void drawSkeleton(ProjectionCanvas &canvas, const SpineShape &spine, double density, Random &random);

/// Pedicle screws joined by rods from vertebra `upper` to vertebra `lower` (index into SpineShape::vertebrae; 6 is S1),
/// on both sides, which rarely cover each other.
void drawInstrumentation(ProjectionCanvas &canvas, const SpineShape &spine, int upper, int lower, Random &random);

} // namespace consilium::imaging
