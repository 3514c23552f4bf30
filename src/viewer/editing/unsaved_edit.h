// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform.h"
#include "viewer/editing/edit_record.h"

namespace consilium::viewer {

/// Unsaved work kept on the disk: a line that names the format, a line of JSON (the record, the grid, the number of
/// runs and their SHA-256), then the voxels as runs, i fastest: label in the high 8 bits, length in the low 24, each
/// four bytes, least significant first.
struct UnsavedEdit
{
    std::filesystem::path file;
    EditRecord record;
};

/// Writes it atomically. Errors: Io.
Result<> writeUnsaved(const std::filesystem::path &file, const EditRecord &record, const imaging::LabelRuns &runs);

struct RecoveredEdit
{
    EditRecord record;
    PreparedEdit prepared;
};
/// Errors: NotFound; Io; Malformed (not such a file, cut short, or changed since).
Result<RecoveredEdit> readUnsaved(const std::filesystem::path &file);

struct UnsavedEdits
{
    std::vector<UnsavedEdit> edits;    ///< the newest first
    std::vector<std::string> problems; ///< files that could not be read, in words
};
/// What lies in `folder` of `caseId` (empty: of all cases) and belongs to no program that still runs. A folder that is
/// not there holds nothing.
UnsavedEdits findUnsaved(const std::filesystem::path &folder, const std::string &caseId = {});

/// Removes the file and its lock. Errors: Io.
Result<> removeUnsaved(const std::filesystem::path &file);

/// A new name in the folder: the same case may be edited in two windows.
std::filesystem::path newUnsavedFile(const std::filesystem::path &folder);
/// Held by who works on the file, so that nobody else takes it for lost.
std::optional<platform::FileLock> lockUnsaved(const std::filesystem::path &file);

} // namespace consilium::viewer
