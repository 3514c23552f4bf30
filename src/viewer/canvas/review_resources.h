// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

namespace consilium::viewer {

/// One of the files in resources/review, which are part of the program ("layouts.json"). Errors: Internal, NotFound.
Result<Json> reviewResource(const std::string &name);

} // namespace consilium::viewer
