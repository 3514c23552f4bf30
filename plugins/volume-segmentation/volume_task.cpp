// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "fingerprint.h"
#include "planner.h"
#include "segmentation_job.h"
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

    Result<Plan> plan(const Json &preset, std::span<const Json> fingerprints,
                      std::vector<std::string> &reasons) override
    {
        return makePlan(preset, fingerprints, reasons);
    }

    Result<std::unique_ptr<tasks::TrainingJob>> open(const Plan &plan, const std::vector<std::filesystem::path> &data,
                                                     int threads, const std::string &device) override
    {
        return SegmentationJob::open(plan, data, threads, device);
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
