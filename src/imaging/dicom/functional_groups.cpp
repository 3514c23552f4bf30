// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/image_header.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include <cmath>

namespace consilium::imaging::dicom {

namespace {

/// The groups of one frame: its own, else those that all frames share.
struct Groups
{
    DcmItem *own, *shared;

    DcmItem *find(const DcmTagKey &sequence) const
    {
        auto *found = own ? firstItem(*own, sequence) : nullptr;
        return found || !shared ? found : firstItem(*shared, sequence);
    }
};

/// Which of the dimension indices say where a frame lies; the others tell frames at one place apart.
std::vector<bool> positionDimensions(DcmItem &dataset)
{
    std::vector<bool> positions;
    DcmSequenceOfItems *dimensions = nullptr;
    if (dataset.findAndGetSequence(DCM_DimensionIndexSequence, dimensions).bad() || !dimensions)
        return positions;
    for (auto *entry = dimensions->nextInContainer(nullptr); entry; entry = dimensions->nextInContainer(entry)) {
        DcmTagKey pointer;
        DcmElement *element = nullptr;
        if (static_cast<DcmItem &>(*entry).findAndGetElement(DCM_DimensionIndexPointer, element).good() && element)
            element->getTagVal(pointer);
        positions.push_back(pointer == DCM_InStackPositionNumber || pointer == DCM_ImagePositionPatient ||
                            pointer == DCM_StackID);
    }
    return positions;
}

void readFrameContent(DcmItem &content, const std::vector<bool> &isPosition, Plane &plane)
{
    plane.stack = text(content, DCM_StackID);
    plane.temporalPosition = number(content, DCM_TemporalPositionIndex, plane.temporalPosition);
    plane.acquisition = number(content, DCM_FrameAcquisitionNumber, plane.acquisition);
    const auto indices = numbers(content, DCM_DimensionIndexValues);
    for (std::size_t n = 0; n < indices.size() && n < isPosition.size(); ++n)
        if (!isPosition[n])
            plane.variant += fmt::format("{};", indices[n]);
}

void readAcquisition(const Groups &groups, Plane &plane)
{
    if (auto *echo = groups.find(DCM_MREchoSequence))
        plane.echoTime = number(*echo, DCM_EffectiveEchoTime, plane.echoTime);
    if (auto *modifier = groups.find(DCM_MRModifierSequence))
        plane.inversionTime = number(*modifier, DCM_InversionTimes, plane.inversionTime);
    if (auto *cardiac = groups.find(DCM_CardiacSynchronizationSequence))
        plane.triggerTime = number(*cardiac, DCM_NominalCardiacTriggerDelayTime, plane.triggerTime);
    if (auto *diffusion = groups.find(DCM_MRDiffusionSequence)) {
        plane.diffusionB = number(*diffusion, DCM_DiffusionBValue, plane.diffusionB);
        if (auto *gradient = firstItem(*diffusion, DCM_DiffusionGradientDirectionSequence))
            for (const double part : numbers(*gradient, DCM_DiffusionGradientOrientation))
                plane.variant += fmt::format("{:.5f};", part);
    }
    for (const auto &kind : {DCM_MRImageFrameTypeSequence, DCM_CTImageFrameTypeSequence, DCM_PETFrameTypeSequence})
        if (auto *type = groups.find(kind))
            if (const auto value = imageTypeOf(*type, DCM_FrameType); !value.empty())
                plane.imageType = value;
}

void readFrame(const Groups &groups, const std::vector<bool> &isPosition, Plane &plane)
{
    for (const auto &kind : {DCM_PixelMeasuresSequence, DCM_PlaneOrientationSequence, DCM_PlanePositionSequence})
        if (auto *placement = groups.find(kind)) {
            const double depth = plane.depth;
            readPlacement(*placement, plane);
            if (kind != DCM_PixelMeasuresSequence)
                plane.depth = depth;
        }
    if (auto *values = groups.find(DCM_PixelValueTransformationSequence)) {
        const double slope = number(*values, DCM_RescaleSlope, 1), intercept = number(*values, DCM_RescaleIntercept, 0);
        plane.slope = slope != 0 && std::isfinite(slope) ? slope : 1;
        plane.intercept = std::isfinite(intercept) ? intercept : 0;
    }
    if (auto *content = groups.find(DCM_FrameContentSequence))
        readFrameContent(*content, isPosition, plane);
    readAcquisition(groups, plane);
}

} // namespace

void readFunctionalGroups(DcmItem &dataset, ImageHeader &header)
{
    DcmSequenceOfItems *frames = nullptr;
    if (dataset.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, frames).bad() || !frames)
        frames = nullptr;
    auto *shared = firstItem(dataset, DCM_SharedFunctionalGroupsSequence);
    if (!frames && !shared)
        return;
    const auto isPosition = positionDimensions(dataset);
    auto *own = frames ? frames->nextInContainer(nullptr) : nullptr;
    for (auto &plane : header.planes) {
        plane.variant.clear();
        readFrame({static_cast<DcmItem *>(own), shared}, isPosition, plane);
        if (own)
            own = frames->nextInContainer(own);
    }
    if (frames && frames->card() != header.planes.size())
        header.warnings.push_back(
            fmt::format("The file holds {} frames and describes {}", header.planes.size(), frames->card()));
    if (header.spacingSource == SpacingSource::Uncalibrated && !header.planes.empty() && header.planes[0].hasPosition)
        header.spacingSource = SpacingSource::Patient;
}

} // namespace consilium::imaging::dicom
