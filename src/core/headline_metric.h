// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace consilium {

/// The number of a kind of task that models are compared by, 0 to 1, more is better: "dice" of segmentations, "found"
/// of landmarks. Every other metric explains it.
constexpr bool isHeadline(std::string_view metric)
{
    return metric == "dice" || metric == "found";
}

/// Within a sentence: "Dice", "share of landmarks found".
constexpr std::string_view headlineWords(std::string_view metric)
{
    return metric == "found" ? "share of landmarks found" : "Dice";
}

} // namespace consilium
