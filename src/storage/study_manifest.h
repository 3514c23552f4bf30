// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <filesystem>
#include <string>

namespace consilium::storage {

/// study.json: what the study is, signed by the coordinator's key so that a changed plan is noticed.
struct StudyManifest
{
    std::string id; ///< 32 hexadecimal digits
    std::string title;
    Plan plan;
    std::string created;        ///< ISO 8601
    std::string coordinatorKey; ///< PEM SubjectPublicKeyInfo, EC P-384
    std::string certificate;    ///< PEM certificate of the study's own CA

    /// Writes study.json with a signature by `privateKeyPem`. Errors: Io; Invalid (the key).
    Result<> write(const std::filesystem::path &folder, const std::string &privateKeyPem) const;

    /// Errors: NotFound (no study there); Malformed; Unsupported (newer format); Refused (the signature does not
    /// match).
    static Result<StudyManifest> read(const std::filesystem::path &folder);
};

} // namespace consilium::storage
