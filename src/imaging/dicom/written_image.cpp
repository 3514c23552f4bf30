// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/written_image.h"

#include "imaging/dicom/written_object.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrat.h>

#include <algorithm>
#include <cmath>

namespace consilium::imaging::dicom {

void ImageWriting::check(const OFCondition &condition)
{
    if (m_condition.good())
        m_condition = condition;
}

Result<> ImageWriting::outcome() const
{
    return accepted(m_condition, "The image");
}

void ImageWriting::put(DcmItem &item, const DcmTagKey &tag, const std::string &value)
{
    check(item.putAndInsertString(tag, value.c_str()));
}

void ImageWriting::putCount(DcmItem &item, const DcmTagKey &tag, unsigned value)
{
    if (DcmTag(tag).getEVR() == EVR_UL)
        check(item.putAndInsertUint32(tag, value));
    else
        check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)));
}

void ImageWriting::putReal(DcmItem &item, const DcmTagKey &tag, double value)
{
    if (DcmTag(tag).getEVR() == EVR_FL)
        check(item.putAndInsertFloat32(tag, static_cast<Float32>(value)));
    else
        check(item.putAndInsertFloat64(tag, value));
}

DcmItem &ImageWriting::newItem(DcmItem &item, const DcmTagKey &sequence)
{
    DcmItem *made = nullptr;
    check(item.findOrCreateSequenceItem(sequence, made, -2)); // -2 appends
    return made ? *made : m_discarded;
}

void ImageWriting::putCode(DcmItem &item, const DcmTagKey &sequence, const std::string &value,
                           const std::string &scheme, const std::string &meaning)
{
    auto &code = newItem(item, sequence);
    put(code, DCM_CodeValue, value);
    put(code, DCM_CodingSchemeDesignator, scheme);
    put(code, DCM_CodeMeaning, meaning);
}

std::string ImageWriting::uid(const std::string &role) const
{
    const auto &d = m_description;
    auto seed = d.uidSeed + '\n' + d.patientId;
    if (role != "study" && role != "frame of reference")
        seed += '\n' + d.description + '\n' + d.seriesNumber + '\n' + d.modality;
    return uidFromContent(seed + '\n' + role);
}

std::string ImageWriting::position(int k) const
{
    const auto at = m_volume.geometry.toPatient({0, 0, static_cast<double>(k)});
    return decimalString(at[0]) + '\\' + decimalString(at[1]) + '\\' + decimalString(at[2]);
}

std::string ImageWriting::orientation() const
{
    std::string text;
    for (std::size_t axis = 0; axis < 2; ++axis)
        for (std::size_t n = 0; n < 3; ++n)
            text += (text.empty() ? "" : "\\") + decimalString(m_volume.geometry.direction[n][axis]);
    return text;
}

std::string ImageWriting::pixelSpacing() const
{
    const auto &spacing = m_volume.geometry.spacing;
    return decimalString(spacing[1]) + '\\' + decimalString(spacing[0]);
}

void ImageWriting::patientAndStudy(DcmDataset &dataset)
{
    const auto &d = m_description;
    put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(dataset, DCM_PatientName, d.patientName);
    put(dataset, DCM_PatientID, d.patientId);
    put(dataset, DCM_PatientBirthDate, d.patientBirthDate);
    for (const auto &unknown : {DCM_PatientSex, DCM_ReferringPhysicianName, DCM_AccessionNumber})
        put(dataset, unknown, "");
    put(dataset, DCM_StudyInstanceUID, uid("study"));
    put(dataset, DCM_StudyDate, d.studyDate);
    put(dataset, DCM_StudyTime, "120000");
    put(dataset, DCM_StudyID, "1");
    put(dataset, DCM_SeriesInstanceUID, uid("series"));
    put(dataset, DCM_SeriesNumber, d.seriesNumber);
    put(dataset, DCM_SeriesDate, d.studyDate);
    put(dataset, DCM_SeriesTime, "120000");
    put(dataset, DCM_Modality, d.modality);
    if (!d.projection && !d.enhanced)
        put(dataset, DCM_Laterality, ""); // no side
    if (!d.description.empty())
        put(dataset, DCM_SeriesDescription, d.description.substr(0, 64));
    if (!d.protocol.empty())
        put(dataset, DCM_ProtocolName, d.protocol.substr(0, 64));
}

void ImageWriting::equipment(DcmDataset &dataset)
{
    put(dataset, DCM_Manufacturer, m_description.manufacturer);
    put(dataset, DCM_ManufacturerModelName, "Phantom");
    put(dataset, DCM_DeviceSerialNumber, "1");
    put(dataset, DCM_SoftwareVersions, "1");
}

void ImageWriting::frameOfReference(DcmDataset &dataset)
{
    put(dataset, DCM_FrameOfReferenceUID, uid("frame of reference"));
    put(dataset, DCM_PositionReferenceIndicator, "");
}

void ImageWriting::instance(DcmDataset &dataset, const std::string &sopClass, int number)
{
    put(dataset, DCM_SOPClassUID, sopClass);
    put(dataset, DCM_SOPInstanceUID, uid("image " + std::to_string(number)));
    put(dataset, DCM_InstanceNumber, std::to_string(number));
    put(dataset, DCM_ContentDate, m_description.studyDate);
    put(dataset, DCM_ContentTime, "120000");
    put(dataset, DCM_AcquisitionNumber, "1");
    if (m_description.enhanced) // has Acquisition DateTime
        return;
    put(dataset, DCM_AcquisitionDate, m_description.studyDate);
    put(dataset, DCM_AcquisitionTime, "120000");
}

void ImageWriting::pixelDescription(DcmDataset &dataset)
{
    const auto &size = m_volume.geometry.size;
    putCount(dataset, DCM_SamplesPerPixel, 1);
    put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
    putCount(dataset, DCM_Rows, static_cast<unsigned>(size[1]));
    putCount(dataset, DCM_Columns, static_cast<unsigned>(size[0]));
    putCount(dataset, DCM_BitsAllocated, 16);
    putCount(dataset, DCM_BitsStored, 16);
    putCount(dataset, DCM_HighBit, 15);
    putCount(dataset, DCM_PixelRepresentation, m_stored.isSigned ? 1 : 0);
}

void ImageWriting::window(DcmItem &item)
{
    put(item, DCM_WindowCenter, decimalString((m_stored.low + m_stored.high) / 2));
    put(item, DCM_WindowWidth, decimalString(std::max(m_stored.high - m_stored.low, 1.0)));
}

void ImageWriting::rescale(DcmItem &item)
{
    put(item, DCM_RescaleIntercept, decimalString(m_stored.intercept));
    put(item, DCM_RescaleSlope, decimalString(m_stored.slope));
    put(item, DCM_RescaleType, m_description.modality == "CT" ? "HU" : "US");
}

void ImageWriting::pixels(DcmDataset &dataset, int firstSlice, int slices)
{
    const auto &geometry = m_volume.geometry;
    const auto begin = static_cast<std::size_t>(geometry.offset(0, 0, firstSlice));
    const auto count = static_cast<std::size_t>(geometry.offset(0, 0, slices));
    std::vector<Uint16> stored(count);
    const long lowest = m_stored.isSigned ? -32768 : 0;
    for (std::size_t n = 0; n < count; ++n) {
        const auto value = std::lround((m_volume.values[begin + n] - m_stored.intercept) / m_stored.slope);
        stored[n] = static_cast<Uint16>(std::clamp(value, lowest, lowest + 65535));
    }
    check(dataset.putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(count)));
}

void ImageWriting::mrAcquisition(DcmDataset &dataset)
{
    put(dataset, DCM_ScanningSequence, "SE");
    put(dataset, DCM_SequenceVariant, "NONE");
    put(dataset, DCM_ScanOptions, "");
    put(dataset, DCM_MRAcquisitionType, "2D");
    put(dataset, DCM_RepetitionTime, "2000");
    put(dataset, DCM_EchoTime, "20");
    put(dataset, DCM_EchoTrainLength, "1");
    put(dataset, DCM_MagneticFieldStrength, "3");
    put(dataset, DCM_FlipAngle, "90");
}

void ImageWriting::ctAcquisition(DcmDataset &dataset)
{
    put(dataset, DCM_KVP, "120");
    put(dataset, DCM_ConvolutionKernel, "STANDARD");
}

Result<> ImageWriting::slice(DcmDataset &dataset, int k)
{
    const bool isCt = m_description.modality == "CT";
    const auto thickness = decimalString(m_volume.geometry.spacing[2]);
    patientAndStudy(dataset);
    equipment(dataset);
    frameOfReference(dataset);
    instance(dataset, isCt ? UID_CTImageStorage : UID_MRImageStorage, k + 1);
    put(dataset, DCM_ImageType, isCt ? "ORIGINAL\\PRIMARY\\AXIAL" : "ORIGINAL\\PRIMARY\\OTHER");
    put(dataset, DCM_PatientPosition, m_description.patientPosition);
    put(dataset, DCM_ImagePositionPatient, position(k));
    put(dataset, DCM_ImageOrientationPatient, orientation());
    put(dataset, DCM_PixelSpacing, pixelSpacing());
    put(dataset, DCM_SliceThickness, thickness);
    if (isCt)
        ctAcquisition(dataset);
    else
        mrAcquisition(dataset);
    put(dataset, DCM_SpacingBetweenSlices, thickness);
    pixelDescription(dataset);
    window(dataset);
    if (isCt || m_stored.slope != 1 || m_stored.intercept != 0)
        rescale(dataset);
    pixels(dataset, k, 1);
    return outcome();
}

void ImageWriting::detector(DcmDataset &dataset)
{
    put(dataset, DCM_PresentationIntentType, "FOR PRESENTATION");
    put(dataset, DCM_PixelIntensityRelationship, "LOG");
    check(dataset.putAndInsertSint16(DCM_PixelIntensityRelationshipSign, -1));
    put(dataset, DCM_PresentationLUTShape, "IDENTITY");
    put(dataset, DCM_LossyImageCompression, "00");
    put(dataset, DCM_BurnedInAnnotation, "NO");
    put(dataset, DCM_DetectorType, "DIRECT");
    put(dataset, DCM_KVP, "80");
    put(dataset, DCM_ImagerPixelSpacing, pixelSpacing());
    put(dataset, DCM_PixelSpacing, pixelSpacing());
    put(dataset, DCM_PixelSpacingCalibrationType, "FIDUCIAL");
    put(dataset, DCM_PixelSpacingCalibrationDescription, "Made to scale");
    put(dataset, DCM_PositionerType, "NONE");
    put(dataset, DCM_PatientOrientation, m_description.patientOrientation);
    put(dataset, DCM_ImageLaterality, "U");
}

void ImageWriting::anatomy(DcmDataset &dataset)
{
    put(dataset, DCM_BodyPartExamined, "LSPINE");
    putCode(dataset, DCM_AnatomicRegionSequence, "122496007", "SCT", "Lumbar spine");
    auto &view = newItem(dataset, DCM_ViewCodeSequence);
    put(view, DCM_CodeValue, "399033003");
    put(view, DCM_CodingSchemeDesignator, "SCT");
    put(view, DCM_CodeMeaning, "lateral");
    check(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
}

Result<> ImageWriting::radiograph(DcmDataset &dataset)
{
    patientAndStudy(dataset);
    equipment(dataset);
    instance(dataset, UID_DigitalXRayImageStorageForPresentation, 1);
    put(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\");
    detector(dataset);
    anatomy(dataset);
    pixelDescription(dataset);
    window(dataset);
    rescale(dataset);
    pixels(dataset, 0, 1);
    return outcome();
}

} // namespace consilium::imaging::dicom
