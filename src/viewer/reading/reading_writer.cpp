// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_writer.h"

#include "core/file.h"

namespace consilium::viewer {

ReadingWriter::ReadingWriter(std::filesystem::path record, std::filesystem::path log)
    : m_recordFile(std::move(record)), m_logFile(std::move(log))
{
    if (const auto before = readFile(m_logFile); before && !before->empty() && before->back() != '\n')
        m_log = "\n";
    m_thread = std::thread([this] { run(); });
}

ReadingWriter::~ReadingWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

void ReadingWriter::write(std::string record, const std::string &logLine)
{
    {
        const std::lock_guard lock(m_mutex);
        m_record = std::move(record);
        m_log += logLine + "\n";
    }
    m_changed.notify_all();
}

Result<> ReadingWriter::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_record && !m_writing; });
    if (m_error)
        return fail(*m_error);
    return {};
}

void ReadingWriter::setFailureHandler(std::function<void(const Error &)> handler)
{
    const std::lock_guard lock(m_mutex);
    m_failed = std::move(handler);
}

void ReadingWriter::run()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_record || m_ending; });
        if (!m_record)
            return;
        const std::string record = *std::exchange(m_record, std::nullopt);
        const std::string log = std::exchange(m_log, {});
        m_writing = true;
        lock.unlock();
        const Result<> written = writeBoth(record, log);
        lock.lock();
        m_writing = false;
        m_error = written ? std::nullopt : std::optional<Error>(written.error());
        const auto failed = written ? nullptr : m_failed;
        // What could not be written goes with the next answer, which carries the newest state anyway.
        if (!written)
            m_log = log + m_log;
        m_changed.notify_all();
        if (failed) {
            lock.unlock();
            failed(written.error());
            lock.lock();
        }
    }
}

Result<> ReadingWriter::writeBoth(const std::string &record, const std::string &log)
{
    if (auto written = writeFileAtomically(m_recordFile, record); !written)
        return written;
    return appendToFile(m_logFile, log);
}

} // namespace consilium::viewer
