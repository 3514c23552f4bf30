// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/display_colour.h"
#include "imaging/dicom/grid_alignment.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/written_object.h"

#include "core/hash.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmfg/fgseg.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <algorithm>
#include <array>
#include <memory>

namespace consilium::imaging::dicom {
namespace {

/// The labels in the voxel order of the source. Errors: Invalid (another grid).
Result<LabelMap> onSourceGrid(const LabelMap &labels, const Series &source)
{
    LabelMap out{source.geometry, {}};
    const auto alignment = align(labels.geometry, source.geometry);
    if (!alignment)
        return fail(alignment.error(), "The labels do not lie on the slices of series {}", source.uid);
    out.values.resize(static_cast<std::size_t>(out.geometry.voxels()));
    const auto &size = labels.geometry.size;
    std::size_t n = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i, ++n) {
                if (labels.values[n] == 0)
                    continue;
                const auto index = alignment->at(i, j, k);
                if (!contains(out.geometry, index))
                    return fail(ErrorCode::Invalid, "Labels lie outside the images of series {}", source.uid);
                out.values[static_cast<std::size_t>(out.geometry.offset(index[0], index[1], index[2]))] =
                    labels.values[n];
            }
    return out;
}

/// `segments` are in the order of their numbers.
Result<> checkSegments(const LabelMap &labels, const std::vector<Segment> &segments)
{
    for (std::size_t n = 0; n < segments.size(); ++n) {
        const auto &segment = segments[n];
        if (segment.number != static_cast<int>(n) + 1) // PS3.3 C.8.20.2
            return fail(ErrorCode::Invalid, "Segments are numbered 1, 2, 3, ... in a DICOM segmentation; here is a {}",
                        segment.number);
        if (segment.label.empty() || segment.category.value.empty() || segment.type.value.empty())
            return fail(ErrorCode::Invalid, "Segment {} has no name or no code for what it is", segment.number);
    }
    std::array<bool, 256> present{};
    for (const auto value : labels.values)
        present[value] = true;
    for (int value = 1; value < 256; ++value) {
        if (present[static_cast<std::size_t>(value)] && value > static_cast<int>(segments.size()))
            return fail(ErrorCode::Invalid, "Label {} is in the image, and no segment says what it is", value);
    }
    if (std::none_of(present.begin() + 1, present.end(), [](bool is) { return is; }))
        return failWithHint(ErrorCode::Invalid, "DICOM has no way to store a segmentation without a voxel",
                            "There is nothing segmented to write");
    return {};
}

/// dcmseg takes text of the default character set alone. Ours is UTF-8, and goes in its place by nameSegments().
constexpr const char *later = "later";

CodeSequenceMacro coded(const Code &code)
{
    return {code.value.c_str(), code.scheme.c_str(), later};
}

OFCondition putText(DcmItem &item, const DcmTagKey &tag, const std::string &text)
{
    return item.putAndInsertString(tag, firstCharacters(text, 64).c_str());
}

OFCondition putMeaning(DcmItem &item, const DcmTagKey &sequence, const Code &code)
{
    DcmItem *entry = nullptr;
    const auto found = item.findAndGetSequenceItem(sequence, entry);
    return found.good() ? putText(*entry, DCM_CodeMeaning, code.meaning) : found;
}

OFCondition nameSegments(DcmDataset &dataset, const std::vector<Segment> &segments, const std::string &description)
{
    OFCondition status = putText(dataset, DCM_ContentDescription, description);
    for (std::size_t n = 0; n < segments.size() && status.good(); ++n) {
        const auto &segment = segments[n];
        DcmItem *item = nullptr;
        status = dataset.findAndGetSequenceItem(DCM_SegmentSequence, item, static_cast<signed long>(n));
        if (status.good())
            status = putText(*item, DCM_SegmentLabel, segment.label);
        if (status.good() && !segment.algorithm.empty())
            status = putText(*item, DCM_SegmentAlgorithmName, segment.algorithm);
        if (status.good())
            status = putMeaning(*item, DCM_SegmentedPropertyCategoryCodeSequence, segment.category);
        if (status.good())
            status = putMeaning(*item, DCM_SegmentedPropertyTypeCodeSequence, segment.type);
    }
    return status;
}

/// Builds the object with DCMTK's dcmseg, frame by frame.
class Builder
{
public:
    Builder(const LabelMap &labels, const std::vector<Segment> &segments, const SourceImages &source,
            std::string dimensionUid)
        : m_labels(labels), m_segments(segments), m_source(source), m_dimensionUid(std::move(dimensionUid))
    {
    }

    Result<> create()
    {
        const auto &size = m_labels.geometry.size;
        const IODGeneralEquipmentModule::EquipmentInfo equipment("Consilium", "Consilium", "0", "1");
        ContentIdentificationMacro content("1", "SEGMENTATION", "", "");
        DcmSegmentation *created = nullptr;
        const auto status = DcmSegmentation::createBinarySegmentation(created, static_cast<Uint16>(size[1]),
                                                                      static_cast<Uint16>(size[0]), equipment, content);
        m_object.reset(created);
        if (auto fine = accepted(status, "The segmentation"); !fine)
            return fine;
        // dcmseg does not write without these; identify() replaces them.
        m_object->getSeries().setSeriesNumber("1");
        m_object->getFrameOfReference().setFrameOfReferenceUID(m_dimensionUid.c_str());
        if (auto shared = addShared(); !shared)
            return shared;
        for (const auto &segment : m_segments) {
            if (auto added = addSegment(segment); !added)
                return added;
        }
        return {};
    }

    Result<> addFrames()
    {
        const auto &geometry = m_labels.geometry;
        std::vector<Uint8> pixels(static_cast<std::size_t>(geometry.size[0]) * geometry.size[1]);
        for (const auto &segment : m_segments) {
            for (int k = 0; k < geometry.size[2]; ++k) {
                const auto *slice = m_labels.values.data() + geometry.offset(0, 0, k);
                bool any = false;
                for (std::size_t n = 0; n < pixels.size(); ++n) {
                    pixels[n] = slice[n] == segment.number;
                    any = any || pixels[n];
                }
                if (!any)
                    continue;
                if (auto added = addFrame(pixels, segment.number, k); !added)
                    return added;
                pack(pixels);
            }
        }
        return {};
    }

    Result<> writeInto(DcmDataset &dataset)
    {
        OFCondition status = m_object->writeDataset(dataset);
        // dcmseg of DCMTK 3.6.7 loses the place where a frame does not end with a byte, so its bits are replaced.
        m_packed.resize((m_packed.size() + 1) / 2 * 2);
        if (status.good())
            status = dataset.putAndInsertUint8Array(DCM_PixelData, m_packed.data(),
                                                    static_cast<unsigned long>(m_packed.size()));
        return accepted(status, "The segmentation");
    }

private:
    /// Bits run on from frame to frame without padding, the first in the lowest bit (PS3.5 8.1.1).
    void pack(const std::vector<Uint8> &pixels)
    {
        m_packed.resize((m_bits + pixels.size() + 7) / 8);
        for (const auto pixel : pixels) {
            m_packed[m_bits / 8] |= static_cast<Uint8>(pixel << (m_bits % 8));
            ++m_bits;
        }
    }

    Result<> addShared()
    {
        const auto &g = m_labels.geometry;
        const auto cosine = [&](int row, int axis) { return OFString(decimalString(g.direction[row][axis]).c_str()); };
        const std::unique_ptr<FGPlaneOrientationPatient> orientation(FGPlaneOrientationPatient::createMinimal(
            cosine(0, 0), cosine(1, 0), cosine(2, 0), cosine(0, 1), cosine(1, 1), cosine(2, 1)));
        FGPixelMeasures measures;
        const auto between = decimalString(g.spacing[2]);
        OFCondition status =
            measures.setPixelSpacing((decimalString(g.spacing[1]) + "\\" + decimalString(g.spacing[0])).c_str());
        if (status.good())
            status = measures.setSliceThickness(between.c_str());
        if (status.good())
            status = measures.setSpacingBetweenSlices(between.c_str());
        if (status.good())
            status = m_object->addForAllFrames(*orientation);
        if (status.good())
            status = m_object->addForAllFrames(measures);
        auto &dimensions = m_object->getDimensions();
        if (status.good())
            status = dimensions.addDimensionIndex(DCM_ReferencedSegmentNumber, m_dimensionUid.c_str(),
                                                  DCM_SegmentIdentificationSequence, "ReferencedSegmentNumber");
        if (status.good())
            status = dimensions.addDimensionIndex(DCM_ImagePositionPatient, m_dimensionUid.c_str(),
                                                  DCM_PlanePositionSequence, "ImagePositionPatient");
        return accepted(status, "The geometry of the segmentation");
    }

    Result<> addSegment(const Segment &segment)
    {
        DcmSegment *created = nullptr;
        const bool byHand = segment.algorithm.empty();
        OFCondition status =
            DcmSegment::create(created, later, coded(segment.category), coded(segment.type),
                               byHand ? DcmSegTypes::SAT_MANUAL : DcmSegTypes::SAT_AUTOMATIC, byHand ? "" : later);
        if (status.good()) {
            const auto lab = toDicomLab(segment.colour);
            status = created->setRecommendedDisplayCIELabValue(lab[0], lab[1], lab[2]);
        }
        Uint16 number = 0;
        if (status.good())
            status = m_object->addSegment(created, number);
        return accepted(status, "Segment " + segment.label);
    }

    Result<> addFrame(std::vector<Uint8> &pixels, int segment, int slice)
    {
        const auto position = m_labels.geometry.toPatient({0, 0, double(slice)});
        const std::unique_ptr<FGPlanePosPatient> place(
            FGPlanePosPatient::createMinimal(decimalString(position[0]).c_str(), decimalString(position[1]).c_str(),
                                             decimalString(position[2]).c_str()));
        FGFrameContent content;
        content.setDimensionIndexValues(static_cast<Uint32>(segment), 0);
        content.setDimensionIndexValues(static_cast<Uint32>(slice + 1), 1);
        const auto &image = m_source.slices[static_cast<std::size_t>(slice)];
        const auto derivation = derivationOf(image);
        OFVector<FGBase *> groups;
        groups.push_back(place.get());
        groups.push_back(&content);
        groups.push_back(derivation.get());
        return accepted(m_object->addFrame(pixels.data(), static_cast<Uint16>(segment), groups),
                        fmt::format("Frame {} of segment {}", slice + 1, segment));
    }

    /// The image a frame was drawn on; nothing where the series lacks one.
    static std::unique_ptr<FGDerivationImage> derivationOf(const ImageReference &image)
    {
        if (image.missing())
            return std::make_unique<FGDerivationImage>();
        ImageSOPInstanceReferenceMacro reference;
        reference.setReferencedSOPClassUID(image.sopClass.c_str());
        reference.setReferencedSOPInstanceUID(image.sopInstance.c_str());
        if (image.frame > 0)
            reference.addReferencedFrameNumber(static_cast<Uint16>(image.frame));
        OFVector<ImageSOPInstanceReferenceMacro> references;
        references.push_back(reference);
        return std::unique_ptr<FGDerivationImage>(DcmSegmentation::createDerivationImageFG(references, "Segmentation"));
    }

    const LabelMap &m_labels;
    const std::vector<Segment> &m_segments;
    const SourceImages &m_source;
    std::string m_dimensionUid;
    std::unique_ptr<DcmSegmentation> m_object;
    std::vector<Uint8> m_packed; ///< the pixels of all frames so far
    std::size_t m_bits = 0;
};

/// Common Instance Reference Module: every image of the source series.
OFCondition referToSeries(DcmDataset &dataset, const SourceImages &source, const Series &series)
{
    DcmItem *seriesItem = nullptr;
    OFCondition status = dataset.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, seriesItem, 0);
    if (status.good())
        status = seriesItem->putAndInsertString(DCM_SeriesInstanceUID, series.uid.c_str());
    for (const auto &image : source.images()) {
        DcmItem *item = nullptr;
        if (status.good())
            status = seriesItem->findOrCreateSequenceItem(DCM_ReferencedInstanceSequence, item, -2);
        if (status.good())
            status = item->putAndInsertString(DCM_ReferencedSOPClassUID, image.sopClass.c_str());
        if (status.good())
            status = item->putAndInsertString(DCM_ReferencedSOPInstanceUID, image.sopInstance.c_str());
    }
    return status;
}

/// Everything that makes this segmentation what it is, for its UIDs.
std::string contentOf(const LabelMap &labels, const std::vector<Segment> &segments, const std::string &description)
{
    std::string content = description;
    for (const auto &segment : segments)
        content += fmt::format("\n{}|{}|{}|{}|{}|{}|{}", segment.number, segment.label, segment.category.value,
                               segment.type.value, segment.algorithm,
                               segment.colour[0] * 65536 + segment.colour[1] * 256, segment.colour[2]);
    Sha256 voxels;
    voxels.add(std::as_bytes(std::span(labels.values)));
    return content + "\n" + voxels.hex();
}

Result<> checkSource(const SourceImages &source, const Series &series)
{
    if (!source.inPatientSpace)
        return fail(ErrorCode::Unsupported,
                    "The images of series {} do not say where they lie in the patient, so a DICOM segmentation of them "
                    "could not either",
                    series.uid);
    if (source.slices.size() != static_cast<std::size_t>(series.geometry.size[2]))
        return fail(ErrorCode::Invalid, "Series {} has {} images for {} slices", series.uid, source.slices.size(),
                    series.geometry.size[2]);
    if (series.geometry.size[0] > 65535 || series.geometry.size[1] > 65535)
        return fail(ErrorCode::Unsupported, "The images of series {} are too large for DICOM", series.uid);
    return {};
}

} // namespace

Result<> writeSegmentation(const std::filesystem::path &file, const LabelMap &labels,
                           const std::vector<Segment> &described, const Series &source, const std::string &description)
{
    auto segments = described;
    std::sort(segments.begin(), segments.end(), [](const auto &a, const auto &b) { return a.number < b.number; });
    if (auto checked = checkSegments(labels, segments); !checked)
        return checked;
    auto images = SourceImages::read(source);
    if (!images)
        return fail(images.error());
    if (auto checked = checkSource(*images, source); !checked)
        return checked;
    const auto placed = onSourceGrid(labels, source);
    if (!placed)
        return fail(placed.error());
    const auto content = contentOf(*placed, segments, description);
    Builder builder(*placed, segments, *images, uidFromContent(source.uid + "\ndimensions\n" + content));
    if (auto created = builder.create(); !created)
        return created;
    if (auto added = builder.addFrames(); !added)
        return added;
    DcmFileFormat object;
    auto &dataset = *object.getDataset();
    if (auto written = builder.writeInto(dataset); !written)
        return written;
    if (auto named = identify(dataset, *images, source, {UID_SegmentationStorage, content, "SEG", description, 1000});
        !named)
        return named;
    const auto frameOfReference = source.frameOfReferenceUid.empty()
                                      ? uidFromContent(source.uid + "\nframe of reference")
                                      : source.frameOfReferenceUid;
    OFCondition status = nameSegments(dataset, segments, description);
    if (status.good())
        status = dataset.putAndInsertString(DCM_FrameOfReferenceUID, frameOfReference.c_str());
    if (status.good())
        status = dataset.putAndInsertString(DCM_PositionReferenceIndicator, "");
    if (status.good())
        status = referToSeries(dataset, *images, source);
    if (auto fine = accepted(status, file.string()); !fine)
        return fine;
    return saveObject(file, object);
}

} // namespace consilium::imaging::dicom
