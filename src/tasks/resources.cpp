// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/resources.h"

#include "core/platform.h"

namespace consilium::tasks {

namespace fs = std::filesystem;

std::vector<fs::path> resourceFolders()
{
    const auto programs = platform::programFolder();
    return {(programs / ".." / "share" / "consilium").lexically_normal(),
            (programs / ".." / "resources").lexically_normal(), fs::path(CONSILIUM_SOURCE_RESOURCES)};
}

fs::path findResource(const fs::path &path)
{
    std::error_code error;
    for (const auto &folder : resourceFolders()) {
        if (auto file = folder / path; fs::is_regular_file(file, error))
            return file;
    }
    return {};
}

} // namespace consilium::tasks
