// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

namespace consilium::node {

/// The strategy a plan names, from its plug-in where it is one (tasks/plugin_loader.h). Errors: as those of loadPlugin
/// and of the plug-in.
Result<std::unique_ptr<federation::Strategy>> loadStrategy(const Plan &plan);

} // namespace consilium::node
