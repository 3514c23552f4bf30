// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audit_chain.h"

#include "core/hash.h"

#include <cassert>

namespace consilium::storage {

std::string AuditLink::words() const
{
    return fmt::format("link {} ({}{}{})", sequence, event, site.empty() ? "" : ", site " + site,
                       round > 0 ? fmt::format(", round {}", round) : "");
}

std::string chainAnchor(std::string_view owner)
{
    return sha256Hex(owner);
}

Result<std::string> linkHash(const AuditLink &link)
{
    auto details = parseJson(link.details);
    if (!details)
        return fail(details.error());
    const auto canonical = canonicalJson({{"sequence", link.sequence},
                                          {"time", link.time},
                                          {"event", link.event},
                                          {"site", link.site},
                                          {"round", link.round},
                                          {"details", std::move(*details)},
                                          {"previous", link.previous}});
    if (!canonical)
        return fail(canonical.error());
    return sha256Hex(*canonical);
}

AuditLink makeLink(const AuditEntry &entry, std::int64_t sequence, const std::string &previous, TimePoint time)
{
    // What JSON cannot say (a number that is not finite, bytes that are no text) is kept as near as it can: an event is
    // never left out.
    auto details = canonicalJson(entry.details);
    if (!details || !Json::accept(*details))
        details = canonicalJson({{"text", entry.details.dump(-1, ' ', false, Json::error_handler_t::replace)}});
    AuditLink link{sequence, toIso(time), entry.event, entry.site, entry.round, std::move(*details), previous, {}};
    auto hash = linkHash(link);
    assert(hash);
    link.hash = std::move(*hash);
    return link;
}

std::optional<std::string> AuditCheck::add(const AuditLink &link)
{
    const auto expected = m_links + 1;
    if (link.sequence != expected)
        return expected == 1
                   ? fmt::format("it begins with link {} in place of link 1", link.sequence)
                   : fmt::format("after link {} comes link {}: something was taken out", m_links, link.sequence);
    const auto hash = linkHash(link);
    if (!hash || *hash != link.hash)
        return fmt::format("{} was changed after it was written", link.words());
    if (link.previous != m_previous)
        return expected == 1
                   ? fmt::format("{} belongs to another chain", link.words())
                   : fmt::format("{} does not follow on the link before it: one of the two was changed", link.words());
    m_previous = link.hash;
    m_links = expected;
    return std::nullopt;
}

} // namespace consilium::storage
