// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/review_case.h"

#include "core/json.h"
#include "imaging/files/image_files.h"
#include "viewer/cases/case_landmarks.h"
#include "viewer/cases/paths.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>
#include <map>
#include <string_view>

namespace consilium::viewer {

namespace fs = std::filesystem;
using imaging::LabelMap;
using imaging::Volume;

namespace {

// The box of slices that hold more than specks of signal, along each index axis.
std::optional<PatientBox> contentOf(const Channel &channel)
{
    const auto &grid = channel.volume->geometry;
    const float level = channel.range.low + 0.05f * (channel.range.high - channel.range.low);
    std::array<std::vector<std::int64_t>, 3> signal;
    for (int axis = 0; axis < 3; ++axis)
        signal[axis].resize(static_cast<std::size_t>(grid.size[axis]));
    const float *value = channel.volume->values.data();
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i)
                if (*value++ > level) {
                    ++signal[0][static_cast<std::size_t>(i)];
                    ++signal[1][static_cast<std::size_t>(j)];
                    ++signal[2][static_cast<std::size_t>(k)];
                }
    imaging::Vec3 low{}, high{};
    for (int axis = 0; axis < 3; ++axis) {
        const auto enough = [&](std::int64_t count) { return count * grid.size[axis] * 500 > grid.voxels(); };
        const auto &counts = signal[axis];
        const auto first = std::find_if(counts.begin(), counts.end(), enough);
        const auto last = std::find_if(counts.rbegin(), counts.rend(), enough);
        if (first == counts.end())
            return std::nullopt;
        low[axis] = static_cast<double>(first - counts.begin()) - 0.5;
        high[axis] = static_cast<double>(counts.rend() - last) - 0.5;
    }
    PatientBox box{{1e9, 1e9, 1e9}, {-1e9, -1e9, -1e9}};
    for (int corner = 0; corner < 8; ++corner) {
        imaging::Vec3 index{};
        for (int axis = 0; axis < 3; ++axis)
            index[axis] = (corner >> axis & 1 ? high : low)[axis];
        const auto patient = grid.toPatient(index);
        for (int axis = 0; axis < 3; ++axis) {
            box.low[axis] = std::min(box.low[axis], patient[axis]);
            box.high[axis] = std::max(box.high[axis], patient[axis]);
        }
    }
    return box;
}

Result<Channel> readChannel(const std::string &name, const fs::path &file)
{
    auto volume = imaging::readImage(file);
    if (!volume)
        return fail(volume.error());
    return channelOf(name, std::make_shared<const Volume>(std::move(*volume)));
}

Result<Segmentation> readSegmentation(const std::string &name, const fs::path &file,
                                      const imaging::Geometry *grid = nullptr)
{
    auto labels = imaging::readLabelImage(file, grid);
    if (!labels)
        return fail(labels.error());
    return Segmentation{name, std::make_shared<const LabelMap>(std::move(*labels)), file};
}

// Segmentations have few values; an 8-bit image has many.
bool holdsFewWholeNumbers(const Volume &volume)
{
    std::array<bool, 256> seen{};
    for (float value : volume.values) {
        if (!(value >= 0 && value <= 255) || value != std::floor(value))
            return false;
        seen[static_cast<std::size_t>(value)] = true;
    }
    const auto values = std::count(seen.begin(), seen.end(), true);
    return values >= 2 && values <= 16 && seen[0];
}

LabelMap asLabels(const Volume &volume)
{
    LabelMap labels{volume.geometry, std::vector<std::uint8_t>(volume.values.size())};
    std::transform(volume.values.begin(), volume.values.end(), labels.values.begin(),
                   [](float value) { return static_cast<std::uint8_t>(value); });
    return labels;
}

int largestLabel(const ReviewCase &opened)
{
    int largest = 0;
    const auto look = [&](const Segmentation &segmentation) {
        const auto &values = segmentation.labels->values;
        if (!values.empty())
            largest = std::max<int>(largest, *std::max_element(values.begin(), values.end()));
    };
    if (opened.reference)
        look(*opened.reference);
    std::for_each(opened.predictions.begin(), opened.predictions.end(), look);
    return largest;
}

// Every value that occurs has a name, and the kind follows from how many there are.
void nameLabels(ReviewCase &opened)
{
    for (int label = static_cast<int>(opened.labels.size()); label <= largestLabel(opened); ++label)
        opened.labels.push_back(fmt::format("label {}", label));
    if (opened.labels.size() > 2)
        opened.kind = LabelKind::Structures;
}

// What plain files and DICOM objects become once all are read: the first segmentation is the reference.
void finish(ReviewCase &opened, std::vector<Segmentation> segmentations)
{
    if (!segmentations.empty()) {
        opened.reference = std::move(segmentations.front());
        opened.predictions.assign(std::make_move_iterator(segmentations.begin() + 1),
                                  std::make_move_iterator(segmentations.end()));
    }
    nameLabels(opened);
    opened.content = contentOf(opened.channels.front());
}

// What readers saved beside the case (edited-<reader>-<yyyymmdd-hhmmss>.nii.gz): the newest of each.
Result<> addReaders(ReviewCase &opened, const fs::path &folder)
{
    std::map<std::string, fs::path> newest;
    constexpr std::string_view begin = "edited-";
    constexpr std::size_t time = std::string_view("-yyyymmdd-hhmmss").size();
    std::error_code ignored; // a folder that cannot be listed holds nothing of readers
    for (const auto &entry : fs::directory_iterator(folder.empty() ? "." : folder, ignored)) {
        const std::string name = stem(entry.path());
        if (!imaging::isImageName(entry.path()) || !name.starts_with(begin) || name.size() <= begin.size() + time)
            continue;
        fs::path &kept = newest[name.substr(begin.size(), name.size() - begin.size() - time)];
        if (kept.empty() || stem(kept) < name)
            kept = entry.path();
    }
    for (const auto &[reader, file] : newest) {
        auto labels = readSegmentation("edited: " + reader, file);
        if (!labels)
            return fail(labels.error());
        opened.predictions.push_back(std::move(*labels));
    }
    return {};
}

Result<> fillFromJson(ReviewCase &opened, const Json &json, const fs::path &folder)
{
    opened.id = json.at("case").get<std::string>();
    opened.site = json.value("site", "");
    opened.title = caseTitle(opened.id, opened.site);
    for (const auto &entry : json.at("channels")) {
        auto channel = readChannel(entry.at("name"), folder / fromUtf8(entry.at("path")));
        if (!channel)
            return fail(channel.error());
        opened.channels.push_back(std::move(*channel));
    }
    if (opened.channels.empty())
        return fail(ErrorCode::Malformed, "\"channels\" is empty");
    if (const auto reference = json.value("reference", Json()); reference.is_string()) {
        auto labels = readSegmentation("reference", folder / fromUtf8(reference));
        if (!labels)
            return fail(labels.error());
        opened.reference = std::move(*labels);
    }
    for (const auto &entry : json.value("predictions", Json::array())) {
        auto labels = readSegmentation(entry.at("name"), folder / fromUtf8(entry.at("path")));
        if (!labels)
            return fail(labels.error());
        opened.predictions.push_back(std::move(*labels));
    }
    if (auto read = addReaders(opened, folder); !read)
        return read;
    if (json.contains("labels"))
        opened.labels = json.at("labels").get<std::vector<std::string>>();
    if (const auto landmarks = json.value("landmarks", Json()); landmarks.is_object())
        if (auto read = readCaseLandmarks(opened, landmarks, folder); !read)
            return read;
    nameLabels(opened);
    opened.content = contentOf(opened.channels.front());
    if (const auto kind = json.value("kind", ""); !kind.empty())
        opened.kind = kind == "structures" ? LabelKind::Structures : LabelKind::Lesions;
    return {};
}

} // namespace

Channel channelOf(const std::string &name, std::shared_ptr<const Volume> volume)
{
    const ValueQuantiles quantiles(*volume);
    const auto range = quantiles.range();
    return {name, std::move(volume), range, quantiles};
}

std::string caseTitle(const std::string &id, const std::string &site)
{
    return site.empty() ? id : fmt::format("{}, {}", id, site);
}

Result<ReviewCase> loadReviewCase(const fs::path &caseJson)
{
    const auto json = readJson(caseJson);
    if (!json)
        return fail(json.error());
    try {
        ReviewCase opened;
        if (auto filled = fillFromJson(opened, *json, caseJson.parent_path()); !filled)
            return fail(filled.error(), "{} could not be opened", utf8(caseJson));
        return opened;
    } catch (const Json::exception &problem) {
        return fail(ErrorCode::Malformed, "{} does not describe a case: {}", utf8(caseJson), problem.what());
    }
}

Result<ReviewCase> reviewCaseFromFiles(const std::vector<fs::path> &chosen)
{
    std::vector<fs::path> files, points;
    std::partition_copy(chosen.begin(), chosen.end(), std::back_inserter(points), std::back_inserter(files),
                        holdsLandmarks);
    if (files.empty())
        return failWithHint(ErrorCode::Invalid, points.empty() ? "" : "Open the points together with their image",
                            "No image to open");
    ReviewCase opened;
    if (auto added = addLandmarkFiles(opened, points); !added)
        return fail(added.error());
    opened.id = opened.title = commonName(files);
    std::vector<Segmentation> segmentations;
    const bool allNamed = std::all_of(files.begin(), files.end(), namedLikeLabels);
    for (const fs::path &file : files) {
        const bool image = !namedLikeLabels(file) || (allNamed && opened.channels.empty());
        if (image) {
            auto channel = readChannel(stem(file), file);
            if (!channel)
                return fail(channel.error());
            opened.channels.push_back(std::move(*channel));
            opened.isPlaced = opened.isPlaced && imaging::isPlaced(file);
        } else {
            auto labels = readSegmentation(stem(file), file);
            if (!labels)
                return fail(labels.error());
            segmentations.push_back(std::move(*labels));
        }
    }
    // What is left among the images and looks like labels on another's grid is a segmentation too.
    for (std::size_t i = opened.channels.size(); i-- > 0 && opened.channels.size() > 1;) {
        const Channel &channel = opened.channels[i];
        const bool onAnImage = std::any_of(opened.channels.begin(), opened.channels.end(), [&](const Channel &other) {
            return &other != &channel && other.volume->geometry.sameGrid(channel.volume->geometry);
        });
        if (!onAnImage || !holdsFewWholeNumbers(*channel.volume))
            continue;
        segmentations.push_back({channel.name, std::make_shared<const LabelMap>(asLabels(*channel.volume))});
        opened.channels.erase(opened.channels.begin() + static_cast<std::ptrdiff_t>(i));
    }
    finish(opened, std::move(segmentations));
    return opened;
}

Result<ReviewCase> reviewCaseFromSeries(const imaging::dicom::Series &series, const std::vector<fs::path> &objects,
                                        const std::function<void(ReviewCase)> &arriving)
{
    const std::string name = series.description.empty() ? series.modality : series.description;
    ReviewCase opened;
    opened.id = opened.title = series.uid;
    opened.isPlaced = series.isPlaced;
    auto volume = std::make_shared<Volume>();
    const auto arrival = std::make_shared<SliceArrival>(series.geometry.size[2]);
    imaging::dicom::Arrival hears;
    hears.began = [&](std::span<const float> first) {
        if (!arriving)
            return;
        // The first slice stands for the whole until all are there.
        const ValueQuantiles quantiles(Volume{{}, {first.begin(), first.end()}});
        ReviewCase partly = opened;
        partly.channels.push_back({name, volume, quantiles.range(), quantiles, series.modality, arrival});
        arriving(std::move(partly));
    };
    hears.arrived = [&](int slice) { arrival->mark(slice); };
    if (auto read = imaging::dicom::loadForViewing(series, *volume, hears); !read)
        return fail(read.error());
    opened.channels.push_back(channelOf(name, std::move(volume)));
    opened.channels.front().modality = series.modality;
    std::vector<Segmentation> segmentations;
    for (const fs::path &object : objects) {
        if (holdsLandmarks(object)) {
            if (auto added = addLandmarkFiles(opened, {object}); !added)
                return fail(added.error());
            continue;
        }
        auto labels = readSegmentation(stem(object), object, &opened.channels.front().volume->geometry);
        if (!labels)
            return fail(labels.error());
        segmentations.push_back(std::move(*labels));
    }
    finish(opened, std::move(segmentations));
    return opened;
}

} // namespace consilium::viewer
