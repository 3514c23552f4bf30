// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/network_job.h"

#include "core/hash.h"
#include "core/parallel.h"
#include "learning/training/trainer.h"

#include <algorithm>
#include <limits>

namespace consilium::tasks {

namespace {

std::size_t indexOf(Split split)
{
    return static_cast<std::size_t>(split);
}

} // namespace

Result<> NetworkJob::openFolders(const std::vector<std::filesystem::path> &folders)
{
    if (auto available = learning::checkDevice(m_options.device); !available)
        return available;
    learning::setThreads(std::max(m_options.threads, 1));
    auto network = makeNetwork();
    if (!network)
        return fail(network.error());
    m_networks.push_back(std::move(*network));
    for (const auto &folder : folders) {
        if (auto added = addFolder(folder); !added)
            return added;
    }
    return checkSteps();
}

Result<learning::Network> NetworkJob::makeNetwork() const
{
    return learning::Network::create(m_plan, m_plan.seed, m_options.device, m_options.module);
}

bool NetworkJob::opens(Split split) const
{
    const auto &wanted = m_options.splits;
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), split) != wanted.end();
}

Result<> NetworkJob::checkAgainstPlan(const Dataset &dataset) const
{
    if (static_cast<int>(dataset.cases.size()) < m_plan.privacy.minimumCases)
        return failWithHint(ErrorCode::Refused,
                            "Too few cases would tell about single patients; add cases or leave the study",
                            "Dataset {} has {} case(s), and the plan asks for at least {}", dataset.folder.string(),
                            dataset.cases.size(), m_plan.privacy.minimumCases);
    if (dataset.channels.size() != m_plan.data.channels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} channel(s), the plan {}", dataset.folder.string(),
                    dataset.channels.size(), m_plan.data.channels.size());
    return checkDataset(dataset);
}

Result<> NetworkJob::addFolder(const std::filesystem::path &folder)
{
    const auto dataset = openDataset(folder);
    if (!dataset)
        return fail(dataset.error());
    if (auto fits = checkAgainstPlan(*dataset); !fits)
        return fits;
    const auto splits = m_options.fold < 0 ? Result<std::vector<Split>>(splitCases(*dataset, m_plan.seed))
                                           : foldCases(*dataset, m_plan.seed, m_options.fold, m_plan.training.folds);
    if (!splits)
        return fail(splits.error());
    std::vector<std::size_t> wanted;
    for (std::size_t index = 0; index < splits->size(); ++index) {
        if (opens((*splits)[index]))
            wanted.push_back(index);
    }
    std::vector<PreparedSample> prepared(wanted.size());
    const auto done = forEachIndex(wanted.size(), m_options.threads, [&](std::size_t index) -> Result<> {
        if (stopAsked())
            return fail(ErrorCode::Cancelled, "Stopped while the cases of {} were read", dataset->folder.string());
        auto one = prepare(dataset->cases[wanted[index]]);
        if (!one)
            return fail(one.error());
        prepared[index] = std::move(*one);
        return {};
    });
    if (!done)
        return done;
    for (std::size_t index = 0; index < wanted.size(); ++index) {
        auto &split = m_splits[indexOf((*splits)[wanted[index]])];
        split.samples.push_back(std::move(prepared[index].sample));
        split.files.push_back(dataset->cases[wanted[index]]);
        split.own.push_back(std::move(prepared[index].own));
    }
    return {};
}

std::span<const learning::Sample> NetworkJob::samples(Split split) const
{
    return m_splits[indexOf(split)].samples;
}

int NetworkJob::cases(Split split) const
{
    return static_cast<int>(samples(split).size());
}

int NetworkJob::stepsPerEpoch() const
{
    const auto &training = m_plan.training;
    if (training.epochLength == "batches")
        return training.batchesPerEpoch;
    return std::max(1, (cases(Split::Training) + training.batchSize - 1) / training.batchSize);
}

/// A fit counts the steps of a study in an int.
Result<> NetworkJob::checkSteps() const
{
    const auto steps = std::int64_t{stepsPerEpoch()} * m_plan.training.epochsPerRound * m_plan.federation.rounds;
    if (steps > std::numeric_limits<int>::max())
        return failWithHint(ErrorCode::Invalid, "Take fewer rounds or epochs, or larger batches",
                            "The study would take {} steps with the {} training cases here", steps,
                            cases(Split::Training));
    return {};
}

Result<ModelState> NetworkJob::initialModel()
{
    const auto network = makeNetwork();
    if (!network)
        return fail(network.error());
    return network->state();
}

Result<TrainingJob::FitResult> NetworkJob::fit(const ModelState &start, const FitRequest &request)
{
    const auto training = samples(Split::Training);
    if (training.empty())
        return fail(ErrorCode::Invalid, "There is no training case: no data folder was opened");
    if (auto loaded = load({&start, 1}); !loaded)
        return fail(loaded.error());
    learning::FitOptions options;
    options.steps = request.steps > 0 ? request.steps : stepsPerRound();
    options.firstStep = request.firstStep >= 0 ? request.firstStep : (request.round - 1) * stepsPerRound();
    options.totalSteps = std::max(stepsPerRound() * m_plan.federation.rounds, options.firstStep + options.steps);
    options.stepsPerEpoch = stepsPerEpoch();
    // The place in the study enters the seed, so that one seed does not draw the same patches in every round.
    options.seed = derivedSeed(request.seed, "fit", static_cast<std::uint64_t>(options.firstStep));
    options.checkpoint = request.checkpoint;
    // A processor that trains has none to spare for more; one that feeds another device has.
    options.loaders = m_options.device == "cpu" ? 1 : std::max(1, m_options.threads);
    if (request.retain > 0)
        options.retention = learning::Retention{start, request.retain};
    if (request.proximal > 0)
        options.proximal = learning::Proximal{request.anchor ? *request.anchor : start, request.proximal};
    if (request.correction)
        options.correction = *request.correction;
    if (request.selectBest && cases(Split::Validation) > 0)
        options.validate = [this](learning::Network &) { return validationScore(); };
    if (request.progress) {
        options.progress = [&request, perEpoch = options.stepsPerEpoch](const learning::FitProgress &progress) {
            const int epochs = (progress.steps + perEpoch - 1) / perEpoch;
            return request.progress(
                {std::max(0, progress.step - 1) / perEpoch + 1, epochs, progress.step, progress.steps, progress.loss});
        };
    }
    const auto summary = learning::fit(m_networks.front(), m_plan, training, options);
    if (!summary)
        return fail(summary.error());
    FitResult result;
    result.model = m_networks.front().state();
    result.samples = static_cast<int>(training.size());
    result.loss = summary->loss;
    result.steps = summary->steps;
    result.learningRateSum = summary->learningRateSum;
    result.bestEpoch = summary->bestEpoch;
    result.endedEarly = summary->endedEarly;
    for (const auto &[epoch, score] : summary->scores)
        result.epochScores.emplace_back(epoch, score);
    return result;
}

Result<double> NetworkJob::validationScore()
{
    const auto score = scorer({});
    if (!score)
        return fail(score.error());
    const auto result = evaluateLoaded(1, *score, Split::Validation);
    if (!result)
        return fail(result.error());
    return epochScore(*result);
}

double NetworkJob::epochScore(const EvaluationResult &validation) const
{
    return validation.means.empty() ? 0.0 : validation.means.front().value;
}

Result<> NetworkJob::load(std::span<const ModelState> models)
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

std::vector<learning::Network *> NetworkJob::networks(std::size_t count)
{
    std::vector<learning::Network *> first;
    for (std::size_t index = 0; index < count; ++index)
        first.push_back(&m_networks[index]);
    return first;
}

Result<> NetworkJob::forEachCase(Split split, const std::function<Result<>(const OpenedCase &)> &work) const
{
    if (!opens(split))
        return fail(ErrorCode::Invalid, "The {} cases were not opened", name(split));
    const auto &chosen = m_splits[indexOf(split)];
    for (std::size_t index = 0; index < chosen.samples.size(); ++index) {
        if (stopAsked())
            return fail(ErrorCode::Cancelled, "Stopped after {} of {} {} case(s)", index, chosen.samples.size(),
                        name(split));
        if (auto done = work({chosen.files[index], chosen.samples[index], chosen.own[index]}); !done)
            return done;
    }
    return {};
}

Result<EvaluationResult> NetworkJob::evaluateLoaded(std::size_t models, const Scorer &score, Split split)
{
    EvaluationResult result;
    const auto answering = networks(models);
    const auto done = forEachCase(split, [&](const OpenedCase &entry) -> Result<> {
        auto metrics = score(answering, entry);
        if (!metrics)
            return fail(metrics.error());
        result.cases.push_back(std::move(*metrics));
        return {};
    });
    if (!done)
        return fail(done.error());
    result.means = meanMetrics(result.cases, metricNames());
    return result;
}

Result<EvaluationResult> NetworkJob::evaluate(std::span<const ModelState> models, Split split)
{
    if (auto loaded = load(models); !loaded)
        return fail(loaded.error());
    const auto score = scorer(models);
    if (!score)
        return fail(score.error());
    return evaluateLoaded(models.size(), *score, split);
}

} // namespace consilium::tasks
