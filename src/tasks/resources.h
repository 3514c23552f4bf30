// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

namespace consilium::tasks {

/// Where files that come with the program are looked for, first come first: installed (../share/consilium), beside the
/// program (../resources), in the source tree.
std::vector<std::filesystem::path> resourceFolders();

/// The first file of that path in the resources, as in findResource("bench/train_peer.py"), or an empty path.
std::filesystem::path findResource(const std::filesystem::path &path);

} // namespace consilium::tasks
