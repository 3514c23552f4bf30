// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_preparation.h"

#include "imaging/files/image_files.h"
#include "imaging/preparation/radiograph.h"
#include "tasks/normalisation.h"

#include <algorithm>
#include <cmath>

namespace consilium::localisation {

using imaging::Geometry;
using imaging::LandmarkSet;
using imaging::Visibility;
using imaging::Volume;

namespace {

constexpr int s_posterior = 1, s_superior = 2; // patient axes of LPS

Result<Volume> readPicture(const std::string &caseId, const std::filesystem::path &file)
{
    auto picture = imaging::readImage(file);
    if (!picture)
        return fail(picture.error(), "Case {}", caseId);
    const auto &size = picture->geometry.size;
    if (size[2] != 1)
        return fail(ErrorCode::Invalid, "Case {}: {} is {} x {} x {} voxels; a radiograph is one slice", caseId,
                    file.string(), size[0], size[1], size[2]);
    const auto &values = picture->values;
    const auto broken = std::count_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (broken > 0)
        return fail(ErrorCode::Invalid, "Case {}: {} holds {} pixel(s) that are not numbers", caseId, file.string(),
                    broken);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    if (*low == *high)
        return fail(ErrorCode::Invalid, "Case {}: {} has the value {} everywhere", caseId, file.string(), *low);
    return upright(std::move(*picture));
}

Result<LandmarkSet> readReference(const tasks::DatasetCase &files, const std::vector<std::string> &landmarks)
{
    const auto read = imaging::readLandmarks(*files.landmarks);
    if (!read)
        return fail(read.error(), "Case {}", files.id);
    auto ordered = read->ordered(landmarks);
    if (!ordered)
        return fail(ordered.error(), "Case {}: {}", files.id, files.landmarks->string());
    return ordered;
}

std::vector<learning::SamplePoint> pointsOf(const LandmarkSet &reference, const Geometry &picture,
                                            const Geometry &square)
{
    const auto shows = [&picture](const imaging::Vec3 &position) {
        const auto pixel = picture.toIndex(position);
        return pixel[0] >= -0.5 && pixel[0] <= picture.size[0] - 0.5 && pixel[1] >= -0.5 &&
               pixel[1] <= picture.size[1] - 0.5;
    };
    std::vector<learning::SamplePoint> points;
    for (const auto &landmark : reference.points) {
        const auto pixel = square.toIndex(landmark.position);
        const bool visible = landmark.visibility != Visibility::Absent && shows(landmark.position);
        points.push_back(visible ? learning::SamplePoint{pixel[0], pixel[1], true} : learning::SamplePoint{});
    }
    return points;
}

} // namespace

Volume upright(Volume picture)
{
    const auto &from = picture.geometry;
    const auto map = from.closestAxes();
    const int vertical = map.axis[0] == s_superior || map.axis[1] == s_superior ? s_superior : s_posterior;
    const std::size_t row = map.axis[1] == vertical ? 1 : 0, column = 1 - row;
    const bool reversed = map.sign[row] != (vertical == s_superior ? -1 : 1);
    if (row == 1 && !reversed)
        return picture;
    Geometry to = from;
    to.size = {from.size[column], from.size[row], 1};
    to.spacing = {from.spacing[column], from.spacing[row], from.spacing[2]};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        to.direction[axis][0] = from.direction[axis][column];
        to.direction[axis][1] = reversed ? -from.direction[axis][row] : from.direction[axis][row];
    }
    imaging::Vec3 first{};
    first[row] = reversed ? from.size[row] - 1 : 0;
    to.origin = from.toPatient(first);
    Volume turned{to, std::vector<float>(picture.values.size())};
    for (int j = 0; j < to.size[1]; ++j) {
        const int at = reversed ? to.size[1] - 1 - j : j;
        for (int i = 0; i < to.size[0]; ++i)
            turned.values[static_cast<std::size_t>(to.offset(i, j, 0))] =
                row == 1 ? picture.at(i, at, 0) : picture.at(at, i, 0);
    }
    return turned;
}

Result<RawCase> readCase(const tasks::DatasetCase &files, const std::vector<std::string> &landmarks)
{
    RawCase raw;
    for (const auto &file : files.channels) {
        auto picture = readPicture(files.id, file);
        if (!picture)
            return fail(picture.error());
        const auto &grid = raw.channels.empty() ? picture->geometry : raw.channels.front().geometry;
        // Two programs that write the same grid differ in the last digits of its header.
        if (!grid.sameGrid(picture->geometry, 0.1 * std::min(grid.spacing[0], grid.spacing[1])))
            return fail(ErrorCode::Invalid, "Case {}: channel {} is not on the grid of {}", files.id, file.string(),
                        files.channels.front().filename().string());
        raw.channels.push_back(std::move(*picture));
    }
    if (!files.landmarks)
        return raw;
    auto reference = readReference(files, landmarks);
    if (!reference)
        return fail(reference.error());
    raw.reference = std::move(*reference);
    return raw;
}

Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan)
{
    if (files.channels.size() != plan.data.channels.size())
        return fail(ErrorCode::Invalid, "Case {} has {} channel(s), the plan {}", files.id, files.channels.size(),
                    plan.data.channels.size());
    auto raw = readCase(files, plan.data.landmarks);
    if (!raw)
        return fail(raw.error());
    const int side = plan.training.patch[0];
    PreparedCase prepared;
    auto &sample = prepared.sample;
    sample.id = files.id;
    sample.size = {1, side, side};
    sample.channels = static_cast<int>(raw->channels.size());
    sample.image.reserve(static_cast<std::size_t>(sample.voxels()) * raw->channels.size());
    const auto picture = raw->channels.front().geometry;
    for (std::size_t channel = 0; channel < raw->channels.size(); ++channel) {
        auto &volume = raw->channels[channel];
        // Before it is fitted: the margins that make it square would enter the moments.
        if (auto normalised = tasks::normalise(volume, plan.preprocessing, channel); !normalised)
            return fail(normalised.error(), "Case {}: {}", files.id, files.channels[channel].string());
        const auto square = imaging::fitRadiograph(volume, side);
        if (!square)
            return fail(square.error(), "Case {}: {}", files.id, files.channels[channel].string());
        prepared.square = square->geometry;
        sample.image.insert(sample.image.end(), square->values.begin(), square->values.end());
        volume = {};
    }
    prepared.height = picture.size[1] * picture.spacing[1];
    sample.points = pointsOf(raw->reference, picture, prepared.square);
    for (std::size_t n = 0; n < sample.points.size(); ++n)
        if (!sample.points[n].visible)
            raw->reference.points[n].visibility = Visibility::Absent;
    prepared.reference = std::move(raw->reference);
    return prepared;
}

} // namespace consilium::localisation
