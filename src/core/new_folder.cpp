// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/new_folder.h"

namespace consilium {

namespace fs = std::filesystem;

Result<> makeNewFolder(const fs::path &folder, const std::function<Result<>(const fs::path &partial)> &fill)
{
    auto target = fs::absolute(folder).lexically_normal();
    if (!target.has_filename()) // named with a slash at its end
        target = target.parent_path();
    std::error_code error;
    if (fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        return failWithHint(ErrorCode::Invalid, "Name a new folder", "{} is there already and is not empty",
                            target.string());
    auto partial = target;
    partial += ".partial";
    fs::remove_all(partial, error); // of a run that was killed
    fs::create_directories(partial, error);
    if (error)
        return fail(ErrorCode::Io, "Folder {} cannot be made: {}", partial.string(), error.message());
    auto filled = fill(partial);
    if (filled) {
        fs::remove(target, error);
        error.clear();
        fs::rename(partial, target, error);
        if (!error)
            return {};
        filled = fail(ErrorCode::Io, "Folder {} cannot be renamed to {}: {}", partial.string(), target.string(),
                      error.message());
    }
    fs::remove_all(partial, error);
    return filled;
}

} // namespace consilium
