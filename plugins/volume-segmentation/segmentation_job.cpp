// SPDX-License-Identifier: GPL-3.0-or-later
#include "segmentation_job.h"

#include "core/hash.h"
#include "core/parallel.h"
#include "imaging/nifti.h"
#include "learning/training/trainer.h"
#include "tasks/segmentation_metrics.h"

#include <algorithm>
#include <fmt/ranges.h>

namespace consilium::segmentation {

using imaging::LabelMap;
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

} // namespace

Result<std::unique_ptr<tasks::TrainingJob>> SegmentationJob::open(const Plan &plan,
                                                                  const std::vector<std::filesystem::path> &folders,
                                                                  const tasks::OpenOptions &options)
{
    if (auto available = learning::checkDevice(options.device); !available)
        return fail(available.error());
    learning::setThreads(std::max(options.threads, 1));
    auto network = learning::Network::create(plan, plan.seed, options.device, options.module);
    if (!network)
        return fail(network.error());
    std::unique_ptr<SegmentationJob> job(new SegmentationJob(plan, options, std::move(*network)));
    for (const auto &folder : folders) {
        if (auto added = job->addFolder(folder); !added)
            return fail(added.error());
    }
    return job;
}

Result<learning::Network> SegmentationJob::makeNetwork() const
{
    return learning::Network::create(m_plan, m_plan.seed, m_options.device, m_options.module);
}

Result<> SegmentationJob::addFolder(const std::filesystem::path &folder)
{
    const auto dataset = tasks::openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    if (auto fits = checkAgainstPlan(*dataset, m_plan); !fits)
        return fits;
    std::vector<PreparedCase> prepared(dataset->cases.size());
    const auto done = forEachIndex(prepared.size(), m_options.threads, [&](std::size_t index) -> Result<> {
        auto one = prepareCase(dataset->cases[index], m_plan);
        if (!one)
            return fail(one.error());
        prepared[index] = std::move(*one);
        return {};
    });
    if (!done)
        return done;
    const auto splits = m_options.fold < 0
                            ? Result<std::vector<Split>>(tasks::splitCases(*dataset, m_plan.seed))
                            : tasks::foldCases(*dataset, m_plan.seed, m_options.fold, m_plan.training.folds);
    if (!splits)
        return fail(splits.error());
    for (std::size_t index = 0; index < prepared.size(); ++index) {
        auto &split = m_splits[indexOf((*splits)[index])];
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

std::vector<std::string> SegmentationJob::remarks() const
{
    const auto &patch = m_plan.training.patch;
    int small = 0, all = 0;
    std::string example;
    for (const auto &split : m_splits) {
        for (const auto &sample : split.samples) {
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

Result<ModelState> SegmentationJob::initialModel()
{
    const auto network = makeNetwork();
    if (!network)
        return fail(network.error());
    return network->state();
}

Result<tasks::TrainingJob::FitResult> SegmentationJob::fit(const ModelState &start, const FitRequest &request)
{
    const auto &samples = m_splits[indexOf(Split::Training)].samples;
    if (samples.empty())
        return fail(ErrorCode::Invalid, "There is no training case: no data folder was opened");
    if (auto loaded = load({&start, 1}); !loaded)
        return fail(loaded.error());
    learning::FitOptions options;
    options.steps = request.steps > 0 ? request.steps : m_plan.stepsPerRound();
    options.firstStep = request.firstStep >= 0 ? request.firstStep : (request.round - 1) * m_plan.stepsPerRound();
    options.totalSteps = std::max(m_plan.totalSteps(), options.firstStep + options.steps);
    // The place in the study enters the seed, so that one seed does not draw the same patches in every round.
    options.seed = derivedSeed(request.seed, "fit", static_cast<std::uint64_t>(options.firstStep));
    options.checkpoint = request.checkpoint;
    // A processor that trains has none to spare for more; one that feeds another device has.
    options.loaders = m_options.device == "cpu" ? 1 : std::max(1, m_options.threads);
    if (request.retain > 0)
        options.retention = learning::Retention{start, request.retain};
    if (request.selectBest && cases(Split::Validation) > 0)
        options.validate = [this](learning::Network &) { return validationScore(); };
    if (request.progress) {
        const int perEpoch = m_plan.training.batchesPerEpoch;
        options.progress = [&request, perEpoch](const learning::FitProgress &progress) {
            const int epochs = (progress.steps + perEpoch - 1) / perEpoch;
            return request.progress(
                {std::max(0, progress.step - 1) / perEpoch + 1, epochs, progress.step, progress.steps, progress.loss});
        };
    }
    const auto summary = learning::fit(m_networks.front(), m_plan, samples, options);
    if (!summary)
        return fail(summary.error());
    FitResult result;
    result.model = m_networks.front().state();
    result.samples = static_cast<int>(samples.size());
    result.loss = summary->loss;
    result.steps = summary->steps;
    result.bestEpoch = summary->bestEpoch;
    result.endedEarly = summary->endedEarly;
    for (const auto &[epoch, score] : summary->scores)
        result.epochScores.emplace_back(epoch, score);
    return result;
}

Result<double> SegmentationJob::validationScore()
{
    const auto result = evaluateLoaded(1, {}, Split::Validation);
    if (!result)
        return fail(result.error());
    return result->means.empty() ? 0.0 : result->means.front().value;
}

Result<> SegmentationJob::load(std::span<const ModelState> models)
{
    if (models.empty())
        return fail(ErrorCode::Invalid, "There is no model to answer with");
    while (m_networks.size() < models.size()) {
        auto network = makeNetwork();
        if (!network)
            return fail(network.error());
        m_networks.push_back(std::move(*network));
    }
    for (std::size_t index = 0; index < models.size(); ++index) {
        if (auto loaded = m_networks[index].load(models[index]); !loaded)
            return loaded;
    }
    return {};
}

Result<LabelMap> SegmentationJob::segment(const learning::Sample &sample, const PreparedCase &prepared,
                                          std::size_t models)
{
    std::vector<learning::Network *> networks;
    for (std::size_t index = 0; index < models; ++index)
        networks.push_back(&m_networks[index]);
    auto labels = labelsOnOriginalGrid(networks, m_plan, sample, prepared);
    if (!labels)
        return fail(labels.error(), "Case {}", sample.id);
    return labels;
}

Result<tasks::EvaluationResult> SegmentationJob::evaluateLoaded(std::size_t models, const Finish &finish, Split split)
{
    tasks::EvaluationResult result;
    const auto &chosen = m_splits[indexOf(split)];
    for (std::size_t index = 0; index < chosen.samples.size(); ++index) {
        auto predicted = segment(chosen.samples[index], chosen.prepared[index], models);
        if (!predicted)
            return fail(predicted.error());
        finish.apply(*predicted);
        const auto reference = readReference(chosen.files[index], *predicted);
        if (!reference)
            return fail(reference.error());
        result.cases.push_back(tasks::segmentationMetrics(chosen.files[index].id, predicted->values, reference->values,
                                                          m_plan.data.labels));
    }
    result.means = tasks::meanMetrics(result.cases, tasks::segmentationMetricNames(m_plan.data.labels));
    return result;
}

Result<tasks::EvaluationResult> SegmentationJob::evaluate(std::span<const ModelState> models, Split split)
{
    if (auto loaded = load(models); !loaded)
        return fail(loaded.error());
    const auto finish = Finish::of(models, m_plan);
    if (!finish)
        return fail(finish.error());
    return evaluateLoaded(models.size(), *finish, split);
}

Result<std::map<std::string, std::string>> SegmentationJob::chooseFinish(const ModelState &model)
{
    if (auto loaded = load({&model, 1}); !loaded)
        return fail(loaded.error());
    const auto &chosen = m_splits[indexOf(Split::Validation)];
    std::vector<FinishCase> cases;
    for (std::size_t index = 0; index < chosen.samples.size(); ++index) {
        auto predicted = segment(chosen.samples[index], chosen.prepared[index], 1);
        if (!predicted)
            return fail(predicted.error());
        auto reference = readReference(chosen.files[index], *predicted);
        if (!reference)
            return fail(reference.error());
        cases.push_back({std::move(*predicted), std::move(reference->values)});
    }
    return Finish::choose(cases, m_plan.data.labels).metadata(m_plan.data.labels);
}

Result<> SegmentationJob::predict(std::span<const ModelState> models,
                                  const std::vector<std::filesystem::path> &channels, const std::filesystem::path &out)
{
    if (channels.empty())
        return fail(ErrorCode::Invalid, "There is no image to segment");
    if (auto loaded = load(models); !loaded)
        return loaded;
    const auto finish = Finish::of(models, m_plan);
    if (!finish)
        return fail(finish.error());
    const auto prepared = prepareCase({channels.front().filename().string(), {}, channels, std::nullopt}, m_plan);
    if (!prepared)
        return fail(prepared.error());
    auto labels = segment(prepared->sample, *prepared, models.size());
    if (!labels)
        return fail(labels.error());
    finish->apply(*labels);
    return imaging::writeLabels(out, *labels);
}

} // namespace consilium::segmentation
