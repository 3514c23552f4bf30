// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace consilium::learning {

/// Draws the convolutions of `network` He normal (He et al. 2015) for a leaky ReLU of leakySlope, variance
/// 2 / ((1 + slope^2) fan-in), each tensor from `seed` and its name alone; the scales of norms become 1, biases and
/// shifts 0.
void drawHeNormal(torch::nn::Module &network, std::uint64_t seed);

} // namespace consilium::learning
