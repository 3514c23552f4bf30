// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between this program and the system's clock: CONSILIUM_TEST_CLOCK_OFFSET is how many seconds the time of day
// is off. Definitions in an executable come before those of its libraries, so gRPC and OpenSSL read the same wrong
// clock; the monotonic clock stays right, as it does on a computer whose time of day was set wrongly.
#include <cstdlib>
#include <ctime>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace {

time_t offset()
{
    static const time_t seconds = [] {
        const char *text = std::getenv("CONSILIUM_TEST_CLOCK_OFFSET");
        return text ? static_cast<time_t>(std::atol(text)) : 0;
    }();
    return seconds;
}

} // namespace

extern "C" {

int clock_gettime(clockid_t clock, struct timespec *time) noexcept
{
    const long result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        time->tv_sec += offset();
    return static_cast<int>(result);
}

int gettimeofday(struct timeval *time, void *) noexcept
{
    timespec precise{};
    const int result = clock_gettime(CLOCK_REALTIME, &precise);
    time->tv_sec = precise.tv_sec;
    time->tv_usec = precise.tv_nsec / 1000;
    return result;
}

time_t time(time_t *out) noexcept
{
    timespec precise{};
    clock_gettime(CLOCK_REALTIME, &precise);
    if (out)
        *out = precise.tv_sec;
    return precise.tv_sec;
}

} // extern "C"
