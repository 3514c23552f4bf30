// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/aggregation.h"
#include "storage/study.h"

#include <optional>

/// A round's end and beginning in the study folder, for a host and for a simulation alike:
///     models/round-NNNN.safetensors     the global model after round N; round 0: the first one
///     models/memory-NNNN.safetensors    what the strategy remembers after round N
///     models/control-NNNN.safetensors   SCAFFOLD's control variate c after round N, as "control/<name>" for each
///                                       floating tensor of the model
namespace consilium::federation {

/// What the host sends to the sites for training.
struct RoundStart
{
    std::filesystem::path model;
    /// SCAFFOLD alone: more tensors of the same message.
    std::optional<std::filesystem::path> control;
};

/// What sites begin round `round` (from 1) with. Makes the control variate of zeros before the first round. Errors:
/// NotFound (a file of the round before is missing); Io.
Result<RoundStart> roundStart(const Plan &plan, const storage::StudyPaths &paths, int round);

/// The tensors that a site answers with: the model's (of FedBN those that do not stay home), of SCAFFOLD
/// "control/<name>" beside them. Errors: those of SafetensorsFile::open.
Result<std::vector<TensorInfo>> expectedTensors(const Plan &plan, const storage::StudyPaths &paths, int round);

/// The norm of the change that a site's answer to round `round` makes to the model, after checking that the answer may
/// be combined with others; control variates are checked and not counted. Errors: as checkUpdate. `base`: the model it
/// began with, where that is not the round's.
Result<double> checkAnswer(const Plan &plan, const storage::StudyPaths &paths, int round,
                           const std::shared_ptr<const UpdateReader> &update,
                           const std::shared_ptr<const UpdateReader> &base = nullptr);

/// Combines the sites' answers to round `round` into the files after it; the model's is the last to appear. May be
/// repeated after a kill at any instant, with the same bytes. SCAFFOLD (Karimireddy et al. 2020, algorithm 1): a site's
/// "control/<name>" are c_i+ - c_i whatever `delta` says of its model, and c becomes c + |S| / N times their mean, of
/// `enrolled` sites N. Errors: as aggregate and serverLearningRate; NotFound (what the strategy remembers is missing).
Result<Aggregated> nextModel(Strategy &strategy, const Plan &plan, const storage::StudyPaths &paths, int round,
                             std::vector<Contribution> contributions, std::size_t enrolled, int threads);

/// Removes what the strategy remembered, and the control variates, of rounds before `round`.
void dropOldMemory(const storage::StudyPaths &paths, int round);

} // namespace consilium::federation
