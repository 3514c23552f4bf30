// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "federation/bandwidth.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace consilium::federation {

/// A span of every day by the clock on the wall, in minutes after midnight: the first belongs to it, the last does
/// not. One that ends before it begins goes on past midnight. Where summer time skips or repeats an hour, what the
/// clock shows decides.
struct DailyHours
{
    int from = 0; ///< 0 to 1439
    int to = 0;   ///< 0 to 1440

    bool contains(int minuteOfDay) const;
    std::string inWords() const; ///< "20:00-06:00"
    bool operator==(const DailyHours &) const = default;

    /// "20:00-06:00"; "any" is nothing. Errors: Invalid.
    static Result<std::optional<DailyHours>> parse(const std::string &text);
};

/// When and how fast a site works: its own wish, which no plan and no host can change. <site>/schedule.json.
struct ScheduleSettings
{
    std::optional<DailyHours> hours; ///< nothing: at any time
    /// Bytes a second, up and down together, at least 1000; nothing: no limit.
    std::optional<double> bandwidth;
    bool paused = false;

    /// Bytes a second in "10M", "500K", "1.5G" or "800000" (K, M, G: 10^3, 10^6, 10^9); "none" is nothing. Errors:
    /// Invalid.
    static Result<std::optional<double>> parseBandwidth(const std::string &text);

    /// {"format": 1, "hours": "20:00-06:00" or null, "bytesPerSecond": 1e7 or null, "paused": false}
    Json toJson() const;
    /// Of a site's folder; without the file, no limits. Errors: Io; Malformed, Invalid, Unsupported (a newer format),
    /// naming file and key.
    static Result<ScheduleSettings> read(const std::filesystem::path &siteFolder);
    Result<> write(const std::filesystem::path &siteFolder) const; ///< atomically
    bool operator==(const ScheduleSettings &) const = default;
};

/// Whether a site may work at some moment.
struct Standing
{
    bool mayWork = true;
    /// When it may: now, or when its hours begin; nothing while it is paused, and when the clock never comes to them.
    std::optional<TimePoint> next;
    std::string words; ///< for the board: empty, "paused by the site", "waits for its hours, 20:00"
};

/// Time as a schedule sees it; tests bring their own.
struct SiteClock
{
    std::function<TimePoint()> now;
    std::function<int(TimePoint)> minuteOfDay; ///< on the clock on the wall
    std::function<Bandwidth::Time()> steady;
    std::function<void(std::chrono::milliseconds)> wait;

    static SiteClock system();
};

/// What a site that rests says at this minute of the day; empty when it may work.
std::string restInWords(const ScheduleSettings &settings, int minuteOfDay);

Standing standingOf(const ScheduleSettings &settings, TimePoint now, const std::function<int(TimePoint)> &minuteOfDay);

/// A site's schedule while its worker runs. The file is read again every second, so that a change acts without a
/// restart; one that cannot be read leaves what was in force, and is said in the log. Safe to use from several threads.
class SiteSchedule
{
public:
    /// Errors: as ScheduleSettings::read.
    static Result<std::unique_ptr<SiteSchedule>> open(const std::filesystem::path &siteFolder,
                                                      SiteClock clock = SiteClock::system());

    ScheduleSettings settings();
    Standing standing();

    /// Returns once the site may work: at once, or after waiting in steps of 200 ms. `tell` is called with the words of
    /// its rest when they change, and after a wait with none. False when `stopRequested` said so first.
    bool waitUntilAllowed(const std::function<void(const std::string &)> &tell,
                          const std::function<bool()> &stopRequested);

    /// Waits until so many bytes may go over the line, up or down. False when `stopRequested` said so first; it is
    /// asked at least every 100 ms of the wait.
    bool takeBandwidth(std::size_t bytes, const std::function<bool()> &stopRequested)
    {
        return m_bandwidth.take(bytes, stopRequested);
    }

private:
    SiteSchedule(std::filesystem::path siteFolder, ScheduleSettings settings, SiteClock clock);

    const std::filesystem::path m_siteFolder;
    const SiteClock m_clock;
    std::mutex m_mutex;
    ScheduleSettings m_settings;
    std::string m_complaint; ///< about the file, told once
    Bandwidth::Time m_read;
    Bandwidth m_bandwidth; ///< last: it asks for the settings
};

} // namespace consilium::federation
