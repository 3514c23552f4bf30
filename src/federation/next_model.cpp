// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/next_model.h"

#include "core/file.h"
#include "core/name_pattern.h"
#include "core/safetensors.h"
#include "federation/strategies/strategies.h"
#include "federation/tensor_readers.h"
#include "federation/tile_kernels.h"
#include "federation/update_check.h"
#include "federation/update_layout.h"

#include <algorithm>

namespace consilium::federation {

namespace fs = std::filesystem;

namespace {

fs::path memoryFile(const storage::StudyPaths &paths, int round)
{
    return paths.folder / "models" / fmt::format("memory-{:04}.safetensors", round);
}

fs::path controlFile(const storage::StudyPaths &paths, int round)
{
    return paths.folder / "models" / fmt::format("control-{:04}.safetensors", round);
}

bool hasControl(const Plan &plan)
{
    return plan.federation.strategy.kind == "scaffold";
}

std::vector<std::string> staying(const Plan &plan)
{
    const auto &strategy = plan.federation.strategy;
    return strategy.kind == "fedbn" ? strategy.keepHome : std::vector<std::string>{};
}

bool fileExists(const fs::path &file)
{
    std::error_code ignored;
    return fs::exists(file, ignored);
}

std::vector<TensorInfo> controlTensors(const std::vector<TensorInfo> &model)
{
    std::vector<TensorInfo> tensors;
    for (auto info : model) {
        if (!kernels::isFloating(info.dtype))
            continue;
        info.name.insert(0, controlPrefix);
        tensors.push_back(std::move(info));
    }
    return tensors;
}

Result<> writeZeros(const fs::path &file, const std::vector<TensorInfo> &tensors)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return fail(out.error());
    if (auto written = out->write(safetensorsHeader(tensors)); !written)
        return written;
    const std::vector<std::byte> zeros(1 << 20);
    for (const auto &info : tensors)
        for (std::size_t begin = 0; begin < info.bytes(); begin += zeros.size())
            if (auto written = out->write(std::span(zeros).first(std::min(zeros.size(), info.bytes() - begin)));
                !written)
                return written;
    return out->commit();
}

/// The next control variate: c + |S| / N times the mean of the sites' changes of theirs.
Result<> nextControl(const storage::StudyPaths &paths, int round, const std::vector<Contribution> &contributions,
                     std::size_t enrolled, const std::map<std::string, std::string> &metadata, int threads)
{
    auto changes = contributions;
    for (auto &change : changes) {
        change.update = tensorsWithPrefix(change.update, controlPrefix, false);
        change.delta = true;
        change.base = nullptr;
    }
    AggregationFiles files;
    files.global = controlFile(paths, round - 1);
    files.out = controlFile(paths, round);
    files.metadata = metadata;
    const auto sites = std::max(enrolled, contributions.size());
    const auto part = static_cast<double>(contributions.size()) / static_cast<double>(std::max<std::size_t>(sites, 1));
    if (auto done = aggregate(*strategies::fedAvg("equal"), std::move(changes), files, part, threads); !done)
        return fail(done.error());
    return {};
}

} // namespace

Result<RoundStart> roundStart(const Plan &plan, const storage::StudyPaths &paths, int round)
{
    RoundStart start{paths.model(round - 1), std::nullopt};
    const auto model = SafetensorsFile::open(start.model);
    if (!model)
        return fail(model.error());
    if (!hasControl(plan))
        return start;
    start.control = controlFile(paths, round - 1);
    if (fileExists(*start.control))
        return start;
    if (round > 1)
        return failWithHint(ErrorCode::NotFound, "Bring it back from a copy of the study folder",
                            "{}, the control variate of the rounds before, is missing", start.control->string());
    if (auto written = writeZeros(*start.control, controlTensors(model->tensors())); !written)
        return fail(written.error());
    return start;
}

Result<std::vector<TensorInfo>> expectedTensors(const Plan &plan, const storage::StudyPaths &paths, int round)
{
    const auto model = SafetensorsFile::open(paths.model(round - 1));
    if (!model)
        return fail(model.error());
    auto tensors = model->tensors();
    const auto home = staying(plan);
    std::erase_if(tensors, [&](const auto &info) { return matchesAnyPattern(info.name, home); });
    if (hasControl(plan))
        std::ranges::copy(controlTensors(model->tensors()), std::back_inserter(tensors));
    return tensors;
}

Result<double> checkAnswer(const Plan &plan, const storage::StudyPaths &paths, int round,
                           const std::shared_ptr<const UpdateReader> &update,
                           const std::shared_ptr<const UpdateReader> &base)
{
    auto model = base;
    if (!model) {
        auto opened = readerOf(paths.model(round - 1));
        if (!opened)
            return fail(opened.error());
        model = std::move(*opened);
    }
    const bool delta = plan.federation.updates.content == "delta";
    if (!hasControl(plan))
        return checkUpdate(*update, *model, delta, staying(plan));
    ModelState controls; // names and shapes alone: of changes no base is read
    for (auto &info : controlTensors(model->tensors()))
        controls.tensors.push_back({std::move(info), {}});
    if (auto good = checkUpdate(*tensorsWithPrefix(update, controlPrefix, false), *readerOf(std::move(controls)), true);
        !good)
        return good;
    return checkUpdate(*tensorsWithoutPrefix(update, controlPrefix), *model, delta);
}

Result<Aggregated> nextModel(Strategy &strategy, const Plan &plan, const storage::StudyPaths &paths, int round,
                             std::vector<Contribution> contributions, std::size_t enrolled, int threads)
{
    AggregationFiles files;
    files.global = paths.model(round - 1);
    files.out = paths.model(round);
    files.memory = memoryFile(paths, round - 1);
    files.memoryOut = memoryFile(paths, round);
    files.metadata = {{"plan", plan.hash()}, {"round", std::to_string(round)}};
    if (round > 1 && !strategy.memory().empty() && !fileExists(files.memory))
        return failWithHint(ErrorCode::NotFound, "Bring it back from a copy of the study folder",
                            "{}, what the strategy {} remembers of the rounds before, is missing",
                            files.memory.string(), plan.federation.strategy.kind);
    if (hasControl(plan)) {
        if (auto start = roundStart(plan, paths, round); !start)
            return fail(start.error());
        if (auto done = nextControl(paths, round, contributions, enrolled, files.metadata, threads); !done)
            return fail(done.error());
        for (auto &contribution : contributions)
            contribution.update = tensorsWithoutPrefix(contribution.update, controlPrefix);
    }
    return aggregate(strategy, std::move(contributions), files, serverLearningRate(plan, round), threads,
                     staying(plan));
}

void dropOldMemory(const storage::StudyPaths &paths, int round)
{
    std::error_code ignored;
    for (int old = round - 1; old >= 0; --old) {
        const bool memory = fs::remove(memoryFile(paths, old), ignored);
        const bool variate = fs::remove(controlFile(paths, old), ignored);
        if (!memory && !variate)
            return; // those before went with it
    }
}

} // namespace consilium::federation
