// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_drop.h"

#include "imaging/files/image_files.h"

#include <algorithm>

namespace consilium::app {

namespace fs = std::filesystem;

DropKind kindOfDrop(const std::vector<fs::path> &paths)
{
    std::error_code error;
    if (paths.empty() || !std::ranges::all_of(paths, [&](const fs::path &path) { return fs::exists(path, error); }))
        return DropKind::Nothing;
    const auto &first = paths.front();
    if (fs::is_directory(first, error)) {
        if (fs::exists(first / "dataset.json", error) || fs::is_directory(first / "imagesTr", error))
            return DropKind::Dataset;
        for (fs::directory_iterator entry(first, error), end; !error && entry != end; entry.increment(error))
            if (std::error_code broken; entry->is_regular_file(broken) && imaging::isImageName(entry->path()))
                return DropKind::Images;
        return DropKind::Dicom;
    }
    return std::ranges::all_of(paths, imaging::isImageName) ? DropKind::Images : DropKind::Dicom;
}

} // namespace consilium::app
