// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

namespace consilium::federation {

/// What the host decides for itself, beside the plan.
struct HostRules
{
    bool keepUpdates =
        false;        ///< the sites' updates of every round stay in the spool, so that `verify` can work it out again
    int attempts = 3; ///< of one round below its quorum, before a person has to look
    int threads = 1;  ///< of the aggregation
    /// The plan's strategy; a program that loads plug-ins gives its own.
    StrategyMaker makeStrategy = federation::makeStrategy;
};

} // namespace consilium::federation
