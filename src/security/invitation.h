// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <string>

namespace consilium::security {

/// What a host hands a site so that it can enrol: one file, sealed with a passphrase that travels by another way.
struct Invitation
{
    std::string studyId;
    std::string title;
    std::string site;        ///< the name the host gave the site
    std::string endpoint;    ///< HOST:PORT
    std::string certificate; ///< PEM of the study's CA: the only server the site will talk to
    std::string token;       ///< one-time enrolment token

    /// Errors: Io; Invalid (an empty passphrase).
    Result<> write(const std::filesystem::path &file, const std::string &passphrase) const;
    /// Errors: NotFound; Malformed (not an invitation); Refused (wrong passphrase).
    static Result<Invitation> read(const std::filesystem::path &file, const std::string &passphrase);
};

/// The first line of a passphrase file. Errors: NotFound; Io; Invalid (empty).
Result<std::string> readPassphrase(const std::filesystem::path &file);

} // namespace consilium::security
