// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/audit_chain.h"

#include <filesystem>

namespace consilium::storage {

/// An audit chain in a file of its own, one link a line as canonical JSON: what a site approved, was offered, refused
/// and sent. Every link is on the disk when append() returns. A line that a crash cut off was never a link, and makes
/// way for the next one.
class AuditLog
{
public:
    /// `owner`: what the chain belongs to, such as "<study id>/<site>".
    AuditLog(std::filesystem::path file, std::string_view owner) : m_file(std::move(file)), m_anchor(chainAnchor(owner))
    {
    }

    /// Safe from several threads and processes. Errors: Io; Busy (another process held the file for seconds); Malformed
    /// (its last line is no link).
    Result<> append(const AuditEntry &entry) const;

    struct State
    {
        std::int64_t links = 0;
        std::string problem; ///< the first link that is broken, in words; empty: there is none
    };
    /// A file that is not there is a chain without links. Errors: Io.
    Result<State> check() const;

private:
    std::filesystem::path m_file;
    std::string m_anchor;
};

} // namespace consilium::storage
