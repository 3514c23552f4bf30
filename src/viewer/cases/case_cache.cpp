// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_cache.h"

#include "viewer/cases/paths.h"

#include <algorithm>

namespace consilium::viewer {

namespace {

// Files with their time and size, so that what was written anew is read anew.
std::string keyOf(const CaseSource &source)
{
    std::string key = source.title;
    if (source.series)
        key += fmt::format("|{}|{}|{}", source.series->uid, source.series->number, source.series->part);
    for (const auto &file : source.files) {
        std::error_code ignored;
        const auto written = std::filesystem::last_write_time(file, ignored).time_since_epoch().count();
        const auto size = std::filesystem::file_size(file, ignored);
        key += fmt::format("|{}|{}|{}", utf8(file), written, size);
    }
    return key;
}

} // namespace

std::int64_t bytesOf(const ReviewCase &opened)
{
    std::int64_t bytes = 0;
    for (const Channel &channel : opened.channels)
        bytes += static_cast<std::int64_t>(channel.volume->values.size() * sizeof(float));
    if (opened.reference)
        bytes += static_cast<std::int64_t>(opened.reference->labels->values.size());
    for (const Segmentation &prediction : opened.predictions)
        bytes += static_cast<std::int64_t>(prediction.labels->values.size());
    return bytes;
}

void CaseCache::setBudget(std::int64_t bytes)
{
    m_budget = bytes;
    makeRoom();
}

void CaseCache::makeRoom()
{
    while (m_bytes > m_budget && !m_entries.empty()) {
        m_bytes -= m_entries.back().bytes;
        m_entries.pop_back();
    }
}

std::shared_ptr<const LoadedCase> CaseCache::find(const CaseSource &source)
{
    const std::string key = keyOf(source);
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) { return entry.key == key; });
    if (found == m_entries.end())
        return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found);
    return found->loaded;
}

void CaseCache::keep(const CaseSource &source, std::shared_ptr<const LoadedCase> loaded)
{
    forget(source);
    const std::int64_t bytes = bytesOf(loaded->opened);
    if (bytes > m_budget)
        return;
    m_entries.push_front({keyOf(source), std::move(loaded), bytes});
    m_bytes += bytes;
    makeRoom();
}

void CaseCache::forget(const CaseSource &source)
{
    const std::string key = keyOf(source);
    std::erase_if(m_entries, [&](const Entry &entry) {
        if (entry.key != key)
            return false;
        m_bytes -= entry.bytes;
        return true;
    });
}

} // namespace consilium::viewer
