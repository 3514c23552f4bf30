// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/recompute.h"

#include "federation/message_codec.h"
#include "federation/strategy.h"

namespace consilium::federation {

Result<> recomputeModel(const Recomputation &round)
{
    const auto &plan = round.manifest.plan;
    const auto strategy = makeStrategy(plan.federation.strategy.kind);
    if (!strategy)
        return fail(strategy.error());
    const Spool spool(round.paths.spool());
    std::vector<Contribution> contributions;
    for (const auto &update : round.updates) {
        auto file = round.out;
        file += "." + update.site;
        if (auto decoded = decodeArrays(update.sha256, spool, file); !decoded)
            return decoded;
        contributions.push_back({update.site, file, update.samples});
    }
    return combine(**strategy, std::move(contributions), round.paths.model(round.round - 1), round.out,
                   {{"plan", plan.hash()}, {"round", std::to_string(round.round)}});
}

} // namespace consilium::federation
