// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_residual.h"

#include "core/platform.h"
#include "core/safetensors.h"

#include <algorithm>
#include <cstdio>

namespace consilium::federation {

std::filesystem::path UpdateResidual::kept(int round) const
{
    return m_folder / fmt::format("round-{:04}.safetensors", round);
}

std::vector<int> UpdateResidual::keptRounds() const
{
    std::vector<int> rounds;
    std::error_code error; // no folder: nothing was kept
    for (const auto &entry : std::filesystem::directory_iterator(m_folder, error)) {
        int round = 0;
        if (std::sscanf(entry.path().filename().c_str(), "round-%9d", &round) == 1 && entry.path() == kept(round))
            rounds.push_back(round);
    }
    std::ranges::sort(rounds);
    return rounds;
}

Result<ModelState> UpdateResidual::load(int round) const
{
    const auto rounds = keptRounds();
    const auto next = std::ranges::lower_bound(rounds, round);
    if (next == rounds.begin())
        return ModelState{};
    const auto file = kept(*std::prev(next));
    auto residual = readSafetensors(file);
    if (!residual && residual.error().code == ErrorCode::Malformed)
        return failWithHint(ErrorCode::Malformed,
                            "Delete it: what encoding left over of earlier changes is then not sent, and the study "
                            "goes on",
                            "{} is damaged", file.string());
    return residual;
}

Result<> UpdateResidual::propose(int round, const ModelState &residual) const
{
    if (residual.tensors.empty())
        return {};
    return writeSafetensors(proposed(), {residual.tensors, {{"round", std::to_string(round)}}});
}

Result<> UpdateResidual::keep(int round) const
{
    const auto file = SafetensorsFile::open(proposed());
    if (!file && file.error().code == ErrorCode::NotFound)
        return {};
    if (!file)
        return fail(file.error());
    const auto of = file->metadata().find("round");
    if (of == file->metadata().end() || of->second != std::to_string(round))
        return {};
    std::error_code error;
    std::filesystem::rename(proposed(), kept(round), error);
    if (error)
        return fail(ErrorCode::Io, "{} could not be written: {}", kept(round).string(), error.message());
    platform::flushFolder(m_folder);
    // The one before stays, should this round be asked for again.
    const auto rounds = keptRounds();
    const auto present = std::ranges::lower_bound(rounds, round);
    for (auto other = rounds.begin(); other != rounds.end(); ++other) {
        if (other != present && std::next(other) != present)
            std::filesystem::remove(kept(*other), error);
    }
    return {};
}

} // namespace consilium::federation
