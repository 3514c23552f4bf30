// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "fingerprint.h"
#include "imaging/nifti.h"
#include "learning/networks/torchscript_export.h"
#include "planner.h"
#include "segmentation_job.h"
#include "tasks/segmentation_metrics.h"
#include "tasks/task.h"

#include <QObject>

namespace consilium::segmentation {

class VolumeSegmentation : public tasks::Task
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
        return SegmentationJob::open(plan, data, options);
    }

    Result<> exportTorchScript(const Plan &plan, const ModelState &model,
                               const std::filesystem::path &out) const override
    {
        return learning::exportTorchScript(plan, model, out);
    }

    std::vector<std::string> metrics(const Plan &plan) const override
    {
        return tasks::segmentationMetricNames(plan.data.labels);
    }

    std::string resultEnding() const override { return ".nii.gz"; }

    Result<tasks::CaseMetrics> compare(const Plan &plan, const std::string &caseId, const std::filesystem::path &answer,
                                       const std::filesystem::path &reference) const override
    {
        const auto predicted = imaging::readLabels(answer);
        if (!predicted)
            return fail(predicted.error(), "Case {}", caseId);
        const auto truth = imaging::readLabels(reference);
        if (!truth)
            return fail(truth.error(), "Case {}", caseId);
        if (!predicted->geometry.sameGrid(truth->geometry, 0.1))
            return fail(ErrorCode::Invalid, "Case {}: prediction {} and reference {} are not on the same grid", caseId,
                        answer.string(), reference.string());
        return tasks::segmentationMetrics(caseId, predicted->values, truth->values, plan.data.labels);
    }
};

/// What Qt's plug-in loader finds in this library.
class VolumeSegmentationFactory : public QObject, public tasks::TaskFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID "org.consilium.TaskFactory/1" FILE "plugin.json")
    Q_INTERFACES(consilium::tasks::TaskFactory)

public:
    std::unique_ptr<tasks::Task> create() const override { return std::make_unique<VolumeSegmentation>(); }
};

} // namespace consilium::segmentation

#include "volume_task.moc"
