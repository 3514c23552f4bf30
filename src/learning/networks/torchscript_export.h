// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"

#include <filesystem>

namespace consilium::learning {

/// Writes a model of a plan of kind "unet" or "residual-unet" as a TorchScript module that Python's torch.jit.load
/// reads. Its parameters have the model's names; forward(x) takes N, channels, spatial with any extents that
/// patchDivisor() divides, and gives the final logits N, outputs, spatial. Written atomically. Errors: Unsupported
/// (another kind); Invalid (not a model of this plan); Io.
Result<> exportTorchScript(const Plan &plan, const ModelState &model, const std::filesystem::path &out);

} // namespace consilium::learning
