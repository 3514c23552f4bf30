// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event.h"
#include "core/file.h"
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

constexpr auto finishKey = "finish"; ///< in a model's metadata

struct TrainOptions
{
    std::string plan, device = "cpu", from;
    fs::path out;
    std::vector<fs::path> data;
    int epochs = 0, threads = 0, fold = 0; ///< fold counts from 1; 0: all of them
    double retain = 0;
    bool events = false;
};

/// What a training begins with, known again by its hashes.
struct Inputs
{
    std::string plan;    ///< of the plan as its file has it
    std::string listing; ///< of the datasets: datasetListing
    std::string start;   ///< of the model to go on from; empty: none
};

/// One model to be trained: of a fold, or the only one.
struct Training
{
    const TrainOptions &options;
    const Plan &plan; ///< as it trains here
    const Inputs &inputs;
    int fold; ///< -1 without cross-validation
    fs::path folder;

    fs::path model() const { return folder / "model.safetensors"; }
    fs::path record() const { return folder / "training.json"; }

    std::string title() const
    {
        return fold < 0 ? std::string() : fmt::format("fold {} of {}: ", fold + 1, plan.training.folds);
    }
};

/// As models have it in their metadata: how a task finishes their answers.
using Finish = std::map<std::string, std::string>;

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

Result<Inputs> readInputs(const TrainOptions &options, const Plan &plan)
{
    auto listing = datasetListing(options.data);
    if (!listing)
        return fail(listing.error());
    Inputs inputs{plan.hash(), std::move(*listing), {}};
    if (options.from.empty())
        return inputs;
    const auto start = readFile(options.from);
    if (!start)
        return fail(start.error());
    inputs.start = sha256Hex(*start);
    return inputs;
}

/// What decides a training's result.
Json settingsOf(const Training &training)
{
    return {{"plan", training.inputs.plan},
            {"listing", training.inputs.listing},
            {"plannedSteps", training.plan.totalSteps()},
            {"start", training.inputs.start},
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

/// As training.json has it.
Json inRecord(const Finish &finish)
{
    const auto found = finish.find(finishKey);
    return found == finish.end() ? Json(nullptr) : Json::parse(found->second);
}

Json recordOf(const Training &training, const tasks::TrainingJob::FitResult &fitted, Reporter &&reporter,
              const Json &evidence, const std::vector<tasks::Metric> &validation)
{
    auto record = settingsOf(training);
    auto data = Json::array();
    for (const auto &folder : training.options.data)
        data.push_back(folder.string());
    auto scores = Json::array();
    for (const auto &[epoch, score] : fitted.epochScores)
        scores.push_back({{"epoch", epoch}, {"score", score}});
    record.update({{"data", data},
                   {"from", training.options.from},
                   {"steps", fitted.steps},
                   {"seconds", reporter.seconds()},
                   {"trainingCases", fitted.samples},
                   {"loss", std::move(reporter).losses()},
                   {"scores", scores},
                   {"bestEpoch", fitted.bestEpoch},
                   {"endedEarly", fitted.endedEarly},
                   {"finish", inRecord(fitted.model.metadata)},
                   {"finishEvidence", evidence},
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

Result<PlannedJob> open(const Training &training, const std::vector<tasks::Split> &splits)
{
    const auto &options = training.options;
    return openJob(training.plan, options.data,
                   {options.threads, options.device, moduleBeside(options.plan, training.plan), training.fold, splits});
}

/// A stop is told as one, with what to do; other failures as they are.
tl::unexpected<Error> stoppedAt(int step, int steps, const Training &training, const Error &error)
{
    if (error.code != ErrorCode::Cancelled)
        return fail(error);
    return failWithHint(ErrorCode::Cancelled, "Give the same command again to go on from there",
                        "{}Training was stopped after step {} of {}", training.title(), step, steps);
}

/// Trains the model and writes it; the result is what training.json beside it says.
Result<Json> trainOne(const Training &training)
{
    const auto &options = training.options;
    const auto &plan = training.plan;
    const auto opened = open(training, {tasks::Split::Training, tasks::Split::Validation});
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
    request.steps = job.stepsPerRound() * plan.federation.rounds;
    request.firstStep = 0;
    request.seed = derivedSeed(plan.seed, "local training", static_cast<std::uint64_t>(training.fold + 1));
    request.checkpoint = training.folder / "checkpoint";
    // A plateau and patience are found in the scores that come with it.
    request.selectBest = plan.evaluation.selectBest == "validation" || plan.training.schedule.kind == "plateau" ||
                         plan.training.patience > 0;
    request.retain = options.retain;
    request.progress = [&](const tasks::TrainingProgress &now) { return reporter.report(now); };
    auto fitted = job.fit(*start, request);
    if (!fitted)
        return stoppedAt(reporter.stoppedAt(), request.steps, training, fitted.error());

    Json evidence;
    std::vector<tasks::Metric> validation;
    if (job.cases(tasks::Split::Validation) > 0) {
        auto found = job.finishEvidence(fitted->model);
        if (!found)
            return stoppedAt(fitted->steps, request.steps, training, found.error());
        evidence = std::move(*found);
        auto finish = opened->task->chooseFinish(plan, {&evidence, 1});
        if (!finish)
            return fail(finish.error());
        fitted->model.metadata.merge(*finish);
        auto measured = job.evaluate({&fitted->model, 1}, tasks::Split::Validation);
        if (!measured)
            return stoppedAt(fitted->steps, request.steps, training, measured.error());
        validation = std::move(measured->means);
    }
    fitted->model.metadata["plan"] = training.inputs.plan;
    fitted->model.metadata["steps"] = std::to_string(fitted->steps);
    const auto text = inWords(training, *fitted, reporter.seconds(), validation);
    auto record = recordOf(training, *fitted, std::move(reporter), evidence, validation);
    if (auto written = writeSafetensors(training.model(), fitted->model); !written)
        return fail(written.error());
    // Written last: a folder that has it is finished.
    if (auto written = writeJson(training.record(), record); !written)
        return fail(written.error());
    std::error_code ignored;
    fs::remove_all(request.checkpoint, ignored);
    if (options.events)
        printEvent("finished", text, {{"model", training.model().string()}, {"validation", toJson(validation)}});
    else
        std::cout << text << "\nModel " << training.model().string() << std::endl;
    return record;
}

/// A fold that an earlier call finished, by this plan and on this data.
std::optional<Json> finishedBefore(const Training &training)
{
    std::error_code error;
    const auto record = readJson(training.record());
    if (!record || !record->is_object() || !fs::exists(training.model(), error))
        return std::nullopt;
    const auto settings = settingsOf(training);
    for (const auto &[key, value] : settings.items()) {
        if (record->value(key, Json()) != value)
            return std::nullopt;
    }
    return *record;
}

/// Lets a fold's model finish its answers as `finish` says, and measures it so.
Result<> adoptFinish(const Training &training, const Finish &finish, Json &record)
{
    if (record.value("finish", Json()) == inRecord(finish))
        return {};
    const auto opened = open(training, {tasks::Split::Validation});
    if (!opened)
        return fail(opened.error());
    auto model = readSafetensors(training.model());
    if (!model)
        return fail(model.error());
    model->metadata.erase(finishKey);
    model->metadata.insert(finish.begin(), finish.end());
    const auto validation = opened->job->evaluate({&*model, 1}, tasks::Split::Validation);
    if (!validation)
        return stoppedAt(record.value("steps", 0), record.value("steps", 0), training, validation.error());
    if (auto written = writeSafetensors(training.model(), *model); !written)
        return written;
    record["finish"] = inRecord(finish);
    record["validation"] = toJson(validation->means);
    // Written last: a fold whose record has the finish has it throughout.
    return writeJson(training.record(), record);
}

/// Each fold validates on other cases: together they say best how answers are finished, and models that finish theirs
/// alike can answer as an ensemble.
Result<> finishAlike(const std::vector<Training> &folds, std::vector<Json> &records)
{
    const auto &plan = folds.front().plan;
    const auto task = tasks::loadTask(plan.data.kind);
    if (!task)
        return fail(task.error());
    std::vector<Json> evidence;
    for (const auto &record : records)
        evidence.push_back(record.value("finishEvidence", Json()));
    const auto finish = (*task)->chooseFinish(plan, evidence);
    if (!finish)
        return fail(finish.error());
    for (std::size_t n = 0; n < folds.size(); ++n) {
        if (auto adopted = adoptFinish(folds[n], *finish, records[n]); !adopted)
            return adopted;
    }
    return {};
}

/// Trains the folds one after another and says what they are worth together.
Result<> crossValidate(const TrainOptions &options, const Plan &plan, const Inputs &inputs)
{
    std::vector<Training> trainings;
    std::vector<Json> records;
    for (int fold = 0; fold < plan.training.folds; ++fold) {
        if (options.fold > 0 && fold != options.fold - 1)
            continue;
        const auto &training = trainings.emplace_back(
            Training{options, plan, inputs, fold, options.out / fmt::format("fold-{}", fold + 1)});
        auto record = finishedBefore(training);
        if (record && !options.events)
            std::cout << training.title() << "finished before, kept" << std::endl;
        if (!record) {
            auto trained = trainOne(training);
            if (!trained)
                return fail(trained.error());
            record = std::move(*trained);
        }
        records.push_back(std::move(*record));
    }
    if (options.fold > 0)
        return {};
    if (auto alike = finishAlike(trainings, records); !alike)
        return alike;
    auto folds = Json::array();
    double sum = 0;
    for (const auto &record : records) {
        const auto &validation = record["validation"];
        sum += validation.empty() ? 0 : validation.front().value("value", 0.0);
        folds.push_back({{"fold", folds.size() + 1}, {"validation", validation}});
    }
    const auto mean = sum / plan.training.folds;
    if (auto written =
            writeJson(options.out / "cross-validation.json",
                      {{"plan", inputs.plan}, {"folds", folds}, {"mean", mean}, {"finish", records.front()["finish"]}});
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
    if (auto fits = checkFold(options.fold, *plan); !fits)
        return fits;
    const auto inputs = readInputs(options, *plan);
    if (!inputs)
        return fail(inputs.error());
    // The least number of cases protects what leaves a site; this model stays here.
    plan->privacy.minimumCases = 0;
    if (options.epochs > 0) {
        // One round of that many epochs: the schedule then ends where the training does.
        plan->training.epochsPerRound = options.epochs;
        plan->federation.rounds = 1;
    }
    if (plan->training.folds > 0)
        return crossValidate(options, *plan, *inputs);
    const auto trained = trainOne({options, *plan, *inputs, -1, options.out});
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
