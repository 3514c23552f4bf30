// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/batches/batch.h"

#include <memory>

namespace consilium::learning {

/// Draws batches ahead of whoever trains, on threads of its own, and hands them out in order: the same batches whatever
/// the number of threads. At most `capacity` batches wait or are being drawn.
class BatchQueue
{
public:
    /// Batches `first` to `first + count - 1` of `source`, which outlives the queue. `threads` and `capacity` at least
    /// 1.
    BatchQueue(const BatchSource &source, std::int64_t first, std::int64_t count, int threads, int capacity);
    /// Waits for batches that are being drawn, and drops them.
    ~BatchQueue();
    BatchQueue(const BatchQueue &) = delete;
    BatchQueue &operator=(const BatchQueue &) = delete;

    /// The next batch, once it is ready; to be called `count` times at most. What drawing it threw is thrown here.
    Batch next();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace consilium::learning
