// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/trainer.h"

#include "learning/batches/patch_sampler.h"
#include "learning/network_parts.h"
#include "learning/training/loss.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>

namespace consilium::learning {

namespace {

Result<> checkSample(const Sample &sample, const Plan &plan)
{
    const auto channels = plan.data.channels.size();
    const auto voxels = static_cast<std::size_t>(sample.voxels());
    if (std::ranges::any_of(sample.size, [](auto extent) { return extent < 1; }))
        return fail(ErrorCode::Invalid, "Case {} is empty", sample.id);
    if (static_cast<std::size_t>(sample.channels) != channels || sample.image.size() != channels * voxels)
        return fail(ErrorCode::Invalid, "Case {} has {} channels where the plan has {}", sample.id, sample.channels,
                    channels);
    if (sample.labels.size() != voxels)
        return fail(ErrorCode::Invalid, "Case {} has no labels for its {} voxels", sample.id, voxels);
    if (!std::ranges::all_of(sample.image, [](float value) { return std::isfinite(value); }))
        return failWithHint(ErrorCode::Invalid, "Check its preprocessing or leave it out",
                            "Case {} has intensities that are not finite numbers", sample.id);
    const int largest = *std::ranges::max_element(sample.labels);
    if (largest >= static_cast<int>(plan.data.labels.size()))
        return fail(ErrorCode::Invalid, "Case {} has the label {}; the plan knows 0 to {}", sample.id, largest,
                    plan.data.labels.size() - 1);
    return {};
}

Result<> checkSamples(std::span<const Sample> samples, const Plan &plan)
{
    if (samples.empty())
        return fail(ErrorCode::Invalid, "There are no cases to train on");
    for (const auto &sample : samples)
        if (auto checked = checkSample(sample, plan); !checked)
            return checked;
    return {};
}

std::unique_ptr<torch::optim::Optimizer> makeOptimizer(const Plan &plan, std::vector<torch::Tensor> parameters)
{
    const auto &chosen = plan.training.optimizer;
    if (chosen.kind == "adamw")
        return std::make_unique<torch::optim::AdamW>(
            std::move(parameters), torch::optim::AdamWOptions(chosen.lr).weight_decay(chosen.weightDecay));
    return std::make_unique<torch::optim::SGD>(std::move(parameters),
                                               torch::optim::SGDOptions(chosen.lr)
                                                   .momentum(chosen.momentum)
                                                   .nesterov(chosen.nesterov && chosen.momentum > 0)
                                                   .weight_decay(chosen.weightDecay));
}

/// lr * (1 - step / total)^power, or lr when the plan says constant.
double learningRate(const Plan &plan, int step, int total)
{
    const double lr = plan.training.optimizer.lr;
    if (plan.training.schedule.kind != "poly")
        return lr;
    return lr * std::pow(std::max(0.0, 1 - static_cast<double>(step) / total), plan.training.schedule.power);
}

/// Asks LibTorch for operators whose results do not vary from run to run, and puts back what was set before.
class Deterministic
{
public:
    Deterministic()
    {
        at::globalContext().setDeterministicAlgorithms(true, true);
        at::globalContext().setDeterministicCuDNN(true);
        at::globalContext().setBenchmarkCuDNN(false);
    }
    ~Deterministic()
    {
        at::globalContext().setDeterministicAlgorithms(m_algorithms, m_warnOnly);
        at::globalContext().setDeterministicCuDNN(m_cudnn);
        at::globalContext().setBenchmarkCuDNN(m_benchmark);
    }
    Deterministic(const Deterministic &) = delete;
    Deterministic &operator=(const Deterministic &) = delete;

private:
    bool m_algorithms = at::globalContext().deterministicAlgorithms();
    bool m_warnOnly = at::globalContext().deterministicAlgorithmsWarnOnly();
    bool m_cudnn = at::globalContext().deterministicCuDNN();
    bool m_benchmark = at::globalContext().benchmarkCuDNN();
};

/// One optimiser step; returns the loss.
double trainStep(const Network::Parts &parts, torch::optim::Optimizer &optimizer, const Plan &plan, Batch &batch,
                 const Extent &patch)
{
    constexpr double largestGradientNorm = 12; // nnU-Net
    const std::int64_t n = plan.training.batchSize, channels = static_cast<std::int64_t>(plan.data.channels.size());
    std::vector<std::int64_t> imageShape{n, channels}, labelShape{n};
    for (int axis = plan.network.dimensions == 2 ? 1 : 0; axis < 3; ++axis) {
        imageShape.push_back(patch[axis]);
        labelShape.push_back(patch[axis]);
    }
    const auto image = parts.prepared(torch::from_blob(batch.image.data(), imageShape));
    const auto labels = torch::from_blob(batch.labels.data(), labelShape, torch::kUInt8).to(parts.device, torch::kLong);
    optimizer.zero_grad();
    const auto loss = deepSupervisionLoss(parts.body->heads(image), labels, plan.training.loss);
    loss.backward();
    torch::nn::utils::clip_grad_norm_(parts.body->trained(), largestGradientNorm);
    optimizer.step();
    return loss.item<double>();
}

} // namespace

Result<FitSummary> fit(Network &network, const Plan &plan, std::span<const Sample> samples, const FitOptions &options)
{
    if (auto checked = checkSamples(samples, plan); !checked)
        return fail(checked.error());
    return guarded("Training", [&]() -> Result<FitSummary> {
        prepareToCompute();
        const Deterministic deterministic;
        auto &parts = network.parts();
        parts.body->train();
        const auto optimizer = makeOptimizer(plan, parts.body->trained());
        const PatchSampler sampler(plan, samples, options.seed);
        const auto draw = [&](int step) { return sampler.batch(options.firstStep + step); };

        const int reportEvery = std::max(1, plan.training.batchesPerEpoch / 10);
        const int tail = std::max(1, options.steps / 10);
        const auto begin = std::chrono::steady_clock::now();
        double sinceReport = 0, inTail = 0;
        int unreported = 0;
        auto next = std::async(std::launch::async, draw, 0);
        for (int step = 0; step < options.steps; ++step) {
            auto batch = next.get();
            if (step + 1 < options.steps)
                next = std::async(std::launch::async, draw, step + 1);
            const double lr = learningRate(plan, options.firstStep + step, options.totalSteps);
            for (auto &group : optimizer->param_groups())
                group.options().set_lr(lr);
            const double loss = trainStep(parts, *optimizer, plan, batch, sampler.patch());
            if (!std::isfinite(loss))
                return failWithHint(ErrorCode::Internal, "A smaller learning rate may help",
                                    "The loss became {} in step {} of {}", loss, step + 1, options.steps);
            sinceReport += loss;
            ++unreported;
            if (step >= options.steps - tail)
                inTail += loss;
            const bool due = (step + 1) % reportEvery == 0 || step + 1 == options.steps;
            if (due && options.progress) {
                if (!options.progress({step + 1, options.steps, sinceReport / unreported}))
                    return fail(ErrorCode::Cancelled, "Training was stopped after step {} of {}", step + 1,
                                options.steps);
                sinceReport = 0;
                unreported = 0;
            }
        }
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        FitSummary summary;
        summary.steps = options.steps;
        summary.loss = inTail / tail;
        summary.secondsPerStep = seconds.count() / std::max(1, options.steps);
        return summary;
    });
}

} // namespace consilium::learning
