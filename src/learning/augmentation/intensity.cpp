// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/intensity.h"

#include <algorithm>
#include <cmath>

namespace consilium::learning {

Moments momentsOf(std::span<const float> values)
{
    double sum = 0, squares = 0;
    for (const float value : values)
        sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const float value : values)
        squares += (value - mean) * (value - mean);
    return {mean, std::sqrt(squares / static_cast<double>(values.size()))};
}

void applyGamma(std::span<float> channel, double gamma, bool inverted)
{
    const auto [low, high] = std::ranges::minmax(channel);
    const float range = high - low;
    if (!(range > 0))
        return;
    const auto before = momentsOf(channel);
    const auto exponent = static_cast<float>(gamma);
    // Subtracting from the end that the power starts at keeps rounding from making the base negative.
    if (inverted)
        for (auto &value : channel)
            value = -std::pow((high - value) / range, exponent);
    else
        for (auto &value : channel)
            value = std::pow((value - low) / range, exponent);
    const auto after = momentsOf(channel);
    const double factor = after.deviation > 0 ? before.deviation / after.deviation : 0;
    const auto scale = static_cast<float>(factor);
    const auto offset = static_cast<float>(before.mean - factor * after.mean);
    for (auto &value : channel)
        value = value * scale + offset;
}

void applyBrightness(std::span<float> channel, double factor)
{
    const auto scale = static_cast<float>(factor);
    for (auto &value : channel)
        value *= scale;
}

void applyContrast(std::span<float> channel, double factor)
{
    const auto [low, high] = std::ranges::minmax(channel);
    const auto mean = static_cast<float>(momentsOf(channel).mean);
    const auto scale = static_cast<float>(factor);
    for (auto &value : channel)
        value = std::clamp((value - mean) * scale + mean, low, high);
}

void addNoise(std::span<float> channel, double deviation, Random &random)
{
    for (auto &value : channel)
        value += static_cast<float>(deviation * random.normal());
}

} // namespace consilium::learning
