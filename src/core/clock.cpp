// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <cstdio>

namespace consilium {

using namespace std::chrono;

TimePoint now()
{
    return floor<milliseconds>(system_clock::now());
}

std::string toIso(TimePoint time)
{
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}+00:00", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

Result<TimePoint> fromIso(const std::string &text)
{
    int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d%n", &y, &mo, &d, &h, &mi, &s, &used) != 6 || used == 0)
        return fail(ErrorCode::Malformed, "'{}' is not an ISO 8601 time", text);
    const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
    if (!date.ok() || h > 23 || mi > 59 || s > 60)
        return fail(ErrorCode::Malformed, "'{}' is not an ISO 8601 time", text);
    auto rest = text.substr(static_cast<std::size_t>(used));
    int milli = 0;
    if (!rest.empty() && (rest[0] == '.' || rest[0] == ',')) {
        std::size_t digits = 0;
        for (int scale = 100; 1 + digits < rest.size() && rest[1 + digits] >= '0' && rest[1 + digits] <= '9';
             ++digits, scale /= 10)
            milli += (rest[1 + digits] - '0') * scale;
        rest.erase(0, 1 + digits);
    }
    minutes offset{0};
    int oh = 0, om = 0;
    char sign = 0;
    if (std::sscanf(rest.c_str(), "%c%2d:%2d", &sign, &oh, &om) == 3 && (sign == '+' || sign == '-'))
        offset = minutes((sign == '-' ? -1 : 1) * (oh * 60 + om));
    else if (rest != "Z")
        return fail(ErrorCode::Malformed, "'{}' has no offset from UTC", text);
    return TimePoint(sys_days(date) + hours(h) + minutes(mi) + seconds(s) + milliseconds(milli) - offset);
}

} // namespace consilium
