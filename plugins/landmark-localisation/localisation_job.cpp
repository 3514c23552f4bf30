// SPDX-License-Identifier: GPL-3.0-or-later
#include "localisation_job.h"

#include "core/hash.h"
#include "core/parallel.h"
#include "landmark_metrics.h"
#include "learning/inference/landmark_inference.h"
#include "learning/training/trainer.h"

#include <algorithm>

namespace consilium::localisation {

using imaging::LandmarkSet;
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
    if (dataset.landmarks.empty())
        return fail(ErrorCode::Invalid, "Dataset {} has label maps, and the plan looks for landmarks",
                    dataset.folder.string());
    const auto &known = plan.data.landmarks;
    for (const auto &name : dataset.landmarks)
        if (std::find(known.begin(), known.end(), name) == known.end())
            return failWithHint(ErrorCode::Invalid, "Name landmarks as the plan does",
                                "Dataset {} has the landmark \"{}\", which the plan does not know",
                                dataset.folder.string(), name);
    return {};
}

} // namespace

Result<std::unique_ptr<tasks::TrainingJob>> LocalisationJob::open(const Plan &plan,
                                                                  const std::vector<std::filesystem::path> &folders,
                                                                  const tasks::OpenOptions &options)
{
    if (auto available = learning::checkDevice(options.device); !available)
        return fail(available.error());
    learning::setThreads(std::max(options.threads, 1));
    auto network = learning::Network::create(plan, plan.seed, options.device, options.module);
    if (!network)
        return fail(network.error());
    std::unique_ptr<LocalisationJob> job(new LocalisationJob(plan, options, std::move(*network)));
    for (const auto &folder : folders) {
        if (auto added = job->addFolder(folder); !added)
            return fail(added.error());
    }
    return job;
}

Result<learning::Network> LocalisationJob::makeNetwork() const
{
    return learning::Network::create(m_plan, m_plan.seed, m_options.device, m_options.module);
}

Result<> LocalisationJob::addFolder(const std::filesystem::path &folder)
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
    }
    return {};
}

int LocalisationJob::cases(Split split) const
{
    return static_cast<int>(m_splits[indexOf(split)].samples.size());
}

Result<ModelState> LocalisationJob::initialModel()
{
    const auto network = makeNetwork();
    if (!network)
        return fail(network.error());
    return network->state();
}

Result<tasks::TrainingJob::FitResult> LocalisationJob::fit(const ModelState &start, const FitRequest &request)
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
    // The place in the study enters the seed, so that one seed does not draw the same pictures in every round.
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

Result<double> LocalisationJob::validationScore()
{
    const auto result = evaluateLoaded(1, Split::Validation);
    if (!result)
        return fail(result.error());
    double score = 0;
    for (const auto &metric : result->means)
        score += metric.name == "found" ? metric.value : metric.name == "errorShare" ? -metric.value : 0;
    return score;
}

Result<> LocalisationJob::load(std::span<const ModelState> models)
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

Result<LandmarkSet> LocalisationJob::locate(const learning::Sample &sample, const PreparedCase &prepared,
                                            std::size_t models)
{
    std::vector<learning::Network *> networks;
    for (std::size_t index = 0; index < models; ++index)
        networks.push_back(&m_networks[index]);
    const auto located = learning::locate(networks, m_plan, sample);
    if (!located)
        return fail(located.error(), "Case {}", sample.id);
    LandmarkSet landmarks;
    for (std::size_t n = 0; n < located->size(); ++n) {
        const auto &point = (*located)[n];
        landmarks.points.push_back({m_plan.data.landmarks[n], prepared.square.toPatient({point.x, point.y, 0}),
                                    imaging::Visibility::Visible, point.confidence, false});
    }
    return landmarks;
}

Result<tasks::EvaluationResult> LocalisationJob::evaluateLoaded(std::size_t models, Split split)
{
    tasks::EvaluationResult result;
    const auto &chosen = m_splits[indexOf(split)];
    for (std::size_t index = 0; index < chosen.samples.size(); ++index) {
        const auto &prepared = chosen.prepared[index];
        const auto answer = locate(chosen.samples[index], prepared, models);
        if (!answer)
            return fail(answer.error());
        result.cases.push_back(landmarkMetrics(chosen.samples[index].id, *answer, prepared.reference, prepared.height));
    }
    result.means = tasks::meanMetrics(result.cases, landmarkMetricNames(m_plan.data.landmarks));
    return result;
}

Result<tasks::EvaluationResult> LocalisationJob::evaluate(std::span<const ModelState> models, Split split)
{
    if (auto loaded = load(models); !loaded)
        return fail(loaded.error());
    return evaluateLoaded(models.size(), split);
}

Result<std::map<std::string, std::string>> LocalisationJob::chooseFinish(const ModelState &)
{
    return std::map<std::string, std::string>{}; // a point has no regions to leave out
}

Result<> LocalisationJob::predict(std::span<const ModelState> models,
                                  const std::vector<std::filesystem::path> &channels, const std::filesystem::path &out)
{
    if (channels.empty())
        return fail(ErrorCode::Invalid, "There is no radiograph to look at");
    if (auto loaded = load(models); !loaded)
        return loaded;
    tasks::DatasetCase files;
    files.id = channels.front().filename().string();
    files.channels = channels;
    const auto prepared = prepareCase(files, m_plan);
    if (!prepared)
        return fail(prepared.error());
    const auto landmarks = locate(prepared->sample, *prepared, models.size());
    if (!landmarks)
        return fail(landmarks.error());
    return imaging::writeLandmarks(out, *landmarks);
}

} // namespace consilium::localisation
