// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/open_files.h"

#include <algorithm>

namespace consilium::federation {

std::shared_ptr<const platform::PositionedFile> OpenFiles::file(const std::filesystem::path &path)
{
    const std::lock_guard lock(m_mutex);
    const auto found =
        std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry &entry) { return entry.path == path; });
    if (found != m_entries.end()) {
        m_entries.splice(m_entries.begin(), m_entries, found);
        return m_entries.front().file;
    }
    auto opened = platform::PositionedFile::open(path);
    if (!opened)
        return nullptr;
    m_entries.push_front({path, std::make_shared<const platform::PositionedFile>(std::move(*opened))});
    if (m_entries.size() > most)
        m_entries.pop_back();
    return m_entries.front().file;
}

void OpenFiles::close()
{
    const std::lock_guard lock(m_mutex);
    m_entries.clear();
}

} // namespace consilium::federation
