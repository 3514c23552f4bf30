// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

namespace consilium::federation {

/// A run of one tensor's elements: what is read of every site at once.
struct Tile
{
    std::size_t tensor = 0;
    std::size_t begin = 0;
    std::size_t count = 0;
};

/// Tiles that follow each other: what one thread works on, and writes at once.
using Stripe = std::vector<Tile>;

/// The sites' updates laid over the global model, tensor by tensor.
class AggregationLayout
{
public:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    /// Sorts the contributions by site, then by staleness, and finds each tensor in each. Errors: Invalid (names site
    /// and tensor).
    static Result<AggregationLayout> make(const std::vector<TensorInfo> &tensors,
                                          std::vector<Contribution> contributions,
                                          const std::vector<std::string> &stays);

    const std::vector<TensorInfo> &tensors() const { return m_tensors; }
    const std::vector<Contribution> &contributions() const { return m_contributions; }
    bool stays(std::size_t tensor) const { return m_stays[tensor]; }
    /// Where a tensor stands in a site's update, and in the site's own base (nowhere: the base is the global model).
    std::size_t inUpdate(std::size_t site, std::size_t tensor) const { return m_inUpdate[site][tensor]; }
    std::size_t inBase(std::size_t site, std::size_t tensor) const { return m_inBase[site][tensor]; }

    /// The whole model in stripes. How it is cut depends on the tensors and the number of sites alone.
    std::vector<Stripe> stripes() const;

private:
    std::vector<TensorInfo> m_tensors;
    std::vector<Contribution> m_contributions;
    std::vector<bool> m_stays;
    std::vector<std::vector<std::size_t>> m_inUpdate, m_inBase; ///< by site, then by tensor
};

} // namespace consilium::federation
