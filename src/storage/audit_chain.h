// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"

#include <optional>
#include <string>

namespace consilium::storage {

/// Something that has to stand in an audit chain.
struct AuditEntry
{
    std::string event; ///< a fixed word: "invited", "offered", "uploaded", ... (audited.h)
    std::string site;  ///< empty when no site is meant
    int round = 0;     ///< 0 when no round is meant
    Json details = Json::object();
};

/// One link of a chain in which nothing can be changed, put in, taken out or moved without breaking every hash after
/// it.
struct AuditLink
{
    std::int64_t sequence = 0; ///< 1, 2, 3, ...
    std::string time;          ///< ISO 8601
    std::string event, site;
    int round = 0;
    std::string details;  ///< canonical JSON
    std::string previous; ///< hash of the link before; of the first one the chain's anchor
    std::string hash;     ///< of this link

    /// "link 12 (uploaded, site north, round 3)"
    std::string words() const;
};

/// What the first link of a chain hangs on: SHA-256 of what the chain belongs to (a study's id).
std::string chainAnchor(std::string_view owner);

/// SHA-256 of the canonical JSON (RFC 8785) of {details, event, previous, round, sequence, site, time} as 64
/// hexadecimal digits; `details` stands in it as the JSON that it is. Errors: Malformed (the details are no JSON).
Result<std::string> linkHash(const AuditLink &link);

/// The link that makes `entry` the `sequence`-th of a chain whose newest hash is `previous`.
AuditLink makeLink(const AuditEntry &entry, std::int64_t sequence, const std::string &previous, TimePoint time);

/// Follows a chain from its first link on.
class AuditCheck
{
public:
    explicit AuditCheck(std::string anchor) : m_previous(std::move(anchor)) {}
    /// What is wrong with the link that should come next, in words, or nothing. Not called again after a problem.
    std::optional<std::string> add(const AuditLink &link);
    std::int64_t links() const { return m_links; } ///< that are good

private:
    std::string m_previous;
    std::int64_t m_links = 0;
};

} // namespace consilium::storage
