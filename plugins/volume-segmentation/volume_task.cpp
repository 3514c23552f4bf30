// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "fingerprint.h"
#include "finish.h"
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

    Result<std::map<std::string, std::string>> chooseFinish(const Plan &plan,
                                                            std::span<const Json> evidence) const override
    {
        FinishEvidence pooled(plan.data.labels);
        for (const auto &part : evidence) {
            if (auto added = pooled.add(part); !added)
                return fail(added.error());
        }
        return Finish::choose(pooled).metadata(plan.data.labels);
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
        if (!onSameGrid(truth->geometry, predicted->geometry))
            return fail(ErrorCode::Invalid, "Case {}: prediction {} and reference {} are not on the same grid", caseId,
                        answer.string(), reference.string());
        return tasks::segmentationMetrics(caseId, *predicted, *truth, plan.data.labels);
    }
};

/// What Qt's plug-in loader finds in this library.
class VolumeSegmentationFactory : public QObject, public tasks::TaskFactory
{
    Q_OBJECT
    Q_PLUGIN_METADATA(IID CONSILIUM_TASK_FACTORY_ID FILE "plugin.json")
    Q_INTERFACES(consilium::tasks::TaskFactory)

public:
    std::unique_ptr<tasks::Task> create() const override { return std::make_unique<VolumeSegmentation>(); }
};

} // namespace consilium::segmentation

#include "volume_task.moc"
