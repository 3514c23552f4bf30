// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/image_header.h"
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

using Contour = std::vector<Vec3>; ///< continuous voxel indices

/// Contours of one region that lie in one plane, and where along the slice axis.
struct Outline
{
    double position = 0; ///< voxel index along the slice axis
    std::vector<Contour> contours;
};

bool isArea(const std::string &geometricType)
{
    // The XOR kind (supplement 196) is what even-odd does anyway; old writers leave the underscore out.
    return geometricType == "CLOSED_PLANAR" || geometricType == "CLOSEDPLANAR_XOR" ||
           geometricType == "CLOSED_PLANAR_XOR";
}

template <typename Use>
void forEachItem(DcmItem &item, const DcmTagKey &tag, const Use &use)
{
    DcmSequenceOfItems *sequence = nullptr;
    if (item.findAndGetSequence(tag, sequence).bad() || !sequence)
        return;
    for (auto *entry = sequence->nextInContainer(nullptr); entry; entry = sequence->nextInContainer(entry))
        use(static_cast<DcmItem &>(*entry));
}

/// Names and kinds of the regions by number.
std::map<int, Segment> readRegions(DcmDataset &dataset)
{
    std::map<int, Segment> regions;
    forEachItem(dataset, DCM_StructureSetROISequence, [&](DcmItem &item) {
        Segment region;
        region.number = static_cast<int>(number(item, DCM_ROINumber, 0));
        region.label = text(item, DCM_ROIName);
        region.category = {"85756007", "SCT", "Tissue"};
        region.type = {"85756007", "SCT", "Tissue"};
        region.algorithm = text(item, DCM_ROIGenerationAlgorithm) == "MANUAL" ? "" : "unknown";
        regions[region.number] = region;
    });
    forEachItem(dataset, DCM_RTROIObservationsSequence, [&](DcmItem &item) {
        const auto region = regions.find(static_cast<int>(number(item, DCM_ReferencedROINumber, 0)));
        auto *code = firstItem(item, DCM_RTROIIdentificationCodeSequence);
        if (region != regions.end() && code && !text(*code, DCM_CodeValue).empty())
            region->second.type = {text(*code, DCM_CodeValue), text(*code, DCM_CodingSchemeDesignator),
                                   text(*code, DCM_CodeMeaning)};
    });
    return regions;
}

/// Areas of one region as voxel indices. Errors: Malformed.
Result<std::vector<Contour>> readContours(DcmItem &region, const Geometry &grid)
{
    std::vector<Contour> contours;
    Result<> readable;
    forEachItem(region, DCM_ContourSequence, [&](DcmItem &item) {
        if (!isArea(text(item, DCM_ContourGeometricType)))
            return;
        const auto values = numbers(item, DCM_ContourData);
        if (values.size() < 9 || values.size() % 3 != 0 ||
            !std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) {
            readable = fail(ErrorCode::Malformed, "contour {} is damaged ({} coordinates)", contours.size() + 1,
                            values.size());
            return;
        }
        Contour contour;
        for (std::size_t n = 0; n < values.size(); n += 3)
            contour.push_back(grid.toIndex({values[n], values[n + 1], values[n + 2]}));
        contours.push_back(std::move(contour));
    });
    if (!readable)
        return fail(readable.error());
    return contours;
}

double extent(const Contour &contour, std::size_t axis)
{
    const auto [low, high] = std::minmax_element(contour.begin(), contour.end(),
                                                 [axis](const Vec3 &a, const Vec3 &b) { return a[axis] < b[axis]; });
    return (*high)[axis] - (*low)[axis];
}

/// The axis of the grid at right angles to every contour, when there is one.
std::optional<std::size_t> sliceAxis(const std::vector<Contour> &contours)
{
    constexpr double flat = 0.1; // of a voxel: what planning systems round
    for (const std::size_t axis : {2, 1, 0}) {
        if (std::all_of(contours.begin(), contours.end(),
                        [axis](const Contour &contour) { return extent(contour, axis) <= flat; }))
            return axis;
    }
    return std::nullopt;
}

/// Contours by plane, in the order of planes.
std::vector<Outline> byPlane(std::vector<Contour> contours, std::size_t axis)
{
    std::vector<Outline> planes;
    constexpr double samePlane = 0.01; // of a voxel
    std::stable_sort(contours.begin(), contours.end(),
                     [axis](const Contour &a, const Contour &b) { return a.front()[axis] < b.front()[axis]; });
    for (auto &contour : contours) {
        const double position = contour.front()[axis];
        if (planes.empty() || position - planes.back().position > samePlane)
            planes.push_back({position, {}});
        planes.back().contours.push_back(std::move(contour));
    }
    return planes;
}

/// Fills the voxels of one slice whose centres are inside an odd number of contours. A centre on an edge counts as
/// inside on the low side alone, so that neighbouring areas share no voxel.
void fill(const Outline &outline, std::size_t axis, int slice, const Geometry &grid, std::vector<std::uint8_t> &mask)
{
    const std::size_t across = axis == 0 ? 1 : 0, down = axis == 2 ? 1 : 2;
    std::vector<double> crossings;
    for (int row = 0; row < grid.size[down]; ++row) {
        crossings.clear();
        for (const auto &contour : outline.contours) {
            for (std::size_t n = 0; n < contour.size(); ++n) {
                const auto &a = contour[n], &b = contour[(n + 1) % contour.size()];
                if ((a[down] <= row) != (b[down] <= row))
                    crossings.push_back(a[across] + (row - a[down]) / (b[down] - a[down]) * (b[across] - a[across]));
            }
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t n = 0; n + 1 < crossings.size(); n += 2) {
            const int first = static_cast<int>(std::ceil(std::clamp(crossings[n], 0.0, double(grid.size[across]))));
            const int last = static_cast<int>(std::ceil(std::clamp(crossings[n + 1], 0.0, double(grid.size[across]))));
            Index3 index{};
            index[axis] = slice;
            index[down] = row;
            for (index[across] = first; index[across] < last; ++index[across])
                mask[static_cast<std::size_t>(grid.offset(index[0], index[1], index[2]))] = 1;
        }
    }
}

/// Rasterises one region and says what had to be left out.
void paint(std::vector<Contour> contours, std::size_t axis, const Geometry &grid, std::vector<std::uint8_t> &mask,
           const std::string &name, std::vector<std::string> &warnings)
{
    // Of planes closer than the slices the one nearest to the centre of a slice stands for it.
    std::map<int, Outline> bySlice;
    int outside = 0, replaced = 0;
    for (auto &outline : byPlane(std::move(contours), axis)) {
        const double slice = std::round(outline.position);
        if (!(slice >= 0 && slice < grid.size[axis])) {
            ++outside;
            continue;
        }
        const auto [known, isNew] = bySlice.try_emplace(static_cast<int>(slice), outline);
        if (isNew)
            continue;
        ++replaced;
        if (std::abs(outline.position - slice) < std::abs(known->second.position - slice))
            known->second = std::move(outline);
    }
    int gaps = 0;
    for (auto here = bySlice.begin(); here != bySlice.end(); ++here) {
        fill(here->second, axis, here->first, grid, mask);
        if (const auto next = std::next(here); next != bySlice.end())
            gaps += next->first - here->first - 1;
    }
    if (outside > 0)
        warnings.push_back(fmt::format("{}: {} planes of contours lie outside the image", name, outside));
    if (replaced > 0)
        warnings.push_back(fmt::format("{}: {} planes lie between slices and are left out", name, replaced));
    if (gaps > 0)
        warnings.push_back(fmt::format("{}: {} slices between its contours have none and stay empty", name, gaps));
}

/// Adds one region to the segmentation, unless it has no areas. Errors: Malformed; Invalid (not parallel to slices).
Result<> addRegion(DcmItem &item, Segment segment, Segmentation &segmentation)
{
    const auto &grid = segmentation.geometry;
    auto contours = readContours(item, grid);
    if (!contours)
        return fail(contours.error(), "region {} ({})", segment.number, segment.label);
    if (contours->empty()) {
        segmentation.warnings.push_back(fmt::format("{} has no closed contour", segment.label));
        return {};
    }
    const auto axis = sliceAxis(*contours);
    if (!axis)
        return failWithHint(ErrorCode::Invalid, "Open it together with the images it was drawn on",
                            "the contours of {} are not parallel to the slices of the image", segment.label);
    if (const auto colour = numbers(item, DCM_ROIDisplayColor); colour.size() == 3) {
        for (std::size_t n = 0; n < 3; ++n)
            segment.colour[n] = static_cast<std::uint8_t>(std::clamp(colour[n], 0., 255.));
    }
    segmentation.masks.emplace_back(static_cast<std::size_t>(grid.voxels()));
    paint(std::move(*contours), *axis, grid, segmentation.masks.back(), segment.label, segmentation.warnings);
    segmentation.segments.push_back(std::move(segment));
    return {};
}

} // namespace

Result<Segmentation> readStructureSet(const std::filesystem::path &path, const Geometry &grid)
{
    auto file = DicomFile::open(path, Depth::Whole);
    if (!file)
        return fail(file.error());
    auto &dataset = file->dataset();
    if (text(dataset, DCM_SOPClassUID) != UID_RTStructureSetStorage)
        return fail(ErrorCode::Unsupported, "{} is not an RT structure set", path.string());
    const auto regions = readRegions(dataset);
    Segmentation segmentation;
    segmentation.geometry = grid;
    Result<> added;
    forEachItem(dataset, DCM_ROIContourSequence, [&](DcmItem &item) {
        const auto region = regions.find(static_cast<int>(number(item, DCM_ReferencedROINumber, 0)));
        if (added && region != regions.end())
            added = addRegion(item, region->second, segmentation);
    });
    if (!added)
        return fail(added.error(), "{}", path.string());
    return segmentation;
}

} // namespace consilium::imaging::dicom
