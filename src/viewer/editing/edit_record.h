// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "viewer/editing/label_editor.h"

namespace consilium::viewer {

/// What is to be known of an edited segmentation besides its voxels: written beside it.
struct EditRecord
{
    std::string caseId, caseTitle;
    std::string reader; ///< who
    EditOrigin origin;
    TimePoint began{}, saved{};
    std::vector<EditLabel> labels;
    std::vector<double> millilitres; ///< per label; empty: not told
    std::vector<EditStep> steps;
};

EditRecord recordOf(const LabelEditor &editor);

/// {"case", "title", "reader", "began", "saved", "madeFrom": {"name", "file", "sha256OfVoxels"} or null, "labels":
/// [{"value", "name", "colour", "locked", "millilitres"}], "steps": [{"what", "at", "voxels"}]}.
Json toJson(const EditRecord &record);
/// Errors: Malformed, naming what is missing or wrong.
Result<EditRecord> editRecordFromJson(const Json &json);

} // namespace consilium::viewer
