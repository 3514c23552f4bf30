// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/schema.h"
#include "storage/study_store.h"

/// Private to this library.
namespace consilium::storage {

template <typename Work>
auto StudyStore::transact(Work &&work)
{
    const std::lock_guard lock(m_mutex);
    return guarded(*m_database, [&]() -> decltype(work()) {
        SQLite::Transaction transaction(*m_database, SQLite::TransactionBehavior::IMMEDIATE);
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            transaction.commit();
        } else {
            auto result = work();
            transaction.commit();
            return result;
        }
    });
}

} // namespace consilium::storage
