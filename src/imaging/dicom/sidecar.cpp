// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/image_header.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace consilium::imaging::dicom {

namespace {

struct TextFact
{
    const char *key;
    DcmTagKey tag;
};

struct NumberFact
{
    const char *key;
    DcmTagKey tag;
    double scale; ///< BIDS counts times in seconds
};

/// Where enhanced images keep what classic ones have at the top.
const DcmTagKey sharedGroups[] = {DCM_MRTimingAndRelatedParametersSequence,
                                  DCM_MREchoSequence,
                                  DCM_MRModifierSequence,
                                  DCM_PixelMeasuresSequence,
                                  DCM_CTReconstructionSequence,
                                  DCM_CTXRayDetailsSequence};

std::string groupText(DcmItem &dataset, const DcmTagKey &tag)
{
    auto value = text(dataset, tag);
    for (const auto &group : {DCM_SharedFunctionalGroupsSequence, DCM_PerFrameFunctionalGroupsSequence}) {
        auto *item = value.empty() ? firstItem(dataset, group) : nullptr;
        for (const auto &sequence : sharedGroups)
            if (auto *inner = item && value.empty() ? firstItem(*item, sequence) : nullptr)
                value = text(*inner, tag);
    }
    return value;
}

std::optional<double> asNumber(const std::string &text)
{
    // A decimal string may be padded and have a plus sign.
    const auto start = std::min(text.find_first_not_of(" +"), text.size());
    double value = 0;
    const auto read = std::from_chars(text.data() + start, text.data() + text.size(), value);
    return read.ec != std::errc() || !std::isfinite(value) ? std::nullopt : std::optional(value);
}

void addTexts(DcmItem &dataset, Json &facts)
{
    static const TextFact all[] = {{"Modality", DCM_Modality},
                                   {"Manufacturer", DCM_Manufacturer},
                                   {"ManufacturersModelName", DCM_ManufacturerModelName},
                                   {"SoftwareVersions", DCM_SoftwareVersions},
                                   {"BodyPartExamined", DCM_BodyPartExamined},
                                   {"PatientPosition", DCM_PatientPosition},
                                   {"PatientOrientation", DCM_PatientOrientation},
                                   {"ViewPosition", DCM_ViewPosition},
                                   {"MRAcquisitionType", DCM_MRAcquisitionType},
                                   {"ScanningSequence", DCM_ScanningSequence},
                                   {"SequenceVariant", DCM_SequenceVariant},
                                   {"ScanOptions", DCM_ScanOptions},
                                   {"SequenceName", DCM_SequenceName},
                                   {"ReceiveCoilName", DCM_ReceiveCoilName},
                                   {"ConvolutionKernel", DCM_ConvolutionKernel},
                                   {"ContrastBolusAgent", DCM_ContrastBolusAgent},
                                   {"Units", DCM_Units},
                                   {"ProtocolName", DCM_ProtocolName},
                                   {"SeriesDescription", DCM_SeriesDescription}};
    for (const auto &fact : all)
        if (const auto value = groupText(dataset, fact.tag); !value.empty())
            facts[fact.key] = value;
    if (const auto type = texts(dataset, DCM_ImageType); !type.empty())
        facts["ImageType"] = type;
}

void addNumbers(DcmItem &dataset, Json &facts)
{
    static const NumberFact all[] = {
        {"MagneticFieldStrength", DCM_MagneticFieldStrength, 1},
        {"RepetitionTime", DCM_RepetitionTime, 1e-3},
        {"EchoTime", DCM_EchoTime, 1e-3},
        {"EchoTime", DCM_EffectiveEchoTime, 1e-3},
        {"EchoNumber", DCM_EchoNumbers, 1},
        {"EchoTrainLength", DCM_EchoTrainLength, 1},
        {"InversionTime", DCM_InversionTime, 1e-3},
        {"InversionTime", DCM_InversionTimes, 1e-3},
        {"FlipAngle", DCM_FlipAngle, 1},
        {"PixelBandwidth", DCM_PixelBandwidth, 1},
        {"SliceThickness", DCM_SliceThickness, 1},
        {"SpacingBetweenSlices", DCM_SpacingBetweenSlices, 1},
        {"KVP", DCM_KVP, 1},
        {"XRayExposure", DCM_Exposure, 1},
        {"XRayTubeCurrent", DCM_XRayTubeCurrent, 1},
        {"DistanceSourceToDetector", DCM_DistanceSourceToDetector, 1},
        {"DistanceSourceToPatient", DCM_DistanceSourceToPatient, 1},
        {"EstimatedRadiographicMagnificationFactor", DCM_EstimatedRadiographicMagnificationFactor, 1},
        {"SeriesNumber", DCM_SeriesNumber, 1}};
    for (const auto &fact : all)
        if (const auto value = asNumber(groupText(dataset, fact.tag)); value && !facts.contains(fact.key))
            facts[fact.key] = *value * fact.scale;
}

} // namespace

Json acquisitionFacts(DcmItem &dataset)
{
    auto facts = Json::object();
    addTexts(dataset, facts);
    addNumbers(dataset, facts);
    return facts;
}

} // namespace consilium::imaging::dicom
