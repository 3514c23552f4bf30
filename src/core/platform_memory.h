// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace consilium::platform {

/// Asks the system for the pages behind `memory`, reserved and not used yet, at once: at first use they come one by
/// one, which for a large volume takes longer than decoding it. Content is left alone. A hint: where the system knows
/// no such call nothing happens. Threads may call it for parts of one block.
void askForPages(std::span<std::byte> memory);

/// Peak resident memory of this process in bytes, where the system tells it (Linux); else nothing.
std::optional<double> peakMemory();

struct ProcessUse
{
    double memory = 0, peakMemory = 0; ///< bytes, resident
    int openFiles = 0;                 ///< sockets among them
};
/// What another process of this user holds at the moment, where the system tells it (Linux); else nothing.
std::optional<ProcessUse> processUse(std::int64_t process);

} // namespace consilium::platform
