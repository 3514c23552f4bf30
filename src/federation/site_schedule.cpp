// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_schedule.h"

#include "core/log.h"
#include "core/platform.h"

#include <charconv>
#include <cmath>
#include <thread>

namespace consilium::federation {

using std::chrono::milliseconds;
using std::chrono::minutes;

namespace {

constexpr int day = 24 * 60;
constexpr double leastBandwidth = 1000, mostBandwidth = 1e12;

std::filesystem::path fileOf(const std::filesystem::path &siteFolder)
{
    return siteFolder / "schedule.json";
}

std::string clockTime(int minuteOfDay)
{
    return fmt::format("{:02}:{:02}", minuteOfDay / 60, minuteOfDay % 60);
}

/// Minutes after midnight of "HH:MM", up to 24:00; -1 for anything else.
int minuteOf(std::string_view text)
{
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
    if (text.size() != 5 || text[2] != ':')
        return -1;
    const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
    const int both = hour * 60 + minute;
    return minute < 60 && both <= day ? both : -1;
}

} // namespace

bool DailyHours::contains(int minuteOfDay) const
{
    return from < to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to;
}

std::string DailyHours::inWords() const
{
    return clockTime(from) + "-" + clockTime(to);
}

Result<std::optional<DailyHours>> DailyHours::parse(const std::string &text)
{
    if (text == "any")
        return std::optional<DailyHours>{};
    DailyHours hours{minuteOf(text.substr(0, 5)), -1};
    if (text.size() == 11 && text[5] == '-')
        hours.to = minuteOf(text.substr(6));
    if (hours.from < 0 || hours.from >= day || hours.to < 0)
        return failWithHint(ErrorCode::Invalid, "Give them as 20:00-06:00, or any", "'{}' are not hours of a day",
                            text);
    if (hours.from == hours.to)
        return failWithHint(ErrorCode::Invalid, "Give 'any' for the whole day", "The hours {} begin when they end",
                            text);
    return hours;
}

Result<std::optional<double>> ScheduleSettings::parseBandwidth(const std::string &text)
{
    if (text == "none")
        return std::optional<double>{};
    double amount = 0;
    const auto *end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, amount, std::chars_format::fixed);
    const std::string unit(rest, end);
    const double factor = unit.empty() ? 1 : unit == "K" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : 0;
    amount *= factor;
    if (error != std::errc() || factor == 0 || !std::isfinite(amount) || amount > mostBandwidth)
        return failWithHint(ErrorCode::Invalid, "Give it as 10M or 500K, or none",
                            "'{}' is not a number of bytes a second", text);
    if (amount < leastBandwidth)
        return failWithHint(ErrorCode::Invalid, "Pause the site to send nothing",
                            "{} bytes a second are too few for a study: 1K is the least", text);
    return amount;
}

Json ScheduleSettings::toJson() const
{
    return {{"format", 1},
            {"hours", hours ? Json(hours->inWords()) : Json()},
            {"bytesPerSecond", bandwidth ? Json(*bandwidth) : Json()},
            {"paused", paused}};
}

Result<ScheduleSettings> ScheduleSettings::read(const std::filesystem::path &siteFolder)
{
    const auto file = fileOf(siteFolder);
    const auto json = readJson(file);
    if (!json && json.error().code == ErrorCode::NotFound)
        return ScheduleSettings{};
    if (!json)
        return fail(json.error());
    try {
        if (json->at("format") != 1)
            return failWithHint(ErrorCode::Unsupported, "Update this program", "{} was written by a newer version",
                                file.string());
        ScheduleSettings settings;
        if (!json->at("hours").is_null()) {
            const auto hours = DailyHours::parse(json->at("hours").get<std::string>());
            if (!hours)
                return fail(hours.error(), "{}", file.string());
            settings.hours = *hours;
        }
        if (!json->at("bytesPerSecond").is_null()) {
            const auto bandwidth = json->at("bytesPerSecond").get<double>();
            if (!(bandwidth >= leastBandwidth && bandwidth <= mostBandwidth))
                return fail(ErrorCode::Invalid, "{}: bytesPerSecond must be 1000 to 10^12, or null", file.string());
            settings.bandwidth = bandwidth;
        }
        json->at("paused").get_to(settings.paused);
        return settings;
    } catch (const Json::exception &error) {
        return failWithHint(ErrorCode::Malformed, "Delete it to work without limits, and set them again",
                            "{} is not a schedule: {}", file.string(), error.what());
    }
}

Result<> ScheduleSettings::write(const std::filesystem::path &siteFolder) const
{
    return writeJson(fileOf(siteFolder), toJson());
}

std::string restInWords(const ScheduleSettings &settings, int minuteOfDay)
{
    if (settings.paused)
        return "paused by the site";
    if (settings.hours && !settings.hours->contains(minuteOfDay))
        return "waits for its hours, " + clockTime(settings.hours->from);
    return {};
}

Standing standingOf(const ScheduleSettings &settings, TimePoint now, const std::function<int(TimePoint)> &minuteOfDay)
{
    auto words = restInWords(settings, minuteOfDay(now));
    if (words.empty())
        return {true, now, {}};
    if (settings.paused)
        return {false, std::nullopt, words};
    // Minute by minute, since only the system knows where summer time begins and ends. Two days hold the hours, even
    // where one of them skips the hour that they lie in.
    auto next = std::chrono::floor<minutes>(now) + minutes(1);
    for (int i = 0; i < 2 * day; ++i, next += minutes(1)) {
        if (settings.hours->contains(minuteOfDay(next)))
            return {false, next, words};
    }
    return {false, std::nullopt, words};
}

SiteClock SiteClock::system()
{
    return {[] { return consilium::now(); },
            [](TimePoint time) {
                return platform::minuteOfDay(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count());
            },
            [] { return std::chrono::steady_clock::now(); },
            [](milliseconds time) { std::this_thread::sleep_for(time); }};
}

SiteSchedule::SiteSchedule(std::filesystem::path siteFolder, ScheduleSettings settings, SiteClock clock)
    : m_siteFolder(std::move(siteFolder)), m_clock(std::move(clock)), m_settings(std::move(settings)),
      m_read(m_clock.steady()), m_bandwidth([this] { return this->settings().bandwidth; }, m_clock.steady, m_clock.wait)
{
}

Result<std::unique_ptr<SiteSchedule>> SiteSchedule::open(const std::filesystem::path &siteFolder, SiteClock clock)
{
    auto settings = ScheduleSettings::read(siteFolder);
    if (!settings)
        return fail(settings.error());
    return std::unique_ptr<SiteSchedule>(new SiteSchedule(siteFolder, std::move(*settings), std::move(clock)));
}

ScheduleSettings SiteSchedule::settings()
{
    const std::lock_guard lock(m_mutex);
    const auto time = m_clock.steady();
    if (time - m_read < std::chrono::seconds(1))
        return m_settings;
    m_read = time;
    const auto read = ScheduleSettings::read(m_siteFolder);
    if (read)
        m_settings = *read;
    const auto complaint = read ? std::string() : read.error().line();
    if (complaint != m_complaint && !complaint.empty())
        spdlog::warn("{}; the schedule of before stays in force", complaint);
    m_complaint = complaint;
    return m_settings;
}

Standing SiteSchedule::standing()
{
    return standingOf(settings(), m_clock.now(), m_clock.minuteOfDay);
}

bool SiteSchedule::waitUntilAllowed(const std::function<void(const std::string &)> &tell,
                                    const std::function<bool()> &stopRequested)
{
    std::string told;
    while (true) {
        if (stopRequested())
            return false;
        const auto words = restInWords(settings(), m_clock.minuteOfDay(m_clock.now()));
        if (words != told)
            tell(words);
        told = words;
        if (words.empty())
            return true;
        m_clock.wait(milliseconds(200));
    }
}

} // namespace consilium::federation
