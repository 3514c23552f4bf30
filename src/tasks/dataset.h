// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace consilium::tasks {

enum class Split { Training, Validation, Test };
std::string_view name(Split split); ///< "training", "validation", "test"
Result<Split> splitFromName(std::string_view name);

struct DatasetCase
{
    std::string id;
    std::string patient; ///< cases of one patient never part; the id when the dataset does not say
    std::vector<std::filesystem::path> channels;
    std::optional<std::filesystem::path> labels;
    std::optional<std::filesystem::path> landmarks = std::nullopt;
};

/// Cases of one site, sorted by id.
struct Dataset
{
    std::filesystem::path folder;
    std::vector<std::string> channels; ///< names, in the order of the files
    std::vector<std::string> labels;   ///< names by value, background first; empty when landmarks are the reference
    std::vector<DatasetCase> cases;
    std::vector<std::string> landmarks; ///< names; empty when labels are the reference
};

/// Splits a channel file's name: "case_07_0001.nii.gz" is channel 1 of "case_07". Nothing when it is not so named.
struct ChannelFileName
{
    std::string caseId;
    int channel = 0;
    std::string ending; ///< ".nii.gz" or ".nii"
};
std::optional<ChannelFileName> channelFileName(const std::filesystem::path &file);

/// Finds the cases of a folder of channel files (CASE_0000.nii.gz, ...), without labels, sorted by id. No voxel is
/// read. Errors: NotFound (no such folder); Invalid (no such file in it, or a channel missing: names the case).
Result<std::vector<DatasetCase>> findCases(const std::filesystem::path &images, int channels);

/// Opens an nnU-Net raw layout: imagesTr/CASE_0000.nii.gz, labelsTr/CASE.nii.gz, dataset.json; where that names
/// landmarks, landmarksTr/CASE.mrk.json or CASE.csv in place of labelsTr. No voxel is read.
/// Errors: NotFound (no such folder); Invalid (no cases, a channel, label or landmark file missing: names the case);
/// Malformed (dataset.json).
Result<Dataset> openDataset(const std::filesystem::path &folder);

/// Which split each case belongs to, in the order of the cases: 80/10/10 by patient, at least one patient in each split
/// when there are three or more; with fewer, all train. Depends on the patient names and `seed` alone, so it is the
/// same on every machine: patients are ranked by SHA-256 over seed and name, the first tenth (rounded) tests, the
/// second tenth validates.
std::vector<Split> splitCases(const Dataset &dataset, std::uint64_t seed);

/// The splits of fold `fold` (0 to folds - 1) of a K-fold cross-validation: the test cases are those of splitCases and
/// never train; the other patients, ranked as there, take turns: each validates in one fold and trains in the others.
/// Errors: Invalid (fewer such patients than folds).
Result<std::vector<Split>> foldCases(const Dataset &dataset, std::uint64_t seed, int fold, int folds);

} // namespace consilium::tasks
