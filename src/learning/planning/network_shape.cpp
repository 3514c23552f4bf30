// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/network_shape.h"

#include <algorithm>
#include <array>

namespace consilium::learning {

namespace {

std::vector<int> onAllAxes(const Plan::Network &network, int value)
{
    return std::vector<int>(static_cast<std::size_t>(network.dimensions), value);
}

} // namespace

std::vector<int> strideAt(const Plan::Network &network, std::size_t resolution)
{
    return network.strides.empty() ? onAllAxes(network, resolution == 0 ? 1 : 2) : network.strides[resolution];
}

std::vector<int> kernelAt(const Plan::Network &network, std::size_t resolution)
{
    return network.kernels.empty() ? onAllAxes(network, 3) : network.kernels[resolution];
}

int blocksAt(const Plan::Network &network, std::size_t resolution)
{
    constexpr std::array residual{1, 3, 4, 6};
    if (!network.blocks.empty())
        return network.blocks[resolution];
    return network.kind == "residual-unet" ? residual[std::min(resolution, residual.size() - 1)] : 2;
}

} // namespace consilium::learning
