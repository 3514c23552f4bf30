// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace consilium {

/// How fast this machine reads memory with that many threads, in bytes per second: a sum over 512 MB, far more than its
/// caches hold, each thread over its own part; the best of seven.
double memoryBandwidth(int threads);

} // namespace consilium
