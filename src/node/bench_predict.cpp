// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "core/platform_memory.h"
#include "core/safetensors.h"
#include "imaging/nifti.h"
#include "node/bench.h"
#include "node/bench_peer.h"
#include "node/console.h"
#include "node/planned_job.h"

#include <QTemporaryDir>

#include <chrono>
#include <cmath>
#include <fmt/ranges.h>
#include <iostream>
#include <limits>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

/// Probabilities of ours and of the peer's that are no farther apart than half of this are the same.
constexpr double largestMarginAllowed = 1e-4;

struct BenchPredict
{
    fs::path plan, model;
    std::string peer, device = "cpu";
    std::vector<int> size{182, 218, 182};
    int threads = 0, runs = 2;
    bool json = false;
};

/// A case on the disk.
struct MadeCase
{
    imaging::Geometry grid;
    std::vector<fs::path> channels;
};

/// Two channels and two labels, such as a brain with lesions has, and a network of moderate size.
Plan usualPlan()
{
    Plan plan;
    plan.task = "bench";
    plan.data.channels = {"first", "second"};
    plan.data.labels = {"background", "lesion"};
    plan.network.features = {16, 32, 64, 128};
    plan.training.patch = {64, 64, 64};
    return plan;
}

/// Takes what is to be measured: the network and its window, on voxels as they lie in the file.
Result<Plan> planToMeasure(const fs::path &file)
{
    auto plan = file.empty() ? Result<Plan>(usualPlan()) : Plan::read(file);
    if (!plan)
        return plan;
    if (plan->data.kind != "volume-segmentation")
        return fail(ErrorCode::Unsupported, "Prediction is measured for volumes, and the plan is for {}",
                    plan->data.kind);
    plan->preprocessing.spacing = {1, 1, 1};
    plan->preprocessing.normalisation.assign(plan->data.channels.size(), "none");
    plan->preprocessing.intensities.clear();
    return plan;
}

/// Waves with noise, of mean 0 and deviation about 1, in files that need no decoding.
Result<MadeCase> writeCase(const fs::path &folder, const std::vector<int> &size, std::size_t channels)
{
    MadeCase made;
    made.grid.size = {size[0], size[1], size[2]};
    std::uint32_t state = 1;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        imaging::Volume volume{made.grid, {}};
        volume.values.resize(static_cast<std::size_t>(made.grid.voxels()));
        for (std::size_t voxel = 0; voxel < volume.values.size(); ++voxel) {
            state = state * 1664525 + 1013904223;
            const double noise = static_cast<double>(state >> 8) / (1 << 23) - 1;
            const double wave = std::sin(1e-3 * static_cast<double>((channel + 1) * voxel));
            volume.values[voxel] = static_cast<float>(wave + noise);
        }
        made.channels.push_back(folder / fmt::format("case_{:04}.nii", channel));
        if (auto written = imaging::writeNifti(made.channels.back(), volume); !written)
            return fail(written.error());
    }
    return made;
}

Result<> checkPeerKnows(const Plan &plan)
{
    if (plan.network.kind == "unet" && plan.training.precision == "float32" && !plan.inference.mirror)
        return {};
    return failWithHint(ErrorCode::Unsupported, "Measure this plan without --peer",
                        "The peer predicts with a plain U-Net in float32 without mirroring, not with {} in {}{}",
                        plan.network.kind, plan.training.precision, plan.inference.mirror ? " mirrored" : "");
}

Result<Peer> startPeer(const BenchPredict &options, const Plan &plan, const ModelState &model, const fs::path &folder)
{
    if (auto known = checkPeerKnows(plan); !known)
        return fail(known.error());
    const auto planFile = folder / "plan.json", modelFile = folder / "model.safetensors";
    if (auto written = writeJson(planFile, plan.toJson()); !written)
        return fail(written.error());
    if (auto written = writeSafetensors(modelFile, model); !written)
        return fail(written.error());
    return Peer::start(options.peer, "predict_peer.py",
                       {QString::fromStdString(planFile.string()), QString::fromStdString(modelFile.string()),
                        QString::number(threadsOrAll(options.threads)), QString::fromStdString(options.device)});
}

/// Seconds from the files of the images to that of the labels.
Result<double> timeOurs(tasks::TrainingJob &job, const ModelState &model, const MadeCase &made, const fs::path &out)
{
    const auto before = std::chrono::steady_clock::now();
    if (auto done = job.predict({&model, 1}, made.channels, out); !done)
        return fail(done.error());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

Json question(const MadeCase &made)
{
    auto files = Json::array();
    for (const auto &file : made.channels)
        files.push_back(file.string());
    return {{"channels", files}, {"size", made.grid.size}};
}

Result<Json> measure(const BenchPredict &options, const Plan &plan, tasks::TrainingJob &job, const fs::path &folder)
{
    const auto model = options.model.empty() ? job.initialModel() : readSafetensors(options.model);
    if (!model)
        return fail(model.error());
    const auto made = writeCase(folder, options.size, plan.data.channels.size());
    if (!made)
        return fail(made.error());
    std::optional<Peer> peer;
    if (!options.peer.empty()) {
        auto started = startPeer(options, plan, *model, folder);
        if (!started)
            return fail(started.error());
        peer.emplace(std::move(*started));
    }

    const auto labels = folder / "labels.nii.gz";
    ProgressLine line(options.json);
    Json result;
    double ours = std::numeric_limits<double>::infinity(), theirs = ours;
    for (int run = 0; run < options.runs; ++run) {
        line.show(fmt::format("Run {} of {}", run + 1, options.runs));
        const auto seconds = timeOurs(job, *model, *made, labels);
        if (!seconds)
            return fail(seconds.error());
        ours = std::min(ours, *seconds);
        if (platform::stopRequested())
            return fail(ErrorCode::Cancelled, "The measurement was stopped");
        if (!peer)
            continue;
        const auto answer = peer->ask(question(*made));
        if (!answer)
            return fail(answer.error());
        theirs = std::min(theirs, (*answer)["seconds"].get<double>());
        result["peerTorch"] = (*answer)["torch"];
    }
    const auto voxels = static_cast<double>(made->grid.voxels());
    result["size"] = made->grid.size;
    result["channels"] = made->channels.size();
    result["network"] = plan.network.kind;
    result["patch"] = plan.training.patch;
    result["threads"] = threadsOrAll(options.threads);
    result["device"] = options.device;
    result["seconds"] = ours;
    result["voxelsPerSecond"] = voxels / ours;
    result["caseBytes"] = voxels * static_cast<double>(made->channels.size() * sizeof(float));
    if (const auto peak = platform::peakMemory())
        result["peakBytes"] = *peak;
    if (!peer)
        return result;
    const auto agreement = peer->ask({{"labels", labels.string()}});
    if (!agreement)
        return fail(agreement.error());
    result.update(*agreement);
    result["peerSeconds"] = theirs;
    result["peerVoxelsPerSecond"] = voxels / theirs;
    result["ratio"] = theirs / ours;
    return result;
}

void print(const Json &result)
{
    const auto number = [&result](const char *key) { return result[key].get<double>(); };
    std::cout << fmt::format("Prediction of {} voxels, {} channel(s), by {} in tiles of {}, {} thread(s), {}\n",
                             fmt::join(result["size"].get<std::vector<int>>(), " x "), result["channels"].get<int>(),
                             result["network"].get<std::string>(),
                             fmt::join(result["patch"].get<std::vector<int>>(), " x "), result["threads"].get<int>(),
                             result["device"].get<std::string>());
    std::cout << fmt::format("  ours      {:.0f} voxels a second ({:.1f} s), from files to file\n",
                             number("voxelsPerSecond"), number("seconds"));
    if (result.contains("ratio")) {
        std::cout << fmt::format(
            "  PyTorch   {:.0f} voxels a second ({:.1f} s), {} in Python, in memory; ours is {:.2f} "
            "times as fast\n",
            number("peerVoxelsPerSecond"), number("peerSeconds"), result["peerTorch"].get<std::string>(),
            number("ratio"));
        std::cout << fmt::format("  answers   differ in {} voxel(s), where PyTorch's own two probabilities are at most "
                                 "{:.1e} apart\n",
                                 result["differing"].get<std::int64_t>(), number("largestMargin"));
    }
    if (result.contains("peakBytes"))
        std::cout << fmt::format(
            "  memory    {:.0f} MiB at most, of which LibTorch's code and the case of {:.0f} MiB\n",
            number("peakBytes") / (1 << 20), number("caseBytes") / (1 << 20));
}

Result<> benchPredict(const BenchPredict &options)
{
    const auto plan = planToMeasure(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto module = options.plan.empty() ? fs::path() : moduleBeside(options.plan, *plan);
    auto opened = openJob(*plan, {}, {options.threads, options.device, module});
    if (!opened)
        return fail(opened.error());
    const QTemporaryDir folder;
    const auto result = measure(options, *plan, *opened->job, folder.path().toStdString());
    if (!result)
        return fail(result.error());
    if (options.json)
        printJson(*result);
    else
        print(*result);
    if (result->contains("ratio") && (*result)["largestMargin"].get<double>() > largestMarginAllowed)
        return fail(ErrorCode::Internal, "Ours and PyTorch's answers are not those of the same network");
    return {};
}

} // namespace

void addBenchPredict(CLI::App &bench, CommandLine &line)
{
    auto options = std::make_shared<BenchPredict>();
    auto *predict =
        bench.add_subcommand("predict", "Times the prediction of a case, beside a sliding window in Python's PyTorch");
    predict->add_option("--plan", options->plan,
                        "Plan to predict by; without it a U-Net of two channels in tiles of 64 x 64 x 64");
    predict->add_option("--model", options->model, "Model of the plan; without it the plan's first");
    predict->add_option("--size", options->size, "Voxels of the case that is made, as in 182,218,182")
        ->delimiter(',')
        ->expected(3)
        ->check(CLI::Range(1, 2048));
    predict->add_option("--runs", options->runs, "The best of so many counts")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    predict->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    predict->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    predict->add_option("--peer", options->peer, "A Python with PyTorch, as in --peer python3: both in turn");
    predict->add_flag("--json", options->json, "Print the figures as JSON");
    predict->callback([&line, options] { line.action = [options] { return benchPredict(*options); }; });
}

} // namespace consilium::node
