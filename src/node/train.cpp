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

namespace {

struct TrainOptions
{
    std::string plan, out, device = "cpu";
    std::vector<std::filesystem::path> data;
    int epochs = 0, threads = 0;
    bool events = false;
};

void printEvent(const std::string &event, const std::string &text, Json details)
{
    std::cout << Event{now(), event, {}, 0, text, std::move(details)}.toJson().dump() << std::endl;
}

Result<> train(const TrainOptions &options)
{
    auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto hash = plan->hash();
    if (options.epochs > 0) {
        // One round of that many epochs: the schedule then ends where the training does.
        plan->training.epochsPerRound = options.epochs;
        plan->federation.rounds = 1;
    }
    auto opened = openJob(*plan, options.data, {options.threads, options.device, moduleBeside(options.plan, *plan)});
    if (!opened)
        return fail(opened.error());
    auto &job = *opened->job;
    const auto start = job.initialModel();
    if (!start)
        return fail(start.error());

    const auto began = std::chrono::steady_clock::now();
    auto losses = Json::array();
    Result<tasks::TrainingJob::FitResult> fitted;
    {
        ProgressLine progress(options.events);
        tasks::TrainingJob::FitRequest request;
        request.steps = plan->totalSteps();
        request.firstStep = 0;
        request.seed = derivedSeed(plan->seed, "local training");
        request.progress = [&](const tasks::TrainingProgress &now) {
            const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
            losses.push_back({{"step", now.step}, {"loss", now.loss}});
            const auto text = fmt::format("epoch {} of {}, step {} of {}, loss {:.3f}", now.epoch, now.epochs, now.step,
                                          now.steps, now.loss);
            progress.show(fmt::format("{}, {:.0f} s left", text, seconds / now.step * (now.steps - now.step)));
            if (options.events)
                printEvent("progress", text,
                           {{"epoch", now.epoch},
                            {"epochs", now.epochs},
                            {"step", now.step},
                            {"steps", now.steps},
                            {"loss", now.loss}});
            return !platform::stopRequested();
        };
        fitted = job.fit(*start, request);
    }
    if (!fitted && fitted.error().code == ErrorCode::Cancelled)
        return fail(ErrorCode::Cancelled, "Training was stopped; nothing was written to {}", options.out);
    if (!fitted)
        return fail(fitted.error());
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const auto validation = job.cases(tasks::Split::Validation) > 0
                                ? job.evaluate({&fitted->model, 1}, tasks::Split::Validation)
                                : Result<tasks::EvaluationResult>(tasks::EvaluationResult{});
    if (!validation)
        return fail(validation.error());

    const std::filesystem::path out = options.out;
    fitted->model.metadata["plan"] = hash;
    fitted->model.metadata["steps"] = std::to_string(plan->totalSteps());
    if (auto written = writeSafetensors(out / "model.safetensors", fitted->model); !written)
        return written;
    auto data = Json::array();
    for (const auto &folder : options.data)
        data.push_back(folder.string());
    if (auto written = writeJson(out / "training.json", {{"plan", hash},
                                                         {"data", data},
                                                         {"steps", plan->totalSteps()},
                                                         {"seconds", seconds},
                                                         {"trainingCases", fitted->samples},
                                                         {"loss", losses},
                                                         {"validation", toJson(validation->means)}});
        !written)
        return written;
    const auto text =
        fmt::format("Trained on {} case(s), {} step(s) in {:.0f} s, loss {:.3f}; validation: {}", fitted->samples,
                    plan->totalSteps(), seconds, fitted->loss, metricsInWords(validation->means));
    if (options.events)
        printEvent("finished", text,
                   {{"model", (out / "model.safetensors").string()}, {"validation", toJson(validation->means)}});
    else
        std::cout << text << "\nModel " << (out / "model.safetensors").string() << '\n';
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
    command->add_option("--out", options->out, "Folder for model.safetensors and training.json")->required();
    command
        ->add_option("--epochs", options->epochs,
                     "Epochs of the plan's batchesPerEpoch; without it the plan's rounds in one go")
        ->check(CLI::PositiveNumber);
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");
    command->callback([&line, options] { line.action = [options] { return train(*options); }; });
}

} // namespace consilium::node
