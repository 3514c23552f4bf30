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

/// Reads a DICOM SEG (binary, fractional or label map) on its own grid, the smallest that holds its frames, or on
/// `grid` when given: frames go to the slice of that grid they lie on, by patient position, never by index, whatever
/// the order of its axes. Errors: NotFound; Malformed; Unsupported (not a SEG; more than 8 GiB of masks); Invalid
/// (frames that lie off the grid: says how far; without a grid, frames at uneven distances).
Result<Segmentation> readSegmentation(const std::filesystem::path &file, const Geometry *grid = nullptr);

/// Reads the closed planar contours of an RTSTRUCT on `grid`: a voxel is inside when its centre is (even-odd, so that
/// holes work); contours go to the slice nearest in patient millimetres, of several within one slice the one nearest to
/// its centre. They must be parallel to voxel planes of the grid, whichever. Regions without closed contours are left
/// out; `warnings` says so, and tells of planes outside and slices between contours. Errors: as readSegmentation.
Result<Segmentation> readStructureSet(const std::filesystem::path &file, const Geometry &grid);

/// Writes a DICOM SEG (binary) of the labels that refers to `source`, the series it was drawn on: same patient, study
/// and frame of reference, each frame to its image. Only slices with content have frames. `segments`, numbered from 1
/// without a gap, say what the label values of these numbers are. Labels must lie on the grid of the source (any axis
/// order; slices are written along the source's slices). UIDs are derived from the content and the source, so the same
/// labels are the same object. Errors: Invalid (nothing segmented; a label without a segment; off the grid: says how
/// far); Unsupported (images that do not say where they lie in the patient); those of DicomFile::open; Io.
Result<> writeSegmentation(const std::filesystem::path &file, const LabelMap &labels,
                           const std::vector<Segment> &segments, const Series &source, const std::string &description);

} // namespace consilium::imaging::dicom
