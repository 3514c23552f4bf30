// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace consilium::federation {

struct SiteReport
{
    int round = 0;
    SiteState state = SiteState::Training;
    double progress = 0; ///< 0 to 1 within the state
    std::string detail;
    int step = 0; ///< 0: no loss to tell
    double loss = 0;
};

/// Sends a site's progress from a thread of its own, so that a slow line never slows training, and a heartbeat when
/// there is nothing else to say. Reports without a loss replace each other while they wait; losses are all kept.
class ProgressReporter
{
public:
    ProgressReporter(std::function<void(const SiteReport &)> send, std::function<void()> heartbeat,
                     std::chrono::milliseconds interval);
    ~ProgressReporter();

    void report(SiteReport report);

private:
    void run();

    std::function<void(const SiteReport &)> m_send;
    std::function<void()> m_heartbeat;
    std::chrono::milliseconds m_interval;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<SiteReport> m_waiting;
    bool m_stop = false;
    std::thread m_thread;
};

} // namespace consilium::federation
