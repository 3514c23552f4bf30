// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace consilium::viewer {

std::string utf8(const std::filesystem::path &path);
std::filesystem::path fromUtf8(const std::string &text);

/// The name without folder and ending (.nii, .nii.gz, .nrrd and their like).
std::string stem(const std::filesystem::path &file);

/// True when the name says lesion, label, seg or mask, or the folder is named for labels (labelsTr).
bool namedLikeLabels(const std::filesystem::path &file);

/// What to call files shown together: the file's own name, or the folder's when there are several.
std::string commonName(const std::vector<std::filesystem::path> &files);

} // namespace consilium::viewer
