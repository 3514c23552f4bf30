// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"

#include "node/command.h"
#include "tasks/task.h"

#include <iostream>

namespace consilium::node {

namespace {

struct PlanOptions
{
    std::string task, out;
    std::vector<std::string> fingerprints, settings;
    bool json = false;
};

Result<> makePlan(const PlanOptions &options)
{
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    const auto task = tasks::loadTask((*preset)["kind"].get<std::string>());
    if (!task)
        return fail(task.error());
    std::vector<Json> fingerprints;
    for (const auto &file : options.fingerprints) {
        auto fingerprint = readJson(file);
        if (!fingerprint)
            return fail(fingerprint.error());
        fingerprints.push_back(std::move(*fingerprint));
    }
    tasks::PlanRequest request;
    for (const auto &setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            return fail(ErrorCode::Invalid, "--set {} must be KEY=VALUE, as in training.batchSize=4", setting);
        request.settings.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    std::vector<std::string> reasons;
    const auto plan = (*task)->plan(*preset, fingerprints, request, reasons);
    if (!plan)
        return fail(plan.error());
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
    command->add_flag("--json", options->json, "Print plan, hash and reasons as JSON");
    command->callback([&line, options] { line.action = [options] { return makePlan(*options); }; });
}

} // namespace consilium::node
