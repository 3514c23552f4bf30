// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace consilium {

Result<> forEachIndex(std::size_t count, int threads, const std::function<Result<>(std::size_t)> &work)
{
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> failed = false;
    std::mutex mutex;
    std::optional<std::pair<std::size_t, Error>> first;
    std::exception_ptr exception;

    const auto run = [&] {
        // Indices are handed out in rising order, so every index below a failed one has been tried too.
        while (!failed) {
            const auto index = next++;
            if (index >= count)
                return;
            try {
                if (auto done = work(index); !done) {
                    const std::lock_guard lock(mutex);
                    if (!first || index < first->first)
                        first.emplace(index, std::move(done.error()));
                    failed = true;
                }
            } catch (...) {
                const std::lock_guard lock(mutex);
                exception = std::current_exception();
                failed = true;
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        const auto useful = std::min<std::size_t>(count, static_cast<std::size_t>(std::max(threads, 1)));
        for (std::size_t worker = 1; worker < useful; ++worker)
            workers.emplace_back(run);
        run();
    }
    if (exception)
        std::rethrow_exception(exception);
    if (first)
        return fail(std::move(first->second));
    return {};
}

} // namespace consilium
