// SPDX-License-Identifier: GPL-3.0-or-later
// The study's sites: invited, enrolled, and what passed between them and the host.
#include "core/hash.h"
#include "storage/audited.h"
#include "storage/study_transaction.h"

#include <SQLiteCpp/VariadicBind.h>

namespace consilium::storage {

namespace {

SiteIdentity identity(SQLite::Statement &row)
{
    return {row.getColumn(0).getString(), row.getColumn(1).getInt64(), row.getColumn(2).getString()};
}

} // namespace

Result<> StudyStore::addSite(const std::string &name, const std::string &tokenHash)
{
    const auto added = transact([&] {
        SQLite::Statement put(*m_database, "INSERT OR IGNORE INTO sites (name, token_hash) VALUES (?, ?)");
        SQLite::bind(put, name, tokenHash);
        const int rows = put.exec();
        if (rows > 0)
            link(AuditEntry{"invited", name});
        return rows;
    });
    if (!added)
        return fail(added.error());
    if (*added == 0)
        return failWithHint(ErrorCode::Invalid, "Give this site another name", "The site '{}' is invited already",
                            name);
    return {};
}

Result<std::string> StudyStore::siteForToken(const std::string &tokenHash)
{
    const auto site = transact([&]() -> std::string {
        SQLite::Statement row(*m_database, "SELECT name FROM sites WHERE token_hash = ?");
        row.bind(1, tokenHash);
        return row.executeStep() ? row.getColumn(0).getString() : std::string();
    });
    if (site && site->empty())
        return failWithHint(ErrorCode::Refused, "Ask the host for a new invitation",
                            "This invitation is not known to the study");
    return site;
}

Result<SiteIdentity> StudyStore::bindKey(const std::string &site, const std::string &publicKey)
{
    // Derived, not counted: the same key gets the same id after any restart. Flower's ids are positive 64-bit; 1 is the
    // server's.
    const auto nodeId = static_cast<std::int64_t>(derivedSeed(0, m_manifest.id + publicKey) >> 1) | 2;
    const auto bound = transact([&]() -> SiteIdentity {
        SQLite::Statement before(*m_database, "SELECT public_key IS NULL FROM sites WHERE name = ?");
        before.bind(1, site);
        const bool fresh = before.executeStep() && before.getColumn(0).getInt() != 0;
        SQLite::Statement put(
            *m_database,
            "UPDATE sites SET public_key = ?, node_id = ? WHERE name = ? AND (public_key IS NULL OR public_key = ?)");
        SQLite::bind(put, publicKey, nodeId, site, publicKey);
        if (put.exec() == 0)
            return {};
        if (fresh)
            link(AuditEntry{"enrolled", site, 0, {{"key", sha256Hex(publicKey)}}});
        return {site, nodeId, publicKey};
    });
    if (bound && bound->name.empty())
        return failWithHint(ErrorCode::Refused, "Ask the host for a new invitation",
                            "The invitation of site '{}' was used with another key", site);
    return bound;
}

Result<std::optional<SiteIdentity>> StudyStore::siteByKey(const std::string &publicKey)
{
    return transact([&]() -> std::optional<SiteIdentity> {
        SQLite::Statement row(*m_database, "SELECT name, node_id, public_key FROM sites WHERE public_key = ?");
        row.bind(1, publicKey);
        if (!row.executeStep())
            return std::nullopt;
        return identity(row);
    });
}

Result<std::vector<std::string>> StudyStore::sites()
{
    return transact([&] {
        std::vector<std::string> names;
        SQLite::Statement rows(*m_database, "SELECT name FROM sites ORDER BY name");
        while (rows.executeStep())
            names.push_back(rows.getColumn(0).getString());
        return names;
    });
}

Result<std::vector<SiteIdentity>> StudyStore::enrolledSites()
{
    return transact([&] {
        std::vector<SiteIdentity> sites;
        SQLite::Statement rows(
            *m_database, "SELECT name, node_id, public_key FROM sites WHERE public_key IS NOT NULL ORDER BY name");
        while (rows.executeStep())
            sites.push_back(identity(rows));
        return sites;
    });
}

Result<int> StudyStore::addTraffic(const std::vector<SiteTraffic> &traffic)
{
    return transact(Durability::WithTheNext, [&] {
        SQLite::Statement row(*m_database, "SELECT value FROM study WHERE key = 'round'");
        const int round = row.executeStep() ? row.getColumn(0).getInt() : 0;
        SQLite::Statement put(*m_database,
                              "UPDATE sites SET online = ?1, last_seen = CASE WHEN ?1 THEN ?2 ELSE last_seen END, "
                              "bytes_received = bytes_received + ?3, bytes_sent = bytes_sent + ?4 WHERE name = ?5");
        SQLite::Statement add(*m_database, "UPDATE site_rounds SET bytes_received = bytes_received + ?, "
                                           "bytes_sent = bytes_sent + ? WHERE round = ? AND site = ?");
        const auto time = toIso(now());
        for (const auto &site : traffic) {
            SQLite::bind(put, site.online ? 1 : 0, time, site.received, site.sent, site.site);
            put.exec();
            put.reset();
            if (site.received == 0 && site.sent == 0)
                continue;
            SQLite::bind(add, site.received, site.sent, round, site.site);
            add.exec();
            add.reset();
        }
        return round;
    });
}

Result<> StudyStore::setTrainingCases(const std::string &site, int cases)
{
    return transact([&] {
        SQLite::Statement put(*m_database, "UPDATE sites SET training_cases = ? WHERE name = ?");
        SQLite::bind(put, cases, site);
        put.exec();
    });
}

} // namespace consilium::storage
