// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"

#include "core/file.h"
#include "core/hash.h"
#include "federation/update_layout.h"
#include "node/command.h"
#include "tasks/task.h"

#include <charconv>
#include <cmath>
#include <iostream>

namespace consilium::node {

namespace {

struct PlanOptions
{
    std::string task, out, memory, module;
    std::vector<std::string> fingerprints, settings;
    bool configure = false, json = false;
};

/// Bytes in "8G", "500M" or "8000000000".
Result<double> memoryAmount(const std::string &text)
{
    double amount = 0;
    const auto *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, amount, std::chars_format::fixed);
    const std::string unit(rest, end);
    const double factor = unit.empty()  ? 1
                          : unit == "K" ? 1e3
                          : unit == "M" ? 1e6
                          : unit == "G" ? 1e9
                          : unit == "T" ? 1e12
                                        : 0;
    if (error != std::errc() || factor == 0 || !std::isfinite(amount) || amount <= 0)
        return failWithHint(ErrorCode::Invalid, "Give it as in --memory 8G or --memory 500M",
                            "--memory {} is not an amount of memory", text);
    return amount * factor;
}

Result<tasks::PlanRequest> requestOf(const PlanOptions &options)
{
    tasks::PlanRequest request;
    request.configure = options.configure || !options.memory.empty();
    if (!options.memory.empty()) {
        const auto memory = memoryAmount(options.memory);
        if (!memory)
            return fail(memory.error());
        request.memory = *memory;
    }
    for (const auto &setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            return fail(ErrorCode::Invalid, "--set {} must be KEY=VALUE, as in training.batchSize=4", setting);
        request.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    return request;
}

/// Puts the module where those who train by the plan look for it, <sha256>.pt beside the plan, once it has been read
/// as a network of the plan.
Result<> keepModule(tasks::Task &task, const Plan &plan, const PlanOptions &options, std::vector<std::string> &reasons)
{
    tasks::OpenOptions open;
    open.module = options.module;
    auto job = task.open(plan, {}, open);
    if (!job)
        return fail(job.error());
    const auto model = (*job)->initialModel();
    if (!model)
        return fail(model.error());
    std::int64_t numbers = 0;
    for (const auto &tensor : model->tensors)
        numbers += tensor.info.elements();
    const auto kept = std::filesystem::path(options.out).parent_path() / (plan.network.module + ".pt");
    reasons.push_back(fmt::format("Network from {}: {} numbers in {} tensors, as the module has them; kept as {}",
                                  options.module, numbers, model->tensors.size(), kept.string()));
    return copyFileAtomically(options.module, kept);
}

/// What an update costs on the line, where the plan asks for another than the model itself.
Result<> weighUpdates(tasks::Task &task, const Plan &plan, const PlanOptions &options,
                      std::vector<std::string> &reasons)
{
    const auto &updates = plan.federation.updates;
    if (updates.content == "full")
        return {};
    tasks::OpenOptions open;
    open.module = options.module;
    auto job = task.open(plan, {}, open);
    if (!job)
        return fail(job.error());
    const auto model = (*job)->initialModel();
    if (!model)
        return fail(model.error());
    std::vector<TensorInfo> tensors;
    for (const auto &tensor : model->tensors)
        tensors.push_back(tensor.info);
    tensors = federation::leavingTensors(tensors, plan.federation.strategy);
    reasons.push_back("Each site sends " + federation::updatesInWords(updates, tensors));
    return {};
}

Result<> makePlan(const PlanOptions &options)
{
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    const auto task = tasks::loadTask((*preset)["kind"].get<std::string>());
    if (!task)
        return fail(task.error());
    auto request = requestOf(options);
    if (!request)
        return fail(request.error());
    std::vector<Json> fingerprints;
    for (const auto &file : options.fingerprints) {
        auto fingerprint = readJson(file);
        if (!fingerprint)
            return fail(fingerprint.error());
        fingerprints.push_back(std::move(*fingerprint));
    }
    if (!options.module.empty()) {
        const auto bytes = readFile(options.module);
        if (!bytes)
            return fail(bytes.error());
        request->settings.emplace_back("network.kind", "torchscript");
        request->settings.emplace_back("network.module", '"' + sha256Hex(*bytes) + '"');
    }
    std::vector<std::string> reasons;
    const auto plan = (*task)->plan(*preset, fingerprints, *request, reasons);
    if (!plan)
        return fail(plan.error());
    if (!options.module.empty()) {
        if (auto kept = keepModule(**task, *plan, options, reasons); !kept)
            return kept;
    }
    if (auto weighed = weighUpdates(**task, *plan, options, reasons); !weighed)
        return weighed;
    if (auto written = writeJson(options.out, plan->toJson()); !written)
        return written;
    if (options.json) {
        printJson({{"plan", plan->toJson()}, {"sha256", plan->hash()}, {"reasons", reasons}});
        return {};
    }
    for (const auto &reason : reasons)
        std::cout << "- " << reason << '\n';
    std::cout << "Plan " << options.out << "\nSHA-256 " << plan->hash() << '\n';
    return {};
}

} // namespace

void addPlan(CommandLine &line)
{
    auto options = std::make_shared<PlanOptions>();
    auto *command = line.app.add_subcommand("plan", "Merges fingerprints and fixes the plan of a study");
    command->add_option("--task", options->task, "Preset, or path of a task file")->required();
    command->add_option("--fingerprint", options->fingerprints, "One file for each site")->required();
    command->add_option("--out", options->out, "File to write")->required();
    command->add_option("--set", options->settings, "Overrides one key: training.batchSize=4");
    command->add_flag("--auto", options->configure,
                      "Find network, patch and batch size for the data, not the preset's");
    command->add_option("--memory", options->memory, "As --auto, in so much memory: 8G (the default), 500M");
    command->add_option("--module", options->module, "TorchScript file to train as the network");
    command->add_flag("--json", options->json, "Print plan, hash and reasons as JSON");
    command->callback([&line, options] { line.action = [options] { return makePlan(*options); }; });
}

} // namespace consilium::node
