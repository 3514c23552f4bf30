// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <map>
#include <string>
#include <vector>

namespace consilium::tasks {

/// What a dataset.json says, in either of the spellings nnU-Net has used, and our additions.
struct DatasetDescription
{
    std::vector<std::string> channels;
    std::vector<std::string> labels;    ///< names by value, background first; empty when landmarks are the reference
    std::vector<std::string> landmarks; ///< names, in the order of the network's outputs
    std::string fileEnding = ".nii.gz"; ///< ".nii.gz" or ".nii"
    std::map<std::string, std::string>
        patients; ///< case id -> patient; cases that are not named are patients of their own

    /// Channels under "channel_names" (version 2) or "modality" (version 1); labels as {"anterior": 1} (version 2) or
    /// {"1": "anterior"} (version 1); "file_ending". Ours: "patients" {case: patient}; "landmarks" [names] in place of
    /// "labels".
    /// Errors: Malformed, naming the key; Unsupported (labels that are unions of others, other file formats).
    static Result<DatasetDescription> fromJson(const Json &json);
};

} // namespace consilium::tasks
