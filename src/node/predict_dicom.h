// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "imaging/dicom/series.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace consilium::node {

/// A DICOM series as a case of its own.
struct DicomCase
{
    std::string id; ///< series number and description, for file names; never the patient's name or ID
    imaging::dicom::Series series;
};

/// Whether `input` is a DICOM file, or a folder with DICOM files and no NIfTI somewhere below.
bool isDicomInput(const std::filesystem::path &input);

/// Every grey series of `input`, each a case. Errors: as scanSeries; Invalid (colour pictures alone, or a plan that
/// needs several channels, of which DICOM does not say which series is which).
Result<std::vector<DicomCase>> findDicomCases(const std::filesystem::path &input, std::size_t channels, int threads);

/// A series as NIfTI for as long as this lives, beside the results: images of patients go nowhere else.
class SeriesAsNifti
{
public:
    /// Errors: as loadSeries; Io.
    static Result<SeriesAsNifti> write(const DicomCase &entry, const std::filesystem::path &folder, int threads);
    SeriesAsNifti(SeriesAsNifti &&other) noexcept : m_file(std::exchange(other.m_file, {})) {}
    SeriesAsNifti &operator=(SeriesAsNifti &&) = delete;
    ~SeriesAsNifti();

    const std::filesystem::path &file() const { return m_file; }

private:
    explicit SeriesAsNifti(std::filesystem::path file) : m_file(std::move(file)) {}
    std::filesystem::path m_file;
};

/// What became of a segmentation as DICOM SEG.
struct WrittenSegmentation
{
    std::filesystem::path file; ///< empty when there is none
    std::string reason;         ///< why there is none
};

/// Writes the NIfTI labels as DICOM SEG about the series, beside them. That nothing was segmented, or that the images
/// have no place in the patient, is no failure. Errors: as readLabels and writeSegmentation.
Result<WrittenSegmentation> writeSegmentationBeside(const std::filesystem::path &labels, const DicomCase &entry,
                                                    const Plan &plan);

} // namespace consilium::node
