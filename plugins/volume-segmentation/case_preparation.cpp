// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_preparation.h"

#include "imaging/canonical.h"
#include "imaging/nifti.h"
#include "imaging/normalise.h"
#include "imaging/resample.h"
#include "learning/inference/inference.h"

#include <algorithm>
#include <cmath>

namespace consilium::segmentation {

using imaging::Geometry;
using imaging::LabelMap;

namespace {

/// Two programs that write the same grid differ in the last digits of its header; a tenth of a voxel moves no label.
bool sameGrid(const Geometry &a, const Geometry &b)
{
    return a.sameGrid(b, 0.1 * std::min({a.spacing[0], a.spacing[1], a.spacing[2]}));
}

Result<> checkGrid(const std::string &caseId, const char *what, const std::filesystem::path &file, const Geometry &grid,
                   const Geometry &image, const std::filesystem::path &imageFile)
{
    if (grid.size != image.size)
        return fail(ErrorCode::Invalid, "Case {}: {} {} is {} but the image {} is {}", caseId, what, file.string(),
                    sizeText(grid), imageFile.filename().string(), sizeText(image));
    if (!sameGrid(image, grid))
        return fail(ErrorCode::Invalid, "Case {}: {} {} lies elsewhere in the patient than the image {}", caseId, what,
                    file.string(), imageFile.filename().string());
    return {};
}

Geometry preparedGrid(const Geometry &canonical, const std::array<double, 3> &spacing)
{
    const auto differs = [](double a, double b) { return std::abs(a - b) > 0.01 * b; };
    auto wanted = canonical.spacing;
    bool resampled = false;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (differs(canonical.spacing[axis], spacing[axis])) {
            wanted[axis] = spacing[axis];
            resampled = true;
        }
    }
    return resampled ? imaging::withSpacing(canonical, wanted) : canonical;
}

} // namespace

std::string sizeText(const Geometry &geometry)
{
    return fmt::format("{}x{}x{}", geometry.size[0], geometry.size[1], geometry.size[2]);
}

Result<RawCase> readCase(const tasks::DatasetCase &files, std::size_t labelCount)
{
    RawCase raw;
    for (const auto &file : files.channels) {
        auto volume = imaging::readNifti(file);
        if (!volume)
            return fail(volume.error(), "Case {}", files.id);
        if (!raw.channels.empty()) {
            if (auto same = checkGrid(files.id, "channel", file, volume->geometry, raw.channels.front().geometry,
                                      files.channels.front());
                !same)
                return fail(same.error());
        }
        raw.channels.push_back(std::move(*volume));
    }
    if (!files.labels)
        return raw;
    auto labels = imaging::readLabels(*files.labels);
    if (!labels)
        return fail(labels.error(), "Case {}", files.id);
    if (auto same = checkGrid(files.id, "label map", *files.labels, labels->geometry, raw.channels.front().geometry,
                              files.channels.front());
        !same)
        return fail(same.error());
    const auto highest = *std::max_element(labels->values.begin(), labels->values.end());
    if (highest >= labelCount)
        return fail(ErrorCode::Invalid,
                    "Case {}: label map {} holds the value {}, beyond the labels 0 to {} there should be", files.id,
                    files.labels->string(), highest, labelCount - 1);
    raw.labels = std::move(*labels);
    return raw;
}

Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan)
{
    if (files.channels.size() != plan.data.channels.size())
        return fail(ErrorCode::Invalid, "Case {} has {} channel(s), the plan {}", files.id, files.channels.size(),
                    plan.data.channels.size());
    auto raw = readCase(files, plan.data.labels.size());
    if (!raw)
        return fail(raw.error());
    PreparedCase prepared;
    prepared.original = raw->channels.front().geometry;
    prepared.canonical = imaging::canonicalGeometry(prepared.original);
    prepared.prepared = preparedGrid(prepared.canonical, plan.preprocessing.spacing);
    const bool resampled = !(prepared.prepared == prepared.canonical);

    auto &sample = prepared.sample;
    const auto &size = prepared.prepared.size;
    sample.id = files.id;
    sample.size = {size[2], size[1], size[0]};
    sample.channels = static_cast<int>(raw->channels.size());
    sample.image.reserve(static_cast<std::size_t>(sample.voxels()) * raw->channels.size());
    for (std::size_t channel = 0; channel < raw->channels.size(); ++channel) {
        auto volume = imaging::toCanonical(raw->channels[channel]);
        raw->channels[channel] = {};
        if (resampled)
            volume = imaging::resample(volume, prepared.prepared);
        if (plan.preprocessing.normalisation[channel] == "zscore") {
            if (auto normalised = imaging::zscore(volume); !normalised)
                return fail(normalised.error(), "Case {}: {}", files.id, files.channels[channel].string());
        }
        sample.image.insert(sample.image.end(), volume.values.begin(), volume.values.end());
    }
    if (files.labels) {
        auto labels = imaging::toCanonical(raw->labels);
        if (resampled)
            labels = imaging::resampleLabels(labels, prepared.prepared);
        sample.labels = std::move(labels.values);
    }
    return prepared;
}

Result<LabelMap> labelsOnOriginalGrid(std::span<learning::Network *const> networks, const Plan &plan,
                                      const learning::Sample &sample, const PreparedCase &prepared)
{
    auto prediction = learning::predict(*networks.front(), plan, sample);
    if (!prediction)
        return fail(prediction.error());
    LabelMap map{prepared.prepared, std::move(prediction->labels)};
    if (!(prepared.prepared == prepared.canonical))
        map = imaging::resampleLabels(map, prepared.canonical);
    return imaging::fromCanonical(map, prepared.original);
}

} // namespace consilium::segmentation
