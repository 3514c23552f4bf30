// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/bandwidth.h"

#include <algorithm>
#include <cmath>
#include <thread>

namespace consilium::federation {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longestWait{100};

}

Bandwidth::Bandwidth(std::function<std::optional<double>()> limit, std::function<Time()> now,
                     std::function<void(milliseconds)> wait)
    : m_limit(std::move(limit)), m_now(std::move(now)), m_wait(std::move(wait)), m_filled(m_now())
{
}

void Bandwidth::sleep(milliseconds time)
{
    std::this_thread::sleep_for(time);
}

milliseconds Bandwidth::takeSome(double &wanted)
{
    const std::lock_guard lock(m_mutex);
    const auto limit = m_limit();
    const auto now = m_now();
    const double seconds = std::chrono::duration<double>(now - m_filled).count();
    m_filled = now;
    if (!limit) {
        m_tokens = 0;
        wanted = 0;
        return {};
    }
    m_tokens = std::min(m_tokens + std::max(0.0, seconds) * *limit, *limit);
    const auto taken = std::min(wanted, m_tokens);
    m_tokens -= taken;
    wanted -= taken;
    const auto rest = std::min(std::ceil(wanted / *limit * 1000), static_cast<double>(longestWait.count()));
    return milliseconds(static_cast<int>(rest));
}

bool Bandwidth::take(std::size_t bytes, const std::function<bool()> &stopRequested)
{
    auto wanted = static_cast<double>(bytes);
    while (true) {
        if (stopRequested())
            return false;
        const auto pause = takeSome(wanted);
        if (wanted <= 0)
            return true;
        m_wait(pause);
    }
}

} // namespace consilium::federation
