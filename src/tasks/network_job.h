// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/sample.h"
#include "tasks/task.h"

#include <any>
#include <array>
#include <string>
#include <vector>

namespace consilium::tasks {

/// A case as the network wants it, and what a task needs beside it to answer on the case's own files.
struct PreparedSample
{
    learning::Sample sample;
    std::any own; ///< the task's alone
};

/// A case of a job that was opened.
struct OpenedCase
{
    const DatasetCase &files;
    const learning::Sample &sample;
    const std::any &own; ///< of its PreparedSample
};

using Networks = std::span<learning::Network *const>;

/// Measures what the networks, an ensemble, answer for one case.
using Scorer = std::function<Result<CaseMetrics>(Networks networks, const OpenedCase &entry)>;

/// Training, evaluating and using one network on the prepared cases of one or several folders, all in memory. What
/// cases are and how answers are measured a task says by deriving from it.
class NetworkJob : public TrainingJob
{
public:
    int cases(Split split) const override;
    int stepsPerRound() const override { return stepsPerEpoch() * m_plan.training.epochsPerRound; }
    Result<ModelState> initialModel() override;
    Result<FitResult> fit(const ModelState &start, const FitRequest &request) override;
    Result<EvaluationResult> evaluate(std::span<const ModelState> models, Split split) override;
    Result<CasePreview> preview(const DatasetCase &files, int patches, std::uint64_t seed) override;

protected:
    NetworkJob(Plan plan, OpenOptions options) : m_plan(std::move(plan)), m_options(std::move(options)) {}

    /// To be called once, before anything else. Errors: as openDataset, checkDataset and prepare; Refused (a folder
    /// with fewer cases than the plan's privacy allows); Invalid (a dataset of other channels than the plan's; more
    /// steps than can be counted);
    /// Unsupported (network, device); Cancelled.
    Result<> openFolders(const std::vector<std::filesystem::path> &folders);
    /// Brings the models into as many networks. Errors: Invalid (no model, or not of this plan).
    Result<> load(std::span<const ModelState> models);
    /// The first `count` of the networks that load() filled.
    std::vector<learning::Network *> networks(std::size_t count);
    /// Hands the cases of a split on, one after another. Errors: Invalid (a split that was not opened); Cancelled;
    /// those of `work`.
    Result<> forEachCase(Split split, const std::function<Result<>(const OpenedCase &)> &work) const;
    bool stopAsked() const { return m_options.stopRequested && m_options.stopRequested(); }

    const Plan &plan() const { return m_plan; }
    std::span<const learning::Sample> samples(Split split) const;

private:
    /// Whether a dataset of as many channels as the plan's has the references that the plan wants.
    virtual Result<> checkDataset(const Dataset &dataset) const = 0;
    /// Called from several threads.
    virtual Result<PreparedSample> prepare(const DatasetCase &files) const = 0;
    /// Where a prepared sample's voxels lie in the patient.
    virtual imaging::Geometry gridOf(const std::any &own) const = 0;
    /// How answers of `models` are measured; without models as the networks give them. Errors: Malformed (metadata).
    virtual Result<Scorer> scorer(std::span<const ModelState> models) const = 0;
    virtual std::vector<std::string> metricNames() const = 0;
    /// What decides between epochs, more is better: the headline unless the task knows better.
    virtual double epochScore(const EvaluationResult &validation) const;

    /// The samples of one split lie side by side for the trainer.
    struct SplitCases
    {
        std::vector<learning::Sample> samples;
        std::vector<DatasetCase> files;
        std::vector<std::any> own;
    };

    bool opens(Split split) const;
    int stepsPerEpoch() const;
    Result<> checkSteps() const;
    Result<> checkAgainstPlan(const Dataset &dataset) const;
    Result<> addFolder(const std::filesystem::path &folder);
    Result<learning::Network> makeNetwork() const;
    Result<EvaluationResult> evaluateLoaded(std::size_t models, const Scorer &score, Split split);
    Result<double> validationScore();

    Plan m_plan;
    OpenOptions m_options;
    std::vector<learning::Network> m_networks; ///< one, and more once an ensemble was asked for
    std::array<SplitCases, 3> m_splits;
};

} // namespace consilium::tasks
