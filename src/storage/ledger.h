// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study_store.h"

#include <functional>
#include <map>
#include <memory>

namespace consilium::storage {

/// What study.db holds of a study's history, as it is at one moment, for checking. Changes nothing, asks no manifest,
/// and works beside a running aggregator.
class Ledger
{
public:
    /// Errors: NotFound (no study.db); Unsupported (newer); Malformed; Io.
    static Result<Ledger> open(const std::filesystem::path &folder);
    Ledger(Ledger &&) noexcept;
    ~Ledger();

    bool audited = false;                      ///< false: written by a version without audit chain and receipts
    std::map<std::string, std::string> values; ///< "state", "bestRound", ...
    std::map<int, RoundState> rounds;
    std::vector<ReceiptRow> receipts; ///< by round
    std::int64_t links = 0;           ///< of the audit chain

    /// The links that were there when this was opened, from the first on, until `take` returns false. Errors: Io.
    Result<> eachLink(const std::function<bool(const AuditLink &)> &take);

private:
    explicit Ledger(std::unique_ptr<SQLite::Database> database);
    void read();
    std::unique_ptr<SQLite::Database> m_database;
    std::int64_t m_newest = 0;
};

} // namespace consilium::storage
