// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/series.h"
#include "viewer/editing/edit_record.h"

#include <QDateTime>

namespace consilium::viewer {

struct EditToSave
{
    imaging::LabelMap labels;
    EditRecord record;
    std::vector<std::filesystem::path> inputs;            ///< files of the case: images, reference, models' output
    std::shared_ptr<const imaging::dicom::Series> series; ///< what it was drawn on, when the case came from one
};

/// "<folder>/edited-<reader>-<yyyymmdd-hhmmss><ending>", with "-2" and on where that is taken. What no file system
/// likes in a name is a dash; without a reader it is "edited-<yyyymmdd-hhmmss>".
std::filesystem::path editedFile(const std::filesystem::path &folder, const std::string &reader, const QDateTime &when,
                                 const std::string &ending = ".nii.gz");

/// The record that lies beside an edited file: its name with .json for its ending.
std::filesystem::path recordFile(const std::filesystem::path &edited);

/// Writes a segmentation by the ending of `file` (.nii, .nii.gz; .nrrd; .dcm: a DICOM SEG of the series) and its record
/// beside it: that of toJson() with "format", "file", "sha256" of the file written and "madeFrom"."sha256" of the file
/// it was made from. Both appear whole or not at all; the voxels appear first.
///
/// Errors: Invalid (the file, or its record, would stand in the place of an input of the case, or the record in that of
/// a file that is none; labels off the grid of the series; nothing to put into a SEG); Unsupported (another ending; a
/// SEG without series); Io.
Result<> saveEdit(const EditToSave &edit, const std::filesystem::path &file);

} // namespace consilium::viewer
