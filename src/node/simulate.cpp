// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/platform.h"
#include "node/command.h"
#include "node/console.h"
#include "node/simulation.h"

#include <algorithm>
#include <chrono>
#include <iostream>

namespace consilium::node {

namespace {

Result<std::vector<std::string>> baselinesOf(const std::string &list)
{
    std::vector<std::string> kinds;
    for (std::size_t begin = 0; begin < list.size() && list != "none";) {
        const auto end = std::min(list.find(',', begin), list.size());
        kinds.push_back(list.substr(begin, end - begin));
        if (kinds.back() != "local" && kinds.back() != "centralised")
            return fail(ErrorCode::Invalid, "The baseline '{}' is not one of local, centralised, none", kinds.back());
        begin = end + 1;
    }
    return kinds;
}

Result<> simulate(const SimulationOptions &options, bool json, bool events)
{
    auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    // The least number of cases protects what leaves a site; nothing leaves this machine.
    plan->privacy.minimumCases = 0;
    auto sites = SimulatedSites::create(options);
    if (!sites)
        return fail(sites.error());
    const auto variants = parseStrategies(options.strategies, *plan, sites->names().size());
    if (!variants)
        return fail(variants.error());
    const auto baselines = baselinesOf(options.baselines);
    if (!baselines)
        return fail(baselines.error());
    if (variants->empty() && baselines->empty())
        return failWithHint(ErrorCode::Invalid, "Name some with --strategies", "There is nothing to simulate");
    const auto attack = parseAttacks(options.attacks, sites->names());
    if (!attack)
        return fail(attack.error());
    std::error_code made;
    std::filesystem::create_directories(options.out, made);
    const auto lock = platform::FileLock::take(options.out / "simulate.lock");
    if (!lock)
        return failWithHint(ErrorCode::Busy, "Wait for it, or choose another folder",
                            "Another simulation writes to {}, or nobody may", options.out.string());

    const auto began = std::chrono::steady_clock::now();
    ProgressLine line(json || events);
    auto &out = json || events ? std::cerr : std::cout;
    const auto tell = [&](const Event &event) {
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        line.show("");
        if (events)
            std::cout << event.toJson().dump() << std::endl;
        else
            out << fmt::format("{:6.0f} s  {}", seconds, event.text) << std::endl;
    };
    const Simulation simulation{options, *sites, *attack, tell, [&](const std::string &text) { line.show(text); }};
    std::vector<Json> records;
    const auto add = [&](Result<Json> record) -> Result<> {
        if (!record && record.error().code == ErrorCode::Cancelled)
            return failWithHint(ErrorCode::Cancelled, "Give the same command again to go on from there",
                                "The simulation was stopped; {} keeps what was finished", options.out.string());
        if (!record)
            return fail(record.error());
        const auto text =
            fmt::format("{}: mean of the sites' test cases {:.3f}, {:.0f} s", (*record)["label"].get<std::string>(),
                        (*record)["mean"].get<double>(), (*record)["seconds"].get<double>());
        tell({now(), "result", {}, 0, text, {{"run", (*record)["label"]}, {"mean", (*record)["mean"]}}});
        records.push_back(std::move(*record));
        return {};
    };
    for (const auto &variant : *variants) {
        if (auto added = add(simulateStudy(simulation, variant)); !added)
            return added;
    }
    for (const auto &baseline : *baselines) {
        if (auto added = add(simulateBaseline(simulation, *plan, baseline)); !added)
            return added;
    }
    const auto table = resultsTable(records, sites->names());
    const Json result{{"task", plan->task},
                      {"rounds", plan->federation.rounds},
                      {"sites", sites->names()},
                      {"attack", *attack},
                      {"runs", records}};
    for (const auto &[name, text] : {std::pair("results.json", result.dump(2) + "\n"),
                                     std::pair("results.csv", resultsCsv(records)), std::pair("results.txt", table)}) {
        if (auto written = writeFileAtomically(options.out / name, text); !written)
            return written;
    }
    line.show("");
    out << "\n" << table;
    if (json)
        printJson(result);
    return {};
}

} // namespace

void addSimulate(CommandLine &line)
{
    struct Flags
    {
        SimulationOptions options;
        bool json = false, events = false;
    };
    auto flags = std::make_shared<Flags>();
    auto &options = flags->options;
    auto *command = line.app.add_subcommand(
        "simulate", "Runs studies with several strategies, and baselines, on the same data in one process");
    command->add_option("--plan", options.plan, "Plan of the study")->required();
    command->add_option("--data", options.data, "Dataset folders, one for each site")->required();
    command->add_option("--strategies", options.strategies,
                        "KIND[:KEY=VALUE]...,KIND...: fedavg,fedprox:proximal=0.1,scaffold:training.optimizer.lr=0.1; "
                        "a key without a dot is one of federation.strategy");
    command->add_option("--baselines", options.baselines, "local, centralised, both with a comma, or none")
        ->capture_default_str();
    command->add_option("--attack", options.attacks,
                        "What hostile sites make of their updates: sign-flip=SITE,SITE or scale:10=SITE,SITE");
    command->add_option("--out", options.out, "Folder of the results; runs that it holds are not run again")
        ->required();
    command->add_option("--threads", options.threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options.device, "cpu or cuda:N")->capture_default_str();
    command->add_flag("--json", flags->json, "End with one JSON document of the results");
    command->add_flag("--events", flags->events, "One JSON object per line on standard output");
    options.baselines = "none";
    command->callback(
        [&line, flags] { line.action = [flags] { return simulate(flags->options, flags->json, flags->events); }; });
}

} // namespace consilium::node
