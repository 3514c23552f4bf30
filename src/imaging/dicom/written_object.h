// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/series.h"

#include <string>
#include <string_view>
#include <vector>

/// What the objects that we write about a series (segmentations, reports, pictures) have in common.
namespace consilium::imaging::dicom {

/// One image of a series, as others refer to it.
struct ImageReference
{
    std::string sopClass, sopInstance;
    int frame = 0; ///< from 1 in a multi-frame image; 0: the image has one frame

    bool missing() const { return sopInstance.empty(); } ///< there is no image where the slice would be
};

/// The series an object is written about: its first header, and how to refer to each slice.
struct SourceImages
{
    DicomFile first;
    std::vector<ImageReference> slices; ///< per slice of the series' first time
    bool inPatientSpace = false;        ///< the images say where they lie in the patient

    /// Reads the headers of the first time of the series. Errors: as DicomFile::open; Invalid (a series without
    /// slices); Malformed (an image without the UIDs that a reference needs).
    static Result<SourceImages> read(const Series &series);

    /// Each image there is once, whatever its number of frames.
    std::vector<ImageReference> images() const;
};

/// Unique identifier 2.25.<decimal> made of the first 16 bytes of SHA-256 over `content`, marked as a UUID of version 8
/// (RFC 9562): the same content has the same UID everywhere and always. Source: PS3.5 annex B.2.
std::string uidFromContent(std::string_view content);

/// The shortest decimal text of 16 characters at most, as a DS element allows, that comes closest to `value`.
std::string decimalString(double value);

/// The first `count` characters of UTF-8 text: 64 are what an LO element holds, 16 an SH.
std::string firstCharacters(const std::string &text, std::size_t count);

/// What a written object says of itself beside what it takes over.
struct ObjectIdentity
{
    std::string sopClass;
    std::string content; ///< all that makes the object what it is: its UIDs are derived from this and the source
    std::string modality, description;
    int seriesNumberOffset = 0; ///< added to the number of the source series
};

/// Sets the patient and study of the source, and a new series and instance of `identity`, in UTF-8.
/// Errors: Malformed (the source names no study).
Result<> identify(DcmDataset &object, SourceImages &source, const Series &series, const ObjectIdentity &identity);

/// Writes explicit VR little endian, atomically. Errors: Io; Internal (DCMTK refuses it: names why).
Result<> saveObject(const std::filesystem::path &file, DcmFileFormat &object);

/// Turns a refusal of DCMTK into an error that says what could not be written.
Result<> accepted(const OFCondition &condition, std::string_view what);

} // namespace consilium::imaging::dicom
