// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <filesystem>
#include <string>

namespace consilium::federation {

/// Makes a study folder: its certificate authority and server keys (owner-readable alone), the signed manifest, an
/// empty database. Errors: Invalid (a study is there already); Io.
Result<> createStudy(const std::filesystem::path &folder, const std::string &title, const Plan &plan);

/// Adds a site and writes its sealed invitation to `out`. Site names are letters, digits, '-' and '_': they name files.
/// Errors: NotFound (no study); Invalid (the name; taken; the endpoint is not HOST:PORT); Io.
Result<> inviteSite(const std::filesystem::path &folder, const std::string &site, const std::string &endpoint,
                    const std::string &passphrase, const std::filesystem::path &out);

} // namespace consilium::federation
