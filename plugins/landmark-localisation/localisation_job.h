// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "case_preparation.h"
#include "learning/network.h"
#include "tasks/task.h"

#include <array>
#include <string>
#include <vector>

namespace consilium::localisation {

/// Training, evaluating and using one network on the prepared radiographs of one or several folders, all in memory.
class LocalisationJob : public tasks::TrainingJob
{
public:
    /// Errors: as openDataset and prepareCase; Refused (a folder with fewer cases than the plan's privacy allows);
    /// Invalid (a dataset of other channels than the plan's, or with a landmark that the plan does not know);
    /// Unsupported (network, device).
    static Result<std::unique_ptr<tasks::TrainingJob>>
    open(const Plan &plan, const std::vector<std::filesystem::path> &folders, const tasks::OpenOptions &options);

    int cases(tasks::Split split) const override;
    Result<ModelState> initialModel() override;
    Result<FitResult> fit(const ModelState &start, const FitRequest &request) override;
    Result<tasks::EvaluationResult> evaluate(std::span<const ModelState> models, tasks::Split split) override;
    Result<std::map<std::string, std::string>> chooseFinish(const ModelState &model) override;
    Result<> predict(std::span<const ModelState> models, const std::vector<std::filesystem::path> &channels,
                     const std::filesystem::path &out) override;

private:
    /// The cases of one split. `prepared` holds no pixels: the samples lie side by side for the trainer.
    struct SplitCases
    {
        std::vector<learning::Sample> samples;
        std::vector<PreparedCase> prepared;
    };

    LocalisationJob(Plan plan, tasks::OpenOptions options, learning::Network network)
        : m_plan(std::move(plan)), m_options(std::move(options))
    {
        m_networks.push_back(std::move(network));
    }
    Result<> addFolder(const std::filesystem::path &folder);
    Result<learning::Network> makeNetwork() const;
    /// Brings the models into as many networks.
    Result<> load(std::span<const ModelState> models);
    Result<imaging::LandmarkSet> locate(const learning::Sample &sample, const PreparedCase &prepared,
                                        std::size_t models);
    Result<tasks::EvaluationResult> evaluateLoaded(std::size_t models, tasks::Split split);
    /// The headline on the validation cases less the mean error as share of the picture's height, which decides where
    /// all landmarks are found.
    Result<double> validationScore();

    Plan m_plan;
    tasks::OpenOptions m_options;
    std::vector<learning::Network> m_networks; ///< one, and more once an ensemble was asked for
    std::array<SplitCases, 3> m_splits;
};

} // namespace consilium::localisation
