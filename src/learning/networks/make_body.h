// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/networks/body.h"

#include <filesystem>
#include <memory>

namespace consilium::learning {

/// The network of plan.network.kind on the CPU, its weights not yet drawn. `module` is the file of a plan of kind
/// "torchscript". Errors: as Network::create; LibTorch's own failures are thrown.
Result<std::shared_ptr<Body>> makeBody(const Plan &plan, const std::filesystem::path &module);

} // namespace consilium::learning
