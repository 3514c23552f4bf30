// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <chrono>
#include <string>

namespace consilium {

using TimePoint = std::chrono::sys_time<std::chrono::milliseconds>;

/// The present moment in UTC.
TimePoint now();

/// ISO 8601 in UTC with offset: 2026-11-20T10:05:52.123+00:00.
std::string toIso(TimePoint time);

/// Reads ISO 8601 with an offset ("+00:00", "-05:30" or "Z") and up to nine decimals. Errors: Malformed.
Result<TimePoint> fromIso(const std::string &text);

} // namespace consilium
