// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series_grouping.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <map>
#include <tuple>

namespace consilium::imaging::dicom {

namespace {

/// A reason why two planes may lie at one place.
struct Distinction
{
    const char *name;
    const char *unit; ///< null where the value is not told: labels show in file names, and a time may identify
    bool isTime;      ///< times of one series; else volumes of their own
    double (*value)(const Plane &);
};

constexpr std::array distinctions{
    Distinction{"temporal position", "", true, [](const Plane &plane) { return plane.temporalPosition; }},
    Distinction{"inversion time", " ms", false, [](const Plane &plane) { return plane.inversionTime; }},
    Distinction{"b value", " s/mm2", true, [](const Plane &plane) { return plane.diffusionB; }},
    Distinction{"acquisition", "", true, [](const Plane &plane) { return plane.acquisition; }},
    Distinction{"trigger time", " ms", true, [](const Plane &plane) { return plane.triggerTime; }},
    Distinction{"acquisition time", nullptr, true, [](const Plane &plane) { return plane.acquisitionTime; }}};

/// Places along the normal: the number of each image's place, and how many there are.
struct Places
{
    std::vector<std::size_t> of;
    std::size_t count = 0;
};

Places placesOf(const Images &images)
{
    // Closer than this are one place: rounding of decimal text, never two slices.
    const double tolerance = std::min(0.01, 0.1 * images.front().plane.spacing[0]);
    Places places;
    for (std::size_t n = 0; n < images.size(); ++n) {
        if (n == 0 || images[n].position - images[n - 1].position > tolerance)
            ++places.count;
        places.of.push_back(places.count - 1);
    }
    return places;
}

auto acquired(const Image &image)
{
    return std::tie(image.plane.instance, image.plane.frame, image.header->file);
}

/// The images that share one value, with the places they take.
struct Subset
{
    std::string label;
    Images images;
    std::vector<std::size_t> places;

    auto first() const
    {
        const auto earliest =
            std::min_element(images.begin(), images.end(), [](auto &a, auto &b) { return acquired(a) < acquired(b); });
        return acquired(*earliest);
    }
};

bool eachPlaceOnce(const std::vector<Subset> &subsets)
{
    return std::all_of(subsets.begin(), subsets.end(), [](const Subset &subset) {
        return std::adjacent_find(subset.places.begin(), subset.places.end()) == subset.places.end();
    });
}

/// A distinction explains repeats when it leaves each place once in every subset, and makes no crumbs: a subset covers
/// all places, or every one is a stack of its own.
bool explains(const std::vector<Subset> &subsets, std::size_t places)
{
    if (subsets.size() < 2 || !eachPlaceOnce(subsets))
        return false;
    const auto whole = [&](const Subset &subset) { return subset.places.size() == places; };
    const auto stack = [](const Subset &subset) { return subset.images.size() >= 3; };
    return std::any_of(subsets.begin(), subsets.end(), whole) || std::all_of(subsets.begin(), subsets.end(), stack);
}

template <typename Key>
std::vector<Subset> subsetsBy(const Images &images, const Places &places, const Key &key)
{
    std::map<decltype(key(images.front())), Subset> byValue;
    for (std::size_t n = 0; n < images.size(); ++n) {
        auto &subset = byValue[key(images[n])];
        subset.images.push_back(images[n]);
        subset.places.push_back(places.of[n]);
    }
    std::vector<Subset> subsets;
    for (auto &[value, subset] : byValue)
        subsets.push_back(std::move(subset));
    return subsets;
}

/// Subsets at the places that most of them share are the times of one timeline, the others are timelines themselves.
std::vector<Timeline> timelinesOf(std::vector<Subset> subsets, bool isTime)
{
    std::map<std::vector<std::size_t>, std::size_t> counts;
    for (const auto &subset : subsets)
        ++counts[subset.places];
    const auto commonest = std::max_element(counts.begin(), counts.end(), [](const auto &a, const auto &b) {
        return std::pair(a.second, a.first.size()) < std::pair(b.second, b.first.size());
    });
    std::vector<Timeline> timelines(1);
    for (auto &subset : subsets) {
        if (isTime && subset.places == commonest->first) {
            timelines.front().times.push_back(std::move(subset.images));
            continue;
        }
        Timeline other;
        other.label = subset.label;
        if (isTime)
            other.warnings.push_back(fmt::format("The positions of {} ({} images) are not those of the others ({}): "
                                                 "it is a volume of its own",
                                                 subset.label, subset.places.size(), commonest->first.size()));
        other.times.push_back(std::move(subset.images));
        timelines.push_back(std::move(other));
    }
    if (timelines.front().times.empty())
        timelines.erase(timelines.begin());
    return timelines;
}

std::vector<Timeline> byInstanceNumber(Images images, const Places &places)
{
    std::vector<Images> perPlace(places.count);
    for (std::size_t n = 0; n < images.size(); ++n)
        perPlace[places.of[n]].push_back(std::move(images[n]));
    const auto times = perPlace.front().size();
    bool equal = true;
    for (auto &repeats : perPlace) {
        std::sort(repeats.begin(), repeats.end(), [](auto &a, auto &b) { return acquired(a) < acquired(b); });
        equal = equal && repeats.size() == times;
    }
    Timeline timeline;
    if (equal) {
        timeline.warnings.push_back(
            fmt::format("{} images at each position are told apart by their instance numbers alone", times));
        timeline.times.resize(times);
        for (auto &repeats : perPlace)
            for (std::size_t time = 0; time < times; ++time)
                timeline.times[time].push_back(std::move(repeats[time]));
        return {timeline};
    }
    auto &kept = timeline.times.emplace_back();
    for (auto &repeats : perPlace) {
        if (repeats.size() > 1)
            timeline.warnings.push_back(fmt::format("{} images lie at {} mm; number {} is used, {} left out",
                                                    repeats.size(), inMillimetres(repeats.front().position),
                                                    repeats.front().plane.instance, repeats.size() - 1));
        kept.push_back(std::move(repeats.front()));
    }
    return {timeline};
}

/// Where the slice lies beside the normal, in whole millimetres: two stacks side by side have the same positions.
std::pair<long, long> besideNormal(const Image &image)
{
    return {std::lround(dot(image.plane.position, image.plane.row)),
            std::lround(dot(image.plane.position, image.plane.column))};
}

} // namespace

std::vector<Timeline> separateRepeats(Images images)
{
    const auto places = placesOf(images);
    if (places.count == images.size()) {
        Timeline timeline;
        timeline.times.push_back(std::move(images));
        return {timeline};
    }
    for (const auto &distinction : distinctions) {
        auto subsets = subsetsBy(images, places, [&](const Image &image) { return distinction.value(image.plane); });
        if (!explains(subsets, places.count))
            continue;
        for (std::size_t n = 0; n < subsets.size(); ++n) {
            const double value = distinction.value(subsets[n].images.front().plane);
            subsets[n].label = distinction.unit ? fmt::format("{} {:g}{}", distinction.name, value, distinction.unit)
                                                : fmt::format("{} {}", distinction.name, n + 1);
        }
        return timelinesOf(std::move(subsets), distinction.isTime);
    }
    auto variants = subsetsBy(
        images, places, [](const Image &image) { return std::pair(image.plane.diffusionB, image.plane.variant); });
    if (explains(variants, places.count)) {
        std::sort(variants.begin(), variants.end(), [](auto &a, auto &b) { return a.first() < b.first(); });
        for (std::size_t n = 0; n < variants.size(); ++n)
            variants[n].label = fmt::format("variant {}", n + 1);
        return timelinesOf(std::move(variants), true);
    }
    auto sides = subsetsBy(images, places, besideNormal);
    if (explains(sides, places.count)) {
        for (std::size_t n = 0; n < sides.size(); ++n)
            sides[n].label = fmt::format("stack {}", n + 1);
        return timelinesOf(std::move(sides), false);
    }
    return byInstanceNumber(std::move(images), places);
}

} // namespace consilium::imaging::dicom
