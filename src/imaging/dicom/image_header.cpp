// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/image_header.h"

#include "imaging/dicom/input_survey.h"
#include "imaging/dicom/pixels.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <set>

namespace consilium::imaging::dicom {

namespace {

bool isProjection(const std::string &modality)
{
    static const std::set<std::string> projections{"CR", "DX", "MG", "XA", "RF", "IO", "PX", "RG", "DR"};
    return projections.count(modality) > 0;
}

double length(const Vec3 &v)
{
    return std::sqrt(dot(v, v));
}

bool allFinite(const std::vector<double> &values)
{
    return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// Text files carry cosines with few digits: they become a row of length 1 and a column at right angles to it. False
/// for what is no pair of directions (zeros, parallels).
bool setDirections(Plane &plane, const std::vector<double> &cosines)
{
    if (cosines.size() != 6 || !allFinite(cosines))
        return false;
    Vec3 row{cosines[0], cosines[1], cosines[2]}, column{cosines[3], cosines[4], cosines[5]};
    const double rowLength = length(row);
    if (!(rowLength > 0.5 && rowLength < 2))
        return false;
    for (auto &part : row)
        part /= rowLength;
    const double along = dot(row, column);
    for (std::size_t n = 0; n < 3; ++n)
        column[n] -= along * row[n];
    const double columnLength = length(column);
    if (!(columnLength > 0.5 && columnLength < 2))
        return false;
    for (auto &part : column)
        part /= columnLength;
    plane.row = row;
    plane.column = column;
    return true;
}

/// DICOM writes the distance between rows first.
bool setSpacing(Plane &plane, const std::vector<double> &values)
{
    if (values.size() < 2 || !allFinite(values) || values[0] <= 0 || values[1] <= 0)
        return false;
    plane.spacing = {values[1], values[0]};
    return true;
}

bool sameSpacing(const std::vector<double> &a, const std::vector<double> &b)
{
    return a.size() >= 2 && b.size() >= 2 && std::abs(a[0] - b[0]) < 1e-4 * a[0] && std::abs(a[1] - b[1]) < 1e-4 * a[1];
}

/// "104530.25" (or the old "10:45:30") in seconds.
double secondsOfDay(std::string time)
{
    std::erase(time, ':');
    if (time.size() < 4 ||
        !std::all_of(time.begin(), time.begin() + 4, [](unsigned char c) { return std::isdigit(c); }))
        return 0;
    const int hoursAndMinutes = std::atoi(time.substr(0, 4).c_str());
    double seconds = 0;
    std::from_chars(time.data() + 4, time.data() + time.size(), seconds);
    return hoursAndMinutes / 100 * 3600.0 + hoursAndMinutes % 100 * 60.0 + seconds;
}

/// PS3.3 10.7.1.3: where the pixels of a projection are measured. Pixel Spacing that equals Imager Pixel Spacing, or
/// stands alone without a calibration type, is that of the detector.
void setProjectionSpacing(DcmItem &dataset, ImageHeader &header, Plane &plane)
{
    const auto pixel = numbers(dataset, DCM_PixelSpacing), imager = numbers(dataset, DCM_ImagerPixelSpacing);
    const bool told = !text(dataset, DCM_PixelSpacingCalibrationType).empty();
    if (Plane checked; setSpacing(checked, pixel) && (told || (imager.size() >= 2 && !sameSpacing(pixel, imager)))) {
        plane.spacing = checked.spacing;
        header.spacingSource = SpacingSource::Patient;
        return;
    }
    if (setSpacing(plane, imager) || setSpacing(plane, pixel) ||
        setSpacing(plane, numbers(dataset, DCM_NominalScannedPixelSpacing))) {
        header.spacingSource = SpacingSource::Detector;
        const double factor = number(dataset, DCM_EstimatedRadiographicMagnificationFactor, 1);
        if (factor > 1 && factor < 5) {
            for (auto &spacing : plane.spacing)
                spacing /= factor;
            header.spacingSource = SpacingSource::Patient;
            header.warnings.push_back(fmt::format("Millimetres are those of the detector divided by the estimated "
                                                  "magnification factor {:.4g} of the file, not calibrated",
                                                  factor));
        }
        return;
    }
    header.spacingSource = SpacingSource::Uncalibrated;
    header.warnings.push_back("The file gives no pixel spacing: 1 pixel counts as 1 mm");
}

void setPlanarSpacing(DcmItem &dataset, ImageHeader &header, Plane &plane)
{
    if (header.isProjection)
        return setProjectionSpacing(dataset, header, plane);
    if (setSpacing(plane, numbers(dataset, DCM_PixelSpacing)))
        return;
    header.spacingSource = SpacingSource::Uncalibrated;
    if (setSpacing(plane, numbers(dataset, DCM_ImagerPixelSpacing)) ||
        setSpacing(plane, numbers(dataset, DCM_NominalScannedPixelSpacing))) {
        header.spacingSource = SpacingSource::Detector;
        return;
    }
    setSpacing(plane, numbers(dataset, DCM_PixelAspectRatio)); // the shape at least
}

Plane planeOf(DcmItem &dataset, ImageHeader &header)
{
    Plane plane;
    setPlanarSpacing(dataset, header, plane);
    if (!header.isProjection)
        readPlacement(dataset, plane);
    if (const auto location = numbers(dataset, DCM_SliceLocation); !location.empty() && std::isfinite(location[0]))
        plane.sliceLocation = location[0];
    plane.imageType = imageTypeOf(dataset, DCM_ImageType);
    plane.echo = static_cast<int>(number(dataset, DCM_EchoNumbers, 0));
    plane.echoTime = number(dataset, DCM_EchoTime, 0);
    plane.instance = static_cast<int>(number(dataset, DCM_InstanceNumber, 0));
    plane.temporalPosition = number(dataset, DCM_TemporalPositionIdentifier, 0);
    plane.inversionTime = number(dataset, DCM_InversionTime, 0);
    plane.diffusionB = number(dataset, DCM_DiffusionBValue, 0);
    plane.variant = text(dataset, DCM_DiffusionGradientOrientation);
    plane.acquisition = number(dataset, DCM_AcquisitionNumber, 0);
    plane.triggerTime = number(dataset, DCM_TriggerTime, 0);
    plane.acquisitionTime = secondsOfDay(text(dataset, DCM_AcquisitionTime));
    return plane;
}

void moveAlongNormal(Plane &plane, double distance)
{
    const auto normal = normalOf(plane);
    for (std::size_t n = 0; n < 3; ++n)
        plane.position[n] += distance * normal[n];
}

/// Whether offsets that do not begin with 0 are what the standard makes them: patient z of planes across z, the first
/// of them that of Image Position.
bool arePatientZ(const std::vector<double> &offsets, const Plane &plane)
{
    return std::abs(normalOf(plane)[2]) > 0.9999 && std::abs(offsets.front() - plane.position[2]) < 0.1;
}

/// A dose grid. Source: PS3.3 C.8.8.3.2: offsets are along the normal when the first is 0, else patient z.
void placeDoseFrames(DcmItem &dataset, ImageHeader &header)
{
    const auto offsets = numbers(dataset, DCM_GridFrameOffsetVector);
    const bool known = offsets.size() == header.planes.size() && allFinite(offsets);
    const bool relative = known && offsets.front() == 0;
    const bool absolute = known && !relative && arePatientZ(offsets, header.planes.front());
    if (known && !relative && !absolute && header.planes.size() > 1)
        header.warnings.push_back("The offsets of the dose planes contradict their position: they have no known place");
    const double scaling = number(dataset, DCM_DoseGridScaling, 1);
    for (auto &plane : header.planes) {
        plane.slope = scaling;
        plane.intercept = 0;
        if (relative)
            moveAlongNormal(plane, offsets[static_cast<std::size_t>(plane.frame)]);
        else if (absolute)
            plane.position[2] = offsets[static_cast<std::size_t>(plane.frame)];
        else if (header.planes.size() > 1)
            plane.hasPosition = false;
    }
}

/// Reconstructed nuclear medicine: the first detector's position, then slices in steps along the normal.
void placeNuclearFrames(DcmItem &dataset, ImageHeader &header)
{
    auto *detector = firstItem(dataset, DCM_DetectorInformationSequence);
    const auto slices = numbers(dataset, DCM_SliceVector);
    const double step = number(dataset, DCM_SpacingBetweenSlices, 0);
    for (auto &plane : header.planes) {
        if (detector)
            readPlacement(*detector, plane);
        if (slices.size() == header.planes.size() && step != 0)
            moveAlongNormal(plane, step * (slices[static_cast<std::size_t>(plane.frame)] - 1));
        else if (header.planes.size() > 1)
            plane.hasPosition = false;
    }
}

void placeFrames(DcmItem &dataset, ImageHeader &header)
{
    if (header.modality == "RTDOSE")
        return placeDoseFrames(dataset, header);
    if (header.modality == "NM")
        return placeNuclearFrames(dataset, header);
    if (header.planes.size() < 2)
        return;
    if (firstItem(dataset, DCM_PerFrameFunctionalGroupsSequence))
        return;
    // A film: one place for all its frames is no place for any.
    for (auto &plane : header.planes)
        plane.hasPosition = false;
}

Result<> refuseOtherKinds(DcmItem &dataset, const std::string &modality, const std::filesystem::path &file)
{
    const auto sopClass = text(dataset, DCM_SOPClassUID);
    if (sopClass == UID_SegmentationStorage || modality == "SEG")
        return fail(ErrorCode::Unsupported, "{} is a segmentation, which is opened with its image series",
                    file.string());
    if (modality == "SM")
        return fail(ErrorCode::Unsupported, "{} is a microscopy slide, which is not read", file.string());
    return {};
}

} // namespace

Vec3 normalOf(const Plane &plane)
{
    const auto &r = plane.row, &c = plane.column;
    return {r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]};
}

double dot(const Vec3 &a, const Vec3 &b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

std::string imageTypeOf(DcmItem &item, const DcmTagKey &tag)
{
    std::string type;
    for (const auto &value : texts(item, tag))
        type += (type.empty() ? "" : "\\") + value;
    return type;
}

DcmItem *firstItem(DcmItem &item, const DcmTagKey &sequence)
{
    DcmItem *first = nullptr;
    return item.findAndGetSequenceItem(sequence, first, 0).good() ? first : nullptr;
}

void readPlacement(DcmItem &item, Plane &plane)
{
    if (const auto at = numbers(item, DCM_ImagePositionPatient); at.size() == 3 && allFinite(at)) {
        plane.position = {at[0], at[1], at[2]};
        plane.hasPosition = true;
    }
    if (setDirections(plane, numbers(item, DCM_ImageOrientationPatient)))
        plane.hasDirection = true;
    setSpacing(plane, numbers(item, DCM_PixelSpacing));
    // Some scanners write the overlap of slices as a negative distance.
    const double thickness = std::abs(number(item, DCM_SliceThickness, plane.depth));
    plane.depth = std::abs(number(item, DCM_SpacingBetweenSlices, 0));
    if (!(plane.depth > 0 && std::isfinite(plane.depth)))
        plane.depth = std::isfinite(thickness) ? thickness : 0;
}

Result<ImageHeader> readImageHeader(const std::filesystem::path &path)
{
    auto file = DicomFile::open(path, Depth::Header);
    if (!file)
        return fail(file.error());
    auto &dataset = file->dataset();
    ImageHeader header;
    header.file = path;
    header.modality = text(dataset, DCM_Modality);
    if (auto wanted = refuseOtherKinds(dataset, header.modality, path); !wanted)
        return fail(wanted.error());
    const auto layout = pixelLayout(*file);
    if (!layout)
        return fail(layout.error());
    std::error_code error;
    if (const auto size = std::filesystem::file_size(path, error);
        !error && layout->frames > 1 && static_cast<std::uintmax_t>(layout->frames) > size)
        return fail(ErrorCode::Malformed, "{} says that it holds {} frames, more than it has bytes", path.string(),
                    layout->frames);
    header.sopInstance = text(dataset, DCM_SOPInstanceUID);
    header.seriesUid = text(dataset, DCM_SeriesInstanceUID);
    header.studyUid = text(dataset, DCM_StudyInstanceUID);
    header.patientId = text(dataset, DCM_PatientID);
    header.patientIdentity = patientIdentity(dataset);
    header.patientName = text(dataset, DCM_PatientName);
    header.description = text(dataset, DCM_SeriesDescription);
    header.frameOfReferenceUid = text(dataset, DCM_FrameOfReferenceUID);
    header.transferSyntax = file->transferSyntax();
    header.view = text(dataset, DCM_ViewPosition);
    header.seriesNumber = static_cast<int>(number(dataset, DCM_SeriesNumber, 0));
    header.columns = layout->columns;
    header.rows = layout->rows;
    header.isColour = layout->isColour();
    header.isProjection = isProjection(header.modality);
    if (firstItem(dataset, DCM_ModalityLUTSequence))
        header.warnings.push_back("The modality look-up table of the file is not applied: values are as stored");

    auto plane = planeOf(dataset, header);
    plane.slope = layout->slope != 0 && std::isfinite(layout->slope) ? layout->slope : 1;
    plane.intercept = std::isfinite(layout->intercept) ? layout->intercept : 0;
    header.planes.assign(static_cast<std::size_t>(layout->frames), plane);
    for (int n = 0; n < layout->frames; ++n)
        header.planes[static_cast<std::size_t>(n)].frame = n;
    placeFrames(dataset, header);
    readFunctionalGroups(dataset, header);
    if (auto unpacked = unpackMosaic(dataset, header); !unpacked)
        return fail(unpacked.error(), "{} cannot be read", path.string());
    return header;
}

Result<std::optional<std::vector<std::filesystem::path>>> filesOfDicomdir(const std::filesystem::path &path)
{
    auto file = DicomFile::open(path, Depth::Header);
    if (!file)
        return fail(file.error());
    DcmSequenceOfItems *records = nullptr;
    if (file->dataset().findAndGetSequence(DCM_DirectoryRecordSequence, records).bad() || !records)
        return std::nullopt;
    std::vector<std::filesystem::path> files;
    for (auto *record = records->nextInContainer(nullptr); record; record = records->nextInContainer(record)) {
        std::filesystem::path listed;
        for (const auto &part : texts(static_cast<DcmItem &>(*record), DCM_ReferencedFileID))
            if (part != "..") // a directory lists what lies below it
                listed /= part;
        if (!listed.empty() && listed.is_relative())
            files.push_back(path.parent_path() / listed);
    }
    return files;
}

} // namespace consilium::imaging::dicom
