// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/node_process.h"

#include <memory>

namespace consilium::app {

/// Ends a node that nobody listens to any more, without waiting for it: it goes when it has ended. Null is let be.
void release(std::unique_ptr<NodeProcess> node);

} // namespace consilium::app
