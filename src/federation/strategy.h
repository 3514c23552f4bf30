// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace consilium::federation {

/// How much one site's update counts: tile values arrive in the order of the sites.
struct Contribution
{
    std::string site;
    std::filesystem::path model; ///< safetensors
    int samples = 0;
};

/// Combines the updates of a round, one tile of parameters at a time, so that memory does not grow with the number of
/// sites. A strategy sees sites in the order of their names, whatever order they arrived in.
class Strategy
{
public:
    virtual ~Strategy() = default;
    /// Called once a round, before the first tile. Errors: Invalid (no contribution that counts).
    virtual Result<> begin(std::span<const Contribution> contributions) = 0;
    /// Adds site `site`'s values of the present tile. Same length as `sum`, which starts at zero.
    virtual void add(std::size_t site, std::span<const double> values, std::span<double> sum) const = 0;
    /// Turns the sums into the new global values; `global` holds the old ones.
    virtual void finish(std::span<double> sum, std::span<const double> global) const = 0;
};

/// Federated averaging by number of training samples: sum_k n_k w_k / sum_k n_k (McMahan et al. 2017, algorithm 1).
std::unique_ptr<Strategy> makeFedAvg();

/// Errors: Unsupported.
Result<std::unique_ptr<Strategy>> makeStrategy(const std::string &kind);

/// Writes the combined model to `out`, atomically. Sums in double precision; integer tensors are rounded to the
/// nearest. `global` is the model the round started from: it decides names, order, types and shapes. Memory: a few
/// tiles of 4 MB. Errors: Invalid (an update of another shape: names site and tensor); Io; those of the strategy.
Result<> combine(Strategy &strategy, std::vector<Contribution> contributions, const std::filesystem::path &global,
                 const std::filesystem::path &out, const std::map<std::string, std::string> &metadata);

} // namespace consilium::federation
