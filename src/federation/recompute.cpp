// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/recompute.h"

#include "core/file.h"
#include "federation/next_model.h"
#include "federation/round_updates.h"
#include "federation/stored_update.h"

namespace consilium::federation {

namespace fs = std::filesystem;

namespace {

/// A folder beside the study in which one round is made once more; removed at the end.
class Workshop
{
public:
    explicit Workshop(fs::path folder) : m_paths{std::move(folder)} {}
    ~Workshop()
    {
        std::error_code ignored;
        fs::remove_all(m_paths.folder, ignored);
    }
    Workshop(const Workshop &) = delete;
    Workshop &operator=(const Workshop &) = delete;

    const storage::StudyPaths &paths() const { return m_paths; }

    /// The model, memory and control variate that the round began with.
    Result<> take(const storage::StudyPaths &from, int round)
    {
        std::error_code error;
        fs::create_directories(m_paths.model(0).parent_path(), error);
        if (error)
            return fail(ErrorCode::Io, "The folder {} could not be made: {}", m_paths.folder.string(), error.message());
        for (const auto *kind : {"round", "memory", "control"}) {
            const auto name = fmt::format("{}-{:04}.safetensors", kind, round - 1);
            const auto file = from.folder / "models" / name;
            if (!fs::exists(file, error))
                continue;
            if (auto copied = copyFileAtomically(file, m_paths.folder / "models" / name); !copied)
                return copied;
        }
        return {};
    }

private:
    storage::StudyPaths m_paths;
};

Result<> recomputeModel(const Recomputation &round, const StrategyMaker &maker)
{
    const auto &plan = round.manifest.plan;
    const auto strategy = maker(plan);
    if (!strategy)
        return fail(strategy.error());
    const Spool spool(round.paths.spool());
    // The receipt says who was refused; judged by themselves, the others' median would be another one.
    auto judged = round.manifest;
    if (auto &updates = judged.plan.federation.updates; updates.overNorm == "refuse")
        updates.normLimit = 0;
    auto taken = takeUpdates(judged, round.paths, spool, round.updates, round.round);
    if (!taken)
        return fail(taken.error());
    Workshop workshop(round.out.parent_path() / (round.out.filename().string() + ".again"));
    if (auto there = workshop.take(round.paths, round.round); !there)
        return there;
    const auto made =
        nextModel(**strategy, plan, workshop.paths(), round.round, std::move(taken->contributions), round.enrolled, 1);
    if (!made)
        return fail(made.error());
    return copyFileAtomically(workshop.paths().model(round.round), round.out);
}

} // namespace

Recompute asTheHost(StrategyMaker makeStrategy)
{
    return [maker = std::move(makeStrategy)](const Recomputation &round) { return recomputeModel(round, maker); };
}

} // namespace consilium::federation
