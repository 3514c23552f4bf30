// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/files/image_files.h"

#include "imaging/dicom/file_summary.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series.h"
#include "imaging/nifti.h"
#include "imaging/preparation/research_formats.h"

namespace consilium::imaging {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> unknownKind(const fs::path &file)
{
    std::error_code error;
    if (!fs::exists(file, error))
        return fail(ErrorCode::NotFound, "There is no file {}", file.string());
    return failWithHint(ErrorCode::Unsupported, "Images are DICOM, NIfTI, NRRD, MetaImage, PNG, JPEG or TIFF",
                        "{} is not an image that can be read", file.string());
}

Result<Volume> readDicom(const fs::path &file)
{
    const auto scan = dicom::scanSeries(file);
    if (!scan)
        return fail(scan.error());
    return dicom::loadForViewing(scan->series.front());
}

Result<LabelMap> readDicomLabels(const fs::path &file, const Geometry *grid)
{
    const auto summary = dicom::summarise(file);
    if (!summary)
        return fail(summary.error());
    if (summary->modality == "RTSTRUCT" && !grid)
        return failWithHint(ErrorCode::Invalid, "Open it together with its images",
                            "{} holds contours, which need the images they were drawn on", file.string());
    const auto segmentation =
        summary->modality == "RTSTRUCT" ? dicom::readStructureSet(file, *grid) : dicom::readSegmentation(file, grid);
    if (!segmentation)
        return fail(segmentation.error());
    return segmentation->merged();
}

} // namespace

FileKind kindOf(const fs::path &file)
{
    // The other half of a .hdr/.img pair is opened by its name too.
    if (isNiftiName(file) || file.extension() == ".img" || file.extension() == ".IMG")
        return FileKind::Nifti;
    if (isResearchFormatName(file))
        return FileKind::Research;
    return dicom::looksLikeDicom(file) || dicom::summarise(file) ? FileKind::Dicom : FileKind::Other;
}

bool isImageName(const fs::path &file)
{
    return isNiftiName(file) || isResearchFormatName(file);
}

bool isPlaced(const fs::path &file)
{
    if (isPictureName(file))
        return false;
    const auto header = isNiftiName(file) ? readNiftiHeader(file) : Result<NiftiHeader>();
    return !header || header->transform != "none";
}

Result<Volume> readImage(const fs::path &file)
{
    switch (kindOf(file)) {
    case FileKind::Nifti: return readNifti(file);
    case FileKind::Research: return readResearchFormat(file);
    case FileKind::Dicom: return readDicom(file);
    case FileKind::Other: break;
    }
    return unknownKind(file);
}

Result<LabelMap> readLabelImage(const fs::path &file, const Geometry *grid)
{
    switch (kindOf(file)) {
    case FileKind::Nifti: return readLabels(file);
    case FileKind::Research: return readResearchLabels(file);
    case FileKind::Dicom: return readDicomLabels(file, grid);
    case FileKind::Other: break;
    }
    return unknownKind(file);
}

} // namespace consilium::imaging
