// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dctagkey.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

/// DICOM files, seen through DCMTK. This header and the others that include DCMTK's are for the .cpp files of
/// imaging/dicom and their tests; everybody else uses series.h, segmentation.h and their like.
namespace consilium::imaging::dicom {

struct ByteOrigin;

/// How much of a file is read.
enum class Depth {
    Header, ///< everything before the pixel data; large values are left on the disk
    Whole
};

/// A DICOM file, whatever its name: with or without preamble and meta header, in every transfer syntax DCMTK parses.
class DicomFile
{
public:
    /// Errors, each naming the file: NotFound; Io; Unsupported (not DICOM at all); Malformed (breaks off, a damaged
    /// element, no data set in it).
    static Result<DicomFile> open(const std::filesystem::path &file, Depth depth);
    /// The same from memory, as it came over a network or out of an archive; `name` stands for it in messages.
    static Result<DicomFile> fromBytes(std::string bytes, const std::filesystem::path &name, Depth depth);

    const std::filesystem::path &path() const { return m_path; }
    DcmFileFormat &format() { return *m_format; }
    DcmDataset &dataset() { return *m_format->getDataset(); }
    const std::string &transferSyntax() const { return m_transferSyntax; } ///< UID

private:
    static Result<DicomFile> read(const ByteOrigin &origin, Depth depth);

    std::filesystem::path m_path;
    std::unique_ptr<DcmFileFormat> m_format;
    std::string m_transferSyntax;
};

/// Text of an element in UTF-8, whatever character set (0008,0005) the data set names, without the padding; empty when
/// it is missing or empty. Bytes that the character set does not have become U+FFFD.
std::string text(DcmItem &item, const DcmTagKey &tag);
/// The values of a multi-valued text element, each without padding.
std::vector<std::string> texts(DcmItem &item, const DcmTagKey &tag);
/// Every value of a numeric element (DS, IS, US, SS, UL, SL, FL, FD), those that are no number left out of none: a
/// damaged element gives an empty list.
std::vector<double> numbers(DcmItem &item, const DcmTagKey &tag);
/// The first number, or `otherwise`.
double number(DcmItem &item, const DcmTagKey &tag, double otherwise);

} // namespace consilium::imaging::dicom
