// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"

namespace consilium::federation {

struct EncodedUpdate
{
    ModelState state;    ///< what travels
    ModelState residual; ///< what it lost, F32, for the next change; no tensors where it loses nothing
};

/// A site's update as the plan lets it leave: the tensors of `trained`, in its order, each as encodedTensors()
/// (update_layout.h) says. A change is trained - base, or the tensor itself where it is one already (isChangeItself);
/// `base` is the model the round started from and may hold more tensors. `residual`, of the round before, may be
/// nullptr; a tensor it lacks counts as zeros.
///
/// float16, int8 and top-k feed back: the residual of the last round is added to the change, and what encoding then
/// loses becomes the new residual, so that the sum of what was sent stays within one residual of the sum of the changes
/// (Seide et al. 2014, 1-bit SGD; Karimireddy et al. 2019, "Error feedback fixes SignSGD").
///
/// * float16: every value over a power of two by which the largest of the tensor lies in [2^14, 2^15), so that nothing
///   overflows and changes of late, small learning rates keep their digits; ties to even. Lost: at most 2^-11 of a
///   value, or 2^-25 times the scale where that is more.
/// * int8: per block of 1024 values q = round(x / s), -127 to 127, s the block's largest magnitude over 127. Lost: at
///   most s / 2.
/// * top-k: the values of largest magnitude in each tensor, of equal ones those that come first. Lost: all others.
///
/// Full models, and changes as float32, lose nothing but the rounding to 24 bits. Errors: Invalid, naming the tensor
/// (not in `base`, another shape, values that are not finite, a name with '#' where that would be ambiguous).
Result<EncodedUpdate> encodeUpdate(const ModelState &trained, const ModelState &base, const Plan::Updates &updates,
                                   const ModelState *residual);

} // namespace consilium::federation
