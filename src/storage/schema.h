// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <filesystem>
#include <memory>

namespace consilium::storage {

/// What study.db holds, one number per change of its tables. A folder with a higher number is refused.
constexpr int schemaVersion = 1;

/// Opens study.db in WAL mode. `writable`: makes the tables when they are missing.
/// Errors: NotFound; Unsupported (newer schema); Malformed; Io.
Result<std::unique_ptr<SQLite::Database>> openDatabase(const std::filesystem::path &file, bool writable);

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
