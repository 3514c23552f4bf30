// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace consilium::federation {

/// A sum of vectors that threads finish in any order and that is formed in the order of their indices 0, 1, 2, ..., so
/// that its last bits do not depend on the threads. Keeps only what came before its turn.
class OrderedSum
{
public:
    explicit OrderedSum(std::size_t size) : m_sum(size) {}

    void add(std::size_t index, std::vector<double> part)
    {
        const std::lock_guard lock(m_mutex);
        m_early.emplace(index, std::move(part));
        for (auto next = m_early.find(m_next); next != m_early.end(); next = m_early.find(++m_next)) {
            for (std::size_t i = 0; i < m_sum.size(); ++i)
                m_sum[i] += next->second[i];
            m_early.erase(next);
        }
    }
    /// After all parts.
    std::vector<double> take() { return std::move(m_sum); }

private:
    std::mutex m_mutex;
    std::vector<double> m_sum;
    std::map<std::size_t, std::vector<double>> m_early;
    std::size_t m_next = 0;
};

} // namespace consilium::federation
