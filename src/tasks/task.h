// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/model_state.h"
#include "core/plan.h"
#include "tasks/case_preview.h"
#include "tasks/dataset.h"

#include <QtPlugin>
#include <functional>
#include <map>
#include <memory>
#include <span>

namespace consilium::tasks {

/// One number that a model earned on some cases.
struct Metric
{
    std::string name; ///< "dice", "dice:anterior", "found", "error", "loss"
    double value = 0;
    int support = 0; ///< cases it is the mean of
};

struct CaseMetrics
{
    std::string caseId;
    std::vector<Metric> metrics; ///< in the order of Task::metrics
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
        int steps = 0;      ///< 0: stepsPerRound()
        int firstStep = -1; ///< -1: (round - 1) * stepsPerRound()
        std::uint64_t seed = 0;
        std::function<bool(const TrainingProgress &)> progress; ///< false stops
        /// Folder that keeps the state, so that a fit which was killed goes on in it; the caller removes it once the
        /// result is stored. Empty: none is kept.
        std::filesystem::path checkpoint = {};
        /// Scores every epoch on the validation cases, keeps the best epoch's weights, and ends early where the plan's
        /// training.patience says so; the schedule "plateau" goes by these scores.
        bool selectBest = false;
        /// Weight of learning without forgetting: how much the model should go on answering as the start did; 0: not.
        double retain = 0;
        /// mu of a proximal term to `anchor` (nullptr: to the start), learning::Proximal; 0: none.
        double proximal = 0;
        const ModelState *anchor = nullptr;
        /// Added to the gradients, learning::FitOptions::correction; nullptr: nothing.
        const ModelState *correction = nullptr;
    };
    struct FitResult
    {
        ModelState model;
        int samples = 0; ///< training cases: the weight in the mean
        double loss = 0;
        int steps = 0;                                   ///< done
        double learningRateSum = 0;                      ///< of those steps
        int bestEpoch = 0;                               ///< 0: the last step's weights
        bool endedEarly = false;                         ///< by training.patience
        std::vector<std::pair<int, double>> epochScores; ///< (epoch, score on the validation cases)
    };

    virtual int cases(Split split) const = 0;
    /// Optimiser steps in one round: training.epochsPerRound epochs, each as long as training.epochLength says of the
    /// training cases opened.
    virtual int stepsPerRound() const = 0;
    /// What a person should know of the data before they train, a sentence each: nothing that keeps them from training.
    virtual std::vector<std::string> remarks() const { return {}; }
    /// The plan's first model, drawn from the plan's seed: the same at every site.
    virtual Result<ModelState> initialModel() = 0;
    virtual Result<FitResult> fit(const ModelState &start, const FitRequest &request) = 0;
    /// Several models are an ensemble, at least one: their mean answers. What Task::chooseFinish found is applied where
    /// the metadata of all of them hold the same.
    virtual Result<EvaluationResult> evaluate(std::span<const ModelState> models, Split split) = 0;
    /// What the validation cases say of each way to finish the model's answers, for Task::chooseFinish: sums and
    /// counts, of no single case. A task that finishes nothing has none.
    virtual Result<Json> finishEvidence(const ModelState &) { return Json::object(); }
    /// Answers for one case (one image file per channel) in `out`, whose name ends in Task::resultEnding, in the place
    /// of the first channel's image. Several models are an ensemble.
    virtual Result<> predict(std::span<const ModelState> models, const std::vector<std::filesystem::path> &channels,
                             const std::filesystem::path &out) = 0;
    /// What the network is given of one case, and what it would learn from: `patches` patches drawn and augmented as a
    /// fit of that seed draws its first ones, were the case the only one. The case need not be among those opened.
    /// Errors: as Task::open for the case; Invalid (patches asked for of a case without reference); Unsupported (a task
    /// that cannot show it).
    virtual Result<CasePreview> preview(const DatasetCase &, int, std::uint64_t)
    {
        return fail(ErrorCode::Unsupported, "This kind of task cannot show what its network sees");
    }
};

/// How a job is opened.
struct OpenOptions
{
    int threads = 1;
    std::string device = "cpu";
    std::filesystem::path module = {}; ///< the file of a network of kind "torchscript"
    int fold = -1; ///< 0 to training.folds - 1: the cases of that fold validate; -1: the fixed splits
    /// What is read and prepared; empty: all. Counts that a plan asks for are of the whole dataset all the same.
    std::vector<Split> splits = {};
    /// Asked between cases and between the tiles of one: true ends what the job does with Cancelled.
    std::function<bool()> stopRequested = {};
};

/// What `plan` is asked beside the data.
struct PlanRequest
{
    double memory = 8e9;    ///< bytes that training may take, of the device or the host
    bool configure = false; ///< the preset's network (its kind apart), patch and batch size are found anew
    std::vector<std::pair<std::string, std::string>> settings; ///< plan keys a person fixes, as Plan::set; they win
};

/// One kind of training task; a plug-in implements it.
class Task
{
public:
    virtual ~Task() = default;

    /// The summary of a dataset that may leave the site: counts, sizes, spacings, intensity moments; never a voxel.
    virtual Result<Json> fingerprint(const std::filesystem::path &data, const Json &preset) = 0;
    /// Merges fingerprints and fixes the plan. `reasons` receives one sentence per decision.
    virtual Result<Plan> plan(const Json &preset, std::span<const Json> fingerprints, const PlanRequest &request,
                              std::vector<std::string> &reasons) = 0;
    /// Opens the data for a plan; several folders are pooled (centralised training). No folder: for initialModel and
    /// predict. Reads and normalises every case once, checking labels against images: errors name the case and the
    /// file.
    virtual Result<std::unique_ptr<TrainingJob>> open(const Plan &plan, const std::vector<std::filesystem::path> &data,
                                                      const OpenOptions &options) = 0;
    /// Writes a model as a TorchScript module that gives the network's logits, for use without this program. Errors:
    /// Unsupported (a network without such a form); Invalid (not a model of this plan); Io.
    virtual Result<> exportTorchScript(const Plan &plan, const ModelState &, const std::filesystem::path &) const
    {
        return fail(ErrorCode::Unsupported, "Networks of kind '{}' have no TorchScript form", plan.network.kind);
    }
    /// Chooses how answers are finished (segmentation: keeping the largest region of a label, leaving out small ones),
    /// if that does better, from TrainingJob::finishEvidence of one training, or of all folds of a cross-validation,
    /// whose validation cases are then every training case once. The result is metadata for each of those models;
    /// empty: nothing is changed. Errors: Malformed (evidence of another plan).
    virtual Result<std::map<std::string, std::string>> chooseFinish(const Plan &, std::span<const Json>) const
    {
        return std::map<std::string, std::string>{};
    }
    /// Names of the metrics that evaluation gives, the headline first: of that one more is better, and it lies in 0 to
    /// 1.
    virtual std::vector<std::string> metrics(const Plan &plan) const = 0;
    /// How files of answers end: ".nii.gz", ".mrk.json".
    virtual std::string resultEnding() const = 0;
    /// Measures one answer against a reference file. Errors: as their reading; Invalid (they do not lie on one grid).
    virtual Result<CaseMetrics> compare(const Plan &plan, const std::string &caseId,
                                        const std::filesystem::path &answer,
                                        const std::filesystem::path &reference) const = 0;
};

/// What a plug-in's library says that it is, and the program asks for: the number counts changes of these interfaces. A
/// macro because Qt's meta-object compiler reads it.
#define CONSILIUM_TASK_FACTORY_ID "org.consilium.TaskFactory/4"

/// What the plug-in's library exports.
class TaskFactory
{
public:
    virtual ~TaskFactory() = default;
    virtual std::unique_ptr<Task> create() const = 0;
};

/// The task of the plug-in of that kind ("volume-segmentation"). Errors: as loadPlugin (plugin_loader.h).
Result<std::unique_ptr<Task>> loadTask(const std::string &kind);

/// Per name in `names` the mean over the cases that have it, with their number; names that no case has are left out.
std::vector<Metric> meanMetrics(std::span<const CaseMetrics> cases, const std::vector<std::string> &names);

/// Finds a preset by name in the resources (resources/tasks/<name>.json beside the program, installed, or in the source
/// tree) or takes a path to a task file. Errors: NotFound, listing the names there are; Malformed.
Result<Json> loadPreset(const std::string &nameOrPath);
/// The names of the presets in the resources, in alphabetical order.
std::vector<std::string> presetNames();

/// How the built-in demo study of a preset is made: resources/demo/<name>.json with
/// {"sites": n, "cases": [per site], "rounds": n, "set": {"training.batchSize": 2, ...}}; "set" overrides plan keys as
/// Plan::set does. Errors: NotFound (this preset has no demo of its own); Malformed.
Result<Json> loadDemo(const std::string &presetName);

} // namespace consilium::tasks

Q_DECLARE_INTERFACE(consilium::tasks::TaskFactory, CONSILIUM_TASK_FACTORY_ID)
