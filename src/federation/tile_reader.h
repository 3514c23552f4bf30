// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/aggregation_layout.h"

#include <array>

namespace consilium::federation {

/// Elements that are worked on at once: what is needed of them beside the sites' values stays in the first-level cache.
inline constexpr std::size_t blockElements = 1024;

/// One thread's view of a tile: the values of all sites, and of the global model block by block. Valid until the next
/// load().
class TileReader
{
public:
    /// Both outlive it.
    TileReader(const AggregationLayout &layout, const UpdateReader &global);

    /// Reads the tile of the global model and of every site. Errors: those of the readers, naming the site.
    Result<> load(const Tile &tile);
    /// Turns to elements `begin` to `begin + count` of the tile, `count` at most blockElements.
    void turnTo(std::size_t begin, std::size_t count);

    const Tile &tile() const { return m_tile; }
    bool floating() const { return m_floating; }
    std::span<const std::byte> globalBytes() const { return m_globalBytes; } ///< of the whole tile
    /// Of the block.
    std::span<const double> global() const { return std::span(m_global).first(m_count); }
    /// What `values` of the site change: of floating tensors that travel as changes, zeros.
    const double *base(std::size_t site) const;
    /// The model that the site began with.
    const double *start(std::size_t site) const;
    /// Calls `work` with a pointer to the site's values of the block, of type float or double.
    template <typename Work>
    auto withValues(std::size_t site, Work &&work) const
    {
        const auto &values = m_sites[site];
        return values.floats ? work(values.floats + m_begin) : work(values.doubles + m_begin);
    }

private:
    struct Site
    {
        std::vector<std::byte> scratch;
        std::vector<double> wide;      // of types that are not worked on as they are
        const float *floats = nullptr; // either of the two
        const double *doubles = nullptr;
        std::vector<double> start; // where it is not the global model
    };
    Result<> loadSite(std::size_t site);

    const AggregationLayout &m_layout;
    const UpdateReader &m_globalReader;
    Tile m_tile;
    bool m_floating = true;
    std::size_t m_begin = 0, m_count = 0;
    std::vector<std::byte> m_globalScratch, m_startScratch;
    std::span<const std::byte> m_globalBytes;
    std::array<double, blockElements> m_global{}, m_zeros{};
    std::vector<Site> m_sites;
};

} // namespace consilium::federation
