// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace consilium {

/// Everything a study trains with, declared and never a program. Sites approve its hash. Sizes are in the order x, y, z
/// of the canonical frame (columns, rows for radiographs); spacings in millimetres.
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
        std::vector<std::string> labels; ///< index is the label value; the first is the background; segmentation alone
        std::vector<std::string> landmarks; ///< in the order of the network's heatmaps; localisation alone
    } data;

    struct Network
    {
        std::string kind = "unet"; ///< "unet", "residual-unet", "ahnet", "hourglass", "torchscript"
        int dimensions = 3;        ///< 2 or 3
        std::vector<int> features{32, 64, 128, 256, 320}; ///< per resolution, finest first; hourglass: one number
        bool deepSupervision = true;
        /// Of the two U-Nets, one entry a resolution, one number an axis: the stride that leads to it (the first is 1),
        /// and the extent of its kernels (odd). Empty: 2 and 3 everywhere.
        std::vector<std::vector<int>> strides, kernels;
        /// Per resolution of the encoder: convolutions (unet), residual blocks (residual-unet). Empty: 2 convolutions;
        /// 1, 3, 4, 6, 6, ... blocks.
        std::vector<int> blocks;
        int stacks = 2;     ///< hourglass alone
        std::string module; ///< torchscript alone: SHA-256 of the module's file, 64 hexadecimal digits
    } network;

    struct Preprocessing
    {
        std::array<double, 3> spacing{1, 1, 1}; ///< volumes
        std::vector<int> size;                  ///< radiographs: the square they are fitted into, whole; else empty
        /// Per channel: "zscore", "ct" (clip and scale by `intensities`), "rescale" (0.5 to 99.5 percentile to 0 to 1)
        /// or "none".
        std::vector<std::string> normalisation;
        /// Of the channels with "ct", in their order: low, high (clip), mean, standard deviation of the foreground.
        std::vector<std::array<double, 4>> intensities;
    } preprocessing;

    /// Ranges of random changes. The odds of each are those of nnU-Net; a change whose range is empty does not happen.
    struct Augmentation
    {
        double rotation = 30; ///< degrees, about each axis, uniform in +-
        std::array<double, 2> scaling{0.7, 1.4};
        double elastic = 0;               ///< largest displacement of a smooth random field, in voxels; 0: none
        std::vector<int> mirror{0, 1, 2}; ///< axes that may be flipped
        std::array<double, 2> gamma{0.7, 1.5};
        std::array<double, 2> brightness{0.75, 1.25}; ///< factor
        std::array<double, 2> contrast{0.75, 1.25};   ///< factor about the mean
        double noise = 0.1;                           ///< largest standard deviation, in units of the normalised image
        double blur = 0;                              ///< largest Gaussian sigma, in voxels; 0: none
        double lowResolution = 1;                     ///< smallest zoom of a simulated coarse scan; 1: none
        double clahe = 0;                             ///< radiographs: largest clip limit; 0: none
        double dropout = 0; ///< radiographs: largest side of a blanked rectangle, share of the picture's; 0: none
    } augmentation;

    struct Optimizer
    {
        std::string kind = "sgd"; ///< "sgd", "adam" or "adamw"
        double lr = 0.01;
        double momentum = 0.99;                  ///< sgd alone
        bool nesterov = true;                    ///< sgd alone
        std::array<double, 2> betas{0.9, 0.999}; ///< adam and adamw
        double weightDecay = 3e-5;
    };

    /// The learning rate over the steps of the study.
    struct Schedule
    {
        /// "poly" (lr (1 - t)^power), "cosine" (to 0 by half a cosine), "step" (times `factor` every `epochs`),
        /// "rounds" (times `factor` after each round of `milestones`), "plateau" (times `factor` when validation has
        /// not improved for `epochs`), "constant".
        std::string kind = "poly";
        double power = 0.9;
        int epochs = 30;
        double factor = 0.1;
        std::vector<int> milestones; ///< rounds, rising; "rounds" alone
    };

    struct Training
    {
        int epochsPerRound = 1;
        int batchesPerEpoch = 250;
        /// What an epoch of a site in a study is: "batches", batchesPerEpoch of them; "cases", as many as its training
        /// cases fill once, so that large sites take more steps than small ones.
        std::string epochLength = "batches";
        int batchSize = 2;
        std::vector<int> patch{96, 96, 96}; ///< voxels, one per dimension
        Optimizer optimizer;
        Schedule schedule;
        std::string loss = "dice+ce"; ///< "dice+ce", "dice", "focal", "dice+focal", "tversky"; landmarks: "dsnt"
        double foreground = 0.33;     ///< share of patches centred on a labelled voxel
        double clipGradient = 12;     ///< largest norm of the gradient (nnU-Net's 12); 0: no clipping
        /// Decay per step of the running mean of the weights (EMA), after step t of a fit at most (1 + t) / (10 + t);
        /// 0: none.
        double average = 0;
        int patience = 0; ///< epochs without a better validation before a local training ends; 0: never ends early
        /// "float32", or "bfloat16": convolutions in half the bits where the device can; for GPUs and CPUs with AMX,
        /// other CPUs are slower by it.
        std::string precision = "float32";
        int folds = 0; ///< K of a K-fold cross-validation; 0: the fixed splits
    } training;

    struct Inference
    {
        double overlap = 0.5; ///< of neighbouring tiles, 0 to below 1
        bool mirror = false;  ///< mean over the flips of augmentation.mirror's axes
    } inference;

    /// How the sites' updates become the next global model. federation/strategy.h says what each kind does, with its
    /// source; the defaults are those of the papers.
    struct Strategy
    {
        /// "fedavg", "fedavgm", "fedadagrad", "fedadam", "fedyogi", "fedprox", "fednova", "scaffold", "fedbn", "ditto",
        /// "validation-weighted", "median", "trimmed-mean", "krum", "multi-krum", "geometric-median", "fedbuff",
        /// "plugin".
        std::string kind = "fedavg";
        /// Of a site's update in a mean: "samples" (training cases), "steps" (optimiser steps done), "equal".
        std::string weights = "samples";
        double serverLr = 1; ///< of the step from the old global model towards the combined one
        struct ServerSchedule
        {
            /// "constant", "step" (times `factor` every `rounds`), "cosine" (to 0 over the study).
            std::string kind = "constant";
            int rounds = 10;
            double factor = 0.5;
        } serverSchedule;
        double momentum = 0.9;                  ///< fedavgm
        std::array<double, 2> betas{0.9, 0.99}; ///< fedadam, fedyogi
        double adaptivity = 1e-3;               ///< tau of fedadagrad, fedadam, fedyogi
        double proximal = 0.01;                 ///< mu of fedprox, lambda of ditto
        /// fedbn: names of tensors that never leave a site, with * for any text (core/name_pattern.h). These take the
        /// normalisation layers of all networks of ours (norm, norm1, stemNorm); a TorchScript module has its own names.
        std::vector<std::string> keepHome{"*norm*", "*Norm*"};
        double trim = 0.2;       ///< trimmed-mean: share cut off at each end, 0 to below 0.5
        int byzantine = 1;       ///< krum, multi-krum: how many sites may be hostile
        int selected = 3;        ///< multi-krum: how many updates are averaged
        double smoothing = 1e-6; ///< geometric-median: smallest distance of a site, as a share of the median one
        int buffer = 3;          ///< fedbuff: updates that make a round
        double staleness = 0.5;  ///< fedbuff: exponent a of the weight (1 + rounds late)^-a
        std::string plugin;      ///< plugin: its folder's name
        /// plugin: numbers of its own, as JSON keys and values.
        std::map<std::string, double> settings;
    };

    /// What of a trained model leaves a site, and what the host takes.
    struct Updates
    {
        std::string content = "full";     ///< "full": the model; "delta": what training changed
        std::string encoding = "float32"; ///< "float32", "float16", "int8", "top-k"; all but the first of deltas alone
        double share = 0.01;              ///< top-k: values that are sent of each tensor
        double normLimit = 10;            ///< largest norm of a change, times the round's median; 0: no limit
        std::string overNorm = "refuse";  ///< beyond the limit: "refuse", or "clip" to it
    };

    struct Federation
    {
        Strategy strategy;
        Updates updates;
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
        int patience = 0; ///< rounds without a better validation before the study ends; 0: never early
        /// Models that every site tests at the end, beside the best: "last", "local" (each site's own update of the
        /// last round), "round-N".
        std::vector<std::string> crossSite;
    } evaluation;

    /// Errors: Invalid, naming the key that is unknown, missing, of the wrong type, or impossible.
    static Result<Plan> fromJson(const Json &json);
    /// Errors: as fromJson, and NotFound, Io, Malformed for the file.
    static Result<Plan> read(const std::filesystem::path &file);
    Json toJson() const;

    /// SHA-256 of the canonical form (RFC 8785) as 64 hexadecimal digits: what a custodian approves.
    std::string hash() const;

    /// Sets keys by their paths, as `--set training.batchSize=4` does, all at once, so that keys which depend on each
    /// other may change together; a value is JSON, or text when it is not. Errors: Invalid, naming the key.
    Result<> set(const std::vector<std::pair<std::string, std::string>> &settings);
    Result<> set(const std::string &path, const std::string &value) { return set({{path, value}}); }

    /// Optimiser steps of one site in one round, and over the whole study, where training.epochLength is "batches";
    /// where it is "cases" a site knows its own alone (tasks::TrainingJob::stepsPerRound).
    int stepsPerRound() const { return training.epochsPerRound * training.batchesPerEpoch; }
    int totalSteps() const { return stepsPerRound() * federation.rounds; }

    /// What the network answers with: a map for each label or each landmark.
    std::size_t outputs() const { return data.labels.size() + data.landmarks.size(); }
};

/// What a patch's extents must be divisible by for this network, one number for each of its dimensions, x first.
std::vector<int> patchDivisor(const Plan::Network &network);

} // namespace consilium
