// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/dicom/deidentify.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace consilium::tasks {

struct DicomDatasetOptions
{
    /// What a series description must contain to be a channel, by the channel's name; the name itself where none is
    /// given. Capitals do not matter.
    std::map<std::string, std::string> descriptions;
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< of headers read; false cancels
};

/// Studies that did not become cases.
struct DicomDatasetReport
{
    std::size_t cases = 0;
    std::vector<std::string> leftOut; ///< "study 2 of C-...: no segmentation ..."
};

/// Makes a dataset in nnU-Net raw layout of a DICOM tree, for a preset: each study with one series for every channel of
/// the preset, told by its description, and a DICOM SEG on the first of them is a case. Segments are matched to the
/// preset's labels by name, else by number. Cases and patients are named by pseudonyms of `key`
/// ("C-XXXXXXXXXX-1"), so that the same patient is one patient whenever he is imported. Channels keep their own grids.
/// `out` must not be there. Errors: as scanSeries; Invalid (no study makes a case: says why the first does not);
/// Unsupported (a preset of landmarks, which DICOM files do not hold); Io; Cancelled.
Result<DicomDatasetReport> writeDicomDataset(const std::filesystem::path &dicom, const Json &preset,
                                             const imaging::dicom::PseudonymKey &key, const std::filesystem::path &out,
                                             const DicomDatasetOptions &options = {});

} // namespace consilium::tasks
