// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/series.h"
#include "viewer/cases/review_case.h"

#include <functional>

namespace consilium::viewer {

/// A case that can be opened: a case.json, image files that belong together, or a DICOM series with what was drawn on
/// it.
struct CaseSource
{
    std::string title;
    std::vector<std::filesystem::path> files; ///< with a series: its SEG and RTSTRUCT objects
    std::vector<std::string> channels;        ///< names to use in place of the files' own, when given
    std::vector<std::string> labels;
    std::shared_ptr<const imaging::dicom::Series> series;
};
/// `arriving` as in reviewCaseFromSeries.
Result<ReviewCase> loadReviewCase(const CaseSource &source, const std::function<void(ReviewCase)> &arriving = {});

/// Where what readers make of a case is kept, beside its files and never in their place: the folder of a case.json; for
/// images "reviews/<title>" in their folder (in the dataset's, for one in nnU-Net's layout). It need not be there.
std::filesystem::path reviewFolder(const CaseSource &source);

/// The cases in what a person chose: each case.json is a case; a folder holds those below it (two levels deep), else
/// the images, labels and points of an nnU-Net raw dataset (imagesTr, labelsTr, landmarksTr) by case, else its image
/// files with the points beside them (see landmarkFilesBeside) as one case
/// (label maps alone only when there is no DICOM), else every DICOM series below it; loose image files together are
/// one, a loose DICOM file is the series it belongs to. `progress` hears how many DICOM headers were read; false
/// cancels. Takes seconds for thousands of DICOM files. Errors: NotFound, naming what holds nothing to show; Cancelled.
Result<std::vector<CaseSource>> findCases(const std::vector<std::filesystem::path> &paths,
                                          const std::function<bool(std::size_t, std::size_t)> &progress = {});

} // namespace consilium::viewer
