// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "case_preparation.h"
#include "tasks/network_job.h"

namespace consilium::segmentation {

/// One network that says of every voxel which label it has.
class SegmentationJob : public tasks::NetworkJob
{
public:
    /// Errors: as NetworkJob::openFolders and prepareCase; Invalid (a dataset of other labels than the plan's).
    static Result<std::unique_ptr<tasks::TrainingJob>>
    open(const Plan &plan, const std::vector<std::filesystem::path> &folders, const tasks::OpenOptions &options);

    std::vector<std::string> remarks() const override;
    Result<Json> finishEvidence(const ModelState &model) override;
    Result<> predict(std::span<const ModelState> models, const std::vector<std::filesystem::path> &channels,
                     const std::filesystem::path &out) override;

private:
    using NetworkJob::NetworkJob;
    Result<> checkDataset(const tasks::Dataset &dataset) const override;
    Result<tasks::PreparedSample> prepare(const tasks::DatasetCase &files) const override;
    imaging::Geometry gridOf(const std::any &own) const override;
    Result<tasks::Scorer> scorer(std::span<const ModelState> models) const override;
    std::vector<std::string> metricNames() const override;

    Result<imaging::LabelMap> segment(tasks::Networks networks, const learning::Sample &sample,
                                      const PreparedCase &prepared) const;
};

} // namespace consilium::segmentation
