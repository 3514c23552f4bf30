// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/aggregation.h"
#include "federation/spool.h"
#include "storage/study_store.h"

/// A round's updates between the spool and the aggregation. Private to this library.
namespace consilium::federation {

struct Verdict
{
    std::string site, reason;
};

struct TakenUpdates
{
    std::vector<Contribution> contributions; ///< those that count, by site
    std::vector<Verdict> refused, clipped;
};

/// Opens the updates of a round and applies the host's rule on their size (Plan::Updates). Errors: NotFound, Malformed
/// (a part of an accepted update has gone); Io.
Result<TakenUpdates> takeUpdates(const storage::StudyManifest &manifest, const storage::StudyPaths &paths,
                                 const Spool &spool, const std::vector<storage::UpdateRow> &updates, int round);

/// Writes down what a round's aggregation gave: each site's weight, and how its update lay to the others', as metrics
/// "update-norm", "update-cosine" and "update-distance" of the model "local". Errors: Io.
Result<> recordRound(storage::StudyStore &store, int round, const Aggregated &aggregated);

struct LocalModel
{
    std::string site;
    std::filesystem::path file; ///< safetensors
};

/// Each site's own model at the end of the last round in which it counted, made of its update as far as that is still
/// in the spool; under models/update-<site>.safetensors. Errors: Io.
Result<std::vector<LocalModel>> localModels(storage::StudyStore &store, const Spool &spool, int lastRound);

} // namespace consilium::federation
