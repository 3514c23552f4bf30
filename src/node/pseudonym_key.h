// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/deidentify.h"

#include <filesystem>

namespace consilium::node {

/// The key that pseudonyms are made with: `file`, or when that is empty one per user in the person's own data folder.
/// Never below `out`, for a folder that is handed on must not carry the key along. Errors: as PseudonymKey::open;
/// Invalid (the key would lie in the output).
Result<imaging::dicom::PseudonymKey> openPseudonymKey(std::filesystem::path file, const std::filesystem::path &out);

} // namespace consilium::node
