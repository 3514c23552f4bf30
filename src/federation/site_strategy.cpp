// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_strategy.h"

#include "core/platform.h"
#include "core/safetensors.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace consilium::federation {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view stateName = "round-";
constexpr std::string_view pendingName = "pending-";
constexpr std::string_view fileEnding = ".safetensors";

fs::path numbered(const fs::path &folder, std::string_view name, int round)
{
    return folder / fmt::format("{}{:06}{}", name, round, fileEnding);
}

/// The round of a file that numbered() named; nothing: it is another file.
std::optional<int> roundOf(const fs::path &file, std::string_view name)
{
    const auto text = file.filename().string();
    if (!text.starts_with(name) || !text.ends_with(fileEnding))
        return std::nullopt;
    int round = 0;
    const auto *end = text.data() + text.size() - fileEnding.size();
    const auto read = std::from_chars(text.data() + name.size(), end, round);
    if (read.ec != std::errc() || read.ptr != end)
        return std::nullopt;
    return round;
}

/// The rounds of which `folder` has a file of that name, in rising order.
Result<std::vector<int>> roundsIn(const fs::path &folder, std::string_view name)
{
    std::error_code error;
    std::vector<int> rounds;
    if (!fs::exists(folder, error) && !error)
        return rounds;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (const auto round = roundOf(entry->path(), name))
            rounds.push_back(*round);
    }
    if (error)
        return fail(ErrorCode::Io, "{} could not be read: {}", folder.string(), error.message());
    std::ranges::sort(rounds);
    return rounds;
}

} // namespace

fs::path SiteStrategy::stateFile(int round) const
{
    return numbered(m_folder, stateName, round);
}

fs::path SiteStrategy::pendingFile(int round) const
{
    return numbered(m_folder, pendingName, round);
}

Result<ModelState> SiteStrategy::keptBefore(int round) const
{
    const auto rounds = roundsIn(m_folder, stateName);
    if (!rounds)
        return fail(rounds.error());
    const auto after = std::ranges::lower_bound(*rounds, round);
    if (after == rounds->begin())
        return ModelState{};
    auto kept = readSafetensors(stateFile(*std::prev(after)));
    if (!kept)
        return fail(std::move(kept.error()).withHint("Delete that file to go on as a site that has not trained yet"));
    return kept;
}

Result<ModelState> SiteStrategy::localModel(const ModelState &sent) const
{
    const auto kept = keptBefore(std::numeric_limits<int>::max());
    if (!kept)
        return fail(kept.error());
    auto model = sent;
    bringHome(model, *kept);
    return model;
}

Result<std::optional<ModelState>> SiteStrategy::personalModel(const ModelState &sent) const
{
    const auto kept = keptBefore(std::numeric_limits<int>::max());
    if (!kept)
        return fail(kept.error());
    return personal(sent, *kept);
}

Result<SiteTraining> SiteStrategy::fit(LocalTrainer &trainer, const ModelState &sent, int round,
                                       const std::function<bool(const LocalProgress &)> &progress)
{
    const auto kept = keptBefore(round);
    if (!kept)
        return fail(kept.error());
    auto start = sent;
    bringHome(start, *kept);
    ModelState keeps;
    auto training = train({trainer, sent, start, *kept, round, progress}, keeps);
    if (!training || keeps.tensors.empty())
        return training;
    if (auto written = writeSafetensors(pendingFile(round), keeps); !written)
        return fail(written.error());
    return training;
}

Result<> SiteStrategy::keep(int round)
{
    std::error_code error;
    if (!fs::exists(pendingFile(round), error))
        return {};
    fs::rename(pendingFile(round), stateFile(round), error);
    if (error)
        return fail(ErrorCode::Io, "{} could not be renamed: {}", pendingFile(round).string(), error.message());
    platform::flushFolder(m_folder);
    // What rounds were abandoned left, and all states but this and the one before it, from which the round would begin
    // if the host asked for it again.
    const auto pending = roundsIn(m_folder, pendingName);
    auto states = roundsIn(m_folder, stateName);
    if (!pending || !states)
        return fail(pending ? states.error() : pending.error());
    for (const int old : *pending)
        fs::remove(pendingFile(old), error);
    const auto here = std::ranges::lower_bound(*states, round);
    for (auto state = states->begin(); state != states->end(); ++state) {
        if (state != here && std::next(state) != here)
            fs::remove(stateFile(*state), error);
    }
    return {};
}

void SiteStrategy::bringHome(ModelState &model, const ModelState &) const
{
    std::erase_if(model.tensors, [](const Tensor &tensor) { return tensor.info.name.starts_with(controlPrefix); });
}

std::optional<ModelState> SiteStrategy::personal(const ModelState &, const ModelState &) const
{
    return std::nullopt;
}

Result<SiteTraining> SiteStrategy::train(const Round &round, ModelState &) const
{
    return trained(round, {.start = round.start, .round = round.number, .progress = round.progress});
}

Result<SiteTraining> SiteStrategy::trained(const Round &round, const LocalFit &fit, LocalUpdate *whole) const
{
    auto update = round.trainer.fit(fit);
    if (!update)
        return fail(update.error());
    SiteTraining training;
    training.samples = update->samples;
    training.loss = update->loss;
    training.steps = update->steps;
    training.normalisedSteps =
        normalisedSteps(m_plan.training.optimizer, update->steps,
                        update->steps > 0 ? update->learningRateSum / update->steps : 0, fit.proximal);
    training.update = update->model;
    if (whole)
        *whole = std::move(*update);
    return training;
}

double normalisedSteps(const Plan::Optimizer &optimizer, int steps, double lr, double mu)
{
    if (optimizer.kind != "sgd")
        return steps;
    double moved = 0, velocity = 0;
    for (int step = 0; step < steps; ++step) {
        const double gradient = 1 - lr * mu * moved;
        velocity = optimizer.momentum * velocity + gradient;
        moved += optimizer.nesterov && optimizer.momentum > 0 ? gradient + optimizer.momentum * velocity : velocity;
    }
    return moved;
}

} // namespace consilium::federation
