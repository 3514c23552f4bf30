// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/batch_queue.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

namespace consilium::learning {

struct BatchQueue::State
{
    struct Drawn
    {
        Batch batch;
        std::exception_ptr failure;
    };

    const BatchSource &source;
    std::int64_t begin, end;
    std::int64_t capacity;
    std::mutex mutex;
    std::condition_variable changed;
    std::int64_t drawing; ///< the next batch that a thread takes up
    std::int64_t handed;  ///< the next batch that next() returns
    std::map<std::int64_t, Drawn> ready;
    bool stopping = false;
    std::vector<std::thread> threads;

    ~State()
    {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        changed.notify_all();
        for (auto &thread : threads)
            thread.join();
    }

    void work()
    {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return stopping || drawing >= end || drawing < handed + capacity; });
            if (stopping || drawing >= end)
                return;
            const auto index = drawing++;
            lock.unlock();
            Drawn drawn;
            try {
                drawn.batch = source.batch(index);
            } catch (...) {
                drawn.failure = std::current_exception();
            }
            lock.lock();
            ready.emplace(index, std::move(drawn));
            changed.notify_all();
        }
    }
};

BatchQueue::BatchQueue(const BatchSource &source, std::int64_t first, std::int64_t count, int threads, int capacity)
    : m_state(new State{source, first, first + count, std::max(1, capacity), {}, {}, first, first, {}, false, {}})
{
    for (int i = 0; i < std::max(1, threads); ++i)
        m_state->threads.emplace_back([state = m_state.get()] { state->work(); });
}

BatchQueue::~BatchQueue() = default;

Batch BatchQueue::next()
{
    std::unique_lock lock(m_state->mutex);
    const auto index = m_state->handed;
    m_state->changed.wait(lock, [this, index] { return m_state->ready.contains(index); });
    auto node = m_state->ready.extract(index);
    ++m_state->handed;
    lock.unlock();
    m_state->changed.notify_all();
    if (node.mapped().failure)
        std::rethrow_exception(node.mapped().failure);
    return std::move(node.mapped().batch);
}

} // namespace consilium::learning
