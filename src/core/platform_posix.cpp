// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "core/platform_memory.h"
#include "core/platform_processor.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <memory>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <sched.h>
#include <string>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <thread>
#include <unistd.h>

namespace consilium::platform {

int openForWriting(const std::filesystem::path &file, bool ownerOnly)
{
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, ownerOnly ? 0600 : 0644);
}

bool writeAll(int descriptor, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

bool writeAll(int descriptor, std::span<const std::span<const std::byte>> pieces)
{
    constexpr std::size_t most = 512; // below every system's IOV_MAX
    std::size_t done = 0;             // of the first piece that is left
    while (!pieces.empty()) {
        if (done == pieces.front().size()) {
            pieces = pieces.subspan(1);
            done = 0;
            continue;
        }
        std::array<iovec, most> list;
        const auto count = std::min(most, pieces.size());
        for (std::size_t i = 0; i < count; ++i) {
            const auto piece = i == 0 ? pieces[0].subspan(done) : pieces[i];
            list[i] = {const_cast<std::byte *>(piece.data()), piece.size()};
        }
        const auto written = ::writev(descriptor, list.data(), static_cast<int>(count));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        for (auto left = static_cast<std::size_t>(written); left > 0;) {
            const auto part = std::min(left, pieces.front().size() - done);
            left -= part;
            done += part;
            if (left > 0) {
                pieces = pieces.subspan(1);
                done = 0;
            }
        }
    }
    return true;
}

bool flushToDisk(int descriptor)
{
    return ::fsync(descriptor) == 0;
}

void closeFile(int descriptor)
{
    ::close(descriptor);
}

void flushFolder(const std::filesystem::path &folder)
{
    if (const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
}

int openForAppending(const std::filesystem::path &file)
{
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

std::optional<FileLock> FileLock::take(const std::filesystem::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return std::nullopt;
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        ::close(descriptor);
        return std::nullopt;
    }
    return FileLock(descriptor);
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

int availableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        return std::max(1, CPU_COUNT(&set));
    return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::filesystem::path programFolder()
{
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::filesystem::current_path() : program.parent_path();
}

void allowManyOpenFiles()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void shareFreedMemory()
{
#ifdef __GLIBC__
    ::mallopt(M_ARENA_MAX, 2);
    ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
    ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

void keepFreedMemory()
{
#ifdef __GLIBC__
    ::mallopt(M_MMAP_THRESHOLD, 1 << 30);
    ::mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
    ::mallopt(M_TOP_PAD, 64 << 20);
#endif
}

void askForPages([[maybe_unused]] std::span<std::byte> memory)
{
#ifdef MADV_POPULATE_WRITE // Linux 5.14
    void *start = memory.data();
    auto space = memory.size();
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (std::align(page, page, start, space))
        ::madvise(start, space / page * page, MADV_POPULATE_WRITE);
#endif
}

namespace {

/// A number of kibibytes from a process's status, in bytes.
std::optional<double> statusValue(const std::string &process, const char *key)
{
    std::ifstream status("/proc/" + process + "/status");
    for (std::string word; status >> word;)
        if (double kibibytes = 0; word == key && status >> kibibytes)
            return kibibytes * 1024;
    return std::nullopt;
}

} // namespace

std::optional<double> peakMemory()
{
    return statusValue("self", "VmHWM:");
}

std::optional<ProcessUse> processUse(std::int64_t process)
{
    const auto name = std::to_string(process);
    const auto memory = statusValue(name, "VmRSS:"), peak = statusValue(name, "VmHWM:");
    if (!memory || !peak)
        return std::nullopt;
    ProcessUse use{*memory, *peak, 0};
    std::error_code error;
    for (std::filesystem::directory_iterator it("/proc/" + name + "/fd", error), end; !error && it != end;
         it.increment(error))
        ++use.openFiles;
    return use;
}

bool hasBfloat16()
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
}

void yieldToInteractiveWork()
{
    ::setpriority(PRIO_PROCESS, 0, 10);
}

namespace {

std::atomic<bool> stopFlag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void onSignal(int)
{
    if (stopFlag.exchange(true))
        ::_exit(130); // a second Ctrl-C means now
}

} // namespace

void catchStopRequests()
{
    struct sigaction action = {};
    action.sa_handler = onSignal;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

bool stopRequested()
{
    return stopFlag.load();
}

int minuteOfDay(std::int64_t seconds)
{
    ::tzset(); // localtime_r alone need not notice that the zone was changed
    const auto time = static_cast<std::time_t>(seconds);
    std::tm local = {};
    ::localtime_r(&time, &local);
    return local.tm_hour * 60 + local.tm_min;
}

void setEnvironmentDefault(const char *name, const char *value)
{
    ::setenv(name, value, 0);
}

bool outputIsTerminal()
{
    return ::isatty(STDOUT_FILENO) == 1;
}

} // namespace consilium::platform
