// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "fingerprint.h"
#include "imaging/nifti.h"
#include "landmark_metrics.h"
#include "localisation_job.h"
#include "planner.h"
#include "tasks/task.h"

#include <QObject>

namespace consilium::localisation {

namespace {

/// The picture's height in mm, from the dataset that the reference lies in: landmarksTr/CASE.mrk.json has its picture
/// in imagesTr/CASE_0000.nii.gz. Nothing when the reference lies by itself.
std::optional<double> pictureHeight(const std::string &caseId, const std::filesystem::path &reference)
{
    const auto images = reference.parent_path().parent_path() / "imagesTr";
    for (const auto *ending : {"_0000.nii.gz", "_0000.nii"}) {
        const auto header = imaging::readNiftiHeader(images / (caseId + ending));
        if (!header)
            continue;
        const auto grid = upright({header->geometry, {}}).geometry;
        return grid.size[1] * grid.spacing[1];
    }
    return std::nullopt;
}

Result<imaging::LandmarkSet> readOrdered(const Plan &plan, const std::string &caseId, const std::filesystem::path &file)
{
    const auto read = imaging::readLandmarks(file);
    if (!read)
        return fail(read.error(), "Case {}", caseId);
    auto ordered = read->ordered(plan.data.landmarks);
    if (!ordered)
        return fail(ordered.error(), "Case {}: {}", caseId, file.string());
    return ordered;
}

} // namespace

class LandmarkLocalisation : public tasks::Task
{
public:
    Result<Json> fingerprint(const std::filesystem::path &data, const Json &preset) override
    {
        return datasetFingerprint(data, preset, platform::availableCores());
    }

    Result<Plan> plan(const Json &preset, std::span<const Json> fingerprints, const tasks::PlanRequest &request,
                      std::vector<std::string> &reasons) override
    {
        return makePlan(preset, fingerprints, request, reasons);
    }

    Result<std::unique_ptr<tasks::TrainingJob>> open(const Plan &plan, const std::vector<std::filesystem::path> &data,
                                                     const tasks::OpenOptions &options) override
    {
        return LocalisationJob::open(plan, data, options);
    }

    std::vector<std::string> metrics(const Plan &plan) const override
    {
        return landmarkMetricNames(plan.data.landmarks);
    }

    std::string resultEnding() const override { return ".mrk.json"; }

    /// Shares of the picture's height need the picture: they are there when the reference lies in a dataset.
    Result<tasks::CaseMetrics> compare(const Plan &plan, const std::string &caseId, const std::filesystem::path &answer,
                                       const std::filesystem::path &reference) const override
    {
        const auto told = readOrdered(plan, caseId, answer);
        if (!told)
            return fail(told.error());
        const auto truth = readOrdered(plan, caseId, reference);
        if (!truth)
            return fail(truth.error());
        return landmarkMetrics(caseId, *told, *truth, pictureHeight(caseId, reference));
    }
};

/// What Qt's plug-in loader finds in this library.
class LandmarkLocalisationFactory : public QObject, public tasks::TaskFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID CONSILIUM_TASK_FACTORY_ID FILE "plugin.json")
    Q_INTERFACES(consilium::tasks::TaskFactory)

public:
    std::unique_ptr<tasks::Task> create() const override { return std::make_unique<LandmarkLocalisation>(); }
};

} // namespace consilium::localisation

#include "landmark_task.moc"
