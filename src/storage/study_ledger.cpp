// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audited.h"
#include "storage/study_transaction.h"

#include <SQLiteCpp/VariadicBind.h>

namespace consilium::storage {

namespace {

ReceiptRow receiptRow(SQLite::Statement &row)
{
    return {row.getColumn(0).getInt(), row.getColumn(1).getString(), row.getColumn(2).getString()};
}

} // namespace

AuditHead StudyStore::head()
{
    SQLite::Statement row(*m_database, "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
    if (!row.executeStep())
        return {0, chainAnchor(m_manifest.id)};
    return {row.getColumn(0).getInt64(), row.getColumn(1).getString()};
}

void StudyStore::link(std::span<const AuditEntry> entries)
{
    if (entries.empty())
        return;
    auto newest = head();
    const auto time = now();
    SQLite::Statement put(*m_database,
                          "INSERT INTO audit (sequence, time, event, site, round, details, previous, hash) "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const auto &entry : entries) {
        const auto link = makeLink(entry, newest.sequence + 1, newest.hash, time);
        SQLite::bind(put, link.sequence, link.time, link.event, link.site, link.round, link.details, link.previous,
                     link.hash);
        put.exec();
        put.reset();
        newest = {link.sequence, link.hash};
    }
}

void StudyStore::link(const std::optional<AuditEntry> &entry)
{
    if (entry)
        link(std::span(&*entry, 1));
}

void StudyStore::putValue(const std::string &key, const std::string &value)
{
    SQLite::Statement before(*m_database, "SELECT 1 FROM study WHERE key = ? AND value = ?");
    SQLite::bind(before, key, value);
    if (!before.executeStep())
        link(auditOfValue(key, value));
    SQLite::Statement put(*m_database, "INSERT OR REPLACE INTO study VALUES (?, ?)");
    SQLite::bind(put, key, value);
    put.exec();
}

Result<> StudyStore::beginAudit()
{
    return transact([&] {
        if (head().sequence > 0)
            return;
        SQLite::Statement rows(*m_database, "SELECT COUNT(*), COUNT(CASE state WHEN 'closed' THEN 1 END) FROM rounds");
        rows.executeStep();
        AuditEntry entry{"study-created", {}, 0, {{"plan", m_manifest.plan.hash()}}};
        if (rows.getColumn(0).getInt() > 0) {
            entry.event = "audit-begun";
            entry.details["closedRounds"] = rows.getColumn(1).getInt();
        } else {
            entry.details["title"] = m_manifest.title;
        }
        link(entry);
    });
}

Result<> StudyStore::addAudit(const std::vector<AuditEntry> &entries)
{
    return transact([&] { link(entries); });
}

Result<AuditHead> StudyStore::auditHead()
{
    return transact([&] { return head(); });
}

Result<std::optional<ReceiptRow>> StudyStore::receipt(int round)
{
    return transact([&]() -> std::optional<ReceiptRow> {
        SQLite::Statement row(*m_database, "SELECT round, content, signature FROM receipts WHERE round = ?");
        row.bind(1, round);
        if (!row.executeStep())
            return std::nullopt;
        return receiptRow(row);
    });
}

Result<std::optional<ReceiptRow>> StudyStore::receiptBefore(int round)
{
    return transact([&]() -> std::optional<ReceiptRow> {
        SQLite::Statement row(*m_database, "SELECT round, content, signature FROM receipts WHERE round < ? "
                                           "ORDER BY round DESC LIMIT 1");
        row.bind(1, round);
        if (!row.executeStep())
            return std::nullopt;
        return receiptRow(row);
    });
}

Result<bool> StudyStore::hasReceiptAfter(int round)
{
    return transact([&] {
        SQLite::Statement row(*m_database, "SELECT 1 FROM receipts WHERE round > ?");
        row.bind(1, round);
        return row.executeStep();
    });
}

Result<> StudyStore::putReceipt(const ReceiptRow &receipt, const AuditEntry &entry)
{
    return transact([&] {
        SQLite::Statement put(*m_database, "INSERT OR REPLACE INTO receipts VALUES (?, ?, ?)");
        SQLite::bind(put, receipt.round, receipt.content, receipt.signature);
        put.exec();
        link(entry);
    });
}

Result<> StudyStore::finish(TimePoint ended, const std::function<Result<std::string>(const AuditHead &)> &sign)
{
    const std::lock_guard lock(m_mutex);
    Result<> signedResult;
    const auto done = guarded(*m_database, [&] {
        SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::IMMEDIATE);
        putValue("ended", toIso(ended));
        putValue("state", "finished");
        const auto seal = sign(head());
        if (!seal) {
            signedResult = fail(seal.error());
            return;
        }
        putValue("auditSeal", *seal);
        transaction.commit();
    });
    return done ? signedResult : done;
}

} // namespace consilium::storage
