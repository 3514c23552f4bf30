// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/topology.h"

#include <algorithm>
#include <limits>

namespace consilium::learning {

namespace {

constexpr int smallestMap = 4;
constexpr std::size_t mostResolutions = 8;

/// The axes to halve next; none when the coarsest resolution is reached.
std::vector<bool> axesToHalve(const std::vector<double> &spacing, const std::vector<int> &extent, bool exactly)
{
    std::vector<bool> halved(extent.size());
    double finest = std::numeric_limits<double>::infinity();
    for (std::size_t axis = 0; axis < extent.size(); ++axis) {
        halved[axis] = extent[axis] >= 2 * smallestMap && !(exactly && extent[axis] % 2 != 0);
        if (halved[axis])
            finest = std::min(finest, spacing[axis]);
    }
    for (std::size_t axis = 0; axis < extent.size(); ++axis)
        halved[axis] = halved[axis] && spacing[axis] < 2 * finest;
    const auto count = std::count(halved.begin(), halved.end(), true);
    if (count == 1) {
        const auto alone = static_cast<std::size_t>(std::find(halved.begin(), halved.end(), true) - halved.begin());
        halved[alone] = extent[alone] >= 3 * smallestMap;
    }
    return halved;
}

} // namespace

std::vector<int> Topology::divisor() const
{
    std::vector<int> divisor(strides.front().size(), 1);
    for (const auto &stride : strides)
        for (std::size_t axis = 0; axis < divisor.size(); ++axis)
            divisor[axis] *= stride[axis];
    return divisor;
}

Topology topologyFor(std::vector<double> spacing, std::vector<int> patch, bool exactly)
{
    const auto dimensions = patch.size();
    Topology topology;
    topology.strides.emplace_back(dimensions, 1);
    std::vector<int> kernel(dimensions, 1);
    while (topology.resolutions() < mostResolutions) {
        const auto halved = axesToHalve(spacing, patch, exactly);
        if (std::find(halved.begin(), halved.end(), true) == halved.end())
            break;
        const double finest = *std::min_element(spacing.begin(), spacing.end());
        auto &stride = topology.strides.emplace_back(dimensions, 1);
        for (std::size_t axis = 0; axis < dimensions; ++axis) {
            if (spacing[axis] < 2 * finest)
                kernel[axis] = 3;
        }
        for (std::size_t axis = 0; axis < dimensions; ++axis) {
            if (!halved[axis])
                continue;
            stride[axis] = 2;
            spacing[axis] *= 2;
            patch[axis] = (patch[axis] + 1) / 2;
        }
        topology.kernels.push_back(kernel);
    }
    topology.kernels.emplace_back(dimensions, 3);
    return topology;
}

std::vector<int> featuresFor(std::size_t resolutions, std::size_t dimensions)
{
    const int most = dimensions == 2 ? 512 : 320;
    std::vector<int> features{32};
    while (features.size() < resolutions)
        features.push_back(std::min(2 * features.back(), most));
    return features;
}

} // namespace consilium::learning
