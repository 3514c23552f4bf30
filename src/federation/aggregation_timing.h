// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>

namespace consilium::federation {

struct AggregationTiming
{
    double seconds = 0;         ///< the whole of aggregate() with FedAvg: reading, combining, writing, drift; the best
    double updateBytes = 0;     ///< of all sites' updates
    double movedBytes = 0;      ///< with the old model that is read and the new one that is written
    double memoryBandwidth = 0; ///< bytes per second, memoryBandwidth(threads)
    double updateShare() const { return updateBytes / seconds / memoryBandwidth; }
};

/// How fast updates are combined, by itself: `sites` random F32 models of `megabytes` (10^6 bytes) in files below
/// `folder`, which are made, and removed afterwards; in the page cache, as updates are that have just arrived; the best
/// of `trials`. The new model goes to the page cache and is not flushed to the disk. Errors: Io.
Result<AggregationTiming> timeAggregation(int sites, double megabytes, int threads, const std::filesystem::path &folder,
                                          int trials = 5);

} // namespace consilium::federation
