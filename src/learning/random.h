// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace consilium::learning {

/// Random numbers that are the same with every standard library: the engine is fixed by the C++ standard, the
/// distributions of the standard are not and are therefore worked out here.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_engine(seed) {}

    /// In [0, 1), with 53 random bits.
    double uniform() { return static_cast<double>(m_engine() >> 11) * 0x1p-53; }
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    bool chance(double probability) { return uniform() < probability; }
    /// In 0 to count - 1; count at least 1 and far below 2^53.
    std::int64_t below(std::int64_t count) { return static_cast<std::int64_t>(uniform() * static_cast<double>(count)); }

    /// Standard normal, by the polar method of Marsaglia and Bray (1964).
    double normal()
    {
        if (m_hasSpare) {
            m_hasSpare = false;
            return m_spare;
        }
        double u = 0, v = 0, square = 0;
        do {
            u = uniform(-1, 1);
            v = uniform(-1, 1);
            square = u * u + v * v;
        } while (square >= 1 || square == 0);
        const double factor = std::sqrt(-2 * std::log(square) / square);
        m_spare = v * factor;
        m_hasSpare = true;
        return u * factor;
    }

private:
    std::mt19937_64 m_engine;
    double m_spare = 0;
    bool m_hasSpare = false;
};

} // namespace consilium::learning
