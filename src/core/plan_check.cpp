// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan_check.h"

#include "core/plan_checks.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace consilium {

namespace {

void checkData(const Plan &plan, Checks &checks)
{
    const auto &data = plan.data;
    checks.require(!data.channels.empty() && data.channels.size() <= 256, "data.channels",
                   "must name 1 to 256 channels");
    if (data.kind == "landmark-localisation") {
        checks.require(!data.landmarks.empty() && data.landmarks.size() <= 1024, "data.landmarks",
                       "must name 1 to 1024 landmarks");
        checks.require(data.labels.empty(), "data.labels", "must be empty where landmarks are looked for");
        return;
    }
    checks.require(data.labels.size() >= 2 && data.labels.size() <= 256, "data.labels",
                   "must name the background and 1 to 255 labels");
    checks.require(data.landmarks.empty(), "data.landmarks", "must be empty where regions are looked for");
}

void checkPerResolution(const Plan::Network &network, const std::vector<std::vector<int>> &values, bool odd,
                        const char *key, Checks &checks)
{
    if (values.empty())
        return;
    checks.require(values.size() == network.features.size(), key, "must have one entry for each of network.features");
    for (const auto &entry : values) {
        checks.require(positive(entry) && static_cast<int>(entry.size()) == network.dimensions, key,
                       "must have one positive number for each dimension in every entry");
        for (const auto value : entry)
            checks.require(odd ? value % 2 == 1 && value <= 7 : value <= 4, key,
                           odd ? "must hold odd numbers up to 7" : "must hold numbers up to 4");
    }
    if (!odd && checks.good())
        checks.require(std::all_of(values.front().begin(), values.front().end(), [](int s) { return s == 1; }), key,
                       "must begin with 1 for each dimension: the finest resolution is the image's");
}

void checkNetwork(const Plan &plan, Checks &checks)
{
    const auto &network = plan.network;
    const bool landmarks = plan.data.kind == "landmark-localisation";
    checks.oneOf(network.kind, "network.kind", {"unet", "residual-unet", "ahnet", "hourglass", "torchscript"});
    checks.require(network.kind == "torchscript" || (network.kind == "hourglass") == landmarks, "network.kind",
                   fmt::format("'{}' is not a network for {}", network.kind, plan.data.kind));
    checks.require(network.dimensions == 2 || network.dimensions == 3, "network.dimensions", "must be 2 or 3");
    checks.require(positive(network.features) && network.features.size() <= 8, "network.features",
                   "must be 1 to 8 positive numbers");
    for (const auto count : network.features)
        checks.require(count <= 4096, "network.features", "must not be larger than 4096");
    checks.require(network.dimensions == 2 || !landmarks, "network.dimensions",
                   "must be 2 where landmarks are looked for: in radiographs");
    if (network.kind == "hourglass") {
        checks.require(network.features.size() == 1 && network.features.front() % 2 == 0, "network.features",
                       "must be one even number for an hourglass");
        checks.within(network.stacks, 1, 8, "network.stacks");
    }
    checkPerResolution(network, network.strides, false, "network.strides", checks);
    checkPerResolution(network, network.kernels, true, "network.kernels", checks);
    checks.require(network.blocks.empty() ||
                       (network.blocks.size() == network.features.size() && positive(network.blocks)),
                   "network.blocks", "must have one positive number for each of network.features");
    for (const auto count : network.blocks)
        checks.require(count <= 64, "network.blocks", "must not be larger than 64");
    const bool digits =
        network.module.size() == 64 && network.module.find_first_not_of("0123456789abcdef") == std::string::npos;
    checks.require(network.kind == "torchscript" ? digits : network.module.empty(), "network.module",
                   network.kind == "torchscript" ? "must be the SHA-256 of the module's file, 64 hexadecimal digits"
                                                 : "is for networks of kind torchscript");
}

void checkPreprocessing(const Plan &plan, Checks &checks)
{
    const auto &preprocessing = plan.preprocessing;
    for (const auto millimetres : preprocessing.spacing)
        checks.within(millimetres, 1e-4, 1e3, "preprocessing.spacing");
    checks.require(preprocessing.size.empty() || (preprocessing.size.size() == 2 && positive(preprocessing.size) &&
                                                  preprocessing.size[0] == preprocessing.size[1]),
                   "preprocessing.size", "must be two equal positive numbers, or empty");
    checks.require(!preprocessing.size.empty() || plan.data.kind != "landmark-localisation", "preprocessing.size",
                   "must not be empty where landmarks are looked for");
    checks.require(preprocessing.normalisation.size() == plan.data.channels.size(), "preprocessing.normalisation",
                   "must have one entry for each channel");
    std::size_t calibrated = 0;
    for (const auto &scheme : preprocessing.normalisation) {
        checks.oneOf(scheme, "preprocessing.normalisation", {"zscore", "ct", "rescale", "none"});
        calibrated += scheme == "ct" ? 1 : 0;
    }
    checks.require(preprocessing.intensities.size() == calibrated, "preprocessing.intensities",
                   "must have one entry for each channel with the normalisation ct");
    for (const auto &[low, high, mean, deviation] : preprocessing.intensities)
        checks.require(low < high && deviation > 0 && std::isfinite(mean), "preprocessing.intensities",
                       "must hold low, high above it, mean, and a positive standard deviation");
}

void checkAugmentation(const Plan &plan, Checks &checks)
{
    const auto &augmentation = plan.augmentation;
    checks.within(augmentation.rotation, 0, 180, "augmentation.rotation");
    checks.factors(augmentation.scaling, "augmentation.scaling");
    checks.within(augmentation.elastic, 0, 64, "augmentation.elastic");
    for (const auto axis : augmentation.mirror)
        checks.require(axis >= 0 && axis < plan.network.dimensions, "augmentation.mirror",
                       "must name axes of the network's dimensions");
    checks.require(augmentation.mirror.empty() || plan.data.landmarks.empty(), "augmentation.mirror",
                   "must be empty for landmarks: a mirrored picture would need its left and right names exchanged");
    checks.factors(augmentation.gamma, "augmentation.gamma");
    checks.factors(augmentation.brightness, "augmentation.brightness");
    checks.factors(augmentation.contrast, "augmentation.contrast");
    checks.within(augmentation.noise, 0, 10, "augmentation.noise");
    checks.within(augmentation.blur, 0, 16, "augmentation.blur");
    checks.require(augmentation.lowResolution > 0 && augmentation.lowResolution <= 1, "augmentation.lowResolution",
                   "must be above 0, and at most 1");
    checks.within(augmentation.clahe, 0, 16, "augmentation.clahe");
    checks.within(augmentation.dropout, 0, 0.5, "augmentation.dropout");
}

void checkPatch(const Plan &plan, Checks &checks)
{
    const auto &patch = plan.training.patch;
    checks.require(positive(patch) && static_cast<int>(patch.size()) == plan.network.dimensions, "training.patch",
                   "must have one positive size for each dimension of the network");
    if (!checks.good())
        return;
    const auto divisor = patchDivisor(plan.network);
    for (std::size_t axis = 0; axis < patch.size(); ++axis)
        checks.require(patch[axis] % divisor[axis] == 0, "training.patch",
                       fmt::format("must be divisible by {} for this network", fmt::join(divisor, " x ")));
    if (!plan.preprocessing.size.empty())
        checks.require(patch == plan.preprocessing.size, "training.patch",
                       "must be preprocessing.size: a radiograph is seen whole");
    double values = static_cast<double>(plan.data.channels.size());
    for (const auto extent : patch)
        values *= extent;
    checks.require(values <= mostValuesInABatch, "training.patch",
                   fmt::format("holds {:.3g} values with its channels, more than {:.3g}", values, mostValuesInABatch));
    values *= plan.training.batchSize;
    checks.require(values <= mostValuesInABatch, "training.batchSize",
                   fmt::format("makes batches of {:.3g} values, more than {:.3g}", values, mostValuesInABatch));
}

/// A plan counts its steps in an int.
void checkSteps(const Plan &plan, Checks &checks)
{
    constexpr int most = 1'000'000; // the product of three stays below 2^63
    checks.within(plan.training.epochsPerRound, 1, most, "training.epochsPerRound");
    checks.within(plan.training.batchesPerEpoch, 1, most, "training.batchesPerEpoch");
    checks.within(plan.federation.rounds, 1, most, "federation.rounds");
    if (!checks.good())
        return;
    const auto steps =
        std::int64_t{plan.training.epochsPerRound} * plan.training.batchesPerEpoch * plan.federation.rounds;
    constexpr int limit = std::numeric_limits<int>::max();
    checks.require(steps <= limit, "federation.rounds",
                   fmt::format("makes {} steps with those of a round, more than {}", steps, limit));
}

void checkOptimizer(const Plan::Training &training, Checks &checks)
{
    const auto &optimizer = training.optimizer;
    const auto &schedule = training.schedule;
    checks.oneOf(optimizer.kind, "training.optimizer.kind", {"sgd", "adam", "adamw"});
    checks.require(optimizer.lr > 0 && optimizer.lr <= 100, "training.optimizer.lr",
                   "must be above 0, and at most 100");
    checks.from0Below1(optimizer.momentum, "training.optimizer.momentum");
    for (const auto beta : optimizer.betas)
        checks.from0Below1(beta, "training.optimizer.betas");
    checks.within(optimizer.weightDecay, 0, 100, "training.optimizer.weightDecay");
    checks.oneOf(schedule.kind, "training.schedule.kind", {"poly", "cosine", "step", "rounds", "plateau", "constant"});
    checks.require(schedule.power > 0 && schedule.power <= 100, "training.schedule.power",
                   "must be above 0, and at most 100");
    checks.within(schedule.epochs, 1, 1'000'000, "training.schedule.epochs");
    checks.require(schedule.factor > 0 && schedule.factor < 1, "training.schedule.factor",
                   "must be above 0 and below 1");
    checks.require((schedule.kind == "rounds") != schedule.milestones.empty(), "training.schedule.milestones",
                   schedule.kind == "rounds" ? "must name a round" : "is for schedules of kind rounds");
    checks.require(
        schedule.milestones.empty() ||
            (positive(schedule.milestones) && std::is_sorted(schedule.milestones.begin(), schedule.milestones.end())),
        "training.schedule.milestones", "must be rounds in rising order");
}

void checkTraining(const Plan &plan, Checks &checks)
{
    const auto &training = plan.training;
    checks.within(training.batchSize, 1, 4096, "training.batchSize");
    checks.oneOf(training.epochLength, "training.epochLength", {"batches", "cases"});
    checkPatch(plan, checks);
    checkOptimizer(training, checks);
    if (plan.data.kind == "landmark-localisation")
        checks.oneOf(training.loss, "training.loss", {"dsnt"});
    else
        checks.oneOf(training.loss, "training.loss", {"dice+ce", "dice", "focal", "dice+focal", "tversky"});
    checks.within(training.foreground, 0, 1, "training.foreground");
    checks.require(training.clipGradient >= 0, "training.clipGradient", "must not be negative");
    checks.from0Below1(training.average, "training.average");
    checks.within(training.patience, 0, 1'000'000, "training.patience");
    checks.oneOf(training.precision, "training.precision", {"float32", "bfloat16"});
    checks.require(training.folds == 0 || (training.folds >= 2 && training.folds <= 20), "training.folds",
                   "must be 0 or 2 to 20");
    checks.from0Below1(plan.inference.overlap, "inference.overlap");
}

} // namespace

Error planKeyError(const std::string &key, const std::string &what)
{
    return {ErrorCode::Invalid, fmt::format("Plan key '{}' {}", key, what), "Correct that key in the plan"};
}

std::optional<Error> impossibleKey(const Plan &plan)
{
    Checks checks;
    checks.require(plan.format == 1, "format", fmt::format("is {}; this program knows format 1", plan.format));
    checks.require(!plan.task.empty(), "task", "must name a task");
    checkData(plan, checks);
    checkNetwork(plan, checks);
    checkPreprocessing(plan, checks);
    checkAugmentation(plan, checks);
    checkTraining(plan, checks);
    checkSteps(plan, checks);
    checkFederation(plan, checks);
    return std::move(checks).error();
}

std::vector<int> patchDivisor(const Plan::Network &network)
{
    const auto dimensions = static_cast<std::size_t>(network.dimensions);
    if (network.kind == "torchscript")
        return std::vector<int>(dimensions, 1);
    if (network.kind == "hourglass")
        return std::vector<int>(dimensions, 64); // a quarter at the stem, four halvings in each hourglass
    if (network.kind == "ahnet")
        return std::vector<int>(dimensions, 32); // five halvings along every axis
    std::vector<int> divisor(dimensions, 1);
    for (std::size_t k = 1; k < network.features.size(); ++k)
        for (std::size_t axis = 0; axis < dimensions; ++axis)
            divisor[axis] *= network.strides.empty() ? 2 : network.strides[k][axis];
    return divisor;
}

} // namespace consilium
