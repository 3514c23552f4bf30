// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/ahead_upload.h"

#include "core/log.h"

namespace consilium::federation {

AheadUpload::AheadUpload(HostLine &line, const Spool &spool) : m_line(line), m_spool(spool), m_thread([this] { run(); })
{
}

AheadUpload::~AheadUpload()
{
    {
        const std::lock_guard lock(m_mutex);
        m_end = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void AheadUpload::add(const std::string &id)
{
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(id);
    }
    m_wake.notify_all();
}

void AheadUpload::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_end || !m_queue.empty(); });
        if (m_end)
            return;
        const auto id = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        const auto sent = m_line.sendAhead(id, m_spool);
        lock.lock();
        if (!sent) {
            spdlog::info("Nothing more is sent before the reply is announced: {}", sent.error().message);
            return;
        }
    }
}

} // namespace consilium::federation
