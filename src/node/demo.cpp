// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/log.h"
#include "node/command.h"
#include "node/demo_study.h"
#include "storage/study_store.h"
#include "tasks/task.h"

#include <iostream>

namespace consilium::node {

namespace {

Result<> demo(const DemoOptions &options, bool json, bool events)
{
    const auto began = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    };
    const Tell tell = [&](const Event &event) {
        if (events)
            std::cout << event.toJson().dump() << std::endl;
        else if (event.event != "site-state" && event.event != "enrolled" && event.event != "site-online")
            (json ? std::cerr : std::cout) << fmt::format("{:6.0f} s  {}", seconds(), event.text) << std::endl;
    };
    std::error_code error;
    if (std::filesystem::exists(storage::StudyPaths{options.out}.manifest(), error))
        return failWithHint(ErrorCode::Invalid, "Choose another folder", "{} already holds a study",
                            options.out.string());
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    auto builtIn = tasks::loadDemo(preset->at("name").get<std::string>());
    if (!builtIn && !options.data.empty())
        builtIn = Json::object(); // a person's own data need no built-in demo
    if (!builtIn)
        return fail(builtIn.error());

    const auto sites = prepareSites(options, *preset, *builtIn, tell);
    if (!sites)
        return fail(sites.error());
    const auto plan = planDemo(options, *preset, *builtIn, *sites, tell);
    if (!plan)
        return fail(plan.error());
    if (auto ran = runDemoStudy(options, *plan, *sites, tell); !ran)
        return ran;
    const double federated = seconds();
    if (options.localBaselines) {
        if (auto trained = trainLocalModels(options, *plan, *sites, tell); !trained)
            return trained;
    }
    const auto table = crossEvaluate(options, *plan, *sites, tell);
    if (!table)
        return fail(table.error());
    auto result = table->toJson();
    result.update({{"study", std::filesystem::absolute(options.out).string()},
                   {"task", plan->task},
                   {"rounds", plan->federation.rounds},
                   {"planHash", plan->hash()},
                   {"seconds", {{"federation", federated}, {"total", seconds()}}}});
    if (auto written = writeJson(options.out / "result.json", result); !written)
        return written;
    const auto report = fmt::format(
        "Task {}, {} rounds, {} sites, plan SHA-256 {}\nFederation {:.0f} s, in all {:.0f} s\n\n{}", plan->task,
        plan->federation.rounds, sites->size(), plan->hash(), federated, seconds(), table->text());
    if (auto written = writeFileAtomically(options.out / "report.txt", report); !written)
        return written;
    if (json)
        printJson(result);
    (json || events ? std::cerr : std::cout) << table->text();
    tell({now(),
          "done",
          {},
          plan->federation.rounds,
          fmt::format("The study is in {}", std::filesystem::absolute(options.out).string()),
          Json::object()});
    return {};
}

} // namespace

void addDemo(CommandLine &line)
{
    struct Flags
    {
        DemoOptions options;
        std::string baselines = "local";
        bool json = false, events = false;
    };
    auto flags = std::make_shared<Flags>();
    auto &options = flags->options;
    auto *command = line.app.add_subcommand(
        "demo", "Runs a whole study on this machine: a host and several sites, each its own process");
    command->add_option("--out", options.out, "Folder of the study")->required();
    command->add_option("--task", options.task, "Preset, or path of a task file")->capture_default_str();
    command->add_option("--data", options.data,
                        "Folder with one dataset folder for each site; without it synthetic cases are made");
    command->add_option("--sites", options.sites, "Number of sites")->check(CLI::PositiveNumber);
    command->add_option("--rounds", options.rounds, "Number of rounds")->check(CLI::PositiveNumber);
    command->add_option("--seed", options.seed, "Seed of the plan and of synthetic cases");
    command->add_option("--baselines", flags->baselines, "Models to compare with: local or none")
        ->check(CLI::IsMember({"local", "none"}))
        ->capture_default_str();
    command->add_flag("--json", flags->json, "End with one JSON document of test metrics");
    command->add_flag("--events", flags->events, "One JSON object per line on standard output");
    command->callback([&line, flags] {
        flags->options.localBaselines = flags->baselines == "local";
        line.action = [flags] { return demo(flags->options, flags->json, flags->events); };
    });
}

} // namespace consilium::node
