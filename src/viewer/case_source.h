// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/review_case.h"

namespace consilium::viewer {

/// A case that can be opened: a case.json, or NIfTI files that belong together.
struct CaseSource
{
    std::string title;
    std::vector<std::filesystem::path> files;
    std::vector<std::string> channels; ///< names to use in place of the files' own, when given
    std::vector<std::string> labels;
};
Result<ReviewCase> loadReviewCase(const CaseSource &source);

/// The cases in what a person chose: each case.json is a case; a folder holds those below it (two levels deep), else
/// the images and labels of an nnU-Net raw dataset (imagesTr, labelsTr) by case, else its NIfTI files as one case;
/// loose NIfTI files together are one. Errors: NotFound, naming what holds nothing to show.
Result<std::vector<CaseSource>> findCases(const std::vector<std::filesystem::path> &paths);

} // namespace consilium::viewer
