// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event.h"
#include "core/hash.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "node/command.h"
#include "node/console.h"
#include "node/planned_job.h"

#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct TrainOptions
{
    std::string plan, device = "cpu", from;
    fs::path out;
    std::vector<fs::path> data;
    int epochs = 0, threads = 0, fold = 0; ///< fold counts from 1; 0: all of them
    double retain = 0;
    bool events = false;
};

/// One model to be trained: of a fold, or the only one.
struct Training
{
    const TrainOptions &options;
    const Plan &plan;     ///< as it trains here
    std::string planHash; ///< of the plan as its file has it
    int fold;             ///< -1 without cross-validation
    fs::path folder;

    std::string title() const
    {
        return fold < 0 ? std::string() : fmt::format("fold {} of {}: ", fold + 1, plan.training.folds);
    }
};

/// What is known of a model once it is trained: training.json beside it.
struct Trained
{
    Json record;
    std::vector<tasks::Metric> validation;
};

void printEvent(const std::string &event, const std::string &text, Json details)
{
    std::cout << Event{now(), event, {}, 0, text, std::move(details)}.toJson().dump() << std::endl;
}

Result<ModelState> startingModel(const Training &training, tasks::TrainingJob &job)
{
    if (training.options.from.empty())
        return job.initialModel();
    auto model = readSafetensors(training.options.from);
    // What finished another training's answers says nothing of this one's.
    if (model)
        model->metadata.clear();
    return model;
}

/// What decides a training's result beside the data themselves.
Json settingsOf(const Training &training)
{
    auto data = Json::array();
    for (const auto &folder : training.options.data)
        data.push_back(folder.string());
    return {{"plan", training.planHash},
            {"data", data},
            {"plannedSteps", training.plan.totalSteps()},
            {"from", training.options.from},
            {"retain", training.options.retain}};
}

/// Reports progress of one training on the terminal or as events, and collects the losses.
class Reporter
{
public:
    explicit Reporter(const Training &training)
        : m_training(training), m_line(training.options.events), m_began(std::chrono::steady_clock::now())
    {
    }

    bool report(const tasks::TrainingProgress &now)
    {
        m_losses.push_back({{"step", now.step}, {"loss", now.loss}});
        if (m_firstStep == 0)
            m_firstStep = now.step;
        const auto text = fmt::format("{}epoch {} of {}, step {} of {}, loss {:.3f}", m_training.title(), now.epoch,
                                      now.epochs, now.step, now.steps, now.loss);
        m_line.show(fmt::format("{}{}", text, remaining(now)));
        if (m_training.options.events)
            printEvent("progress", text,
                       {{"epoch", now.epoch},
                        {"epochs", now.epochs},
                        {"step", now.step},
                        {"steps", now.steps},
                        {"loss", now.loss}});
        m_stoppedAt = now.step;
        return !platform::stopRequested();
    }

    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_began).count(); }
    int stoppedAt() const { return m_stoppedAt; }
    Json losses() && { return std::move(m_losses); }

private:
    /// A training that goes on after a stop has steps behind it that took no time now.
    std::string remaining(const tasks::TrainingProgress &now) const
    {
        const int done = now.step - m_firstStep;
        return done > 0 ? fmt::format(", {:.0f} s left", seconds() / done * (now.steps - now.step)) : std::string();
    }

    const Training &m_training;
    ProgressLine m_line;
    std::chrono::steady_clock::time_point m_began;
    Json m_losses = Json::array();
    int m_firstStep = 0, m_stoppedAt = 0;
};

Json recordOf(const Training &training, const tasks::TrainingJob::FitResult &fitted, Reporter &&reporter,
              const std::vector<tasks::Metric> &validation)
{
    auto record = settingsOf(training);
    auto scores = Json::array();
    for (const auto &[epoch, score] : fitted.epochScores)
        scores.push_back({{"epoch", epoch}, {"score", score}});
    const auto finish = fitted.model.metadata.find("finish");
    record.update({{"steps", fitted.steps},
                   {"seconds", reporter.seconds()},
                   {"trainingCases", fitted.samples},
                   {"loss", std::move(reporter).losses()},
                   {"scores", scores},
                   {"bestEpoch", fitted.bestEpoch},
                   {"endedEarly", fitted.endedEarly},
                   {"finish", finish == fitted.model.metadata.end() ? Json(nullptr) : Json::parse(finish->second)},
                   {"validation", toJson(validation)}});
    return record;
}

std::string inWords(const Training &training, const tasks::TrainingJob::FitResult &fitted, double seconds,
                    const std::vector<tasks::Metric> &validation)
{
    auto text = fmt::format("{}Trained on {} case(s), {} step(s) in {:.0f} s, loss {:.3f}", training.title(),
                            fitted.samples, fitted.steps, seconds, fitted.loss);
    if (fitted.bestEpoch > 0)
        text += fmt::format(", weights of epoch {}", fitted.bestEpoch);
    if (fitted.endedEarly)
        text += fmt::format(", ended early after {} epoch(s) without a better one", training.plan.training.patience);
    return text + "; validation: " + (validation.empty() ? "no cases" : metricsInWords(validation));
}

Result<Trained> trainOne(const Training &training)
{
    const auto &options = training.options;
    const auto &plan = training.plan;
    const auto opened =
        openJob(plan, options.data, {options.threads, options.device, moduleBeside(options.plan, plan), training.fold});
    if (!opened)
        return fail(opened.error());
    auto &job = *opened->job;
    for (const auto &remark : job.remarks()) {
        if (options.events)
            printEvent("remark", remark, Json::object());
        else
            std::cout << training.title() << remark << std::endl;
    }
    const auto start = startingModel(training, job);
    if (!start)
        return fail(start.error());

    Reporter reporter(training);
    tasks::TrainingJob::FitRequest request;
    request.steps = plan.totalSteps();
    request.firstStep = 0;
    request.seed = derivedSeed(plan.seed, "local training", static_cast<std::uint64_t>(training.fold + 1));
    request.checkpoint = training.folder / "checkpoint";
    request.selectBest = plan.evaluation.selectBest == "validation";
    request.retain = options.retain;
    request.progress = [&](const tasks::TrainingProgress &now) { return reporter.report(now); };
    auto fitted = job.fit(*start, request);
    if (!fitted && fitted.error().code == ErrorCode::Cancelled)
        return failWithHint(ErrorCode::Cancelled, "Give the same command again to go on from there",
                            "{}Training was stopped after step {} of {}", training.title(), reporter.stoppedAt(),
                            plan.totalSteps());
    if (!fitted)
        return fail(fitted.error());

    Trained trained;
    if (job.cases(tasks::Split::Validation) > 0) {
        auto finish = job.chooseFinish(fitted->model);
        if (!finish)
            return fail(finish.error());
        fitted->model.metadata.merge(*finish);
        const auto validation = job.evaluate({&fitted->model, 1}, tasks::Split::Validation);
        if (!validation)
            return fail(validation.error());
        trained.validation = validation->means;
    }
    fitted->model.metadata["plan"] = training.planHash;
    fitted->model.metadata["steps"] = std::to_string(fitted->steps);
    const auto text = inWords(training, *fitted, reporter.seconds(), trained.validation);
    trained.record = recordOf(training, *fitted, std::move(reporter), trained.validation);
    const auto file = training.folder / "model.safetensors";
    if (auto written = writeSafetensors(file, fitted->model); !written)
        return fail(written.error());
    // Written last: a folder that has it is finished.
    if (auto written = writeJson(training.folder / "training.json", trained.record); !written)
        return fail(written.error());
    std::error_code ignored;
    fs::remove_all(request.checkpoint, ignored);
    if (options.events)
        printEvent("finished", text, {{"model", file.string()}, {"validation", toJson(trained.validation)}});
    else
        std::cout << text << "\nModel " << file.string() << std::endl;
    return trained;
}

/// A fold that an earlier call finished, by this plan and on this data.
std::optional<Json> finishedBefore(const Training &training)
{
    const auto record = readJson(training.folder / "training.json");
    if (!record || !record->is_object())
        return std::nullopt;
    for (const auto &[key, value] : settingsOf(training).items()) {
        if (record->value(key, Json()) != value)
            return std::nullopt;
    }
    return *record;
}

/// Trains the folds one after another and says what they are worth together.
Result<> crossValidate(const TrainOptions &options, const Plan &plan, const std::string &planHash)
{
    auto folds = Json::array();
    double sum = 0;
    for (int fold = 0; fold < plan.training.folds; ++fold) {
        if (options.fold > 0 && fold != options.fold - 1)
            continue;
        const Training training{options, plan, planHash, fold, options.out / fmt::format("fold-{}", fold + 1)};
        auto record = finishedBefore(training);
        if (record && !options.events)
            std::cout << training.title() << "finished before, kept" << std::endl;
        if (!record) {
            const auto trained = trainOne(training);
            if (!trained)
                return fail(trained.error());
            record = trained->record;
        }
        const auto &validation = (*record)["validation"];
        sum += validation.empty() ? 0 : validation.front().value("value", 0.0);
        folds.push_back({{"fold", fold + 1}, {"validation", validation}});
    }
    if (options.fold > 0)
        return {};
    const auto mean = sum / plan.training.folds;
    if (auto written =
            writeJson(options.out / "cross-validation.json", {{"plan", planHash}, {"folds", folds}, {"mean", mean}});
        !written)
        return written;
    if (!options.events)
        std::cout << fmt::format("Mean of {} folds: {:.3f}. The ensemble is predict --model {}\n", plan.training.folds,
                                 mean, (options.out / "fold-*" / "model.safetensors").string());
    return {};
}

Result<> train(const TrainOptions &options)
{
    auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    if (options.retain > 0 && options.from.empty())
        return failWithHint(ErrorCode::Invalid, "Name the model with --from",
                            "--retain needs a model whose answers are to be kept");
    if (options.fold > plan->training.folds)
        return fail(ErrorCode::Invalid, "--fold {} is not one of the plan's {} fold(s)", options.fold,
                    plan->training.folds);
    const auto hash = plan->hash();
    if (options.epochs > 0) {
        // One round of that many epochs: the schedule then ends where the training does.
        plan->training.epochsPerRound = options.epochs;
        plan->federation.rounds = 1;
    }
    if (plan->training.folds > 0)
        return crossValidate(options, *plan, hash);
    const auto trained = trainOne({options, *plan, hash, -1, options.out});
    if (!trained)
        return fail(trained.error());
    return {};
}

} // namespace

void addTrain(CommandLine &line)
{
    auto options = std::make_shared<TrainOptions>();
    auto *command =
        line.app.add_subcommand("train", "Trains one model here: local with one data folder, centralised with several");
    command->add_option("--plan", options->plan, "Plan of the study")->required();
    command->add_option("--data", options->data, "Dataset folders")->required();
    command
        ->add_option("--out", options->out,
                     "Folder for model.safetensors and training.json; of a plan with folds, fold-1, fold-2, ...")
        ->required();
    command
        ->add_option("--epochs", options->epochs,
                     "Epochs of the plan's batchesPerEpoch; without it the plan's rounds in one go")
        ->check(CLI::PositiveNumber);
    command->add_option("--from", options->from, "Model to go on from, as a federated one on this site's data");
    command
        ->add_option("--retain", options->retain,
                     "With --from: how much the model should go on answering as it did (learning without "
                     "forgetting), for example 1")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--fold", options->fold, "Train this fold of the plan's alone, 1 to training.folds")
        ->check(CLI::PositiveNumber);
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");
    command->callback([&line, options] { line.action = [options] { return train(*options); }; });
}

} // namespace consilium::node
