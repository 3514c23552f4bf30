// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fstream>
#include <optional>
#include <string>

namespace consilium::node {

/// Peak resident memory of this process in bytes, where the system tells it in a file (Linux); else nothing.
inline std::optional<double> peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (double kibibytes = 0; word == "VmHWM:" && status >> kibibytes)
            return kibibytes * 1024;
    return std::nullopt;
}

} // namespace consilium::node
