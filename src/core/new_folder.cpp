// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/new_folder.h"

#include "core/platform.h"

namespace consilium {

namespace fs = std::filesystem;

namespace {

/// Removed with all it holds, unless it was moved away.
class WorkFolder
{
public:
    explicit WorkFolder(fs::path folder) : m_folder(std::move(folder)) {}
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_folder, ignored);
    }

private:
    fs::path m_folder;
};

} // namespace

Result<> makeNewFolder(const fs::path &folder, const std::function<Result<>(const fs::path &partial)> &fill)
{
    if (folder.empty())
        return fail(ErrorCode::Invalid, "The new folder has no name");
    std::error_code error;
    auto target = fs::absolute(folder, error).lexically_normal();
    if (!target.has_filename()) // named with a slash at its end
        target = target.parent_path();
    if (fs::is_symlink(target, error)) // what it leads to is filled, and the link stays
        target = fs::canonical(target, error);
    if (fs::exists(target, error) && !(fs::is_directory(target, error) && fs::is_empty(target, error)))
        return failWithHint(ErrorCode::Invalid, "Name a new folder", "{} is there already and is not empty",
                            target.string());
    auto partial = target;
    partial += ".partial";
    error.clear();
    fs::create_directories(target.parent_path(), error);
    const bool isNew = !error && fs::create_directory(partial, error);
    if (error)
        return fail(ErrorCode::Io, "Folder {} cannot be made: {}", partial.string(), error.message());
    if (!isNew)
        return failWithHint(
            ErrorCode::Busy,
            "Another run is writing there; when none is, an earlier one was cut off: remove that folder",
            "{} is there already", partial.string());
    const WorkFolder work(partial);
    if (auto filled = fill(partial); !filled)
        return filled;
    fs::remove(target, error); // an empty folder; not every system renames over one
    error.clear();
    fs::rename(partial, target, error);
    if (error)
        return fail(ErrorCode::Io, "Folder {} cannot be renamed to {}: {}", partial.string(), target.string(),
                    error.message());
    platform::flushFolder(target.parent_path());
    return {};
}

} // namespace consilium
