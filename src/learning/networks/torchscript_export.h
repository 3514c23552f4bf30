// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/network.h"

#include <filesystem>

namespace consilium::learning {

/// Writes a network of kind "unet" or "residual-unet" as a TorchScript module that Python's torch.jit.load reads. Its
/// parameters have the network's names; forward(x) takes N, channels, spatial with any extents that patchDivisor()
/// divides, and gives the final logits N, outputs, spatial. Written atomically. Errors: Unsupported (another kind); Io.
Result<> exportTorchScript(const Network &network, const Plan &plan, const std::filesystem::path &out);

} // namespace consilium::learning
