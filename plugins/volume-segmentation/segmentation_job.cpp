// SPDX-License-Identifier: GPL-3.0-or-later
#include "segmentation_job.h"

#include "core/hash.h"
#include "imaging/nifti.h"
#include "learning/inference.h"
#include "learning/trainer.h"
#include "core/parallel.h"
#include "tasks/segmentation_metrics.h"

#include <algorithm>

namespace consilium::segmentation {

using tasks::Split;

namespace {

std::size_t indexOf(Split split)
{
    return static_cast<std::size_t>(split);
}

Result<> checkAgainstPlan(const tasks::Dataset &dataset, const Plan &plan)
{
    if (static_cast<int>(dataset.cases.size()) < plan.privacy.minimumCases)
        return failWithHint(ErrorCode::Refused,
                            "Too few cases would tell about single patients; add cases or leave the study",
                            "Dataset {} has {} case(s), and the plan asks for at least {}", dataset.folder.string(),
                            dataset.cases.size(), plan.privacy.minimumCases);
    if (dataset.channels.size() != plan.data.channels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} channel(s), the plan {}", dataset.folder.string(),
                    dataset.channels.size(), plan.data.channels.size());
    if (dataset.labels.size() != plan.data.labels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} labels with the background, the plan {}",
                    dataset.folder.string(), dataset.labels.size(), plan.data.labels.size());
    return {};
}

} // namespace

Result<std::unique_ptr<tasks::TrainingJob>> SegmentationJob::open(const Plan &plan,
                                                                  const std::vector<std::filesystem::path> &folders,
                                                                  int threads, const std::string &device)
{
    if (auto available = learning::checkDevice(device); !available)
        return fail(available.error());
    learning::setThreads(std::max(threads, 1));
    auto network = learning::Network::create(plan, plan.seed, device);
    if (!network)
        return fail(network.error());
    std::unique_ptr<SegmentationJob> job(new SegmentationJob(plan, device, std::move(*network)));
    for (const auto &folder : folders) {
        if (auto added = job->addFolder(folder, threads); !added)
            return fail(added.error());
    }
    return job;
}

Result<> SegmentationJob::addFolder(const std::filesystem::path &folder, int threads)
{
    const auto dataset = tasks::openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    if (auto fits = checkAgainstPlan(*dataset, m_plan); !fits)
        return fits;
    std::vector<PreparedCase> prepared(dataset->cases.size());
    const auto done = forEachIndex(prepared.size(), threads, [&](std::size_t index) -> Result<> {
        auto one = prepareCase(dataset->cases[index], m_plan);
        if (!one)
            return fail(one.error());
        prepared[index] = std::move(*one);
        return {};
    });
    if (!done)
        return done;
    const auto splits = tasks::splitCases(*dataset, m_plan.seed);
    for (std::size_t index = 0; index < prepared.size(); ++index) {
        auto &split = m_splits[indexOf(splits[index])];
        split.samples.push_back(std::move(prepared[index].sample));
        prepared[index].sample = {};
        split.prepared.push_back(std::move(prepared[index]));
        split.files.push_back(dataset->cases[index]);
    }
    return {};
}

int SegmentationJob::cases(Split split) const
{
    return static_cast<int>(m_splits[indexOf(split)].samples.size());
}

Result<ModelState> SegmentationJob::initialModel()
{
    const auto network = learning::Network::create(m_plan, m_plan.seed, m_device);
    if (!network)
        return fail(network.error());
    return network->state();
}

Result<tasks::TrainingJob::FitResult> SegmentationJob::fit(const ModelState &start, const FitRequest &request)
{
    const auto &samples = m_splits[indexOf(Split::Training)].samples;
    if (samples.empty())
        return fail(ErrorCode::Invalid, "There is no training case: no data folder was opened");
    if (auto loaded = m_network.load(start); !loaded)
        return fail(loaded.error());
    learning::FitOptions options;
    options.steps = request.steps > 0 ? request.steps : m_plan.stepsPerRound();
    options.firstStep = request.firstStep >= 0 ? request.firstStep : (request.round - 1) * m_plan.stepsPerRound();
    options.totalSteps = std::max(m_plan.totalSteps(), options.firstStep + options.steps);
    // The place in the study enters the seed, so that one seed does not draw the same patches in every round.
    options.seed = derivedSeed(request.seed, "fit", static_cast<std::uint64_t>(options.firstStep));
    if (request.progress) {
        const int perEpoch = m_plan.training.batchesPerEpoch;
        options.progress = [&request, perEpoch](const learning::FitProgress &progress) {
            const int epochs = (progress.steps + perEpoch - 1) / perEpoch;
            return request.progress(
                {std::max(0, progress.step - 1) / perEpoch + 1, epochs, progress.step, progress.steps, progress.loss});
        };
    }
    const auto summary = learning::fit(m_network, m_plan, samples, options);
    if (!summary)
        return fail(summary.error());
    return FitResult{m_network.state(), static_cast<int>(samples.size()), summary->loss};
}

Result<imaging::LabelMap> SegmentationJob::segment(const learning::Sample &sample, const PreparedCase &prepared)
{
    auto prediction = learning::predict(m_network, m_plan, sample);
    if (!prediction)
        return fail(prediction.error(), "Case {}", sample.id);
    return toOriginalGrid(std::move(prediction->labels), prepared);
}

Result<tasks::EvaluationResult> SegmentationJob::evaluate(const ModelState &model, Split split)
{
    if (auto loaded = m_network.load(model); !loaded)
        return fail(loaded.error());
    tasks::EvaluationResult result;
    const auto &chosen = m_splits[indexOf(split)];
    for (std::size_t index = 0; index < chosen.samples.size(); ++index) {
        const auto predicted = segment(chosen.samples[index], chosen.prepared[index]);
        if (!predicted)
            return fail(predicted.error());
        // The reference is compared as it lies on the disk: the resampling of preprocessing must not flatter the model.
        const auto reference = imaging::readLabels(*chosen.files[index].labels);
        if (!reference)
            return fail(reference.error(), "Case {}", chosen.files[index].id);
        if (reference->values.size() != predicted->values.size())
            return fail(ErrorCode::Invalid, "Case {}: label map {} has changed since it was opened",
                        chosen.files[index].id, chosen.files[index].labels->string());
        result.cases.push_back(tasks::segmentationMetrics(chosen.files[index].id, predicted->values, reference->values,
                                                          m_plan.data.labels));
    }
    result.means = tasks::meanMetrics(result.cases, m_plan.data.labels);
    return result;
}

Result<> SegmentationJob::predict(const ModelState &model, const std::vector<std::filesystem::path> &channels,
                                  const std::filesystem::path &out)
{
    if (channels.empty())
        return fail(ErrorCode::Invalid, "There is no image to segment");
    if (auto loaded = m_network.load(model); !loaded)
        return loaded;
    const auto prepared = prepareCase({channels.front().filename().string(), {}, channels, std::nullopt}, m_plan);
    if (!prepared)
        return fail(prepared.error());
    const auto labels = segment(prepared->sample, *prepared);
    if (!labels)
        return fail(labels.error());
    return imaging::writeLabels(out, *labels);
}

} // namespace consilium::segmentation
