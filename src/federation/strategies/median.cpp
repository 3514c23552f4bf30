// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/sorted_columns.h"

namespace consilium::federation::strategies {

namespace {

/// Coordinate-wise median (Yin et al. 2018, definition 1 and algorithm 1, option I); of an even number of sites the
/// mean of the two in the middle. Sites count the same.
class Median : public SortedColumns
{
protected:
    void take(std::span<const double> table, std::size_t sites, std::span<double> out) const override
    {
        const auto *low = table.data() + ((sites - 1) / 2 * kernels::sortLanes);
        const auto *high = table.data() + (sites / 2 * kernels::sortLanes);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = low[i] == high[i] ? low[i] : (low[i] + high[i]) / 2;
    }
};

} // namespace

std::unique_ptr<Strategy> median()
{
    return std::make_unique<Median>();
}

} // namespace consilium::federation::strategies
