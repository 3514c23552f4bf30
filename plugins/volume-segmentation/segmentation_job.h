// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "case_preparation.h"
#include "learning/network.h"
#include "tasks/task.h"

#include <array>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// Training, evaluating and using one network on the prepared cases of one or several folders, all in memory.
class SegmentationJob : public tasks::TrainingJob
{
public:
    /// Errors: as openDataset and prepareCase; Refused (a folder with fewer cases than the plan's privacy allows);
    /// Invalid (a dataset of other channels or labels than the plan's); Unsupported (network, device).
    static Result<std::unique_ptr<tasks::TrainingJob>>
    open(const Plan &plan, const std::vector<std::filesystem::path> &folders, int threads, const std::string &device);

    int cases(tasks::Split split) const override;
    Result<ModelState> initialModel() override;
    Result<FitResult> fit(const ModelState &start, const FitRequest &request) override;
    Result<tasks::EvaluationResult> evaluate(const ModelState &model, tasks::Split split) override;
    Result<> predict(const ModelState &model, const std::vector<std::filesystem::path> &channels,
                     const std::filesystem::path &out) override;

private:
    /// The cases of one split. `prepared` holds the grids and no voxels: the samples lie side by side for the trainer.
    struct SplitCases
    {
        std::vector<learning::Sample> samples;
        std::vector<PreparedCase> prepared;
        std::vector<tasks::DatasetCase> files;
    };

    SegmentationJob(Plan plan, std::string device, learning::Network network)
        : m_plan(std::move(plan)), m_device(std::move(device)), m_network(std::move(network))
    {
    }
    Result<> addFolder(const std::filesystem::path &folder, int threads);
    Result<imaging::LabelMap> segment(const learning::Sample &sample, const PreparedCase &prepared);

    Plan m_plan;
    std::string m_device;
    learning::Network m_network;
    std::array<SplitCases, 3> m_splits;
};

} // namespace consilium::segmentation
