// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace consilium::app {

/// What `consilium-node demo` is asked for.
struct DemoRequest
{
    std::filesystem::path folder; ///< of the study; made by the node
    std::string task;             ///< preset name
    std::filesystem::path data;   ///< one folder a site; empty: synthetic images
    int rounds = 0;               ///< 0: as the task's preset says
};

} // namespace consilium::app
