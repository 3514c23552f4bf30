// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/series.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What the headers of image files say, free of DCMTK, as the grouping into volumes needs it.
namespace consilium::imaging::dicom {

/// One plane of pixels: a classic image, a frame of a multi-frame one or a tile of a mosaic.
struct Plane
{
    int frame = 0;                       ///< within the file, from 0; of a mosaic the tile
    bool hasPosition = false;            ///< `position` is told by the file
    bool hasDirection = false;           ///< `row` and `column` are told by the file
    Vec3 position{};                     ///< LPS mm of the centre of the first pixel
    Vec3 row{1, 0, 0};                   ///< unit vector along a row, in which columns are counted
    Vec3 column{0, 1, 0};                ///< unit vector along a column, at right angles to `row`
    std::array<double, 2> spacing{1, 1}; ///< mm between pixels along a row, along a column
    double depth = 0;                    ///< mm: spacing between slices, else slice thickness, else 0
    std::optional<double> sliceLocation;
    double slope = 1, intercept = 0;

    // What one volume has in common.
    std::string imageType; ///< values separated by backslashes
    int echo = 0;          ///< Echo Number, 0 when not told
    double echoTime = 0;   ///< ms
    std::string stack;     ///< Stack ID

    // What tells several planes at one position apart; 0 or empty when not told.
    int instance = 0;
    double temporalPosition = 0, inversionTime = 0, diffusionB = 0, acquisition = 0, triggerTime = 0;
    double acquisitionTime = 0; ///< seconds of the day
    std::string variant;        ///< gradient direction and the dimension indices that are no position
};

struct ImageHeader
{
    std::filesystem::path file;
    std::string sopInstance, seriesUid, studyUid, patientId, patientName, description, modality, frameOfReferenceUid;
    std::string patientIdentity; ///< what tells the patient from others, for pseudonyms only
    std::string transferSyntax;
    std::string view; ///< View Position of a radiograph ("AP", "LL")
    int seriesNumber = 0;
    int columns = 0, rows = 0; ///< of one plane
    int mosaicSide = 0;        ///< tiles along a side of a mosaic, else 0
    bool isColour = false;
    bool isProjection = false; ///< a radiograph: several of one series are views, never slices
    SpacingSource spacingSource = SpacingSource::Patient;
    std::vector<Plane> planes;
    std::vector<std::string> warnings;
};

/// Errors: as DicomFile::open and pixelLayout; Unsupported (an image of a kind that is no part of a series here, such
/// as a segmentation).
Result<ImageHeader> readImageHeader(const std::filesystem::path &file);

/// The files a DICOMDIR lists; nothing when `file` is none. Errors: as DicomFile::open.
Result<std::optional<std::vector<std::filesystem::path>>> filesOfDicomdir(const std::filesystem::path &file);

/// Puts row, column, position, spacing, depth, times, ... of each frame from the functional groups of an enhanced
/// multi-frame image into header.planes, which holds one plane a frame. Does nothing when there are none.
/// Source: DICOM PS3.3 2023, C.7.6.16.
void readFunctionalGroups(DcmItem &dataset, ImageHeader &header);

/// Makes the planes of a Siemens mosaic: tiles of one 2D image that are the slices of a volume. Does nothing when the
/// image is no mosaic. Errors: Unsupported (a mosaic whose private header does not say how many slices it holds).
/// Source: the "CSA" private header as documented by nibabel and dcm2niix.
Result<> unpackMosaic(DcmItem &dataset, ImageHeader &header);

/// Facts of the acquisition for the JSON file beside a NIfTI, with the keys of BIDS and dcm2niix; times in seconds.
/// No identifying tag; SeriesDescription and ProtocolName are free text that may hold anything.
Json acquisitionFacts(DcmItem &dataset);

/// The unit vector across a plane, right-handed with its rows and columns.
Vec3 normalOf(const Plane &plane);
double dot(const Vec3 &a, const Vec3 &b);

/// Takes position, direction and spacing from `item`, as far as it has them.
void readPlacement(DcmItem &item, Plane &plane);

/// The values of Image Type or Frame Type without their padding, separated by backslashes.
std::string imageTypeOf(DcmItem &item, const DcmTagKey &tag);

/// The first item of a sequence, or nothing.
DcmItem *firstItem(DcmItem &item, const DcmTagKey &sequence);

/// Every volume the planes make, by patient, study, series number and part; sidecars are left empty.
std::vector<Series> groupIntoSeries(const std::vector<ImageHeader> &headers);

} // namespace consilium::imaging::dicom
