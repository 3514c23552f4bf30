// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory_bandwidth.h"

#include "core/parallel.h"
#include "core/vector_clones.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace consilium {

namespace {

constexpr std::size_t words = (512U << 20) / sizeof(std::uint64_t);
constexpr std::size_t lanes = 16;

// Integers: their addition may be regrouped, so that the sum never waits for the one before.
CONSILIUM_VECTOR_CLONES std::uint64_t sum(const std::uint64_t *values, std::size_t count)
{
    std::uint64_t sums[lanes] = {};
    for (std::size_t i = 0; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            sums[lane] += values[i + lane];
    std::uint64_t total = 0;
    for (const auto part : sums)
        total += part;
    return total;
}

} // namespace

double memoryBandwidth(int threads)
{
    const std::vector<std::uint64_t> values(words, 1);
    const auto parts = static_cast<std::size_t>(std::max(threads, 1));
    const auto part = words / parts / lanes * lanes;
    std::atomic<std::uint64_t> total = 0; // so that no compiler leaves the sums out
    double best = 0;
    for (int trial = 0; trial < 7; ++trial) {
        const auto start = std::chrono::steady_clock::now();
        (void)forEachIndex(parts, threads, [&](std::size_t i) -> Result<> {
            total += sum(values.data() + i * part, part);
            return {};
        });
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        best = std::max(best, static_cast<double>(parts * part * sizeof(std::uint64_t)) / seconds);
    }
    return total.load() != 0 ? best : 0;
}

} // namespace consilium
