// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategies/strategies.h"
#include "federation/tile_kernels.h"

namespace consilium::federation::strategies {

/// A strategy that looks at the values of one coordinate in order of size.
class SortedColumns : public Strategy
{
public:
    bool byCoordinate() const override { return true; }
    /// Every site has a say in every coordinate: equal weights. The number of sites is the round's from here on.
    Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *) override
    {
        m_network = kernels::sortingNetwork(contributions.size());
        return equalWeights(contributions);
    }
    void combine(std::span<const std::span<const double>> changes, std::span<double> out) const override
    {
        constexpr auto lanes = kernels::sortLanes;
        std::vector<double> table(changes.size() * lanes);
        for (std::size_t begin = 0; begin < out.size(); begin += lanes) {
            const auto count = std::min(lanes, out.size() - begin);
            for (std::size_t site = 0; site < changes.size(); ++site)
                std::copy_n(changes[site].begin() + static_cast<long>(begin), count,
                            table.begin() + static_cast<long>(site * lanes));
            kernels::sortColumns(table.data(), m_network);
            take(table, changes.size(), out.subspan(begin, count));
        }
    }

protected:
    /// Row k of `table`, of kernels::sortLanes values, holds the k-th smallest of each coordinate of `out`.
    virtual void take(std::span<const double> table, std::size_t sites, std::span<double> out) const = 0;

private:
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_network;
};

} // namespace consilium::federation::strategies
