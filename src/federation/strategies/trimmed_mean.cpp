// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/strategies/sorted_columns.h"

namespace consilium::federation::strategies {

namespace {

/// Coordinate-wise trimmed mean (Yin et al. 2018, definition 2 and algorithm 1, option II): the mean of what is left
/// without the share beta of the smallest and of the largest values; beta 0.2, of n sites the whole part of beta n at
/// each end. Sites count the same.
class TrimmedMean : public SortedColumns
{
public:
    explicit TrimmedMean(const Plan::Strategy &plan) : m_trim(plan.trim) {}

protected:
    void take(std::span<const double> table, std::size_t sites, std::span<double> out) const override
    {
        // 0.29 * 100 is a little less than 29 in binary.
        const auto cut = static_cast<std::size_t>((m_trim * static_cast<double>(sites)) + 1e-9);
        const auto left = static_cast<double>(sites - (2 * cut));
        std::ranges::fill(out, 0.0);
        for (std::size_t k = cut; k < sites - cut; ++k) {
            const auto *row = table.data() + (k * kernels::sortLanes);
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] += row[i];
        }
        for (auto &value : out)
            value /= left;
    }

private:
    double m_trim;
};

} // namespace

std::unique_ptr<Strategy> trimmedMean(const Plan::Strategy &plan)
{
    return std::make_unique<TrimmedMean>(plan);
}

} // namespace consilium::federation::strategies
