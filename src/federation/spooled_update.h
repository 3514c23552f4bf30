// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>

namespace consilium::federation {

enum class Spooled { Whole, Missing, Damaged };

struct SpooledUpdate
{
    Spooled state = Spooled::Whole;
    std::string object; ///< the first one that is missing or damaged
};

/// Whether an update lies whole in a spool folder: every object below `id`, hashed. Unlike Spool it removes nothing
/// that is damaged, since it looks at evidence. Errors: Io.
Result<SpooledUpdate> spooledUpdate(const std::filesystem::path &spool, const std::string &id);

} // namespace consilium::federation
