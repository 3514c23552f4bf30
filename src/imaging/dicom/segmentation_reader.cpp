// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/display_colour.h"
#include "imaging/dicom/grid_alignment.h"
#include "imaging/dicom/image_header.h"
#include "imaging/dicom/pixels.h"
#include "imaging/dicom/segmentation.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace consilium::imaging::dicom {
namespace {

constexpr const char *labelMapStorage = "1.2.840.10008.5.1.4.1.1.66.7"; // newer than DCMTK 3.6.7
constexpr std::int64_t mostMaskBytes = std::int64_t{8} << 30;

/// What the pixels of a segmentation mean.
struct SegmentationPixels
{
    int columns = 0, rows = 0, frames = 0, bits = 1;
    bool areLabels = false; ///< a pixel is the number of a segment
    double half = 0.5;      ///< from here on a fractional pixel belongs to the segment

    std::int64_t perFrame() const { return std::int64_t{columns} * rows; }
};

Code readCode(DcmItem &item, const DcmTagKey &sequence, Code code)
{
    auto *entry = firstItem(item, sequence);
    if (!entry)
        return code;
    for (const auto &tag : {DCM_CodeValue, DCM_LongCodeValue, DCM_URNCodeValue}) {
        if (const auto value = text(*entry, tag); !value.empty())
            return {value, text(*entry, DCM_CodingSchemeDesignator), text(*entry, DCM_CodeMeaning)};
    }
    return code;
}

Segment readSegment(DcmItem &item)
{
    Segment segment;
    segment.number = static_cast<int>(number(item, DCM_SegmentNumber, 0));
    segment.label = text(item, DCM_SegmentLabel);
    segment.category = readCode(item, DCM_SegmentedPropertyCategoryCodeSequence, segment.category);
    segment.type = readCode(item, DCM_SegmentedPropertyTypeCodeSequence, segment.type);
    segment.algorithm = text(item, DCM_SegmentAlgorithmName);
    if (const auto lab = numbers(item, DCM_RecommendedDisplayCIELabValue); lab.size() == 3) {
        const auto component = [&](std::size_t n) {
            return static_cast<std::uint16_t>(std::clamp(lab[n], 0., 65535.));
        };
        segment.colour = fromDicomLab({component(0), component(1), component(2)});
    }
    return segment;
}

Result<std::vector<Segment>> readSegments(DicomFile &file)
{
    std::vector<Segment> segments;
    DcmSequenceOfItems *sequence = nullptr;
    if (file.dataset().findAndGetSequence(DCM_SegmentSequence, sequence).bad() || !sequence)
        return fail(ErrorCode::Malformed, "{} describes no segments", file.path().string());
    for (auto *item = sequence->nextInContainer(nullptr); item; item = sequence->nextInContainer(item))
        segments.push_back(readSegment(static_cast<DcmItem &>(*item)));
    auto sorted = segments;
    std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.number < b.number; });
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](const auto &a, const auto &b) { return a.number == b.number; });
    if (twice != sorted.end())
        return fail(ErrorCode::Malformed, "{} describes segment {} twice", file.path().string(), twice->number);
    return segments;
}

Result<SegmentationPixels> readPixelKind(DicomFile &file)
{
    auto &dataset = file.dataset();
    const auto sopClass = text(dataset, DCM_SOPClassUID);
    if (sopClass != UID_SegmentationStorage && sopClass != labelMapStorage)
        return fail(ErrorCode::Unsupported, "{} is not a DICOM segmentation", file.path().string());
    SegmentationPixels pixels;
    const auto layout = pixelLayout(file);
    if (!layout)
        return fail(layout.error());
    pixels.columns = layout->columns;
    pixels.rows = layout->rows;
    pixels.frames = layout->frames;
    pixels.bits = layout->bitsAllocated;
    std::error_code error;
    if (const auto size = std::filesystem::file_size(file.path(), error);
        !error && static_cast<std::uintmax_t>(pixels.frames) / 8 > size)
        return fail(ErrorCode::Malformed, "{} says that it holds {} frames, more than it has bits",
                    file.path().string(), pixels.frames);
    const auto kind = text(dataset, DCM_SegmentationType);
    pixels.areLabels = kind == "LABELMAP";
    const bool bitsFit = kind == "BINARY" || kind.empty() ? pixels.bits == 1 || pixels.bits == 8
                         : kind == "FRACTIONAL"           ? pixels.bits == 8
                                                          : pixels.bits == 8 || pixels.bits == 16;
    if (!bitsFit || (!kind.empty() && kind != "BINARY" && kind != "FRACTIONAL" && kind != "LABELMAP"))
        return fail(ErrorCode::Unsupported, "{} is a segmentation of a kind that is not read ({}, {} bits)",
                    file.path().string(), kind, pixels.bits);
    if (kind == "FRACTIONAL")
        pixels.half = number(dataset, DCM_MaximumFractionalValue, 255) / 2;
    return pixels;
}

/// Gives the values of single frames.
class FrameSource
{
public:
    static Result<FrameSource> open(DicomFile &file, const SegmentationPixels &pixels)
    {
        FrameSource source(pixels);
        DcmElement *element = nullptr;
        const bool native = DcmXfer(file.dataset().getOriginalXfer()).isNotEncapsulated();
        if (native && pixels.bits <= 8) {
            if (file.dataset().findAndGetElement(DCM_PixelData, element).bad() || !element ||
                element->getUint8Array(source.m_bytes).bad() || !source.m_bytes)
                return fail(ErrorCode::Malformed, "{} has no pixel data", file.path().string());
            // Divided, because a product of what a damaged file says may be too large for any integer.
            if (std::int64_t{element->getLengthField()} * 8 / pixels.bits / pixels.perFrame() < pixels.frames)
                return fail(ErrorCode::Malformed, "{} breaks off: {} bytes are not {} frames of {} x {} pixels",
                            file.path().string(), element->getLengthField(), pixels.frames, pixels.columns,
                            pixels.rows);
            return source;
        }
        auto reader = FrameReader::open(file);
        if (!reader)
            return fail(reader.error());
        source.m_reader.emplace(std::move(*reader));
        return source;
    }

    /// One byte or label a pixel.
    Result<> read(int frame, std::vector<std::uint16_t> &values)
    {
        const auto count = m_pixels.perFrame();
        values.resize(static_cast<std::size_t>(count));
        const auto first = count * frame;
        if (!m_bytes) {
            m_decoded.resize(values.size());
            if (auto read = m_reader->readGrey(frame, m_decoded, 1, 0); !read)
                return read;
            std::transform(m_decoded.begin(), m_decoded.end(), values.begin(),
                           [](float value) { return static_cast<std::uint16_t>(value); });
        } else if (m_pixels.bits == 8) {
            std::copy_n(m_bytes + first, count, values.begin());
        } else {
            // Bits run on from frame to frame without padding, the first in the lowest bit (PS3.5 8.1.1).
            for (std::int64_t n = 0; n < count; ++n)
                values[static_cast<std::size_t>(n)] = (m_bytes[(first + n) / 8] >> ((first + n) % 8)) & 1;
        }
        return {};
    }

private:
    explicit FrameSource(const SegmentationPixels &pixels) : m_pixels(pixels) {}

    SegmentationPixels m_pixels;
    Uint8 *m_bytes = nullptr;
    std::optional<FrameReader> m_reader;
    std::vector<float> m_decoded;
};

Geometry frameGeometry(const Plane &plane, const SegmentationPixels &pixels)
{
    Geometry frame;
    frame.size = {pixels.columns, pixels.rows, 1};
    frame.spacing = {plane.spacing[0], plane.spacing[1], plane.depth > 0 ? plane.depth : 1};
    frame.origin = plane.position;
    const auto &r = plane.row, &c = plane.column;
    const Vec3 normal{r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]};
    for (std::size_t axis = 0; axis < 3; ++axis)
        frame.direction[axis] = {r[axis], c[axis], normal[axis]};
    return frame;
}

/// The first of the distances offered of which all gaps are whole multiples, or nothing.
std::optional<double> sliceSpacing(const std::vector<double> &positions, double told)
{
    if (positions.size() == 1)
        return told > 0 ? told : 1;
    double least = positions.back() - positions.front();
    for (std::size_t n = 1; n < positions.size(); ++n)
        least = std::min(least, positions[n] - positions[n - 1]);
    for (const double step : {told, least}) {
        if (step > 0 && std::all_of(positions.begin(), positions.end(), [&](double position) {
                const double steps = (position - positions.front()) / step;
                return std::abs(steps - std::round(steps)) < 0.05;
            }))
            return step;
    }
    return std::nullopt;
}

/// The smallest grid that holds every frame; frames are sorted by their place along the normal.
Result<Geometry> ownGrid(const std::vector<Plane> &planes, const SegmentationPixels &pixels,
                         const std::filesystem::path &file)
{
    auto grid = frameGeometry(planes.front(), pixels);
    const Vec3 normal{grid.direction[0][2], grid.direction[1][2], grid.direction[2][2]};
    std::map<double, Vec3> places;
    for (const auto &plane : planes)
        places[plane.position[0] * normal[0] + plane.position[1] * normal[1] + plane.position[2] * normal[2]] =
            plane.position;
    std::vector<double> positions;
    constexpr double samePlace = 1e-3; // mm
    for (const auto &[position, unused] : places) {
        if (positions.empty() || position - positions.back() > samePlace)
            positions.push_back(position);
    }
    const auto step = sliceSpacing(positions, planes.front().depth);
    const double slices = step ? std::round((positions.back() - positions.front()) / *step) + 1 : 0;
    if (!step || slices > 32768)
        return failWithHint(ErrorCode::Invalid, "Open it together with the images it was drawn on",
                            "{} has frames at uneven distances", file.string());
    grid.origin = places.begin()->second;
    grid.spacing[2] = *step;
    grid.size[2] = static_cast<int>(slices);
    return grid;
}

/// Which segment a frame belongs to: its own group says so, else the shared one.
std::vector<int> segmentNumbers(DcmDataset &dataset, int frames)
{
    const auto numberIn = [](DcmItem *groups, int otherwise) {
        auto *identification = groups ? firstItem(*groups, DCM_SegmentIdentificationSequence) : nullptr;
        return identification ? static_cast<int>(number(*identification, DCM_ReferencedSegmentNumber, 0)) : otherwise;
    };
    const int shared = numberIn(firstItem(dataset, DCM_SharedFunctionalGroupsSequence), 0);
    std::vector<int> perFrame(static_cast<std::size_t>(frames), shared);
    DcmSequenceOfItems *groups = nullptr;
    if (dataset.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, groups).bad() || !groups)
        return perFrame;
    auto *item = groups->nextInContainer(nullptr);
    for (auto &frame : perFrame) {
        frame = numberIn(static_cast<DcmItem *>(item), shared);
        item = item ? groups->nextInContainer(item) : nullptr;
    }
    return perFrame;
}

/// Puts frames into the masks.
class Painter
{
public:
    Painter(Segmentation &segmentation, const SegmentationPixels &pixels) : m_target(segmentation), m_pixels(pixels)
    {
        for (std::size_t n = 0; n < segmentation.segments.size(); ++n)
            m_maskOf[segmentation.segments[n].number] = n;
    }

    /// `number` is the segment of a frame that is no label map. Errors: Malformed (a segment nobody describes).
    Result<> paint(const std::vector<std::uint16_t> &values, const GridAlignment &alignment, int number)
    {
        std::size_t n = 0;
        std::vector<std::uint8_t> *mask = nullptr;
        int current = -1;
        for (int j = 0; j < m_pixels.rows; ++j) {
            for (int i = 0; i < m_pixels.columns; ++i, ++n) {
                if (m_pixels.areLabels ? values[n] == 0 : values[n] < m_pixels.half)
                    continue;
                const int segment = m_pixels.areLabels ? values[n] : number;
                if (segment != current) {
                    const auto known = m_maskOf.find(segment);
                    if (known == m_maskOf.end())
                        return fail(ErrorCode::Malformed, "it has pixels of segment {}, which it does not describe",
                                    segment);
                    mask = &m_target.masks[known->second];
                    current = segment;
                }
                const auto index = alignment.at(i, j, 0);
                if (contains(m_target.geometry, index))
                    (*mask)[static_cast<std::size_t>(m_target.geometry.offset(index[0], index[1], index[2]))] = 1;
                else
                    ++m_outside;
            }
        }
        return {};
    }

    std::int64_t outside() const { return m_outside; }

private:
    Segmentation &m_target;
    SegmentationPixels m_pixels;
    std::map<int, std::size_t> m_maskOf;
    std::int64_t m_outside = 0;
};

Result<std::vector<Plane>> readPlanes(DicomFile &file, const SegmentationPixels &pixels,
                                      std::vector<std::string> &warnings)
{
    ImageHeader header;
    header.planes.resize(static_cast<std::size_t>(pixels.frames));
    readFunctionalGroups(file.dataset(), header);
    for (auto &plane : header.planes) {
        const bool finite = std::all_of(plane.position.begin(), plane.position.end(),
                                        [](double value) { return std::isfinite(value); });
        if (!plane.hasPosition || !plane.hasDirection || !finite)
            return fail(ErrorCode::Malformed, "{} does not say where in the patient its frames lie",
                        file.path().string());
    }
    warnings = header.warnings;
    return std::move(header.planes);
}

void warnOfContent(Segmentation &segmentation, std::int64_t outside)
{
    auto &warnings = segmentation.warnings;
    if (outside > 0)
        warnings.push_back(fmt::format("{} voxels of the segments lie outside the image", outside));
    if (segmentation.overlaps())
        warnings.emplace_back("Segments overlap");
    for (const auto &segment : segmentation.segments) {
        if (segment.number < 1 || segment.number > 255)
            warnings.push_back(fmt::format("Segment {} has no label of its own: labels end at 255", segment.number));
    }
}

} // namespace

Result<Segmentation> readSegmentation(const std::filesystem::path &path, const Geometry *grid)
{
    auto file = DicomFile::open(path, Depth::Whole);
    if (!file)
        return fail(file.error());
    const auto pixels = readPixelKind(*file);
    if (!pixels)
        return fail(pixels.error());
    auto source = FrameSource::open(*file, *pixels);
    if (!source)
        return fail(source.error());
    auto segments = readSegments(*file);
    if (!segments)
        return fail(segments.error());
    Segmentation segmentation;
    segmentation.segments = std::move(*segments);
    const auto planes = readPlanes(*file, *pixels, segmentation.warnings);
    if (!planes)
        return fail(planes.error());
    auto geometry = grid ? *grid : ownGrid(*planes, *pixels, path);
    if (!geometry)
        return fail(geometry.error());
    segmentation.geometry = *geometry;
    const auto voxels = geometry->voxels();
    if (voxels > mostMaskBytes / static_cast<std::int64_t>(std::max<std::size_t>(segmentation.segments.size(), 1)))
        return fail(ErrorCode::Unsupported, "{} would take more than {} GiB of memory ({} segments)", path.string(),
                    mostMaskBytes >> 30, segmentation.segments.size());
    segmentation.masks.assign(segmentation.segments.size(),
                              std::vector<std::uint8_t>(static_cast<std::size_t>(voxels)));

    Painter painter(segmentation, *pixels);
    const auto numberOf = segmentNumbers(file->dataset(), pixels->frames);
    std::vector<std::uint16_t> values;
    for (int frame = 0; frame < pixels->frames; ++frame) {
        const auto index = static_cast<std::size_t>(frame);
        const auto alignment = align(frameGeometry((*planes)[index], *pixels), segmentation.geometry);
        if (!alignment)
            return fail(alignment.error(), "{}: frame {} is not on the grid of the image", path.string(), frame + 1);
        if (auto read = source->read(frame, values); !read)
            return fail(read.error());
        if (auto painted = painter.paint(values, *alignment, numberOf[index]); !painted)
            return fail(painted.error(), "{}: frame {}", path.string(), frame + 1);
    }
    warnOfContent(segmentation, painter.outside());
    return segmentation;
}

} // namespace consilium::imaging::dicom
