// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/overlap.h"

#include <cassert>

namespace consilium::evaluation {

namespace {

std::optional<double> ratio(std::int64_t part, std::int64_t whole)
{
    if (whole == 0)
        return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

template <typename Holds>
Overlap counted(std::span<const std::uint8_t> prediction, std::span<const std::uint8_t> reference, const Holds &holds)
{
    Overlap result;
    for (std::size_t n = 0; n < prediction.size(); ++n) {
        const bool predicted = holds(prediction[n]), there = holds(reference[n]);
        result.truePositive += predicted && there;
        result.falsePositive += predicted && !there;
        result.falseNegative += !predicted && there;
    }
    return result;
}

} // namespace

std::optional<double> Overlap::dice() const
{
    return ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative);
}

std::optional<double> Overlap::sensitivity() const
{
    return ratio(truePositive, truePositive + falseNegative);
}

std::optional<double> Overlap::precision() const
{
    return ratio(truePositive, truePositive + falsePositive);
}

Overlap overlap(std::span<const std::uint8_t> prediction, std::span<const std::uint8_t> reference, int label)
{
    assert(prediction.size() == reference.size());
    if (label == 0)
        return counted(prediction, reference, [](std::uint8_t value) { return value != 0; });
    return counted(prediction, reference, [label](std::uint8_t value) { return value == label; });
}

} // namespace consilium::evaluation
