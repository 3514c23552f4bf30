// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace consilium::viewer {

/// Keeps a reader's record on the disk without holding up the window: a thread of its own writes the newest state
/// atomically and every log line after it. A crash loses what was said in the last instant, never what was said before.
class ReadingWriter
{
public:
    /// A log that a crash left in the middle of a line is ended first.
    ReadingWriter(std::filesystem::path record, std::filesystem::path log);
    /// Writes what is left.
    ~ReadingWriter();
    ReadingWriter(const ReadingWriter &) = delete;
    ReadingWriter &operator=(const ReadingWriter &) = delete;

    /// `logLine` without its end of line. Returns at once.
    void write(std::string record, const std::string &logLine);
    /// Waits until all is on the disk. Errors: Io, of the last write; it is tried again with the next.
    Result<> flush();
    /// Hears of writes that fail, on the writer's thread. Set once, before the first write that matters.
    void setFailureHandler(std::function<void(const Error &)> handler);

private:
    void run();
    Result<> writeBoth(const std::string &record, const std::string &log);

    std::filesystem::path m_recordFile, m_logFile;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<std::string> m_record;
    std::string m_log;
    bool m_writing = false, m_ending = false;
    std::optional<Error> m_error;
    std::function<void(const Error &)> m_failed;
    std::thread m_thread;
};

} // namespace consilium::viewer
