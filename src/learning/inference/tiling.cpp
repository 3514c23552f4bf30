// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/tiling.h"

#include <algorithm>
#include <cmath>

namespace consilium::learning {

namespace {

std::vector<std::int64_t> tileStarts(std::int64_t size, std::int64_t tile, double overlap)
{
    if (size <= tile)
        return {-((tile - size) / 2)};
    const double stride = std::max(1.0, static_cast<double>(tile) * (1 - overlap));
    const auto room = size - tile;
    const auto gaps = static_cast<std::int64_t>(std::ceil(static_cast<double>(room) / stride));
    std::vector<std::int64_t> starts;
    for (std::int64_t i = 0; i <= gaps; ++i)
        starts.push_back(std::llround(static_cast<double>(room * i) / static_cast<double>(gaps)));
    return starts;
}

/// A tile ends four deviations from its middle, so no weight is zero.
std::vector<float> gaussian(std::int64_t tile)
{
    std::vector<double> weights;
    const double middle = 0.5 * static_cast<double>(tile - 1), sigma = static_cast<double>(tile) / 8;
    for (std::int64_t i = 0; i < tile; ++i) {
        const double distance = (static_cast<double>(i) - middle) / sigma;
        weights.push_back(std::exp(-0.5 * distance * distance));
    }
    const double largest = std::ranges::max(weights);
    for (auto &weight : weights)
        weight /= largest;
    return {weights.begin(), weights.end()};
}

} // namespace

AxisTiles tilesAlong(std::int64_t size, std::int64_t tile, double overlap)
{
    AxisTiles tiles;
    tiles.size = size;
    tiles.starts = tileStarts(size, tile, overlap);
    tiles.weights = tiles.starts.size() > 1 ? gaussian(tile) : std::vector<float>(tile, 1.0f);
    tiles.sums.resize(size);
    for (const auto start : tiles.starts)
        for (std::int64_t i = std::max<std::int64_t>(0, -start); i < std::min(tile, size - start); ++i)
            tiles.sums[start + i] += tiles.weights[i];
    return tiles;
}

} // namespace consilium::learning
