// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "core/safetensors.h"
#include "evaluation/statistics.h"
#include "node/bench.h"
#include "node/bench_peer.h"
#include "node/console.h"
#include "node/planned_job.h"
#include "tasks/phantom_dataset.h"

#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <fmt/ranges.h>
#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

constexpr int blocks = 3, warmUp = 3;

struct BenchTrain
{
    std::string plan, peer, device = "cpu";
    std::vector<fs::path> data;
    int steps = 30, threads = 0;
    bool json = false;
};

/// The hippocampus preset's network on synthetic cases of its kind, with the batch of the published comparison.
Result<Plan> planOnPhantoms(const fs::path &data)
{
    auto preset = tasks::loadPreset("hippocampus");
    if (!preset)
        return fail(preset.error());
    tasks::PhantomRequest phantoms;
    phantoms.cases = 12;
    if (auto made = tasks::writePhantomDataset(*preset, data, phantoms); !made)
        return fail(made.error());
    auto task = tasks::loadTask((*preset)["kind"].get<std::string>());
    if (!task)
        return fail(task.error());
    const auto fingerprint = (*task)->fingerprint(data, *preset);
    if (!fingerprint)
        return fail(fingerprint.error());
    std::vector<std::string> reasons;
    tasks::PlanRequest request;
    request.settings = {{"training.batchSize", "4"}, {"training.patch", "[40, 56, 40]"}};
    return (*task)->plan(*preset, {&*fingerprint, 1}, request, reasons);
}

Result<> checkPeerKnows(const Plan &plan)
{
    if (plan.network.kind == "unet" && plan.training.loss == "dice+ce" && plan.training.precision == "float32")
        return {};
    return failWithHint(ErrorCode::Unsupported, "Measure this plan without --peer",
                        "The peer trains a plain U-Net with dice+ce in float32, not {} with {} in {}",
                        plan.network.kind, plan.training.loss, plan.training.precision);
}

/// Seconds of each step after the warm-up, as they come out of a training that draws its own batches.
Result<std::vector<double>> timeOurs(tasks::TrainingJob &job, const ModelState &start, int steps)
{
    using Clock = std::chrono::steady_clock;
    std::vector<double> seconds;
    auto before = Clock::now();
    tasks::TrainingJob::FitRequest request;
    request.steps = warmUp + steps;
    request.seed = 7;
    request.progress = [&](const tasks::TrainingProgress &progress) {
        const auto now = Clock::now();
        if (progress.step > warmUp)
            seconds.push_back(std::chrono::duration<double>(now - before).count());
        before = now;
        return !platform::stopRequested();
    };
    if (auto fitted = job.fit(start, request); !fitted)
        return fail(fitted.error());
    return seconds;
}

Result<Json> measure(const BenchTrain &options, const Plan &plan, tasks::TrainingJob &job, const fs::path &folder)
{
    const auto start = job.initialModel();
    if (!start)
        return fail(start.error());
    std::optional<Peer> peer;
    if (!options.peer.empty()) {
        if (auto known = checkPeerKnows(plan); !known)
            return fail(known.error());
        const auto planFile = folder / "plan.json", model = folder / "model.safetensors";
        if (auto written = writeJson(planFile, plan.toJson()).and_then([&] { return writeSafetensors(model, *start); });
            !written)
            return fail(written.error());
        auto started =
            Peer::start(options.peer, "train_peer.py",
                        {QString::fromStdString(planFile.string()), QString::fromStdString(model.string()),
                         QString::number(threadsOrAll(options.threads)), QString::fromStdString(options.device)});
        if (!started)
            return fail(started.error());
        peer.emplace(std::move(*started));
    }

    ProgressLine line(options.json);
    const int perBlock = (options.steps + blocks - 1) / blocks;
    std::vector<double> ours, theirs;
    Json result;
    for (int block = 0; block < blocks; ++block) {
        line.show(fmt::format("Block {} of {}", block + 1, blocks));
        const auto seconds = timeOurs(job, *start, perBlock);
        if (!seconds)
            return fail(seconds.error());
        ours.insert(ours.end(), seconds->begin(), seconds->end());
        if (!peer)
            continue;
        const auto answer = peer->ask({{"warmup", warmUp}, {"steps", perBlock}});
        if (!answer)
            return fail(answer.error());
        for (const auto &second : (*answer)["seconds"])
            theirs.push_back(second.get<double>());
        result["peerTorch"] = (*answer)["torch"];
    }
    result["network"] = plan.network.kind;
    result["batchSize"] = plan.training.batchSize;
    result["patch"] = plan.training.patch;
    result["threads"] = threadsOrAll(options.threads);
    result["device"] = options.device;
    result["steps"] = ours.size();
    result["secondsPerStep"] = *evaluation::median(ours);
    if (!theirs.empty()) {
        result["peerSecondsPerStep"] = *evaluation::median(theirs);
        result["ratio"] = *evaluation::median(ours) / *evaluation::median(theirs);
    }
    return result;
}

void print(const Json &result)
{
    std::cout << fmt::format("Training {}, batches of {} x {} voxels, {} thread(s), {}\n",
                             result["network"].get<std::string>(), result["batchSize"].get<int>(),
                             fmt::join(result["patch"].get<std::vector<int>>(), " x "), result["threads"].get<int>(),
                             result["device"].get<std::string>());
    std::cout << fmt::format("  ours      {:.3f} s a step, median of {}, drawing batches included\n",
                             result["secondsPerStep"].get<double>(), result["steps"].get<int>());
    if (result.contains("ratio"))
        std::cout << fmt::format("  PyTorch   {:.3f} s a step, {} in Python, batches ready in memory; ratio {:.2f}\n",
                                 result["peerSecondsPerStep"].get<double>(), result["peerTorch"].get<std::string>(),
                                 result["ratio"].get<double>());
}

Result<> benchTrain(const BenchTrain &options)
{
    if (options.plan.empty() != options.data.empty())
        return fail(ErrorCode::Invalid, "--plan and --data go together; without both, synthetic cases are made");
    const QTemporaryDir made;
    const fs::path folder = made.path().toStdString();
    auto data = options.data;
    if (data.empty())
        data = {folder / "data"};
    auto plan = options.plan.empty() ? planOnPhantoms(data.front()) : Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    // Up to ten batches an epoch every step is reported, and so timed.
    plan->training.batchesPerEpoch = 10;
    auto opened = openJob(
        *plan, data,
        {options.threads, options.device, options.plan.empty() ? fs::path() : moduleBeside(options.plan, *plan)});
    if (!opened)
        return fail(opened.error());
    const auto result = measure(options, *plan, *opened->job, folder);
    if (!result)
        return fail(result.error());
    if (options.json)
        printJson(*result);
    else
        print(*result);
    return {};
}

} // namespace

void addBenchTrain(CLI::App &bench, CommandLine &line)
{
    auto options = std::make_shared<BenchTrain>();
    auto *train = bench.add_subcommand("train", "Times steps of training, beside the same network in Python's PyTorch");
    train->add_option("--plan", options->plan,
                      "Plan to train by; without it the hippocampus preset on synthetic cases, batches of 4");
    train->add_option("--data", options->data, "Dataset folders of the plan");
    train->add_option("--steps", options->steps, "Steps that are timed, in three blocks")
        ->capture_default_str()
        ->check(CLI::Range(3, 100000));
    train->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    train->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    train->add_option("--peer", options->peer, "A Python with PyTorch, as in --peer python3: blocks of both in turn");
    train->add_flag("--json", options->json, "Print the figures as JSON");
    train->callback([&line, options] { line.action = [options] { return benchTrain(*options); }; });
}

} // namespace consilium::node
