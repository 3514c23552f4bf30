// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_preparation.h"

#include "imaging/canonical.h"
#include "imaging/nifti.h"
#include "imaging/resample.h"
#include "tasks/normalisation.h"

#include <algorithm>
#include <cmath>

namespace consilium::segmentation {

using imaging::Geometry;
using imaging::LabelMap;
using imaging::Volume;

namespace {

Result<> checkGrid(const std::string &caseId, const char *what, const std::filesystem::path &file, const Geometry &grid,
                   const Geometry &image, const std::filesystem::path &imageFile)
{
    if (grid.size != image.size)
        return fail(ErrorCode::Invalid, "Case {}: {} {} is {} but the image {} is {}", caseId, what, file.string(),
                    sizeText(grid), imageFile.filename().string(), sizeText(image));
    if (!onSameGrid(image, grid))
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

/// Reads one channel; `first` is the grid of the first one, for the others.
Result<Volume> readChannel(const tasks::DatasetCase &files, std::size_t channel, const Geometry *first)
{
    const auto &file = files.channels[channel];
    auto volume = imaging::readNifti(file);
    if (!volume)
        return fail(volume.error(), "Case {}", files.id);
    if (first) {
        if (auto same = checkGrid(files.id, "channel", file, volume->geometry, *first, files.channels.front()); !same)
            return fail(same.error());
    }
    const auto damaged = std::ranges::count_if(volume->values, [](float value) { return !std::isfinite(value); });
    if (damaged > 0)
        return failWithHint(ErrorCode::Invalid, "Give them a value, for example that of the background",
                            "Case {}: {} holds {} voxel(s) that are not finite numbers", files.id, file.string(),
                            damaged);
    return volume;
}

Result<LabelMap> readLabelMap(const tasks::DatasetCase &files, const Geometry &image, std::size_t labelCount)
{
    auto labels = imaging::readLabels(*files.labels);
    if (!labels)
        return fail(labels.error(), "Case {}", files.id);
    if (auto same = checkGrid(files.id, "label map", *files.labels, labels->geometry, image, files.channels.front());
        !same)
        return fail(same.error());
    const auto highest = *std::max_element(labels->values.begin(), labels->values.end());
    if (highest >= labelCount)
        return fail(ErrorCode::Invalid,
                    "Case {}: label map {} holds the value {}, beyond the labels 0 to {} there should be", files.id,
                    files.labels->string(), highest, labelCount - 1);
    return labels;
}

/// In canonical order on the prepared grid, without a copy where the file has it so.
Volume onPreparedGrid(Volume volume, const PreparedCase &grids)
{
    if (!(grids.canonical == grids.original))
        volume = imaging::toCanonical(volume);
    return grids.prepared == grids.canonical ? volume : imaging::resample(volume, grids.prepared);
}

} // namespace

bool onSameGrid(const Geometry &a, const Geometry &b)
{
    return a.sameGrid(b, 0.1 * std::min({a.spacing[0], a.spacing[1], a.spacing[2]}));
}

std::string sizeText(const Geometry &geometry)
{
    return fmt::format("{}x{}x{}", geometry.size[0], geometry.size[1], geometry.size[2]);
}

Result<RawCase> readCase(const tasks::DatasetCase &files, std::size_t labelCount)
{
    RawCase raw;
    for (std::size_t channel = 0; channel < files.channels.size(); ++channel) {
        auto volume = readChannel(files, channel, channel == 0 ? nullptr : &raw.channels.front().geometry);
        if (!volume)
            return fail(volume.error());
        raw.channels.push_back(std::move(*volume));
    }
    if (!files.labels)
        return raw;
    auto labels = readLabelMap(files, raw.channels.front().geometry, labelCount);
    if (!labels)
        return fail(labels.error());
    raw.labels = std::move(*labels);
    return raw;
}

Result<PreparedCase> prepareCase(const tasks::DatasetCase &files, const Plan &plan)
{
    if (files.channels.size() != plan.data.channels.size())
        return fail(ErrorCode::Invalid, "Case {} has {} channel(s), the plan {}", files.id, files.channels.size(),
                    plan.data.channels.size());
    PreparedCase prepared;
    auto &sample = prepared.sample;
    sample.id = files.id;
    sample.channels = static_cast<int>(files.channels.size());
    for (std::size_t channel = 0; channel < files.channels.size(); ++channel) {
        auto read = readChannel(files, channel, channel == 0 ? nullptr : &prepared.original);
        if (!read)
            return fail(read.error());
        if (channel == 0) {
            prepared.original = read->geometry;
            prepared.canonical = imaging::canonicalGeometry(prepared.original);
            prepared.prepared = preparedGrid(prepared.canonical, plan.preprocessing.spacing);
            const auto &size = prepared.prepared.size;
            sample.size = {size[2], size[1], size[0]};
        }
        auto volume = onPreparedGrid(std::move(*read), prepared);
        if (auto normalised = tasks::normalise(volume, plan.preprocessing, channel); !normalised)
            return fail(normalised.error(), "Case {}: {}", files.id, files.channels[channel].string());
        if (sample.channels == 1) {
            sample.image = std::move(volume.values);
            break;
        }
        sample.image.reserve(static_cast<std::size_t>(sample.voxels() * sample.channels));
        sample.image.insert(sample.image.end(), volume.values.begin(), volume.values.end());
    }
    if (files.labels) {
        auto labels = readLabelMap(files, prepared.original, plan.data.labels.size());
        if (!labels)
            return fail(labels.error());
        if (!(prepared.canonical == prepared.original))
            *labels = imaging::toCanonical(*labels);
        if (!(prepared.prepared == prepared.canonical))
            *labels = imaging::resampleLabels(*labels, prepared.prepared);
        sample.labels = std::move(labels->values);
    }
    return prepared;
}

} // namespace consilium::segmentation
