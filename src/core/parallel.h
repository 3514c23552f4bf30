// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <functional>

namespace consilium {

/// Calls `work(0)` to `work(count - 1)` from up to `threads` threads. After a failure no new call starts; the failure
/// returned is that of the lowest index, however the threads ran. Exceptions of `work` arrive at the caller.
Result<> forEachIndex(std::size_t count, int threads, const std::function<Result<>(std::size_t)> &work);

} // namespace consilium
