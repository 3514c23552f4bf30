// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/aggregation_layout.h"
#include "federation/tile_kernels.h"

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

    /// The readers may forget the values of these tiles.
    void release(const Stripe &stripe) const;

    const Tile &tile() const { return m_tile; }
    bool floating() const { return m_floating; }
    std::span<const std::byte> globalBytes() const { return m_globalBytes; } ///< of the whole tile
    /// Of the block.
    std::span<const double> global() const { return std::span(m_global).first(m_count); }
    /// The same where it lies, when it is float32; else nothing.
    kernels::Floats globalFloats() const { return m_globalFloats ? m_globalFloats + m_begin : kernels::Floats(); }
    /// What `values` of the site change: of floating tensors that travel as changes, zeros.
    const double *base(std::size_t site) const;
    /// The model that the site began with.
    const double *start(std::size_t site) const;
    bool isChange(std::size_t site) const { return m_floating && m_layout.contributions()[site].delta; }
    /// The site's values of the block where they are float32, of a tensor that is float32 too or whose changes they
    /// are, and measured from the global model; else nothing.
    kernels::Floats plainFloats(std::size_t site) const
    {
        const auto floats = m_sites[site].floats;
        return floats && !m_layout.contributions()[site].base ? floats + m_begin : kernels::Floats();
    }
    /// Calls `work` with the site's values of the block: kernels::Floats, or a pointer to doubles.
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
        std::vector<double> wide; // of types that are not worked on as they are
        kernels::Floats floats;   // either of the two
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
    kernels::Floats m_globalFloats;
    std::array<double, blockElements> m_global{}, m_zeros{};
    std::vector<Site> m_sites;
};

} // namespace consilium::federation
