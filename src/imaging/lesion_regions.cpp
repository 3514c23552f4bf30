// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/lesion_regions.h"

#include "imaging/components.h"
#include "imaging/distance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace consilium::imaging {

namespace {

using Set = std::vector<std::uint8_t>; // 1 where a voxel belongs to it

constexpr double s_smallestBrain = 300;  // ml; a newborn's has about 350
constexpr double s_closing = 10;         // mm: bridges sulci and the fissure between the hemispheres
constexpr double s_ventricleDepth = 20;  // mm below the closed surface: deeper than sulci, save the insula's
constexpr double s_fewestVentricles = 1; // ml; 5 to 60 are usual

// The part of the grid that holds the brain, with a margin that closing needs; it may reach beyond the image.
struct Box
{
    Index3 begin{};    // in the whole grid
    Geometry geometry; // of the box

    template <typename Visit> // visit(n in the box, n in the whole grid), where both are
    void forEachShared(const Geometry &whole, const Visit &visit) const
    {
        const auto &size = geometry.size;
        for (int k = std::max(0, -begin[2]); k < std::min(size[2], whole.size[2] - begin[2]); ++k)
            for (int j = std::max(0, -begin[1]); j < std::min(size[1], whole.size[1] - begin[1]); ++j)
                for (int i = std::max(0, -begin[0]); i < std::min(size[0], whole.size[0] - begin[0]); ++i)
                    visit(static_cast<std::size_t>(geometry.offset(i, j, k)),
                          static_cast<std::size_t>(whole.offset(begin[0] + i, begin[1] + j, begin[2] + k)));
    }

    template <typename Visit> // visit(n, index in the box)
    void forEach(const Visit &visit) const
    {
        std::size_t n = 0;
        for (int k = 0; k < geometry.size[2]; ++k)
            for (int j = 0; j < geometry.size[1]; ++j)
                for (int i = 0; i < geometry.size[0]; ++i)
                    visit(n++, Index3{i, j, k});
    }
};

// Where the brain begins and ends along the patient's axes, and its middle: mm along L, P, S from the box's first
// voxel.
struct BrainExtent
{
    AxisMap axes;
    Vec3 spacing{};
    Vec3 low{}, high{}, centroid{};

    Vec3 at(const Index3 &index) const
    {
        Vec3 p{};
        for (int c = 0; c < 3; ++c)
            p[axes.axis[c]] = axes.sign[c] * index[c] * spacing[c];
        return p;
    }
};

std::optional<Box> boxAround(const LabelMap &brain)
{
    const auto &size = brain.geometry.size;
    Index3 low = size, high{-1, -1, -1};
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                if (brain.at(i, j, k)) {
                    const Index3 index{i, j, k};
                    for (int c = 0; c < 3; ++c) {
                        low[c] = std::min(low[c], index[c]);
                        high[c] = std::max(high[c], index[c]);
                    }
                }
    if (high[0] < 0)
        return std::nullopt;
    Box box;
    box.geometry = brain.geometry;
    for (int c = 0; c < 3; ++c) {
        const int margin = static_cast<int>(std::ceil(s_closing / brain.geometry.spacing[c])) + 2;
        box.begin[c] = low[c] - margin;
        box.geometry.size[c] = high[c] - low[c] + 1 + 2 * margin;
    }
    return box;
}

BrainExtent extentOf(const Box &box, const Set &brain)
{
    constexpr double infinity = std::numeric_limits<double>::infinity();
    BrainExtent extent{box.geometry.closestAxes(),
                       box.geometry.spacing,
                       {infinity, infinity, infinity},
                       {-infinity, -infinity, -infinity},
                       {}};
    double voxels = 0;
    box.forEach([&](std::size_t n, const Index3 &index) {
        if (!brain[n])
            return;
        const auto p = extent.at(index);
        ++voxels;
        for (int c = 0; c < 3; ++c) {
            extent.low[c] = std::min(extent.low[c], p[c]);
            extent.high[c] = std::max(extent.high[c], p[c]);
            extent.centroid[c] += p[c];
        }
    });
    for (auto &component : extent.centroid)
        component /= voxels;
    return extent;
}

// The set with every gap closed through which no ball of s_closing fits.
Set closed(const Set &set, const Geometry &geometry)
{
    const auto toSet = distanceTo(set, geometry);
    Set beyond(set.size());
    for (std::size_t n = 0; n < set.size(); ++n)
        beyond[n] = toSet[n] > s_closing;
    const auto toBeyond = distanceTo(beyond, geometry);
    Set result(set.size());
    for (std::size_t n = 0; n < set.size(); ++n)
        result[n] = toBeyond[n] > s_closing || set[n];
    return result;
}

Set inverse(Set set)
{
    for (auto &value : set)
        value = !value;
    return set;
}

// Fluid is darker than half the brain's median: in the T1 and FLAIR of the Ljubljana data grey and white matter stand
// at 0.8 to 1.4 of the median, fluid below 0.4.
float fluidLimit(const Box &box, const Set &brain, const Volume &image)
{
    std::vector<float> values;
    box.forEachShared(image.geometry, [&](std::size_t n, std::size_t m) {
        if (brain[n] && std::isfinite(image.values[m]))
            values.push_back(image.values[m]);
    });
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle / 2;
}

// The parts of deep fluid that reach into the middle of the brain; empty when there is too little to be ventricles.
Set ventriclesOf(const Box &box, const BrainExtent &extent, const Set &fluid, const std::vector<float> &depth)
{
    // Half axes from side to side, front to back and foot to head: the bodies and the third ventricle lie in it, the
    // fluid of the insulae does not.
    constexpr Vec3 middle{25, 35, 25};
    LabelMap deep{box.geometry, Set(fluid.size())};
    for (std::size_t n = 0; n < fluid.size(); ++n)
        deep.values[n] = fluid[n] && depth[n] >= s_ventricleDepth;
    std::vector<std::int32_t> ids;
    const auto parts = findLesions(deep, 0, &ids);
    std::vector<bool> inMiddle(parts.size() + 1, false);
    box.forEach([&](std::size_t n, const Index3 &index) {
        const auto p = extent.at(index);
        const double ratio =
            std::hypot((p[0] - extent.centroid[0]) / middle[0], (p[1] - extent.centroid[1]) / middle[1],
                       (p[2] - extent.centroid[2]) / middle[2]);
        if (ids[n] && ratio <= 1)
            inMiddle[static_cast<std::size_t>(ids[n])] = true;
    });
    double millilitres = 0;
    for (const auto &part : parts)
        if (inMiddle[static_cast<std::size_t>(part.id)])
            millilitres += part.millilitres;
    if (millilitres < s_fewestVentricles)
        return {};
    for (std::size_t n = 0; n < fluid.size(); ++n)
        deep.values[n] = inMiddle[static_cast<std::size_t>(ids[n])];
    return std::move(deep.values);
}

// The space around the brain with the sulci that open to it.
Set outsideOf(const Box &box, const Set &hull, const Set &fluid, const std::vector<float> &depth)
{
    LabelMap open{box.geometry, Set(hull.size())};
    for (std::size_t n = 0; n < hull.size(); ++n)
        open.values[n] = !hull[n] || (fluid[n] && depth[n] < s_ventricleDepth);
    std::vector<std::int32_t> ids;
    findLesions(open, 0, &ids);
    // The margin makes the corner of the box lie outside.
    for (std::size_t n = 0; n < hull.size(); ++n)
        open.values[n] = ids[n] == ids.front();
    return std::move(open.values);
}

/// Below the tentorium of the MNI152 atlas: a tent over the cerebellum that falls to the sides and to the back, and in
/// front of it the brainstem below the middle of the midbrain. Lengths in mm of an atlas brain 156 mm long; the back
/// and the top of the brain are what a field of view and a brain mask keep best.
bool belowTentorium(const Vec3 &p, const BrainExtent &brain)
{
    const double scale = (brain.high[1] - brain.low[1]) / 156;
    const double aside = std::abs(p[0] - (brain.low[0] + brain.high[0]) / 2) / scale;
    const double fromBack = (brain.high[1] - p[1]) / scale;
    const double fromTop = (brain.high[2] - p[2]) / scale;
    if (fromBack < 70)
        return fromTop > 71 + 0.5 * std::max(0.0, aside - 5) + 0.4 * std::max(0.0, 48 - fromBack);
    return fromBack < 92 && aside < 16 && fromTop > 79;
}

// What is known of one lesion.
struct Place
{
    float toVentricles = std::numeric_limits<float>::infinity();
    float toEdge = std::numeric_limits<float>::infinity();
    std::int64_t voxels = 0, below = 0;
};

LesionRegion regionOf(const Place &place, bool hasVentricles, const RegionLimits &limits, const Vec3 &spacing)
{
    const double halfVoxel = std::max({spacing[0], spacing[1], spacing[2]}) / 2;
    if (place.voxels == 0) // outside the brain
        return LesionRegion::Unknown;
    if (2 * place.below > place.voxels)
        return LesionRegion::Infratentorial;
    if (place.toVentricles <= limits.ventricles + halfVoxel)
        return LesionRegion::Periventricular;
    if (place.toEdge <= limits.brainEdge + halfVoxel)
        return LesionRegion::Juxtacortical;
    return hasVentricles ? LesionRegion::DeepWhiteMatter : LesionRegion::Unknown;
}

} // namespace

std::string_view name(LesionRegion region)
{
    switch (region) {
    case LesionRegion::Unknown: return "unknown";
    case LesionRegion::Periventricular: return "periventricular";
    case LesionRegion::Juxtacortical: return "juxtacortical";
    case LesionRegion::Infratentorial: return "infratentorial";
    case LesionRegion::DeepWhiteMatter: return "deep white matter";
    }
    return {};
}

std::vector<LesionRegion> regionHints(const LabelMap &lesions, const Volume &image, const LabelMap &brainLabels,
                                      const RegionLimits &limits)
{
    std::vector<std::int32_t> ids;
    const auto found = findLesions(lesions, 0, &ids);
    std::vector<LesionRegion> regions(found.size(), LesionRegion::Unknown);
    const auto box = boxAround(brainLabels);
    if (found.empty() || !box || !lesions.geometry.sameGrid(image.geometry) ||
        !lesions.geometry.sameGrid(brainLabels.geometry))
        return regions;

    const auto &geometry = box->geometry;
    Set brain(static_cast<std::size_t>(geometry.voxels()));
    box->forEachShared(lesions.geometry, [&](std::size_t n, std::size_t m) { brain[n] = brainLabels.values[m] != 0; });
    if (static_cast<double>(std::count(brain.begin(), brain.end(), 1)) * geometry.voxelVolume() <
        1000 * s_smallestBrain)
        return regions;

    const auto extent = extentOf(*box, brain);
    const auto hull = closed(brain, geometry);
    const auto depth = distanceTo(inverse(hull), geometry);
    const float limit = fluidLimit(*box, brain, image);
    Set fluid = hull; // what the closing added beyond the image's border is fluid too
    box->forEachShared(lesions.geometry, [&](std::size_t n, std::size_t m) {
        fluid[n] = hull[n] && !lesions.values[m] && image.values[m] < limit;
    });
    const auto ventricles = ventriclesOf(*box, extent, fluid, depth);
    const bool hasVentricles = !ventricles.empty();
    const auto toVentricles = hasVentricles ? distanceTo(ventricles, geometry) : std::vector<float>{};
    const auto toEdge = distanceTo(outsideOf(*box, hull, fluid, depth), geometry);

    std::vector<Place> places(found.size());
    std::vector<bool> below(brain.size());
    box->forEach([&](std::size_t n, const Index3 &index) { below[n] = belowTentorium(extent.at(index), extent); });
    box->forEachShared(lesions.geometry, [&](std::size_t n, std::size_t m) {
        if (!ids[m] || !hull[n])
            return;
        auto &place = places[static_cast<std::size_t>(ids[m]) - 1];
        ++place.voxels;
        place.below += below[n];
        place.toEdge = std::min(place.toEdge, toEdge[n]);
        if (hasVentricles)
            place.toVentricles = std::min(place.toVentricles, toVentricles[n]);
    });
    std::transform(places.begin(), places.end(), regions.begin(),
                   [&](const Place &place) { return regionOf(place, hasVentricles, limits, geometry.spacing); });
    return regions;
}

} // namespace consilium::imaging
