// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "learning/training/trainer.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace consilium::learning {

/// A fit between two steps.
struct Checkpoint
{
    std::string fit;            ///< whose it is: fitIdentity()
    int step = 0;               ///< steps done
    double learningRateSum = 0; ///< of those steps
    std::vector<double> scores; ///< of the epochs so far
    ModelState tensors;         ///< weights, optimiser, losses: what a fit puts into it
};

/// A hash of everything that decides how a fit ends: the plan, the weights it starts from, the cases, the seed, the
/// steps, what is retained, what a strategy adds, and whether epochs are scored.
std::string fitIdentity(const Plan &plan, const ModelState &start, std::span<const Sample> samples,
                        const FitOptions &options);

/// Keeps `checkpoint` in `folder`: the tensors in a safetensors file named by their hash, then fit.json, which names
/// that file, then the file before it goes. Whoever kills the program at any instant leaves the old state or the new
/// one whole. Errors: Io, naming the file.
Result<> writeCheckpoint(const std::filesystem::path &folder, const Checkpoint &checkpoint);

/// What `folder` keeps of the fit `identity`; nothing when it is empty or of another fit. Errors: Io; Malformed, when
/// it is damaged: hours of work are not to be started again without a word.
Result<std::optional<Checkpoint>> readCheckpoint(const std::filesystem::path &folder, const std::string &identity);

} // namespace consilium::learning
