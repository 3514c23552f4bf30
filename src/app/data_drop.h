// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

namespace consilium::app {

/// What files and folders that were dropped are: a dataset (one folder with dataset.json or imagesTr), images to be
/// looked at (NIfTI and its like, or a folder of them), else DICOM.
enum class DropKind { Nothing, Dataset, Images, Dicom };

/// Looks at names alone; on a network drive it may take a while.
DropKind kindOfDrop(const std::vector<std::filesystem::path> &paths);

} // namespace consilium::app
