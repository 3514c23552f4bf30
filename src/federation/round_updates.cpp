// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/round_updates.h"

#include "federation/next_model.h"
#include "federation/stored_update.h"
#include "federation/tensor_readers.h"
#include "federation/update_check.h"
#include "federation/update_layout.h"

#include <algorithm>

namespace consilium::federation {

Result<TakenUpdates> takeUpdates(const storage::StudyManifest &manifest, const storage::StudyPaths &paths,
                                 const Spool &spool, const std::vector<storage::UpdateRow> &updates, int round)
{
    std::vector<double> norms;
    for (const auto &row : updates)
        norms.push_back(row.norm);
    const auto verdicts = judgeNorms(norms, manifest.plan.federation.updates);
    TakenUpdates taken;
    for (std::size_t i = 0; i < updates.size(); ++i) {
        const auto &row = updates[i];
        const auto &verdict = verdicts[i];
        if (verdict.verdict == NormJudgement::Verdict::Refused) {
            taken.refused.push_back({row.site, verdict.reason});
            continue;
        }
        if (verdict.verdict == NormJudgement::Verdict::Clipped)
            taken.clipped.push_back({row.site, verdict.reason});
        auto contribution = storedUpdate(manifest, paths, spool, row);
        if (!contribution)
            return fail(contribution.error(), "The update of site '{}'", row.site);
        contribution->scale = verdict.scale;
        contribution->staleness = round - 1 - row.baseRound;
        if (contribution->staleness == 0)
            contribution->base = nullptr; // the round's own global model
        taken.contributions.push_back(std::move(*contribution));
    }
    return taken;
}

Result<> recordRound(storage::StudyStore &store, int round, const Aggregated &aggregated)
{
    std::vector<storage::MetricRow> metrics;
    for (std::size_t i = 0; i < aggregated.sites.size(); ++i) {
        const auto &site = aggregated.sites[i];
        const auto &drift = aggregated.drift[i];
        for (const auto &[name, value] : {std::pair("update-norm", drift.norm),
                                          {"update-cosine", drift.cosine},
                                          {"update-distance", drift.distance},
                                          {"weight", aggregated.weights[i]}})
            metrics.push_back({round, site, "local", "update", name, 0, value, 0});
    }
    if (auto added = store.addMetrics(metrics); !added)
        return added;
    return store.setWeights(round, aggregated.sites, aggregated.weights);
}

Result<std::vector<LocalModel>> localModels(storage::StudyStore &store, const Spool &spool, int lastRound)
{
    const auto rows = store.updates(lastRound);
    if (!rows)
        return fail(rows.error());
    std::vector<LocalModel> models;
    for (const auto &row : *rows) {
        auto contribution = storedUpdate(store.manifest(), store.paths(), spool, row);
        if (!contribution)
            return fail(contribution.error(), "The update of site '{}'", row.site);
        contribution->base = nullptr;
        contribution->update = tensorsWithoutPrefix(contribution->update, controlPrefix);
        const auto file = store.paths().folder / "models" / ("update-" + row.site + ".safetensors");
        auto plan = store.manifest().plan;
        plan.federation.strategy.kind = "fedavg";
        const auto mean = makeStrategy(plan);
        if (!mean)
            return fail(mean.error());
        // The mean of one update, from the model that it began with, is the site's own model.
        const auto written = aggregate(**mean, {std::move(*contribution)},
                                       {store.paths().model(row.baseRound), file, {}, {}, {{"site", row.site}}}, 1, 1,
                                       store.manifest().plan.federation.strategy.kind == "fedbn"
                                           ? store.manifest().plan.federation.strategy.keepHome
                                           : std::vector<std::string>{});
        if (!written)
            return fail(written.error(), "The model of site '{}'", row.site);
        models.push_back({row.site, file});
    }
    return models;
}

} // namespace consilium::federation
