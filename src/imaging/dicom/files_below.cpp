// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/files_below.h"

#include <algorithm>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> filesBelow(const fs::path &folder)
{
    std::error_code error;
    if (!fs::exists(folder, error))
        return fail(ErrorCode::NotFound, "There is no folder {}", folder.string());
    if (fs::is_regular_file(folder, error))
        return std::vector{folder};
    std::vector<fs::path> files, folders{folder};
    while (!folders.empty()) {
        const auto current = std::move(folders.back());
        folders.pop_back();
        error.clear();
        for (fs::directory_iterator entry(current, error), end; !error && entry != end; entry.increment(error)) {
            std::error_code broken; // a link that leads nowhere is no file
            if (entry->is_regular_file(broken))
                files.push_back(entry->path());
            else if (entry->symlink_status(broken).type() == fs::file_type::directory)
                folders.push_back(entry->path());
        }
        if (error)
            return failWithHint(ErrorCode::Io, "Check that you may read every folder in it", "{} cannot be read: {}",
                                current.string(), error.message());
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace consilium::imaging::dicom
