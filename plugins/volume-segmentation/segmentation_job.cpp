// SPDX-License-Identifier: GPL-3.0-or-later
#include "segmentation_job.h"

#include "finish.h"
#include "imaging/nifti.h"
#include "learning/inference/inference.h"
#include "tasks/segmentation_metrics.h"

#include <fmt/ranges.h>

namespace consilium::segmentation {

using imaging::LabelMap;
using tasks::OpenedCase;
using tasks::Split;

namespace {

/// The reference is compared as it lies on the disk: the resampling of preprocessing must not flatter the model.
Result<LabelMap> readReference(const tasks::DatasetCase &files, const LabelMap &predicted)
{
    auto reference = imaging::readLabels(*files.labels);
    if (!reference)
        return fail(reference.error(), "Case {}", files.id);
    if (reference->values.size() != predicted.values.size())
        return fail(ErrorCode::Invalid, "Case {}: label map {} has changed since it was opened", files.id,
                    files.labels->string());
    return reference;
}

const PreparedCase &gridsOf(const OpenedCase &entry)
{
    return *std::any_cast<PreparedCase>(&entry.own);
}

} // namespace

Result<std::unique_ptr<tasks::TrainingJob>> SegmentationJob::open(const Plan &plan,
                                                                  const std::vector<std::filesystem::path> &folders,
                                                                  const tasks::OpenOptions &options)
{
    std::unique_ptr<SegmentationJob> job(new SegmentationJob(plan, options));
    if (auto opened = job->openFolders(folders); !opened)
        return fail(opened.error());
    return job;
}

Result<> SegmentationJob::checkDataset(const tasks::Dataset &dataset) const
{
    if (dataset.labels.size() != plan().data.labels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} labels with the background, the plan {}",
                    dataset.folder.string(), dataset.labels.size(), plan().data.labels.size());
    return {};
}

Result<tasks::PreparedSample> SegmentationJob::prepare(const tasks::DatasetCase &files) const
{
    auto prepared = prepareCase(files, plan());
    if (!prepared)
        return fail(prepared.error());
    tasks::PreparedSample result{std::exchange(prepared->sample, {}), {}};
    result.own = std::move(*prepared);
    return result;
}

imaging::Geometry SegmentationJob::gridOf(const std::any &own) const
{
    return std::any_cast<const PreparedCase &>(own).prepared;
}

std::vector<std::string> SegmentationJob::metricNames() const
{
    return tasks::segmentationMetricNames(plan().data.labels);
}

std::vector<std::string> SegmentationJob::remarks() const
{
    const auto &patch = plan().training.patch;
    int small = 0, all = 0;
    std::string example;
    for (const auto split : {Split::Training, Split::Validation, Split::Test}) {
        for (const auto &sample : samples(split)) {
            ++all;
            bool fits = true;
            for (std::size_t axis = 0; axis < patch.size(); ++axis)
                fits = fits && sample.size[2 - axis] >= patch[axis];
            if (fits)
                continue;
            ++small;
            example = sample.id;
        }
    }
    if (small == 0)
        return {};
    return {fmt::format("{} of {} case(s), {} among them, are smaller than the patch of {} voxels along an axis; they "
                        "are padded with zeros",
                        small, all, example, fmt::join(patch, " x "))};
}

Result<LabelMap> SegmentationJob::segment(tasks::Networks networks, const learning::Sample &sample,
                                          const PreparedCase &prepared) const
{
    auto labels = labelsOnOriginalGrid(networks, plan(), sample, prepared, {[this](double) { return !stopAsked(); }});
    if (!labels && labels.error().code != ErrorCode::Cancelled)
        return fail(labels.error(), "Case {}", sample.id);
    return labels;
}

Result<tasks::Scorer> SegmentationJob::scorer(std::span<const ModelState> models) const
{
    const auto finish = Finish::of(models, plan());
    if (!finish)
        return fail(finish.error());
    return [this, finish = *finish](tasks::Networks networks, const OpenedCase &entry) -> Result<tasks::CaseMetrics> {
        auto predicted = segment(networks, entry.sample, gridsOf(entry));
        if (!predicted)
            return fail(predicted.error());
        finish.apply(*predicted);
        const auto reference = readReference(entry.files, *predicted);
        if (!reference)
            return fail(reference.error());
        return tasks::segmentationMetrics(entry.files.id, *predicted, *reference, plan().data.labels);
    };
}

Result<Json> SegmentationJob::finishEvidence(const ModelState &model)
{
    if (auto loaded = load({&model, 1}); !loaded)
        return fail(loaded.error());
    FinishEvidence evidence(plan().data.labels);
    const auto network = networks(1);
    const auto done = forEachCase(Split::Validation, [&](const OpenedCase &entry) -> Result<> {
        const auto predicted = segment(network, entry.sample, gridsOf(entry));
        if (!predicted)
            return fail(predicted.error());
        const auto reference = readReference(entry.files, *predicted);
        if (!reference)
            return fail(reference.error());
        evidence.add(*predicted, reference->values);
        return {};
    });
    if (!done)
        return fail(done.error());
    return evidence.toJson();
}

Result<> SegmentationJob::predict(std::span<const ModelState> models,
                                  const std::vector<std::filesystem::path> &channels, const std::filesystem::path &out)
{
    if (channels.empty())
        return fail(ErrorCode::Invalid, "There is no image to segment");
    if (auto loaded = load(models); !loaded)
        return loaded;
    const auto finish = Finish::of(models, plan());
    if (!finish)
        return fail(finish.error());
    const auto prepared = prepareCase({channels.front().filename().string(), {}, channels, std::nullopt}, plan());
    if (!prepared)
        return fail(prepared.error());
    auto labels = segment(networks(models.size()), prepared->sample, *prepared);
    if (!labels)
        return fail(labels.error());
    finish->apply(*labels);
    return imaging::writeLabels(out, *labels);
}

} // namespace consilium::segmentation
