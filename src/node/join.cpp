// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"
#include "core/platform.h"
#include "federation/participant.h"
#include "node/command.h"
#include "node/console.h"
#include "node/job_trainer.h"
#include "node/planned_job.h"

#include <iostream>
#include <mutex>

namespace consilium::node {

namespace {

struct JoinOptions
{
    std::string siteFolder, device = "cpu";
    int threads = 0;
    bool events = false;
};

Result<> join(const JoinOptions &options)
{
    const auto site = federation::SiteFolder::open(options.siteFolder);
    if (!site)
        return fail(site.error());
    const auto consent = site->consent();
    if (!consent)
        return fail(consent.error());
    if (!*consent || (*consent)->planHash != site->plan().hash())
        return failWithHint(ErrorCode::Refused,
                            "Run 'consilium-node consent --site-dir " + options.siteFolder + " --approve --data DIR'",
                            "The custodian of '{}' has not approved this plan", site->site());
    const auto lock = platform::FileLock::take(site->folder() / "join.lock");
    if (!lock)
        return failWithHint(ErrorCode::Busy, "Stop the other one first", "Another worker runs for the site folder {}",
                            options.siteFolder);
    startLogging(site->folder() / "join.log");
    // Training is long, looking at pictures on the same machine is not: the reader goes first.
    platform::yieldToInteractiveWork();

    auto opened = openJob(site->plan(), {(*consent)->data}, {options.threads, options.device});
    if (!opened)
        return fail(opened.error(), "The data of '{}'", site->site());
    const auto checkpoint = site->folder() / "checkpoint";
    JobTrainer trainer(*opened->job, site->plan(), site->site(), checkpoint);
    ProgressLine progress(options.events);
    std::mutex output;
    federation::ParticipantOptions participation;
    participation.stopRequested = platform::stopRequested;
    participation.onEvent = [&](const Event &event) {
        const std::lock_guard lock(output);
        if (options.events)
            std::cout << event.toJson().dump() << std::endl;
        else if (event.event == "progress")
            progress.show(event.text);
        else
            std::cout << event.text << std::endl;
    };
    const auto ended = federation::participate(*site, trainer, participation);
    std::error_code ignored;
    if (ended)
        std::filesystem::remove_all(checkpoint, ignored);
    return ended;
}

} // namespace

void addJoin(CommandLine &line)
{
    auto options = std::make_shared<JoinOptions>();
    auto *command = line.app.add_subcommand("join", "Runs this site's worker, or goes on with it");
    command->add_option("--site-dir", options->siteFolder, "This site's folder")->required();
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");
    command->callback([&line, options] { line.action = [options] { return join(*options); }; });
}

} // namespace consilium::node
