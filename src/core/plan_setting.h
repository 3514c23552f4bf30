// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <string>

namespace consilium {

enum class UnknownKeys { Refused, Made };

/// Sets the key at a dotted path, as in training.batchSize, of a plan's JSON to a value that is JSON, or text when it
/// is not. Keys of the path that are not there are refused or made. Errors: Invalid (no such key; a key of the path
/// that holds no others), naming the path.
Result<> applySetting(Json &plan, const std::string &path, const std::string &value, UnknownKeys unknown);

} // namespace consilium
