// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"
#include "core/platform.h"
#include "federation/coordinator.h"
#include "node/command.h"
#include "node/planned_job.h"
#include "storage/study_manifest.h"

#include <iostream>
#include <mutex>

namespace consilium::node {

namespace {

Result<> host(const std::string &folder, const std::string &listen, bool events)
{
    const auto manifest = storage::StudyManifest::read(folder);
    if (!manifest)
        return fail(manifest.error());
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
    struct Options
    {
        std::string study, listen;
        bool events = false;
    };
    auto options = std::make_shared<Options>();
    auto *command = line.app.add_subcommand("host", "Runs the aggregator of a study, or goes on with it");
    command->add_option("study", options->study, "Study folder")->required();
    command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 takes a free one")->required();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");
    command->callback([&line, options] {
        line.action = [options] { return host(options->study, options->listen, options->events); };
    });
}

} // namespace consilium::node
