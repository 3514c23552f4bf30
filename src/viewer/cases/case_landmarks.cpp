// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_landmarks.h"

#include "viewer/cases/paths.h"

#include <algorithm>

namespace consilium::viewer {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view s_markupsEnding = ".mrk.json";

bool endsLikeMarkups(const fs::path &file)
{
    return utf8(file).ends_with(s_markupsEnding);
}

Result<NamedLandmarks> readSet(const std::string &name, const fs::path &file, const std::vector<std::string> &names)
{
    auto points = imaging::readLandmarks(file);
    if (points && !names.empty())
        points = points->ordered(names);
    if (!points)
        return fail(points.error(), "{}", utf8(file));
    return NamedLandmarks{name, std::move(*points), file};
}

std::string setName(const fs::path &file)
{
    const std::string name = utf8(file.filename());
    return endsLikeMarkups(file) ? name.substr(0, name.size() - s_markupsEnding.size()) : utf8(file.stem());
}

} // namespace

bool holdsLandmarks(const fs::path &file)
{
    if (endsLikeMarkups(file) || file.extension() == ".csv")
        return true;
    if (file.extension() != ".json")
        return false;
    const auto json = readJson(file);
    return json && json->is_object() && json->contains("markups");
}

std::vector<fs::path> landmarkFilesBeside(const std::vector<fs::path> &images)
{
    std::vector<fs::path> found;
    if (images.empty())
        return found;
    std::error_code ignored; // a folder that cannot be listed has nothing beside its images
    for (const auto &entry : fs::directory_iterator(images.front().parent_path(), ignored)) {
        const fs::path &file = entry.path();
        const bool named = std::any_of(images.begin(), images.end(),
                                       [&](const fs::path &image) { return stem(image) == utf8(file.stem()); });
        const bool readers = utf8(file.filename()).starts_with("landmarks-");
        if ((endsLikeMarkups(file) && !readers) || (file.extension() == ".csv" && named))
            found.push_back(file);
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<> readCaseLandmarks(ReviewCase &opened, const Json &landmarks, const fs::path &folder)
{
    opened.landmarkNames = landmarks.value("names", std::vector<std::string>());
    if (const auto reference = landmarks.value("reference", Json()); reference.is_string()) {
        auto set = readSet("reference", folder / fromUtf8(reference), opened.landmarkNames);
        if (!set)
            return fail(set.error());
        opened.referenceLandmarks = std::move(*set);
    }
    for (const auto &entry : landmarks.value("predictions", Json::array())) {
        auto set = readSet(entry.at("name"), folder / fromUtf8(entry.at("path")), opened.landmarkNames);
        if (!set)
            return fail(set.error());
        opened.landmarkPredictions.push_back(std::move(*set));
    }
    return {};
}

Result<> addLandmarkFiles(ReviewCase &opened, const std::vector<fs::path> &files)
{
    for (const fs::path &file : files) {
        auto set = readSet(setName(file), file, {});
        if (!set)
            return fail(set.error());
        if (opened.referenceLandmarks)
            opened.landmarkPredictions.push_back(std::move(*set));
        else
            opened.referenceLandmarks = std::move(*set);
    }
    return {};
}

} // namespace consilium::viewer
