// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"

#include <span>

namespace consilium::learning {

struct Moments
{
    double mean = 0;
    double deviation = 0;
};

/// Mean and standard deviation (of the population) of at least one value.
Moments momentsOf(std::span<const float> values);

/// x -> ((x - min) / range)^gamma * range + min, then shifted and scaled back to the mean and standard deviation it
/// had. `inverted` does so to the negative of the channel.
void applyGamma(std::span<float> channel, double gamma, bool inverted = false);
void applyBrightness(std::span<float> channel, double factor);
/// Stretches about the mean by `factor`, kept within the range it had.
void applyContrast(std::span<float> channel, double factor);
/// Adds Gaussian noise of that standard deviation.
void addNoise(std::span<float> channel, double deviation, Random &random);

} // namespace consilium::learning
