// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "federation/update_reader.h"

#include <memory>

namespace consilium::federation {

/// A site's update in the tensors of the model, in their order, whatever the plan lets travel: `encoded` holds the
/// tensors that encodeUpdate() makes, in any order. Its floating tensors are F32 changes where the plan's content is
/// "delta", and the site's own values and types where it is "full"; integer tensors are always the site's own values.
///
/// Nothing is unpacked but what is read: memory is one float32 for each 1024 values of int8, and what a piece needs.
/// Names, types, shapes, scales, indices and the values of top-k are checked here, at the cost of reading those once;
/// values of float16 and int8 as they are read; values of float32 are handed on as they are.
///
/// `modelTensors` are those that a site sends: without the ones that stay home, with "control/<name>" where the
/// strategy wants them. Errors: Malformed, "its tensor 'x' ...", for what the site sent; those of `encoded`. From
/// read() also Malformed (values that are not finite numbers) and Invalid (a piece beyond the tensor's end).
Result<std::shared_ptr<const UpdateReader>> decodedUpdate(std::shared_ptr<const UpdateReader> encoded,
                                                          const std::vector<TensorInfo> &modelTensors,
                                                          const Plan::Updates &updates);

} // namespace consilium::federation
