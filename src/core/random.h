// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <numbers>
#include <random>

namespace consilium {

/// Random numbers that are the same on every platform: the standard fixes the engine's sequence but not its
/// distributions.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}

    /// In [0, 1).
    double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    bool chance(double probability) { return uniform() < probability; }
    /// In 0 to count - 1; count at least 1 and far below 2^53.
    template <std::integral Integer>
    Integer below(Integer count)
    {
        return static_cast<Integer>(uniform() * static_cast<double>(count));
    }

    /// Standard normal (Box and Muller 1958).
    double normal()
    {
        if (m_hasSpare) {
            m_hasSpare = false;
            return m_spare;
        }
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        const double angle = 2 * std::numbers::pi * uniform();
        m_spare = radius * std::sin(angle);
        m_hasSpare = true;
        return radius * std::cos(angle);
    }
    double normal(double mean, double deviation) { return mean + deviation * normal(); }

private:
    std::mt19937_64 m_engine;
    double m_spare = 0;
    bool m_hasSpare = false;
};

} // namespace consilium
