// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform_file.h"

#include <list>
#include <memory>
#include <mutex>

namespace consilium::federation {

/// Files that were read last, still open, so that reading one piece by piece opens it once; a fixed number, so that a
/// thousand sites' updates do not need more than a process may have. Safe from several threads.
class OpenFiles
{
public:
    static constexpr std::size_t most = 64;

    /// nullptr when it cannot be opened.
    std::shared_ptr<const platform::PositionedFile> file(const std::filesystem::path &path);
    void close();

private:
    struct Entry
    {
        std::filesystem::path path;
        std::shared_ptr<const platform::PositionedFile> file;
    };
    std::mutex m_mutex;
    std::list<Entry> m_entries; ///< the one used last in front
};

} // namespace consilium::federation
