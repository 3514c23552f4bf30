// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/volume.h"

namespace consilium::imaging {

/// The grid of side x side square pixels that holds a radiograph whole, its proportions kept, in the middle. Landmarks
/// stay where they are in patient millimetres; the geometries are the maps between pixels and millimetres, there
/// (toIndex) and back (toPatient). Errors: Invalid (more than one slice, no pixel).
Result<Geometry> radiographGrid(const Geometry &original, int side = 768);

/// The radiograph on radiographGrid(): bicubic (Keys 1981, a = -1/2), wider when it shrinks so that nothing aliases,
/// and clipped to the range of the original, which it would overshoot at edges. What lies beyond the original has its
/// smallest value. Errors: as radiographGrid.
Result<Volume> fitRadiograph(const Volume &radiograph, int side = 768);

} // namespace consilium::imaging
