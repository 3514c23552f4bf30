// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>

namespace consilium::node {

struct SuperLinkJoin
{
    std::string endpoint, device = "cpu";
    std::filesystem::path authority, plan, data;
    std::filesystem::path folder; ///< the node's own; empty: one in the user's data folder, of this SuperLink and data
    int threads = 0;
    bool events = false, oneRun = false;
};

/// Trains `data` by `plan` for a plain Flower SuperLink. Giving both is the custodian's consent: no ServerApp can make
/// the node do anything but this plan's training and evaluation on these data. Errors: as openJob and
/// federation::participateInSuperLink.
Result<> joinSuperLink(const SuperLinkJoin &join);

} // namespace consilium::node
