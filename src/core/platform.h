// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

/// The calls that differ between operating systems, and nothing else. One platform_*.cpp each.
namespace consilium::platform {

/// A new file open for writing, or -1 with errno set. `ownerOnly`: no other user may read it.
int openForWriting(const std::filesystem::path &file, bool ownerOnly);
bool writeAll(int descriptor, std::span<const std::byte> bytes);
bool flushToDisk(int descriptor);
void closeFile(int descriptor);
/// Makes a rename inside the folder durable, where the system needs asking.
void flushFolder(const std::filesystem::path &folder);

/// Takes an exclusive lock on `file` (made when missing) for the life of this process; false when another holds it.
bool lockForThisProcess(const std::filesystem::path &file);

/// Processor cores this process may use, at least 1.
int availableCores();
/// Peak resident memory of this process in bytes.
std::uint64_t peakMemory();
/// Folder of the running program.
std::filesystem::path programFolder();
std::uint64_t processId();
/// Asks the allocator to keep large blocks that are freed instead of handing them back to the system: work that allocates
/// the same sizes again and again, as training does, then pays for fresh pages once. Safe to call more than once.
void keepFreedMemory();
/// Lowers this process's priority so that the window and other work on the machine stay responsive.
void yieldToInteractiveWork();

/// Asks for a clean stop on Ctrl-C or a termination request; `stopRequested` turns true then. Safe to call once a process.
void catchStopRequests();
bool stopRequested();
/// Sets the same flag from inside the program.
void requestStop();

/// Sets an environment variable unless a person has set it.
void setEnvironmentDefault(const char *name, const char *value);

/// True when standard output is a terminal.
bool outputIsTerminal();

} // namespace consilium::platform
