// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_schedule.h"

#include "federation/site_folder.h"
#include "node/command.h"

#include <iostream>

namespace consilium::node {

namespace {

using federation::ScheduleSettings;

struct ScheduleOptions
{
    std::string siteFolder, hours, bandwidth;
    bool pause = false, resume = false, json = false;

    bool change() const { return !hours.empty() || !bandwidth.empty() || pause || resume; }
};

Result<> apply(const ScheduleOptions &options, ScheduleSettings &settings)
{
    if (!options.hours.empty()) {
        const auto hours = federation::DailyHours::parse(options.hours);
        if (!hours)
            return fail(hours.error(), "--hours");
        settings.hours = *hours;
    }
    if (!options.bandwidth.empty()) {
        const auto bandwidth = ScheduleSettings::parseBandwidth(options.bandwidth);
        if (!bandwidth)
            return fail(bandwidth.error(), "--bandwidth");
        settings.bandwidth = *bandwidth;
    }
    if (options.pause || options.resume)
        settings.paused = options.pause;
    return {};
}

Result<> schedule(const ScheduleOptions &options)
{
    const auto site = federation::SiteFolder::open(options.siteFolder);
    if (!site)
        return fail(site.error());
    auto settings = ScheduleSettings::read(site->folder());
    if (!settings)
        return fail(settings.error());
    if (options.change()) {
        if (auto applied = apply(options, *settings); !applied)
            return applied;
        if (auto written = settings->write(site->folder()); !written)
            return written;
    }
    const auto standing = federation::standingOf(*settings, now(), federation::SiteClock::system().minuteOfDay);
    if (options.json) {
        auto json = settings->toJson();
        json.erase("format");
        json["site"] = site->site();
        json["mayWork"] = standing.mayWork;
        json["next"] = standing.next ? Json(toIso(*standing.next)) : Json();
        json["text"] = standing.words;
        printJson(json);
        return {};
    }
    const auto line = settings->bandwidth ? fmt::format("at most {:g} MB a second ({:g} Mbit/s), up and down together",
                                                        *settings->bandwidth / 1e6, *settings->bandwidth * 8 / 1e6)
                                          : std::string("no limit");
    std::cout << fmt::format("Site '{}' of '{}'\n"
                             "  hours  {}\n"
                             "  line   {}\n"
                             "  now    {}\n",
                             site->site(), site->title(),
                             settings->hours ? settings->hours->inWords() : std::string("at any time"), line,
                             standing.mayWork ? std::string("may work") : standing.words);
    if (options.change())
        std::cout << "A worker that is running acts on it within a few seconds.\n";
    return {};
}

} // namespace

void addSchedule(CommandLine &line)
{
    auto options = std::make_shared<ScheduleOptions>();
    auto *command = line.app.add_subcommand("schedule", "Shows and sets when and how fast this site works");
    command->add_option("--site-dir", options->siteFolder, "This site's folder")->required();
    command->add_option("--hours", options->hours,
                        "Hours of the day it trains and transfers in, by this machine's clock: 20:00-06:00, or any");
    command->add_option("--bandwidth", options->bandwidth,
                        "Bytes a second over the line, up and down together: 10M, 500K, or none");
    auto *pause = command->add_flag("--pause", options->pause, "Stop working until --resume");
    command->add_flag("--resume", options->resume, "Go on")->excludes(pause);
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([&line, options] { line.action = [options] { return schedule(*options); }; });
}

} // namespace consilium::node
