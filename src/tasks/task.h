// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/model_state.h"
#include "core/plan.h"
#include "tasks/dataset.h"

#include <QtPlugin>
#include <functional>
#include <memory>
#include <span>

namespace consilium::tasks {

/// One number that a model earned on some cases.
struct Metric
{
    std::string name; ///< "dice", "dice:anterior", "loss"
    double value = 0;
    int support = 0; ///< cases it is the mean of
};

struct CaseMetrics
{
    std::string caseId;
    std::vector<Metric> metrics; ///< "dice" (mean foreground), then one "dice:<label>" per label
};

struct EvaluationResult
{
    std::vector<Metric> means;      ///< over the cases
    std::vector<CaseMetrics> cases; ///< stay at the site; only the means travel
};

struct TrainingProgress
{
    int epoch = 0, epochs = 0; ///< 1-based
    int step = 0, steps = 0;   ///< of this fit
    double loss = 0;
};

/// Training and using one model on the data of one or several folders.
class TrainingJob
{
public:
    virtual ~TrainingJob() = default;

    struct FitRequest
    {
        int round = 1;      ///< 1-based: with steps per round it places the schedule
        int steps = 0;      ///< 0: the plan's steps per round
        int firstStep = -1; ///< -1: (round - 1) * steps per round
        std::uint64_t seed = 0;
        std::function<bool(const TrainingProgress &)> progress; ///< false stops
    };
    struct FitResult
    {
        ModelState model;
        int samples = 0; ///< training cases: the weight in the mean
        double loss = 0;
    };

    virtual int cases(Split split) const = 0;
    /// The plan's first model, drawn from the plan's seed: the same at every site.
    virtual Result<ModelState> initialModel() = 0;
    virtual Result<FitResult> fit(const ModelState &start, const FitRequest &request) = 0;
    virtual Result<EvaluationResult> evaluate(const ModelState &model, Split split) = 0;
    /// Segments the images of one case (one file per channel) and writes `out` (.nii.gz) on the grid of the first
    /// channel.
    virtual Result<> predict(const ModelState &model, const std::vector<std::filesystem::path> &channels,
                             const std::filesystem::path &out) = 0;
};

/// One kind of training task; a plug-in implements it.
class Task
{
public:
    virtual ~Task() = default;

    /// The summary of a dataset that may leave the site: counts, sizes, spacings, intensity moments; never a voxel.
    virtual Result<Json> fingerprint(const std::filesystem::path &data, const Json &preset) = 0;
    /// Merges fingerprints and fixes the plan. `reasons` receives one sentence per decision.
    virtual Result<Plan> plan(const Json &preset, std::span<const Json> fingerprints,
                              std::vector<std::string> &reasons) = 0;
    /// Opens the data for a plan; several folders are pooled (centralised training). No folder: for initialModel and
    /// predict. Reads and normalises every case once, checking labels against images: errors name the case and the
    /// file.
    virtual Result<std::unique_ptr<TrainingJob>> open(const Plan &plan, const std::vector<std::filesystem::path> &data,
                                                      int threads, const std::string &device) = 0;
};

/// What the plug-in's library exports.
class TaskFactory
{
public:
    virtual ~TaskFactory() = default;
    virtual std::unique_ptr<Task> create() const = 0;
};

/// Loads the task plug-in of that kind ("volume-segmentation") from the plugins folder beside the program
/// (bin/plugins/<kind>/), of a bin folder beside the program's own (as tests have), or the installed one
/// (lib/consilium/plugins/<kind>/). Errors: NotFound, Malformed.
Result<std::unique_ptr<Task>> loadTask(const std::string &kind);

/// Finds a preset by name in the resources (resources/tasks/<name>.json beside the program, installed, or in the source
/// tree) or takes a path to a task file. Errors: NotFound, listing the names there are; Malformed.
Result<Json> loadPreset(const std::string &nameOrPath);

/// How the built-in demo study of a preset is made: resources/demo/<name>.json with
/// {"sites": n, "cases": [per site], "rounds": n, "set": {"training.batchSize": 2, ...}}; "set" overrides plan keys as
/// Plan::set does. Errors: NotFound (this preset has no demo of its own); Malformed.
Result<Json> loadDemo(const std::string &presetName);

} // namespace consilium::tasks

Q_DECLARE_INTERFACE(consilium::tasks::TaskFactory, "org.consilium.TaskFactory/1")
