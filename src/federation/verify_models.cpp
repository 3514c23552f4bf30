// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/hash.h"
#include "federation/spooled_update.h"
#include "federation/study_verification.h"

namespace consilium::federation {

namespace {

namespace fs = std::filesystem;

/// A folder for work, made by what is written into it, gone afterwards.
class WorkFolder
{
public:
    WorkFolder() : m_path(fs::temp_directory_path() / ("consilium-verify-" + randomHex(8))) {}
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder &) = delete;
    WorkFolder &operator=(const WorkFolder &) = delete;
    const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

} // namespace

Result<std::optional<std::string>> StudyVerification::modelHash(int round)
{
    if (const auto known = m_models.find(round); known != m_models.end())
        return std::optional<std::string>(known->second);
    auto hash = sha256OfFile(m_paths.model(round));
    if (!hash && hash.error().code == ErrorCode::NotFound)
        return std::optional<std::string>{};
    if (!hash)
        return fail(hash.error());
    m_models[round] = *hash;
    return std::optional<std::string>(std::move(*hash));
}

Result<> StudyVerification::checkModels()
{
    std::map<int, std::pair<std::string, int>> expected; // model to its hash and the receipt that says so
    for (const auto &[round, receipt] : m_receipts) {
        const auto before = expected.find(round - 1);
        if (before != expected.end() && before->second.first != receipt.modelBefore)
            failed("models", round,
                   fmt::format("Round {} began with another model than round {} ended with", round, round - 1));
        expected.try_emplace(round - 1, receipt.modelBefore, round);
        expected[round] = {receipt.modelAfter, round};
    }
    for (const auto &[round, said] : expected) {
        const auto hash = modelHash(round);
        if (!hash)
            return fail(hash.error());
        const auto file = m_paths.model(round);
        if (!*hash)
            failed("models", round, fmt::format("{} is missing", file.string()));
        else if (**hash != said.first)
            failed("models", round,
                   fmt::format("{} is not the model that the receipt of round {} holds: it was changed (SHA-256 {}, "
                               "not {})",
                               file.string(), said.second, shortHash(**hash), shortHash(said.first)));
    }
    if (!expected.empty() && !anyFailed("models"))
        ok("models",
           fmt::format("{} as the receipts hold", counted(expected.size(), "model file is", "model files are")));
    return {};
}

Result<> StudyVerification::checkBest()
{
    const auto said = m_ledger.values.find("bestRound");
    const int best = said == m_ledger.values.end() ? 0 : std::atoi(said->second.c_str());
    if (best == 0)
        return {};
    const auto file = sha256OfFile(m_paths.bestModel());
    if (!file && file.error().code == ErrorCode::NotFound) {
        failed("best", best, fmt::format("{} is missing", m_paths.bestModel().string()));
        return {};
    }
    const auto model = modelHash(best);
    if (!file || !model)
        return fail(!file ? file.error() : model.error());
    // The receipt has the last word: the round's own file may be the one that was changed.
    const auto receipt = m_receipts.find(best);
    const auto expected = receipt != m_receipts.end() ? receipt->second.modelAfter : model->value_or(std::string());
    if (*file == expected) {
        ok("best", fmt::format("best.safetensors is the model of round {}", best));
        return {};
    }
    const auto other = std::find_if(m_receipts.begin(), m_receipts.end(),
                                    [&](const auto &entry) { return entry.second.modelAfter == *file; });
    failed("best", best,
           fmt::format("{} is not the model of round {}, which the study names the best{}",
                       m_paths.bestModel().string(), best,
                       other == m_receipts.end() ? std::string(": it was changed")
                                                 : fmt::format(": it is that of round {}", other->first)));
    return {};
}

Result<> StudyVerification::recompute(const Recompute &recompute)
{
    if (!m_manifest)
        return {};
    std::size_t gone = 0;
    for (const auto &[round, receipt] : m_receipts) {
        auto state = Spooled::Whole;
        for (const auto &site : receipt.sites) {
            if (!site.counted)
                continue;
            const auto update = spooledUpdate(m_paths.spool(), site.update);
            if (!update)
                return fail(update.error());
            if (update->state == Spooled::Damaged)
                failed("recomputed", round,
                       fmt::format("Round {}: the spooled update of {} is damaged (object {})", round, site.site,
                                   update->object));
            state = std::max(state, update->state);
        }
        gone += state == Spooled::Missing ? 1 : 0;
        if (state != Spooled::Whole)
            continue;
        if (auto done = recomputeRound(receipt, recompute); !done)
            return done;
    }
    if (gone > 0)
        notChecked("recomputed", 0,
                   fmt::format("{} not made once more: the updates are not kept",
                               counted(gone, "round's model was", "rounds' models were")));
    return {};
}

Result<> StudyVerification::recomputeRound(const Receipt &receipt, const Recompute &recompute)
{
    const WorkFolder folder;
    Recomputation work{
        *m_manifest, m_paths, receipt.round, {}, receipt.sites.size(), {}, folder.path() / "model.safetensors"};
    for (const auto &site : receipt.sites) {
        if (!site.counted)
            continue;
        storage::UpdateRow row;
        row.round = receipt.round;
        row.site = site.site;
        row.sha256 = site.update;
        row.samples = site.samples;
        row.steps = site.steps;
        row.normalisedSteps = site.normalisedSteps;
        row.score = site.score;
        row.weight = site.weight;
        row.norm = site.norm;
        row.encoding = site.encoding;
        row.baseRound = site.baseRound;
        work.updates.push_back(std::move(row));
    }
    if (const auto before = m_receipts.find(receipt.round - 1); before != m_receipts.end())
        work.memoryBefore = before->second.memory;
    const auto done = recompute(work);
    if (!done && done.error().code == ErrorCode::Io)
        return done;
    if (!done && (done.error().code == ErrorCode::NotFound || done.error().code == ErrorCode::Unsupported)) {
        notChecked(
            "recomputed", receipt.round,
            fmt::format("Round {}: its model could not be made once more: {}", receipt.round, done.error().message));
        return {};
    }
    if (!done) {
        failed("recomputed", receipt.round,
               fmt::format("Round {}: its updates do not combine: {}", receipt.round, done.error().message));
        return {};
    }
    const auto hash = sha256OfFile(work.out);
    if (!hash)
        return fail(hash.error());
    if (*hash != receipt.modelAfter)
        failed("recomputed", receipt.round,
               fmt::format("Round {}: its updates give another model than the receipt holds", receipt.round));
    else
        ok("recomputed",
           fmt::format("Round {}: its {} to the last byte", receipt.round,
                       counted(work.updates.size(), "update gives the same model", "updates give the same model")),
           receipt.round);
    return {};
}

} // namespace consilium::federation
