// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>

namespace consilium::federation {

/// Holds transfers to so many bytes a second: a token bucket that fills at the limit and holds at most one second of
/// it, so that a quiet line saves up no more than that. It starts empty. Safe to use from several threads; what they
/// transfer counts together.
class Bandwidth
{
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `limit` gives bytes a second at this moment, nothing for none; it is asked again while transfers wait, so that a
    /// change reaches them.
    explicit Bandwidth(
        std::function<std::optional<double>()> limit, std::function<Time()> now = std::chrono::steady_clock::now,
        std::function<void(std::chrono::milliseconds)> wait = [](auto time) { sleep(time); });

    /// Waits until `bytes` may pass, however many. False when `stopRequested` said so first; it is asked at least every
    /// 100 ms of the wait.
    bool take(std::size_t bytes, const std::function<bool()> &stopRequested);

private:
    static void sleep(std::chrono::milliseconds time);
    /// Takes up to `wanted` bytes from the bucket, and says how long until there are more.
    std::chrono::milliseconds takeSome(double &wanted);

    std::function<std::optional<double>()> m_limit;
    std::function<Time()> m_now;
    std::function<void(std::chrono::milliseconds)> m_wait;
    std::mutex m_mutex;
    double m_tokens = 0; ///< bytes
    Time m_filled;       ///< when tokens were last added
};

} // namespace consilium::federation
