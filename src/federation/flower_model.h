// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"

namespace consilium::federation {

/// A model from a ServerApp as the plan's network takes it: in the network's order and element types. Flower's mean
/// makes floats of integer buffers; they are rounded to the nearest integer again.
///
/// Errors: Invalid, naming the tensor that is missing, unknown, of another shape, or whose values do not fit its type.
Result<ModelState> toNetwork(ModelState received, const std::vector<TensorInfo> &network);

} // namespace consilium::federation
