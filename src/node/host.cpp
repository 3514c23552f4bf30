// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"
#include "core/platform.h"
#include "federation/coordinator.h"
#include "node/command.h"
#include "node/planned_job.h"
#include "node/strategy_loader.h"
#include "storage/study_manifest.h"

#include <iostream>
#include <mutex>

namespace consilium::node {

namespace {

struct HostOptions
{
    std::string study, listen;
    int threads = 0;
    bool events = false, keepUpdates = false;
};

Result<> host(const HostOptions &given)
{
    const auto &folder = given.study;
    const auto &listen = given.listen;
    const bool events = given.events;
    // One socket a site, and blocks of megabytes that pass from thread to thread.
    platform::allowManyOpenFiles();
    platform::shareFreedMemory();
    const auto manifest = storage::StudyManifest::read(folder);
    if (!manifest)
        return fail(manifest.error());
    // Before any site trains for it.
    if (const auto strategy = loadStrategy(manifest->plan); !strategy)
        return fail(strategy.error());
    startLogging(std::filesystem::path(folder) / "host.log");
    std::mutex output; // sites' calls come from many threads
    const auto tell = [&](const Event &event) {
        const std::lock_guard lock(output);
        if (events)
            std::cout << event.toJson().dump() << std::endl;
        else if (event.event != "site-state" || event.details.value("state", "") == "counted")
            std::cout << event.text << std::endl;
    };
    federation::CoordinatorOptions options;
    options.listen = listen;
    options.onEvent = tell;
    options.stopRequested = platform::stopRequested;
    options.rules.makeStrategy = loadStrategy;
    options.rules.keepUpdates = given.keepUpdates;
    options.rules.threads = given.threads > 0 ? given.threads : platform::availableCores();
    options.firstModel = [&]() -> Result<ModelState> {
        auto opened = openJob(manifest->plan, {}, {.threads = 1});
        if (!opened)
            return fail(opened.error());
        return opened->job->initialModel();
    };
    const auto coordinator = federation::Coordinator::open(folder, std::move(options));
    if (!coordinator)
        return fail(coordinator.error());
    tell({now(),
          "listening",
          {},
          0,
          fmt::format("Hosting '{}' on {}, port {}", manifest->title, listen, (*coordinator)->port()),
          {{"port", (*coordinator)->port()}}});
    return (*coordinator)->run();
}

} // namespace

void addHost(CommandLine &line)
{
    auto options = std::make_shared<HostOptions>();
    auto *command = line.app.add_subcommand("host", "Runs the aggregator of a study, or goes on with it");
    command->add_option("study", options->study, "Study folder")->required();
    command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 takes a free one")->required();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");
    command->add_option("--threads", options->threads, "Threads that combine updates; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_flag("--keep-updates", options->keepUpdates,
                      "Keep the sites' updates of every round, so that 'verify' can work out each model again");
    command->callback([&line, options] { line.action = [options] { return host(*options); }; });
}

} // namespace consilium::node
