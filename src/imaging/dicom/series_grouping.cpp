// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series_grouping.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace consilium::imaging::dicom {

namespace {

bool sameDirections(const Plane &a, const Plane &b)
{
    for (std::size_t n = 0; n < 3; ++n)
        if (std::abs(a.row[n] - b.row[n]) > 1e-3 || std::abs(a.column[n] - b.column[n]) > 1e-3)
            return false;
    return true;
}

bool sameSpacing(const Plane &a, const Plane &b)
{
    return std::abs(a.spacing[0] - b.spacing[0]) <= 1e-3 * a.spacing[0] &&
           std::abs(a.spacing[1] - b.spacing[1]) <= 1e-3 * a.spacing[1];
}

bool sameEcho(const Plane &a, const Plane &b)
{
    return a.echo == b.echo && std::abs(a.echoTime - b.echoTime) <= 0.01;
}

bool sameSize(const Image &a, const Image &b)
{
    return a.header->columns == b.header->columns && a.header->rows == b.header->rows &&
           a.header->mosaicSide == b.header->mosaicSide;
}

/// What planes of one volume must share. Kept together with the words for where they differ.
bool sameKind(const Image &a, const Image &b)
{
    return sameSize(a, b) && a.header->isColour == b.header->isColour && a.header->modality == b.header->modality &&
           a.plane.hasPosition == b.plane.hasPosition &&
           a.header->frameOfReferenceUid == b.header->frameOfReferenceUid && a.plane.imageType == b.plane.imageType &&
           a.plane.stack == b.plane.stack && sameEcho(a.plane, b.plane) && sameSpacing(a.plane, b.plane) &&
           sameDirections(a.plane, b.plane);
}

std::string orientationName(const Plane &plane)
{
    static constexpr std::array names{"sagittal", "coronal", "axial"};
    const auto normal = normalOf(plane);
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (std::abs(normal[axis]) > 0.98)
            return names[axis];
    return "oblique";
}

/// The values of Image Type that not all groups share.
std::string distinctImageType(const std::string &type, const std::vector<Images> &groups)
{
    const auto contains = [](const std::string &all, const std::string &value) {
        return ("\\" + all + "\\").find("\\" + value + "\\") != std::string::npos;
    };
    std::string words;
    for (std::size_t start = 0; start <= type.size();) {
        const auto end = std::min(type.find('\\', start), type.size());
        const auto value = type.substr(start, end - start);
        if (!value.empty() && !std::all_of(groups.begin(), groups.end(), [&](const Images &group) {
                return contains(group.front().plane.imageType, value);
            }))
            words += (words.empty() ? "" : " ") + value;
        start = end + 1;
    }
    return words.empty() ? "other image type" : words;
}

/// In words, what tells `group` from the others of its series.
std::string labelOf(const Images &group, const std::vector<Images> &groups)
{
    std::vector<std::string> words;
    const auto &image = group.front();
    const auto differs = [&](const auto &same) {
        return std::any_of(groups.begin(), groups.end(), [&](const Images &other) { return !same(other.front()); });
    };
    if (differs([&](const Image &other) { return other.plane.echo == image.plane.echo; }))
        words.push_back(fmt::format("echo {}", image.plane.echo));
    else if (differs([&](const Image &other) { return sameEcho(other.plane, image.plane); }))
        words.push_back(fmt::format("echo time {:.4g} ms", image.plane.echoTime));
    if (differs([&](const Image &other) { return other.plane.imageType == image.plane.imageType; }))
        words.push_back(distinctImageType(image.plane.imageType, groups));
    if (differs([&](const Image &other) { return sameDirections(other.plane, image.plane); }))
        words.push_back(orientationName(image.plane));
    if (differs([&](const Image &other) { return other.plane.stack == image.plane.stack; }))
        words.push_back("stack " + image.plane.stack);
    if (differs([&](const Image &other) { return sameSize(other, image); }))
        words.push_back(fmt::format("{} x {} pixels", image.header->columns, image.header->rows));
    if (differs([&](const Image &other) { return sameSpacing(other.plane, image.plane); }))
        words.push_back(fmt::format("{:.3g} mm pixels", image.plane.spacing[0]));
    if (differs([&](const Image &other) { return other.header->isColour == image.header->isColour; }))
        words.push_back(image.header->isColour ? "colour" : "grey");
    if (differs([&](const Image &other) { return other.plane.hasPosition == image.plane.hasPosition; }))
        words.push_back(image.plane.hasPosition ? "with positions" : "without positions");
    std::string label;
    for (const auto &word : words)
        label += (label.empty() ? "" : ", ") + word;
    return label;
}

/// The same image twice, as copies of a folder bring it, counts once.
void dropCopies(Images &images, std::vector<std::string> &warnings)
{
    std::set<std::pair<std::string, int>> seen;
    const auto before = images.size();
    std::erase_if(images, [&](const Image &image) {
        return !image.header->sopInstance.empty() && !seen.emplace(image.header->sopInstance, image.plane.frame).second;
    });
    if (images.size() < before)
        warnings.push_back(fmt::format("Copies left out (same SOP Instance UID): {}", before - images.size()));
}

std::vector<Images> groupsAlike(Images images)
{
    std::vector<Images> groups;
    for (auto &image : images) {
        const auto group =
            std::find_if(groups.begin(), groups.end(), [&](const auto &g) { return sameKind(g.front(), image); });
        if (group == groups.end())
            groups.push_back({std::move(image)});
        else
            group->push_back(std::move(image));
    }
    return groups;
}

/// Cross-sections whose files keep silent about their place: slice location, else the order of instance numbers.
void placeByOrder(Images &images, std::vector<std::string> &warnings)
{
    std::stable_sort(images.begin(), images.end(), [](const Image &a, const Image &b) {
        return std::tie(a.plane.instance, a.plane.frame) < std::tie(b.plane.instance, b.plane.frame);
    });
    const bool located = std::all_of(images.begin(), images.end(),
                                     [](const Image &image) { return image.plane.sliceLocation.has_value(); });
    for (std::size_t n = 0; n < images.size(); ++n) {
        auto &plane = images[n].plane;
        const double step = plane.depth > 0 ? plane.depth : 1;
        const double distance = located ? *plane.sliceLocation : static_cast<double>(n) * step;
        const auto normal = normalOf(plane);
        for (std::size_t axis = 0; axis < 3; ++axis)
            plane.position[axis] = distance * normal[axis];
    }
    warnings.push_back(
        fmt::format("The files give no patient position: slices are placed by {}, and left and right are not assured",
                    located ? "slice location" : "instance number and slice distance"));
}

bool isCrossSection(const ImageHeader &header)
{
    return header.modality == "CT" || header.modality == "MR" || header.modality == "PT";
}

std::vector<Series> volumesOf(Images group)
{
    std::vector<std::string> warnings;
    if (!group.front().plane.hasPosition)
        placeByOrder(group, warnings);
    else if (!group.front().plane.hasDirection)
        warnings.push_back(
            "The files give no image orientation: rows are taken to run to the left, columns to the back");
    const auto normal = normalOf(group.front().plane);
    for (auto &image : group)
        image.position = dot(image.plane.position, normal);
    std::stable_sort(group.begin(), group.end(), [](auto &a, auto &b) { return a.position < b.position; });
    std::vector<Series> all;
    for (const auto &timeline : separateRepeats(std::move(group)))
        for (auto &series : stackEvenly(timeline)) {
            series.warnings.insert(series.warnings.begin(), warnings.begin(), warnings.end());
            all.push_back(std::move(series));
        }
    return all;
}

/// Views and films: every file for itself, its frames as times.
std::vector<Series> viewsOf(const Images &group)
{
    std::map<const ImageHeader *, Images> files;
    std::vector<const ImageHeader *> order;
    for (const auto &image : group) {
        if (!files.count(image.header))
            order.push_back(image.header);
        files[image.header].push_back(image);
    }
    std::vector<Series> all;
    for (const auto *header : order) {
        all.push_back(withoutPlace(files[header]));
        if (order.size() > 1)
            all.back().part =
                !header->view.empty() ? header->view : fmt::format("image {}", files[header].front().plane.instance);
    }
    return all;
}

std::vector<Series> volumesOfSeries(Images images)
{
    std::vector<std::string> warnings;
    dropCopies(images, warnings);
    const auto groups = groupsAlike(std::move(images));
    std::vector<Series> all;
    for (const auto &group : groups) {
        const auto &first = group.front();
        const bool stacks = first.plane.hasPosition || (isCrossSection(*first.header) && first.plane.frame == 0 &&
                                                        first.header->planes.size() == 1);
        const auto label = groups.size() > 1 ? labelOf(group, groups) : std::string();
        for (auto &series : stacks ? volumesOf(group) : viewsOf(group)) {
            series.part = label.empty() || series.part.empty() ? label + series.part : label + ", " + series.part;
            series.warnings.insert(series.warnings.begin(), warnings.begin(), warnings.end());
            all.push_back(std::move(series));
        }
    }
    return all;
}

/// Two parts of a series never carry the same name.
void nameApart(std::vector<Series> &volumes)
{
    std::map<std::string, int> total, used;
    for (const auto &series : volumes)
        ++total[series.part];
    for (auto &series : volumes) {
        const auto name = series.part;
        if (total[name] > 1)
            series.part = name.empty() ? fmt::format("volume {}", ++used[name])
                                       : fmt::format("{}, volume {}", name, ++used[name]);
    }
}

} // namespace

std::vector<Series> groupIntoSeries(const std::vector<ImageHeader> &headers)
{
    // Series re-sent under another number keep their UID on some stations: they are not one.
    std::map<std::tuple<std::string, std::string, std::string, int>, Images> bySeries;
    for (const auto &header : headers)
        for (const auto &plane : header.planes)
            bySeries[{header.patientId, header.studyUid, header.seriesUid, header.seriesNumber}].push_back(
                {&header, plane, 0});
    std::vector<Series> all;
    for (auto &[key, images] : bySeries) {
        std::stable_sort(images.begin(), images.end(), [](const Image &a, const Image &b) {
            return std::tie(a.plane.instance, a.plane.frame) < std::tie(b.plane.instance, b.plane.frame);
        });
        auto volumes = volumesOfSeries(std::move(images));
        nameApart(volumes);
        std::move(volumes.begin(), volumes.end(), std::back_inserter(all));
    }
    std::stable_sort(all.begin(), all.end(), [](const Series &a, const Series &b) {
        return std::tie(a.patientId, a.studyUid, a.number, a.uid) < std::tie(b.patientId, b.studyUid, b.number, b.uid);
    });
    return all;
}

} // namespace consilium::imaging::dicom
