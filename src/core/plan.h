// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace consilium {

/// Everything a study trains with, declared and never a program. Sites approve its hash. Sizes are in the order x, y, z
/// of the canonical frame; spacings in millimetres.
struct Plan
{
    int format = 1;
    std::string task; ///< preset name, for example "ms-lesions"
    std::uint64_t seed = 7;

    /// What the network reads and says.
    struct Data
    {
        std::string kind = "volume-segmentation"; ///< the plug-in that trains it
        std::vector<std::string> channels;        ///< at least one, in the order of the files _0000, _0001, ...
        std::vector<std::string> labels;          ///< index is the label value; the first is the background
    } data;

    struct Network
    {
        std::string kind = "unet";
        int dimensions = 3;                               ///< 2 or 3
        std::vector<int> features{32, 64, 128, 256, 320}; ///< per resolution, finest first
        bool deepSupervision = true;
    } network;

    struct Preprocessing
    {
        std::array<double, 3> spacing{1, 1, 1};
        std::vector<std::string> normalisation; ///< per channel; "zscore" or "none"
    } preprocessing;

    struct Augmentation
    {
        double rotation = 30; ///< degrees, about each axis, uniform in +-
        std::array<double, 2> scaling{0.7, 1.4};
        std::vector<int> mirror{0, 1, 2}; ///< axes that may be flipped
        std::array<double, 2> gamma{0.7, 1.5};
        double noise = 0.1; ///< largest standard deviation, in units of the normalised image
    } augmentation;

    struct Optimizer
    {
        std::string kind = "sgd"; ///< "sgd" or "adamw"
        double lr = 0.01;
        double momentum = 0.99; ///< sgd alone
        bool nesterov = true;   ///< sgd alone
        double weightDecay = 3e-5;
    };

    struct Training
    {
        int epochsPerRound = 1;
        int batchesPerEpoch = 250;
        int batchSize = 2;
        std::vector<int> patch{96, 96, 96}; ///< voxels, one per dimension
        Optimizer optimizer;
        std::string scheduleKind = "poly"; ///< "poly" or "constant"
        double schedulePower = 0.9;
        std::string loss = "dice+ce"; ///< "dice+ce" or "dice"
        double foreground = 0.33;     ///< share of patches centred on a labelled voxel
    } training;

    struct Federation
    {
        std::string strategy = "fedavg";
        int rounds = 50;
        int quorum = 2;
        int idleLimitSeconds = 600;
    } federation;

    struct Privacy
    {
        std::optional<double> clip;
        std::optional<double> noise;
        bool secureAggregation = false;
        int minimumCases = 10; ///< a site with fewer cases may not take part
    } privacy;

    struct Evaluation
    {
        int everyRounds = 1;
        std::string selectBest = "validation"; ///< "validation" or "last"
    } evaluation;

    /// Errors: Invalid, naming the key that is unknown, missing, of the wrong type, or impossible.
    static Result<Plan> fromJson(const Json &json);
    /// Errors: as fromJson, and NotFound, Io, Malformed for the file.
    static Result<Plan> read(const std::filesystem::path &file);
    Json toJson() const;

    /// SHA-256 of the canonical form (RFC 8785) as 64 hexadecimal digits: what a custodian approves.
    std::string hash() const;

    /// Sets one key by its path, as `--set training.batchSize=4` does; the value is JSON, or text when it is not.
    /// Errors: Invalid, naming the key.
    Result<> set(const std::string &path, const std::string &value);

    /// Optimiser steps of one site in one round, and over the whole study.
    int stepsPerRound() const { return training.epochsPerRound * training.batchesPerEpoch; }
    int totalSteps() const { return stepsPerRound() * federation.rounds; }
};

} // namespace consilium
