// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "federation/update_reader.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace consilium::federation {

/// One site's update, as a strategy and the aggregation need it.
struct Contribution
{
    std::string site;
    std::shared_ptr<const UpdateReader> update;
    /// The floating tensors are changes of the base; else they are the trained model. Integer tensors are the site's
    /// own either way.
    bool delta = false;
    /// The model that the training began with; nullptr: the round's global model, which it is in rounds that are not
    /// asynchronous.
    std::shared_ptr<const UpdateReader> base;
    double scale = 1;           ///< of the change: below 1 where the host clips it
    std::int64_t samples = 0;   ///< training cases
    int steps = 0;              ///< optimiser steps
    double normalisedSteps = 0; ///< ||a||_1 of FedNova; 0: as `steps`
    double score = 0;           ///< latest validation headline, 0 to 1
    int staleness = 0;          ///< rounds between its base and the global model (asynchronous rounds)
};

/// Inner products of the sites' changes: entry (i, j) is sum over all floating elements of d_i d_j, clipped as they
/// count.
struct Gram
{
    std::size_t sites = 0;
    std::vector<double> products; ///< row by row
    double operator()(std::size_t i, std::size_t j) const { return products[(i * sites) + j]; }
    /// ||d_i - d_j||^2, not below 0.
    double squaredDistance(std::size_t i, std::size_t j) const;
};

/// A number that a strategy remembers for each parameter.
struct MemorySlot
{
    std::string name; ///< "momentum", "variance"
    double initial = 0;
};

/// How the sites' updates become the next global model. The aggregation (aggregation.h) streams tile by tile over the
/// sites in the order of their names; a strategy decides what is done with a tile and never holds a model.
///
/// Two kinds: most give each site a weight, and the aggregation forms the weighted sum of the changes; those that look
/// at single coordinates (median, trimmed mean) override combine(). Then step() goes from the old global model along
/// the combined change, with what the strategy remembers from round to round.
class Strategy
{
public:
    virtual ~Strategy() = default;

    /// Whether weigh() needs the Gram matrix: one more pass over all updates.
    virtual bool needsGram() const { return false; }
    /// Called once a round before the first tile. The weights of the sites, in their order; their sum need not be 1. Of
    /// a strategy by coordinates: what the receipt says of each site. Errors: Invalid (no site counts; too few sites).
    virtual Result<std::vector<double>> weigh(std::span<const Contribution> contributions, const Gram *gram) = 0;

    /// Whether combine() is used in place of the weighted sum.
    virtual bool byCoordinate() const { return false; }
    /// `changes[i]` are site i's changes of one tile; all spans have the length of `out`. From several threads.
    virtual void combine(std::span<const std::span<const double>> changes, std::span<double> out) const;

    /// What it remembers for each floating parameter from round to round. Integer tensors are averaged, without steps.
    virtual std::vector<MemorySlot> memory() const { return {}; }
    /// Turns the combined change into the step that is added to the global model; `memory[k]` are updated in place, and
    /// hold the slots' initial values in the first round. `learningRate` is the server's. From several threads, on
    /// parts that do not overlap. As it is here: change times learning rate (Reddi et al. 2021, algorithm 1).
    virtual void step(std::span<double> change, std::span<const std::span<double>> memory, double learningRate) const;
};

/// The strategy a plan names. Errors: Unsupported (a plug-in: the program that has it makes it itself).
Result<std::unique_ptr<Strategy>> makeStrategy(const Plan &plan);
/// makeStrategy, or in its place what also knows a program's plug-ins.
using StrategyMaker = std::function<Result<std::unique_ptr<Strategy>>(const Plan &)>;

/// The server's learning rate of a round, 1-based: serverLr; "step": times `factor` every `rounds` rounds; "cosine":
/// times (1 + cos(pi (round - 1) / R)) / 2 of R rounds in all, so that the first round has all of it.
double serverLearningRate(const Plan &plan, int round);

} // namespace consilium::federation
