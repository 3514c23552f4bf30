// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/checkpoint.h"

#include "core/hash.h"
#include "core/json.h"
#include "core/safetensors.h"

namespace consilium::learning {

namespace fs = std::filesystem;

namespace {

constexpr int formatVersion = 2;

std::string tensorsHash(const ModelState &state)
{
    Sha256 hash;
    for (const auto &tensor : state.tensors) {
        hash.add(fmt::format("{} {}\n", tensor.info.name, tensor.values.size()));
        hash.add(tensor.values);
    }
    return hash.hex();
}

std::string samplesHash(std::span<const Sample> samples)
{
    Sha256 hash;
    for (const auto &sample : samples) {
        hash.add(fmt::format("{}\n{} {} {} {} {} {}\n", sample.id, sample.size[0], sample.size[1], sample.size[2],
                             sample.channels, sample.labels.size(), sample.points.size()));
        hash.add(std::as_bytes(std::span(sample.image)));
        hash.add(std::as_bytes(std::span(sample.labels)));
        for (const auto &point : sample.points)
            hash.add(fmt::format("{} {} {}\n", point.x, point.y, point.visible));
    }
    return hash.hex();
}

fs::path tensorFile(const fs::path &folder, const std::string &hash)
{
    return folder / ("fit-" + hash.substr(0, 16) + ".safetensors");
}

/// Removes what states before left in `folder`, and what a killed program was writing, but for `kept`.
void removeOthers(const fs::path &folder, const fs::path &kept)
{
    std::error_code error;
    std::vector<fs::path> old;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        const bool partial = name.starts_with("fit.json.");
        if (partial || (name.starts_with("fit-") && entry->path() != kept))
            old.push_back(entry->path());
    }
    for (const auto &file : old)
        fs::remove(file, error);
}

tl::unexpected<Error> damaged(const fs::path &folder, const std::string &what)
{
    return failWithHint(ErrorCode::Malformed, "Delete that folder to train from the start",
                        "The state of the training kept in {} is damaged: {}", folder.string(), what);
}

} // namespace

std::string fitIdentity(const Plan &plan, const ModelState &start, std::span<const Sample> samples,
                        const FitOptions &options)
{
    auto text = fmt::format("{}\n{}\n{}\n{} {} {} {} {} {}", plan.hash(), tensorsHash(start), samplesHash(samples),
                            options.firstStep, options.steps, options.totalSteps, options.stepsPerEpoch, options.seed,
                            static_cast<bool>(options.validate));
    if (options.retention)
        text += fmt::format("\n{} {} {}", tensorsHash(options.retention->model), options.retention->weight,
                            options.retention->temperature);
    if (options.proximal)
        text += fmt::format("\nproximal {} {}", tensorsHash(options.proximal->anchor), options.proximal->mu);
    if (options.correction)
        text += fmt::format("\ncorrection {}", tensorsHash(*options.correction));
    return sha256Hex(text);
}

Result<> writeCheckpoint(const fs::path &folder, const Checkpoint &checkpoint)
{
    const auto hash = tensorsHash(checkpoint.tensors);
    const auto file = tensorFile(folder, hash);
    const auto written = writeSafetensors(file, checkpoint.tensors).and_then([&] {
        return writeJson(folder / "fit.json", {{"format", formatVersion},
                                               {"fit", checkpoint.fit},
                                               {"step", checkpoint.step},
                                               {"learningRateSum", checkpoint.learningRateSum},
                                               {"scores", checkpoint.scores},
                                               {"tensors", hash}});
    });
    if (!written)
        return failWithHint(written.error().code,
                            "Make room and start again: training goes on from the last state that was kept",
                            "The state of the training could not be kept: {}", written.error().message);
    removeOthers(folder, file);
    return {};
}

Result<std::optional<Checkpoint>> readCheckpoint(const fs::path &folder, const std::string &identity)
{
    const auto json = readJson(folder / "fit.json");
    if (!json && json.error().code == ErrorCode::NotFound)
        return std::nullopt;
    if (!json && json.error().code == ErrorCode::Malformed)
        return damaged(folder, json.error().message);
    if (!json)
        return fail(json.error());
    Checkpoint checkpoint;
    std::string hash;
    try {
        checkpoint.fit = json->at("fit").get<std::string>();
        if (json->at("format").get<int>() != formatVersion || checkpoint.fit != identity)
            return std::nullopt;
        checkpoint.step = json->at("step").get<int>();
        checkpoint.learningRateSum = json->at("learningRateSum").get<double>();
        checkpoint.scores = json->at("scores").get<std::vector<double>>();
        hash = json->at("tensors").get<std::string>();
    } catch (const Json::exception &) {
        return damaged(folder, "fit.json lacks a key or holds another type");
    }
    auto tensors = readSafetensors(tensorFile(folder, hash));
    if (!tensors)
        return damaged(folder, tensors.error().message);
    if (tensorsHash(*tensors) != hash)
        return damaged(folder, tensorFile(folder, hash).filename().string() + " has changed");
    checkpoint.tensors = std::move(*tensors);
    return checkpoint;
}

} // namespace consilium::learning
