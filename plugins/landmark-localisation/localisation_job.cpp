// SPDX-License-Identifier: GPL-3.0-or-later
#include "localisation_job.h"

#include "landmark_metrics.h"
#include "learning/inference/landmark_inference.h"

#include <algorithm>

namespace consilium::localisation {

using imaging::LandmarkSet;

Result<std::unique_ptr<tasks::TrainingJob>> LocalisationJob::open(const Plan &plan,
                                                                  const std::vector<std::filesystem::path> &folders,
                                                                  const tasks::OpenOptions &options)
{
    std::unique_ptr<LocalisationJob> job(new LocalisationJob(plan, options));
    if (auto opened = job->openFolders(folders); !opened)
        return fail(opened.error());
    return job;
}

Result<> LocalisationJob::checkDataset(const tasks::Dataset &dataset) const
{
    if (dataset.landmarks.empty())
        return fail(ErrorCode::Invalid, "Dataset {} has label maps, and the plan looks for landmarks",
                    dataset.folder.string());
    const auto &known = plan().data.landmarks;
    for (const auto &name : dataset.landmarks)
        if (std::find(known.begin(), known.end(), name) == known.end())
            return failWithHint(ErrorCode::Invalid, "Name landmarks as the plan does",
                                "Dataset {} has the landmark \"{}\", which the plan does not know",
                                dataset.folder.string(), name);
    return {};
}

Result<tasks::PreparedSample> LocalisationJob::prepare(const tasks::DatasetCase &files) const
{
    auto prepared = prepareCase(files, plan());
    if (!prepared)
        return fail(prepared.error());
    tasks::PreparedSample result{std::exchange(prepared->sample, {}), {}};
    result.own = std::move(*prepared);
    return result;
}

imaging::Geometry LocalisationJob::gridOf(const std::any &own) const
{
    return std::any_cast<const PreparedCase &>(own).square;
}

std::vector<std::string> LocalisationJob::metricNames() const
{
    return landmarkMetricNames(plan().data.landmarks);
}

double LocalisationJob::epochScore(const tasks::EvaluationResult &validation) const
{
    double score = 0;
    for (const auto &metric : validation.means)
        score += metric.name == "found" ? metric.value : metric.name == "errorShare" ? -metric.value : 0;
    return score;
}

Result<LandmarkSet> LocalisationJob::locate(tasks::Networks networks, const learning::Sample &sample,
                                            const PreparedCase &prepared) const
{
    const auto located = learning::locate(networks, plan(), sample);
    if (!located)
        return fail(located.error(), "Case {}", sample.id);
    LandmarkSet landmarks;
    for (std::size_t n = 0; n < located->size(); ++n) {
        const auto &point = (*located)[n];
        landmarks.points.push_back({plan().data.landmarks[n], prepared.square.toPatient({point.x, point.y, 0}),
                                    imaging::Visibility::Visible, point.confidence, false});
    }
    return landmarks;
}

Result<tasks::Scorer> LocalisationJob::scorer(std::span<const ModelState>) const
{
    return [this](tasks::Networks networks, const tasks::OpenedCase &entry) -> Result<tasks::CaseMetrics> {
        const auto &prepared = *std::any_cast<PreparedCase>(&entry.own);
        const auto answer = locate(networks, entry.sample, prepared);
        if (!answer)
            return fail(answer.error());
        return landmarkMetrics(entry.files.id, *answer, prepared.reference, prepared.height);
    };
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
    const auto prepared = prepareCase(files, plan());
    if (!prepared)
        return fail(prepared.error());
    const auto landmarks = locate(networks(models.size()), prepared->sample, *prepared);
    if (!landmarks)
        return fail(landmarks.error());
    return imaging::writeLandmarks(out, *landmarks);
}

} // namespace consilium::localisation
