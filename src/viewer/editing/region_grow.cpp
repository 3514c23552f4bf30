// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/region_grow.h"

#include <algorithm>
#include <cmath>
#include <deque>

namespace consilium::viewer {

using imaging::Index3;

GrownRegion growRegion(const ImageOnGrid &image, const imaging::Geometry &grid, const Index3 &seed,
                       const GrowLimits &limits, const std::atomic<bool> *cancelled)
{
    GrownRegion region;
    Index3 low{}, size{};
    for (std::size_t n = 0; n < 3; ++n) {
        if (seed[n] < 0 || seed[n] >= grid.size[n])
            return region;
        // A hair more than the distance that is compared below: what is near enough lies in the box.
        const double reach =
            std::min(std::floor(limits.maxDistanceMm / grid.spacing[n] * (1 + 1e-6)), double(grid.size[n]));
        low[n] = std::max(seed[n] - static_cast<int>(reach), 0);
        size[n] = std::min(seed[n] + static_cast<int>(reach), grid.size[n] - 1) - low[n] + 1;
    }
    const auto isWanted = [&](const Index3 &at) {
        const float value = image.at(at[0], at[1], at[2]);
        return value >= limits.low && value <= limits.high;
    };
    if (limits.maxVoxels < 1 || !isWanted(seed))
        return region;

    imaging::Geometry box;
    box.size = size;
    const auto place = [&](const Index3 &at) {
        return static_cast<std::size_t>(box.offset(at[0] - low[0], at[1] - low[1], at[2] - low[2]));
    };
    std::vector<bool> taken(static_cast<std::size_t>(box.voxels()));
    std::deque<Index3> rim{seed};
    taken[place(seed)] = true;
    region.count = 1;
    const double farthest = limits.maxDistanceMm * limits.maxDistanceMm * (1 + 1e-9);
    while (!rim.empty() && !(cancelled && *cancelled)) {
        const Index3 at = rim.front();
        rim.pop_front();
        for (std::size_t axis = 0; axis < 3; ++axis)
            for (const int step : {-1, 1}) {
                Index3 next = at;
                next[axis] += step;
                if (next[axis] < 0 || next[axis] >= grid.size[axis])
                    continue;
                double squared = 0;
                for (std::size_t n = 0; n < 3; ++n)
                    squared += std::pow((next[n] - seed[n]) * grid.spacing[n], 2);
                const bool tooFar = squared > farthest;
                if ((!tooFar && taken[place(next)]) || !isWanted(next))
                    continue;
                if (tooFar || region.count == limits.maxVoxels) {
                    region.limited = true;
                    continue;
                }
                taken[place(next)] = true;
                ++region.count;
                rim.push_back(next);
            }
    }

    std::size_t n = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i, ++n)
                if (taken[n])
                    region.voxels.add(low[0] + i, 1, low[1] + j, low[2] + k);
    return region;
}

GrownRegion labelPiece(const imaging::LabelMap &labels, const Index3 &seed)
{
    const imaging::Geometry &grid = labels.geometry;
    GrownRegion region;
    for (std::size_t n = 0; n < 3; ++n)
        if (seed[n] < 0 || seed[n] >= grid.size[n])
            return region;
    const std::uint8_t label = labels.at(seed[0], seed[1], seed[2]);
    if (label == 0)
        return region;

    std::vector<bool> taken(labels.values.size());
    std::vector<std::int64_t> offsets;
    std::vector<Index3> rim{seed};
    taken[static_cast<std::size_t>(grid.offset(seed[0], seed[1], seed[2]))] = true;
    while (!rim.empty()) {
        const Index3 at = rim.back();
        rim.pop_back();
        offsets.push_back(grid.offset(at[0], at[1], at[2]));
        for (int k = std::max(at[2] - 1, 0); k <= std::min(at[2] + 1, grid.size[2] - 1); ++k)
            for (int j = std::max(at[1] - 1, 0); j <= std::min(at[1] + 1, grid.size[1] - 1); ++j)
                for (int i = std::max(at[0] - 1, 0); i <= std::min(at[0] + 1, grid.size[0] - 1); ++i) {
                    const auto place = static_cast<std::size_t>(grid.offset(i, j, k));
                    if (taken[place] || labels.values[place] != label)
                        continue;
                    taken[place] = true;
                    rim.push_back({i, j, k});
                }
    }
    std::sort(offsets.begin(), offsets.end());
    for (const std::int64_t offset : offsets) {
        const std::int64_t row = offset / grid.size[0];
        region.voxels.add(static_cast<int>(offset % grid.size[0]), 1, static_cast<int>(row % grid.size[1]),
                          static_cast<int>(row / grid.size[1]));
    }
    region.count = static_cast<std::int64_t>(offsets.size());
    return region;
}

} // namespace consilium::viewer
