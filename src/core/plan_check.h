// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

namespace consilium {

/// A batch holds no more values, cases x channels x voxels: so many have indices of 32 bits.
constexpr double mostValuesInABatch = 2147483647.0;

/// The first key of `plan` with an impossible value, as an Error that names it; nothing when all are possible.
std::optional<Error> impossibleKey(const Plan &plan);

/// An Error that says what is wrong with one key of a plan.
Error planKeyError(const std::string &key, const std::string &what);

} // namespace consilium
