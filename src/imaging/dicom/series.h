// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/volume.h"

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// Where a 2D image's millimetres come from.
enum class SpacingSource {
    Patient,     ///< Image Position/Orientation and Pixel Spacing, or calibrated Pixel Spacing
    Detector,    ///< Imager Pixel Spacing: at the detector, magnified against the patient
    Uncalibrated ///< none: 1 pixel counts as 1 mm
};

/// One slice of one volume, in the order of the volume.
struct SeriesSlice
{
    std::filesystem::path file; ///< empty where a slice is missing: it stays blank, the others keep their places
    int frame = 0;              ///< within the file, from 0; of a mosaic the tile, row by row
    double position = 0;        ///< mm along the slice normal
    double slope = 1, intercept = 0;
};

/// What one volume is made of. A DICOM series that cannot be one volume (several orientations, sizes, echoes, image
/// types) is several of these.
///
/// Nothing is interpolated to make a series fit. Slices that lie on one even grid with some missing (a fifth at most)
/// are one volume in which the missing ones stay blank, each named in `warnings`; slices whose distance changes are
/// several volumes, each even, with the change named. Slices sheared against their normal (gantry tilt) are one volume
/// that loading straightens.
struct Series
{
    std::string uid; ///< Series Instance UID
    std::string studyUid, patientId, patientName, description, modality, frameOfReferenceUid;
    std::string patientIdentity; ///< what tells the patient from others, for pseudonyms only: ID and issuer, else name
                                 ///< and birth date, else the study
    int number = 0;              ///< Series Number
    std::string part;            ///< what tells it from others of the same UID ("echo 2", "localizer"), else empty
    std::string transferSyntax;  ///< UID of the first file
    Geometry geometry;           ///< LPS; 2D images have size[2] == 1
    bool isPlaced = true;        ///< the files say where the patient's left is; a radiograph's do not
    bool isColour = false;       ///< shown, not trained on
    SpacingSource spacingSource = SpacingSource::Patient;
    double gantryTilt =
        0; ///< degrees between normal and slice steps, positive towards later rows; straightened on load
    std::array<double, 2> shear{0, 0}; ///< mm along a row and a column by which each slice is shifted against the last
    int mosaicSide = 0;                ///< tiles along a side of a mosaic's image, 0 for others
    std::vector<std::vector<SeriesSlice>> frames; ///< [time][slice]; one time for a 3D series
    std::vector<std::string> warnings;            ///< uneven spacing, missing slices (with positions), duplicates
    /// Acquisition facts for the JSON file beside a NIfTI (no identifying tag; SeriesDescription and ProtocolName are
    /// free text that may hold anything). Keys and units are those of BIDS.
    Json sidecar;
    std::map<std::string, std::size_t> sopInstances; ///< SOP Instance UID to slice index of the first time
};

struct ScanOptions
{
    int threads = 0;                                                   ///< 0: all cores
    std::function<bool(std::size_t done, std::size_t total)> progress; ///< false cancels
};

/// A file that holds no image, or cannot be read, and why.
struct SkippedFile
{
    std::filesystem::path file;
    std::string reason;
};

struct ScanResult
{
    std::vector<Series> series; ///< by patient, study, series number, part
    std::vector<SkippedFile> skipped;
    std::size_t filesRead = 0;
};

/// Finds every image series below a folder (or in one file, or those a DICOMDIR lists), reading headers in parallel.
/// Names and endings of files mean nothing. Slices are sorted by their position projected on the slice normal;
/// enhanced multi-frame images by the plane positions of their frames; mosaics are unpacked. Errors: NotFound; Invalid
/// (no DICOM image in it, with what was there instead); Cancelled.
Result<ScanResult> scanSeries(const std::filesystem::path &path, const ScanOptions &options = {});

/// Decodes one time of a series: values after rescale, more is brighter (MONOCHROME1 turned over). The k axis follows
/// the slice normal (right-handed with i along a row, j down a column). Missing slices and the corners that
/// straightening leaves hold the smallest value there is. `threads` 0: all cores. Errors: as FrameReader; Unsupported
/// (colour); Invalid (no such time); Malformed (a file changed since the scan); Unavailable (memory).
Result<Volume> loadSeries(const Series &series, int time = 0, int threads = 0);

/// As loadSeries, for eyes alone: of a colour series its luminance, 0 to 255.
Result<Volume> loadForViewing(const Series &series, int time = 0, int threads = 0);

/// Hears of a volume that is being read.
struct Arrival
{
    /// The volume has its geometry and its room, and its middle slice, whose values these are, is there. Called once,
    /// on the calling thread, before any other slice is read.
    std::function<void(std::span<const float> first)> began;
    /// A slice (index along k) is there and will not change. From several threads.
    std::function<void(int k)> arrived;
    /// True ends the reading with Cancelled. From several threads.
    std::function<bool()> cancelled;
};

/// As loadForViewing, into a volume that others look at meanwhile: what has arrived may be read, the rest is being
/// written. Slices come from the middle outward. A volume that has to be straightened or has missing slices is told of
/// when it is whole.
Result<> loadForViewing(const Series &series, Volume &volume, const Arrival &arrival, int time = 0, int threads = 0);

} // namespace consilium::imaging::dicom
