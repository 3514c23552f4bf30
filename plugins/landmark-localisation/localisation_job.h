// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "case_preparation.h"
#include "tasks/network_job.h"

namespace consilium::localisation {

/// One network that finds landmarks in radiographs.
class LocalisationJob : public tasks::NetworkJob
{
public:
    /// Errors: as NetworkJob::openFolders and prepareCase; Invalid (a dataset with a landmark that the plan does not
    /// know, or with none).
    static Result<std::unique_ptr<tasks::TrainingJob>>
    open(const Plan &plan, const std::vector<std::filesystem::path> &folders, const tasks::OpenOptions &options);

    Result<> predict(std::span<const ModelState> models, const std::vector<std::filesystem::path> &channels,
                     const std::filesystem::path &out) override;

private:
    using NetworkJob::NetworkJob;
    Result<> checkDataset(const tasks::Dataset &dataset) const override;
    Result<tasks::PreparedSample> prepare(const tasks::DatasetCase &files) const override;
    imaging::Geometry gridOf(const std::any &own) const override;
    Result<tasks::Scorer> scorer(std::span<const ModelState> models) const override;
    std::vector<std::string> metricNames() const override;
    /// The headline less the mean error as share of the picture's height, which decides where all landmarks are found.
    double epochScore(const tasks::EvaluationResult &validation) const override;

    Result<imaging::LandmarkSet> locate(tasks::Networks networks, const learning::Sample &sample,
                                        const PreparedCase &prepared) const;
};

} // namespace consilium::localisation
