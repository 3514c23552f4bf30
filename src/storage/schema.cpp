// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/schema.h"

#include "core/file.h"
#include "core/platform.h"

#include <array>

namespace consilium::storage {

namespace {

constexpr auto version1 = R"sql(
CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sites (
    name TEXT PRIMARY KEY, node_id INTEGER UNIQUE, token_hash TEXT NOT NULL, public_key TEXT UNIQUE,
    online INTEGER NOT NULL DEFAULT 0, last_seen TEXT, training_cases INTEGER NOT NULL DEFAULT 0,
    bytes_received INTEGER NOT NULL DEFAULT 0, bytes_sent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE rounds (
    round INTEGER PRIMARY KEY, state TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, note TEXT NOT NULL DEFAULT '');
CREATE TABLE site_rounds (
    round INTEGER NOT NULL, site TEXT NOT NULL, state TEXT NOT NULL, progress REAL NOT NULL, detail TEXT NOT NULL,
    updated TEXT NOT NULL, PRIMARY KEY (round, site)) WITHOUT ROWID;
CREATE TABLE messages (
    id TEXT PRIMARY KEY, round INTEGER NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
    created TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0, reply TEXT) WITHOUT ROWID;
CREATE INDEX messages_by_site ON messages (site, reply);
CREATE TABLE updates (
    round INTEGER NOT NULL, site TEXT NOT NULL, reply TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    samples INTEGER NOT NULL, received TEXT NOT NULL, PRIMARY KEY (round, site)) WITHOUT ROWID;
CREATE TABLE metrics (
    round INTEGER NOT NULL, site TEXT NOT NULL, model TEXT NOT NULL, split TEXT NOT NULL, name TEXT NOT NULL,
    step INTEGER NOT NULL, value REAL NOT NULL, support INTEGER NOT NULL,
    PRIMARY KEY (round, site, model, split, name, step)) WITHOUT ROWID;
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, event TEXT NOT NULL, site TEXT NOT NULL, round INTEGER NOT NULL,
    text TEXT NOT NULL, details TEXT NOT NULL);
)sql";

constexpr auto version2 = R"sql(
ALTER TABLE site_rounds ADD COLUMN bytes_received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE site_rounds ADD COLUMN bytes_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN base_round INTEGER NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN steps INTEGER NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN score REAL NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN norm REAL NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN weight REAL NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN encoding TEXT NOT NULL DEFAULT '';
ALTER TABLE updates ADD COLUMN normalised_steps REAL NOT NULL DEFAULT 0;
ALTER TABLE updates ADD COLUMN base_round INTEGER NOT NULL DEFAULT 0;
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, event TEXT NOT NULL, site TEXT NOT NULL, round INTEGER NOT NULL,
    details TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL);
CREATE TABLE receipts (round INTEGER PRIMARY KEY, content TEXT NOT NULL, signature TEXT NOT NULL);
)sql";

/// Step i leads from version i to version i + 1.
constexpr std::array<const char *, schemaVersion> steps{version1, version2};

void bringUpToDate(SQLite::Database &database)
{
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    // Read again under the lock: another process may have done it meanwhile.
    for (auto version = static_cast<std::size_t>(storedVersion(database)); version < steps.size(); ++version)
        database.exec(steps[version]);
    database.exec(fmt::format("PRAGMA user_version = {}", schemaVersion));
    transaction.commit();
}

} // namespace

int storedVersion(SQLite::Database &database)
{
    return database.execAndGet("PRAGMA user_version").getInt();
}

Result<std::unique_ptr<SQLite::Database>> openDatabase(const std::filesystem::path &file, bool writable)
{
    std::error_code ignored;
    if (!writable && !std::filesystem::exists(file, ignored))
        return fail(ErrorCode::NotFound, "{} does not exist", file.string());
    try {
        // A reader opens for writing too: WAL readers share the -shm file. It runs no statement that changes a table.
        auto database = std::make_unique<SQLite::Database>(
            file.string(), SQLite::OPEN_READWRITE | (writable ? SQLite::OPEN_CREATE : 0), /*busy timeout ms*/ 5000);
        const int version = storedVersion(*database);
        if (version > schemaVersion)
            return failWithHint(ErrorCode::Unsupported, "Open it with the newer version",
                                "{} was written by a newer version of Consilium", file.string());
        if (version == 0 && !writable)
            return fail(ErrorCode::Malformed, "{} is not a study database", file.string());
        if (writable) {
            database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
            if (version < schemaVersion) {
                // Under a running aggregator its tables may not change.
                std::optional<platform::FileLock> alone;
                if (version > 0 && !(alone = platform::FileLock::take(file.parent_path() / "study.lock")))
                    return failWithHint(ErrorCode::Busy, "Stop the aggregator first",
                                        "{} is of an older version of Consilium and in use", file.string());
                bringUpToDate(*database);
            }
        }
        return database;
    } catch (const SQLite::Exception &error) {
        // SQLite says no more than that it could not; the system knows why.
        if (writable) {
            if (const auto probe = AtomicFile::create(file.parent_path() / "study.db.probe"); !probe)
                return failWithHint(ErrorCode::Io, "Make the folder writable, or copy the study to another disk", "{}",
                                    probe.error().message);
        }
        return fail(error.getErrorCode() == 26 ? ErrorCode::Malformed : ErrorCode::Io, "{} could not be opened: {}",
                    file.string(), error.what());
    }
}

} // namespace consilium::storage
