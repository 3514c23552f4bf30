// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/schema.h"
#include "storage/study_store.h"

/// Private to this library.
namespace consilium::storage {

template <typename Work>
auto StudyStore::transact(Work &&work)
{
    return transact(Durability::OnDisk, std::forward<Work>(work));
}

template <typename Work>
auto StudyStore::transact(Durability durability, Work &&work)
{
    const std::lock_guard lock(m_mutex);
    return guarded(*m_database, [&]() -> decltype(work()) {
        if (std::exchange(m_durability, durability) != durability)
            m_database->exec(durability == Durability::OnDisk ? "PRAGMA synchronous = FULL"
                                                              : "PRAGMA synchronous = NORMAL");
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
