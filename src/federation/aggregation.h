// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

#include <filesystem>
#include <map>

namespace consilium::federation {

struct AggregationFiles
{
    std::filesystem::path global;                ///< safetensors: the model the round began with
    std::filesystem::path out;                   ///< the next one
    std::filesystem::path memory;                ///< what the strategy remembers; none there: the slots' initial values
    std::filesystem::path memoryOut;             ///< written before `out`, when the strategy remembers anything
    std::map<std::string, std::string> metadata; ///< of `out` and `memoryOut`
    bool durable = true;                         ///< false: not flushed to the disk, for what can be made again
};

/// How a site's update lies to the others', over the floating tensors that do not stay; of float32 to about six digits.
struct Drift
{
    double norm = 0;     ///< of its change from its base, before clipping
    double cosine = 0;   ///< of its change with the step of the global model, -1 to 1; 0 where either is 0
    double distance = 0; ///< of its model from the new global model
};

struct Aggregated
{
    std::vector<std::string> sites; ///< by name: the order of the rest
    std::vector<double> weights;    ///< as Strategy::weigh
    std::vector<Drift> drift;
    double stepNorm = 0; ///< of the global model's step, over floating tensors
};

/// Streams over the updates and writes the next model, and the strategy's memory, atomically. `global` decides names,
/// order, types and shapes; updates may hold their tensors in another order. A tensor whose name matches one of `stays`
/// (patterns, core/name_pattern.h; FedBN) is taken over unchanged and may be missing in updates.
///
/// Sums run in double precision, in the order of the sites' names, whatever order they come in and whatever `threads`:
/// the bytes are always the same. F16, BF16 and F32 results are rounded to the nearest. Integer tensors become the
/// weighted mean (or what the strategy combines by coordinate) rounded to the nearest, without server steps or
/// clipping, and count in no norm. Two updates of one site must begin with different models (Contribution::staleness).
///
/// Memory, for each thread: 3 MB, and of every site a tile of 16384 values, of 2048 where they are many; of strategies
/// by coordinate 8 kB more of every site.
///
/// Errors: Invalid (an update of other tensors or shapes: names site and tensor; a result that is not finite);
/// Malformed (a memory file of another strategy or model); Io; those of the readers and of the strategy.
Result<Aggregated> aggregate(Strategy &strategy, std::vector<Contribution> contributions, const AggregationFiles &files,
                             double learningRate, int threads, const std::vector<std::string> &stays = {});

} // namespace consilium::federation
