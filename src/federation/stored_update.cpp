// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/stored_update.h"

#include "federation/decoded_update.h"
#include "federation/next_model.h"
#include "federation/spool_arrays.h"
#include "federation/tensor_readers.h"

namespace consilium::federation {

Result<Contribution> storedUpdate(const storage::StudyManifest &manifest, const storage::StudyPaths &paths,
                                  const Spool &spool, const storage::UpdateRow &row)
{
    const auto &plan = manifest.plan;
    const auto arrays = SpoolArrays::open(row.sha256, spool);
    if (!arrays)
        return fail(arrays.error());
    const auto expected = expectedTensors(plan, paths, row.baseRound + 1);
    if (!expected)
        return fail(expected.error());
    auto update = decodedUpdate(*arrays, *expected, plan.federation.updates);
    if (!update)
        return fail(update.error());
    const auto base = readerOf(paths.model(row.baseRound));
    if (!base)
        return fail(base.error());
    Contribution contribution;
    contribution.site = row.site;
    contribution.update = std::move(*update);
    contribution.delta = plan.federation.updates.content == "delta";
    contribution.base = *base;
    contribution.samples = row.samples;
    contribution.steps = row.steps;
    contribution.normalisedSteps = row.normalisedSteps;
    contribution.score = row.score;
    return contribution;
}

Result<double> normOfUpdate(storage::StudyStore &store, const Spool &spool, const storage::UpdateRow &row)
{
    const auto contribution = storedUpdate(store.manifest(), store.paths(), spool, row);
    if (!contribution)
        return fail(contribution.error());
    return checkAnswer(store.manifest().plan, store.paths(), row.baseRound + 1, contribution->update);
}

bool isIntact(const Spool &spool, const storage::UpdateRow &row)
{
    const auto parts = spool.reachable(row.reply);
    if (!parts)
        return false;
    for (const auto &id : *parts) {
        if (!spool.get(id)) // checks the bytes against the id, and drops what is damaged
            return false;
    }
    return true;
}

} // namespace consilium::federation
