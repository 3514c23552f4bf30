// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <vector>

namespace consilium::viewer {

/// Which slices along k of a volume that is still being read have arrived. One thread fills the volume and marks,
/// others look: what is marked may be read, the rest may not.
class SliceArrival
{
public:
    explicit SliceArrival(int slices) : m_ready(static_cast<std::size_t>(slices)) {}

    void mark(int k)
    {
        m_ready[static_cast<std::size_t>(k)].store(true, std::memory_order_release);
        m_count.fetch_add(1, std::memory_order_release);
    }
    bool isReady(int k) const { return m_ready[static_cast<std::size_t>(k)].load(std::memory_order_acquire); }
    int count() const { return m_count.load(std::memory_order_acquire); }
    int slices() const { return static_cast<int>(m_ready.size()); }
    bool isComplete() const { return count() >= slices(); }

private:
    std::vector<std::atomic<bool>> m_ready;
    std::atomic<int> m_count{0};
};

} // namespace consilium::viewer
