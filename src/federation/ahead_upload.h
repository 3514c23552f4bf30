// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/host_line.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

/// Private to this library.
namespace consilium::federation {

/// Sends the objects of a reply while later ones are still being made. It gives up at the first that does not get
/// through: the host asks for what it lacks once the reply is announced.
class AheadUpload
{
public:
    AheadUpload(HostLine &line, const Spool &spool);
    /// Waits for the object on its way, not for those in the queue.
    ~AheadUpload();
    AheadUpload(const AheadUpload &) = delete;
    AheadUpload &operator=(const AheadUpload &) = delete;

    void add(const std::string &id);

private:
    void run();

    HostLine &m_line;
    const Spool &m_spool;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::string> m_queue;
    bool m_end = false;
    std::thread m_thread; ///< last: it uses the members above
};

} // namespace consilium::federation
