// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/deidentify.h"

#include <filesystem>

namespace consilium::node {

/// `asked`, or when that is empty the file in the person's own data folder: one key per user, so that further data of a
/// patient gets the same pseudonym.
std::filesystem::path pseudonymKeyFile(const std::filesystem::path &asked);

/// The key that pseudonyms are made with. Never below `out`, for a folder that is handed on must not carry the key
/// along. Errors: as PseudonymKey::open; Invalid (the key would lie in the output).
Result<imaging::dicom::PseudonymKey> openPseudonymKey(const std::filesystem::path &file,
                                                      const std::filesystem::path &out);

} // namespace consilium::node
