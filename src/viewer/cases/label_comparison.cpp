// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/label_comparison.h"

#include "imaging/resample.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace consilium::viewer {

using imaging::LabelMap;

namespace {

/// A map on a grid; copied only when it has to be brought there.
class OnGrid
{
public:
    OnGrid(const LabelMap &map, const imaging::Geometry &grid) : m_map(&map)
    {
        if (map.geometry.sameGrid(grid))
            return;
        m_own = imaging::resampleLabels(map, grid);
        m_map = &m_own;
    }
    OnGrid(const OnGrid &) = delete;
    OnGrid &operator=(const OnGrid &) = delete;
    const std::vector<std::uint8_t> &values() const { return m_map->values; }

private:
    LabelMap m_own;
    const LabelMap *m_map;
};

} // namespace

LabelDifference labelDifference(const LabelMap &model, const LabelMap &reference)
{
    const OnGrid placed(model, reference.geometry);
    LabelDifference difference;
    difference.map = {reference.geometry, std::vector<std::uint8_t>(reference.values.size())};
    std::array<std::int64_t, 4> counts{};
    for (std::size_t i = 0; i < reference.values.size(); ++i) {
        const int ours = placed.values()[i], theirs = reference.values[i];
        const int kind = ours == theirs ? (ours != 0 ? kFound : 0) : ours != 0 ? kInvented : kMissed;
        difference.map.values[i] = static_cast<std::uint8_t>(kind);
        ++counts[static_cast<std::size_t>(kind)];
    }
    const double voxel = reference.geometry.voxelVolume() / 1000;
    difference.foundMillilitres = static_cast<double>(counts[kFound]) * voxel;
    difference.inventedMillilitres = static_cast<double>(counts[kInvented]) * voxel;
    difference.missedMillilitres = static_cast<double>(counts[kMissed]) * voxel;
    return difference;
}

LabelMap majority(std::span<const LabelMap *const> maps)
{
    const imaging::Geometry &grid = maps.front()->geometry;
    std::vector<std::unique_ptr<const OnGrid>> placed;
    for (const LabelMap *map : maps)
        placed.push_back(std::make_unique<const OnGrid>(*map, grid));
    LabelMap result{grid, std::vector<std::uint8_t>(maps.front()->values.size())};
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        // Boyer and Moore's vote leaves the only label that can have more than half; then it is counted.
        std::uint8_t candidate = 0;
        std::size_t lead = 0;
        for (const auto &map : placed) {
            const std::uint8_t label = map->values()[i];
            if (lead == 0)
                candidate = label;
            lead = label == candidate ? lead + 1 : lead - 1;
        }
        if (candidate == 0)
            continue;
        const auto votes =
            std::count_if(placed.begin(), placed.end(), [&](const auto &map) { return map->values()[i] == candidate; });
        if (2 * static_cast<std::size_t>(votes) > placed.size())
            result.values[i] = candidate;
    }
    return result;
}

} // namespace consilium::viewer
