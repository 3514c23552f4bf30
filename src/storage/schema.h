// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <filesystem>
#include <memory>

namespace consilium::storage {

/// What study.db holds, one number per change of its tables. A folder with a higher number is refused.
constexpr int schemaVersion = 2;

/// Opens study.db in WAL mode. `writable`: makes the tables when they are missing, and brings those of an older version
/// up to date, all in one transaction. A reader leaves an older version as it is and asks storedVersion() before it
/// reads what came later. Errors: NotFound; Unsupported (newer schema); Malformed; Busy (tables to bring up to date,
/// while an aggregator runs the study); Io.
Result<std::unique_ptr<SQLite::Database>> openDatabase(const std::filesystem::path &file, bool writable);

/// The version of the tables as they are now: a writer may have brought them up to date since they were opened.
int storedVersion(SQLite::Database &database);

/// Runs database work and turns its exceptions into an Error that names the file.
template <typename Work>
auto guarded(const SQLite::Database &database, Work &&work) -> Result<decltype(work())>
{
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return {};
        } else {
            return work();
        }
    } catch (const SQLite::Exception &error) {
        // 13 is SQLITE_FULL: the one a person can mend by themselves.
        if (error.getErrorCode() == 13)
            return failWithHint(ErrorCode::Io, "Free some space and start again",
                                "The disk is full: {} could not be written", database.getFilename());
        return fail(ErrorCode::Io, "The study database {} could not be used: {}", database.getFilename(), error.what());
    }
}

} // namespace consilium::storage
