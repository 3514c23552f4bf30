// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <cstddef>
#include <vector>

namespace consilium::learning {

/// What a U-Net has at a resolution, 0 the finest: as its plan says, or else the default. Axes x first.

/// That leads to the resolution: 1 along every axis at the finest, else 2.
std::vector<int> strideAt(const Plan::Network &network, std::size_t resolution);
/// 3 along every axis.
std::vector<int> kernelAt(const Plan::Network &network, std::size_t resolution);
/// Of the encoder: two convolutions, or the residual blocks of nnU-Net's residual encoder (Isensee et al. 2024): 1, 3,
/// 4, 6, 6, ...
int blocksAt(const Plan::Network &network, std::size_t resolution);

} // namespace consilium::learning
