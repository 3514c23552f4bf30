// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/ledger.h"

#include "storage/schema.h"

namespace consilium::storage {

Ledger::Ledger(std::unique_ptr<SQLite::Database> database) : m_database(std::move(database)) {}
Ledger::Ledger(Ledger &&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const std::filesystem::path &folder)
{
    auto database = openDatabase(StudyPaths{folder}.database(), false);
    if (!database)
        return fail(database.error());
    Ledger ledger(std::move(*database));
    if (auto read = guarded(*ledger.m_database, [&] { ledger.read(); }); !read)
        return fail(read.error());
    return ledger;
}

void Ledger::read()
{
    const SQLite::Transaction consistent(*m_database);
    audited = storedVersion(*m_database) >= 2;
    for (SQLite::Statement rows(*m_database, "SELECT key, value FROM study"); rows.executeStep();)
        values[rows.getColumn(0).getString()] = rows.getColumn(1).getString();
    for (SQLite::Statement rows(*m_database, "SELECT round, state FROM rounds"); rows.executeStep();)
        rounds[rows.getColumn(0).getInt()] =
            roundStateFromName(rows.getColumn(1).getString()).value_or(RoundState::Planned);
    if (!audited)
        return;
    for (SQLite::Statement rows(*m_database, "SELECT round, content, signature FROM receipts ORDER BY round");
         rows.executeStep();)
        receipts.push_back({rows.getColumn(0).getInt(), rows.getColumn(1).getString(), rows.getColumn(2).getString()});
    SQLite::Statement size(*m_database, "SELECT COUNT(*), MAX(sequence) FROM audit");
    size.executeStep();
    links = size.getColumn(0).getInt64();
    m_newest = size.getColumn(1).getInt64();
}

Result<> Ledger::eachLink(const std::function<bool(const AuditLink &)> &take)
{
    if (!audited)
        return {};
    return guarded(*m_database, [&] {
        SQLite::Statement rows(*m_database,
                               "SELECT sequence, time, event, site, round, details, previous, hash FROM audit "
                               "WHERE sequence <= ? ORDER BY sequence");
        rows.bind(1, m_newest);
        while (rows.executeStep()) {
            if (!take({rows.getColumn(0).getInt64(), rows.getColumn(1).getString(), rows.getColumn(2).getString(),
                       rows.getColumn(3).getString(), rows.getColumn(4).getInt(), rows.getColumn(5).getString(),
                       rows.getColumn(6).getString(), rows.getColumn(7).getString()}))
                break;
        }
    });
}

} // namespace consilium::storage
