// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/series.h"
#include "imaging/volume.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// A coded term of a terminology: ("49755003", "SCT", "Morphologically Altered Structure").
struct Code
{
    std::string value, scheme, meaning;
};

struct Segment
{
    int number = 1;    ///< from 1, as in the file
    std::string label; ///< "Lesion"
    Code category{"49755003", "SCT", "Morphologically Altered Structure"};
    Code type{"52988006", "SCT", "Lesion"};
    std::string algorithm = "Consilium";             ///< name of what made it; empty: drawn by hand
    std::array<std::uint8_t, 3> colour{255, 128, 0}; ///< sRGB, for viewers
};

/// A segmentation object: every segment a mask of its own, because segments may overlap.
struct Segmentation
{
    Geometry geometry;
    std::vector<Segment> segments;
    std::vector<std::vector<std::uint8_t>> masks; ///< per segment, 0 or 1 per voxel of `geometry` (fractional: >= half)
    std::vector<std::string> warnings;            ///< overlaps, frames off the grid

    bool overlaps() const;
    /// One label map; where segments overlap the one with the higher number stands.
    LabelMap merged() const;
};

/// Reads a DICOM SEG on its own grid (frames placed by patient position), or on `grid` when given: frames go to the
/// slice of that grid they lie on, by position, never by index. Errors: NotFound; Malformed; Unsupported (not a SEG);
/// Invalid (frames that lie off the grid: says how far).
Result<Segmentation> readSegmentation(const std::filesystem::path &file, const Geometry *grid = nullptr);

/// Reads the closed planar contours of an RTSTRUCT on `grid`: a voxel is inside when its centre is (even-odd, so that
/// holes work); contours go to the slice nearest in patient millimetres. Errors: as readSegmentation.
Result<Segmentation> readStructureSet(const std::filesystem::path &file, const Geometry &grid);

/// Writes a DICOM SEG (binary) of the labels that refers to `source`, the series it was drawn on: same patient, study
/// and frame of reference. `segments[n]` describes label value segments[n].number. Labels must lie on the grid of
/// the source (any axis order; slices are written along the source's slices). Errors: Invalid; Io.
Result<> writeSegmentation(const std::filesystem::path &file, const LabelMap &labels,
                           const std::vector<Segment> &segments, const Series &source, const std::string &description);

} // namespace consilium::imaging::dicom
