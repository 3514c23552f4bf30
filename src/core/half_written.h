// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>

namespace consilium {

/// Removes from these folders, not from folders within them, what a program that was killed was just writing atomically
/// (file.h): never whole, and never named by anything. For who alone writes there.
void removeHalfWritten(std::span<const std::filesystem::path> folders);

} // namespace consilium
