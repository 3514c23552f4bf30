// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>

/// The calls that differ between operating systems, and nothing else. One platform_*.cpp each.
namespace consilium::platform {

/// A new file open for writing, or -1 with errno set. `ownerOnly`: no other user may read it.
int openForWriting(const std::filesystem::path &file, bool ownerOnly);
bool writeAll(int descriptor, std::span<const std::byte> bytes);
/// Many pieces with few calls: writing them one by one takes twice as long and more.
bool writeAll(int descriptor, std::span<const std::span<const std::byte>> pieces);
bool flushToDisk(int descriptor);
void closeFile(int descriptor);
/// Makes a rename inside the folder durable, where the system needs asking.
void flushFolder(const std::filesystem::path &folder);
/// A file, made when missing, open for writing at its end whatever others write; or -1 with errno set.
int openForAppending(const std::filesystem::path &file);

/// Holds an exclusive lock on a file, against other processes and other holders in this one, until it is destroyed or
/// the process ends, however it ends.
class FileLock
{
public:
    /// Takes the lock on `file` (made when missing); nothing when somebody else holds it.
    static std::optional<FileLock> take(const std::filesystem::path &file);
    FileLock(FileLock &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    FileLock &operator=(FileLock &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~FileLock();

private:
    explicit FileLock(int descriptor) : m_descriptor(descriptor) {}
    int m_descriptor;
};

/// Processor cores this process may use, at least 1.
int availableCores();
/// Folder of the running program.
std::filesystem::path programFolder();
/// Allows this process as many open files as the system lets it have: a host holds one for each site.
void allowManyOpenFiles();
/// Asks the allocator to keep freed memory for all threads together rather than some for each: for processes whose many
/// threads hold large blocks in turn. Safe to call more than once.
void shareFreedMemory();
/// Asks the allocator to keep large blocks that are freed instead of handing them back to the system: work that
/// allocates the same sizes again and again, as training does, then pays for fresh pages once. Safe to call more than
/// once.
void keepFreedMemory();
/// Lowers this process's priority so that the window and other work on the machine stay responsive.
void yieldToInteractiveWork();

/// Asks for a clean stop on Ctrl-C or a termination request; `stopRequested` turns true then. Safe to call once a
/// process.
void catchStopRequests();
bool stopRequested();

/// Minutes since midnight, 0 to 1439, that a clock on the wall shows `seconds` after 1970 began (UTC), by the time zone
/// and summer time the machine is set to.
int minuteOfDay(std::int64_t seconds);

/// Sets an environment variable unless a person has set it.
void setEnvironmentDefault(const char *name, const char *value);

/// True when standard output is a terminal.
bool outputIsTerminal();

} // namespace consilium::platform
