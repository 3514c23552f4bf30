// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"
#include "storage/study_store.h"

#include <functional>

namespace consilium::federation {

/// A round whose model is to be made once more from its spooled updates.
struct Recomputation
{
    const storage::StudyManifest &manifest;
    storage::StudyPaths paths;
    int round = 0;
    std::vector<storage::UpdateRow> updates; ///< the counted ones, by site name, with all figures of the receipt;
                                             ///< `sha256` is the object id of the ArrayRecord, whole in the spool
    std::size_t enrolled = 0;                ///< sites of the round, those not counted among them
    std::string memoryBefore;  ///< SHA-256 of what the strategy remembered before the round; empty: nothing
    std::filesystem::path out; ///< the model goes here, with the same metadata as the round's own
};

/// Errors: NotFound, Unsupported: it cannot be done here, as without the strategy's memory or plug-in, and nothing is
/// wrong; Io: this machine's disk. Every other error counts against the round.
using Recompute = std::function<Result<>(const Recomputation &)>;

/// As the host makes its models, whose strategies come from `makeStrategy`.
Recompute asTheHost(StrategyMaker makeStrategy = federation::makeStrategy);

} // namespace consilium::federation
