// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/reading/reading_plan.h"

namespace consilium::viewer {

/// One case as it is shown: which of the plan's models is on which side.
struct ReadingItem
{
    std::string caseId;
    int left = 0, right = 1; ///< indices into the plan's models

    bool operator==(const ReadingItem &) const = default;
};

/// The order of a reader's cases and their sides; the same on every machine. `plan` is resolved.
///
/// Numbers are those of core/random.h (64-bit Mersenne Twister, below(n) = floor(n u), u its upper 53 bits over 2^53),
/// seeded with the plan's seed, or with derivedSeed(seed, reader) where each reader has an order of his own.
/// 1. The cases are shuffled (Fisher and Yates in Durstenfeld's form, Communications of the ACM 7, 1964: for i from
///    n - 1 down to 1, swap i with below(i + 1)).
/// 2. Pairs of models are numbered (0,1), (0,2), ..., (1,2), ... A case shows its own pair when the plan gives it one.
///    Rotating, case i of the plan shows pair i modulo their number. With every pair the shuffled cases come round once
///    for each pair: in round r, position i shows pair (i + r) modulo their number; a case with its own pair comes in
///    the first round alone.
/// 3. For each pair that is shown, in the order of their numbers: of its m readings floor(m / 2) are to be turned
/// round, and one more by below(2) when m is odd; these
///    m signs are shuffled as in 1 and dealt in reading order. Turned round, the higher-numbered model is left.
std::vector<ReadingItem> readingOrder(const ReadingPlan &plan, const std::string &reader);

} // namespace consilium::viewer
