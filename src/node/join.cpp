// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"
#include "core/platform.h"
#include "federation/participant.h"
#include "node/command.h"
#include "node/event_printer.h"
#include "node/job_trainer.h"
#include "node/join_superlink.h"
#include "node/planned_job.h"

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
    EventPrinter printer(options.events);
    federation::ParticipantOptions participation;
    participation.stopRequested = platform::stopRequested;
    participation.onEvent = [&](const Event &event) { printer.print(event); };
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
    auto flower = std::make_shared<SuperLinkJoin>();
    auto *command = line.app.add_subcommand("join", "Runs this site's worker, or goes on with it");
    auto *site = command->add_option("--site-dir", options->siteFolder, "This site's folder");
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_flag("--events", options->events, "One JSON object per line on standard output");

    const auto *group = "A plain Flower SuperLink, instead of a study's host";
    auto *superLink = command->add_option("--superlink", flower->endpoint, "HOST:PORT of its Fleet API")->group(group);
    auto *authority = command->add_option("--ca", flower->authority, "CA of its certificate, PEM")->group(group);
    auto *plan = command->add_option("--plan", flower->plan, "Plan to train by; nothing else is done")->group(group);
    auto *data = command->add_option("--data", flower->data, "Dataset folder to train on")->group(group);
    auto *oneRun = command->add_flag("--one-run", flower->oneRun, "End when the run has ended")->group(group);
    superLink->needs(authority)->needs(plan)->needs(data);
    for (auto *option : {authority, plan, data, oneRun})
        option->needs(superLink);
    command->callback([&line, options, flower, site, superLink] {
        if (site->empty() && superLink->empty())
            throw CLI::RequiredError("--site-dir, or --superlink with --ca, --plan and --data,");
        if (superLink->empty()) {
            line.action = [options] { return join(*options); };
            return;
        }
        flower->folder = options->siteFolder;
        flower->threads = options->threads;
        flower->device = options->device;
        flower->events = options->events;
        line.action = [flower] { return joinSuperLink(*flower); };
    });
}

} // namespace consilium::node
