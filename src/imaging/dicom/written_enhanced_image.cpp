// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/written_image.h"
#include "imaging/dicom/written_object.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrat.h>

namespace consilium::imaging::dicom {

namespace {

void pointTo(DcmItem &item, const DcmTagKey &what, const DcmTagKey &tag, OFCondition &condition)
{
    auto *element = new DcmAttributeTag(DcmTag(what));
    if (condition.good())
        condition = element->putTagVal(tag);
    if (condition.good())
        condition = item.insert(element, OFTrue);
    else
        delete element;
}

} // namespace

void ImageWriting::enhancedAcquisition(DcmDataset &dataset)
{
    const auto when = m_description.studyDate + "120000";
    put(dataset, DCM_AcquisitionDateTime, when);
    putReal(dataset, DCM_AcquisitionDuration, 60);
    put(dataset, DCM_PixelPresentation, "MONOCHROME");
    put(dataset, DCM_VolumetricProperties, "VOLUME");
    put(dataset, DCM_VolumeBasedCalculationTechnique, "NONE");
    put(dataset, DCM_ComplexImageComponent, "MAGNITUDE");
    put(dataset, DCM_AcquisitionContrast, "T1");
    put(dataset, DCM_ResonantNucleus, "1H");
    put(dataset, DCM_KSpaceFiltering, "NONE");
    putReal(dataset, DCM_MagneticFieldStrength, 3);
    put(dataset, DCM_ApplicableSafetyStandardAgency, "IEC");
    put(dataset, DCM_ContentQualification, "RESEARCH");
    put(dataset, DCM_BurnedInAnnotation, "NO");
    put(dataset, DCM_LossyImageCompression, "00");
    put(dataset, DCM_PresentationLUTShape, "IDENTITY");
    put(dataset, DCM_PulseSequenceName, "SE");
    put(dataset, DCM_MRAcquisitionType, "2D");
    put(dataset, DCM_EchoPulseSequence, "SPIN");
    put(dataset, DCM_MultipleSpinEcho, "NO");
    put(dataset, DCM_MultiPlanarExcitation, "NO");
    put(dataset, DCM_PhaseContrast, "NO");
    put(dataset, DCM_TimeOfFlightContrast, "NO");
    put(dataset, DCM_SteadyStatePulseSequence, "NONE");
    put(dataset, DCM_EchoPlanarPulseSequence, "NO");
    put(dataset, DCM_SaturationRecovery, "NO");
    put(dataset, DCM_SpectrallySelectedSuppression, "NONE");
    put(dataset, DCM_OversamplingPhase, "NONE");
    put(dataset, DCM_GeometryOfKSpaceTraversal, "RECTILINEAR");
    put(dataset, DCM_SegmentedKSpaceTraversal, "SINGLE");
    put(dataset, DCM_RectilinearPhaseEncodeReordering, "LINEAR");
    putCount(dataset, DCM_NumberOfKSpaceTrajectories, 1);
    check(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
}

void ImageWriting::dimensions(DcmDataset &dataset)
{
    const auto organisation = uid("dimensions");
    put(newItem(dataset, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, organisation);
    for (const auto &pointer : {DCM_StackID, DCM_InStackPositionNumber}) {
        auto &index = newItem(dataset, DCM_DimensionIndexSequence);
        put(index, DCM_DimensionOrganizationUID, organisation);
        pointTo(index, DCM_DimensionIndexPointer, pointer, m_condition);
        pointTo(index, DCM_FunctionalGroupPointer, DCM_FrameContentSequence, m_condition);
    }
}

/// Absorption and nerve stimulation, which no phantom suffers.
void ImageWriting::safety(DcmItem &timing)
{
    auto &absorption = newItem(timing, DCM_SpecificAbsorptionRateSequence);
    put(absorption, DCM_SpecificAbsorptionRateDefinition, "IEC_WHOLE_BODY");
    putReal(absorption, DCM_SpecificAbsorptionRateValue, 0);
    for (const char *type : {"STATIC FIELD", "RF", "GRADIENT"}) {
        auto &mode = newItem(timing, DCM_OperatingModeSequence);
        put(mode, DCM_OperatingModeType, type);
        put(mode, DCM_OperatingMode, "IEC_NORMAL");
    }
}

void ImageWriting::contrast(DcmItem &groups)
{
    auto &modifier = newItem(groups, DCM_MRModifierSequence);
    for (const auto &unused :
         {DCM_InversionRecovery, DCM_FlowCompensation, DCM_Spoiling, DCM_T2Preparation,
          DCM_SpectrallySelectedExcitation, DCM_SpatialPresaturation, DCM_PartialFourier, DCM_ParallelAcquisition})
        put(modifier, unused,
            unused == DCM_FlowCompensation || unused == DCM_Spoiling || unused == DCM_SpectrallySelectedExcitation ||
                    unused == DCM_SpatialPresaturation
                ? "NONE"
                : "NO");
    auto &imaging = newItem(groups, DCM_MRImagingModifierSequence);
    put(imaging, DCM_MagnetizationTransfer, "NONE");
    put(imaging, DCM_BloodSignalNulling, "NO");
    put(imaging, DCM_Tagging, "NONE");
    putReal(imaging, DCM_TransmitterFrequency, 127.7);
    put(imaging, DCM_PixelBandwidth, "200");
}

void ImageWriting::coils(DcmItem &groups)
{
    auto &receive = newItem(groups, DCM_MRReceiveCoilSequence);
    put(receive, DCM_ReceiveCoilName, "BODY");
    put(receive, DCM_ReceiveCoilManufacturerName, "");
    put(receive, DCM_ReceiveCoilType, "BODY");
    put(receive, DCM_QuadratureReceiveCoil, "YES");
    auto &transmit = newItem(groups, DCM_MRTransmitCoilSequence);
    put(transmit, DCM_TransmitCoilName, "BODY");
    put(transmit, DCM_TransmitCoilManufacturerName, "");
    put(transmit, DCM_TransmitCoilType, "BODY");
}

void ImageWriting::sharedGroups(DcmItem &groups)
{
    auto &measures = newItem(groups, DCM_PixelMeasuresSequence);
    put(measures, DCM_PixelSpacing, pixelSpacing());
    put(measures, DCM_SliceThickness, decimalString(m_volume.geometry.spacing[2]));
    put(measures, DCM_SpacingBetweenSlices, decimalString(m_volume.geometry.spacing[2]));
    put(newItem(groups, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient, orientation());
    rescale(newItem(groups, DCM_PixelValueTransformationSequence));
    window(newItem(groups, DCM_FrameVOILUTSequence));

    auto &anatomy = newItem(groups, DCM_FrameAnatomySequence);
    put(anatomy, DCM_FrameLaterality, "U");
    putCode(anatomy, DCM_AnatomicRegionSequence, "12738006", "SCT", "Brain");

    auto &type = newItem(groups, DCM_MRImageFrameTypeSequence);
    put(type, DCM_FrameType, "ORIGINAL\\PRIMARY\\VOLUME\\NONE");
    put(type, DCM_PixelPresentation, "MONOCHROME");
    put(type, DCM_VolumetricProperties, "VOLUME");
    put(type, DCM_VolumeBasedCalculationTechnique, "NONE");
    put(type, DCM_ComplexImageComponent, "MAGNITUDE");
    put(type, DCM_AcquisitionContrast, "T1");

    auto &timing = newItem(groups, DCM_MRTimingAndRelatedParametersSequence);
    put(timing, DCM_RepetitionTime, "2000");
    put(timing, DCM_FlipAngle, "90");
    put(timing, DCM_EchoTrainLength, "1");
    putCount(timing, DCM_RFEchoTrainLength, 1);
    putCount(timing, DCM_GradientEchoTrainLength, 0);
    putReal(newItem(groups, DCM_MREchoSequence), DCM_EffectiveEchoTime, 20);
    put(newItem(groups, DCM_MRAveragesSequence), DCM_NumberOfAverages, "1");
    safety(timing);
    contrast(groups);
    coils(groups);

    auto &fov = newItem(groups, DCM_MRFOVGeometrySequence);
    put(fov, DCM_InPlanePhaseEncodingDirection, "COLUMN");
    putCount(fov, DCM_MRAcquisitionFrequencyEncodingSteps, static_cast<unsigned>(m_volume.geometry.size[0]));
    putCount(fov, DCM_MRAcquisitionPhaseEncodingStepsInPlane, static_cast<unsigned>(m_volume.geometry.size[1]));
    put(fov, DCM_PercentSampling, "100");
    put(fov, DCM_PercentPhaseFieldOfView, "100");
}

void ImageWriting::frameGroups(DcmItem &groups, int k)
{
    const auto when = m_description.studyDate + "120000";
    auto &content = newItem(groups, DCM_FrameContentSequence);
    put(content, DCM_FrameAcquisitionDateTime, when);
    put(content, DCM_FrameReferenceDateTime, when);
    putReal(content, DCM_FrameAcquisitionDuration, 60000);
    putCount(content, DCM_FrameAcquisitionNumber, 1);
    put(content, DCM_StackID, "1");
    putCount(content, DCM_InStackPositionNumber, static_cast<unsigned>(k + 1));
    const Uint32 indices[] = {1, static_cast<Uint32>(k + 1)};
    check(content.putAndInsertUint32Array(DCM_DimensionIndexValues, indices, 2));
    put(newItem(groups, DCM_PlanePositionSequence), DCM_ImagePositionPatient, position(k));
}

Result<> ImageWriting::enhanced(DcmDataset &dataset)
{
    const int slices = m_volume.geometry.size[2];
    patientAndStudy(dataset);
    equipment(dataset);
    frameOfReference(dataset);
    instance(dataset, UID_EnhancedMRImageStorage, 1);
    put(dataset, DCM_ImageType, "ORIGINAL\\PRIMARY\\VOLUME\\NONE");
    put(dataset, DCM_PatientPosition, m_description.patientPosition);
    enhancedAcquisition(dataset);
    pixelDescription(dataset);
    put(dataset, DCM_NumberOfFrames, std::to_string(slices));
    dimensions(dataset);
    sharedGroups(newItem(dataset, DCM_SharedFunctionalGroupsSequence));
    for (int k = 0; k < slices; ++k)
        frameGroups(newItem(dataset, DCM_PerFrameFunctionalGroupsSequence), k);
    pixels(dataset, 0, slices);
    return outcome();
}

} // namespace consilium::imaging::dicom
