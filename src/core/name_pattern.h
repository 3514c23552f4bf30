// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace consilium {

/// Whether the whole of `name` is as `pattern` says, in which * stands for any text, also for none, and every other
/// character for itself: "*norm*" takes "encoder.0.norm.weight" and not "encoder.0.stemNorm.weight". Case matters.
bool matchesPattern(std::string_view name, std::string_view pattern);

/// Whether one of the patterns matches.
bool matchesAnyPattern(std::string_view name, std::span<const std::string> patterns);

} // namespace consilium
