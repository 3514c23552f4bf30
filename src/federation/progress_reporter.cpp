// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/progress_reporter.h"

namespace consilium::federation {

ProgressReporter::ProgressReporter(std::function<void(const SiteReport &)> send, std::function<void()> heartbeat,
                                   std::chrono::milliseconds interval)
    : m_send(std::move(send)), m_heartbeat(std::move(heartbeat)), m_interval(interval), m_thread([this] { run(); })
{
}

ProgressReporter::~ProgressReporter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void ProgressReporter::report(SiteReport report)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_waiting.empty() && m_waiting.back().step == 0 && report.step == 0)
            m_waiting.back() = std::move(report);
        else
            m_waiting.push_back(std::move(report));
        // With the line down for hours only the newest matter.
        while (m_waiting.size() > 1000)
            m_waiting.pop_front();
    }
    m_wake.notify_all();
}

void ProgressReporter::run()
{
    auto lastHeartbeat = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        m_wake.wait_for(lock, m_interval, [this] { return m_stop || !m_waiting.empty(); });
        if (m_stop)
            break;
        if (!m_waiting.empty()) {
            const auto next = std::move(m_waiting.front());
            m_waiting.pop_front();
            lock.unlock();
            m_send(next);
            lock.lock();
        }
        if (std::chrono::steady_clock::now() - lastHeartbeat >= m_interval) {
            lastHeartbeat = std::chrono::steady_clock::now();
            lock.unlock();
            m_heartbeat();
            lock.lock();
        }
    }
}

} // namespace consilium::federation
