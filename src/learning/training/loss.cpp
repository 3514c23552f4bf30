// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/loss.h"

namespace consilium::learning {

namespace {

constexpr double smooth = 1e-5;

/// Sums over the voxels, each N, foreground labels.
struct Overlap
{
    torch::Tensor shared, predicted, truth;
};

Overlap overlap(const torch::Tensor &probabilities, const torch::Tensor &labels)
{
    const auto foreground = probabilities.size(1) - 1;
    const auto truth = torch::zeros_like(probabilities).scatter_(1, labels.unsqueeze(1), 1).narrow(1, 1, foreground);
    const auto predicted = probabilities.narrow(1, 1, foreground);
    return {(predicted * truth).sum(2), predicted.sum(2), truth.sum(2)};
}

/// N, 1, V. Unlike the sums inside LibTorch's nll_loss, a mean of these is the same in every run on a GPU.
torch::Tensor ofTrueLabel(const torch::Tensor &logProbabilities, const torch::Tensor &labels)
{
    return logProbabilities.gather(1, labels.unsqueeze(1));
}

} // namespace

torch::Tensor softDiceLoss(const torch::Tensor &probabilities, const torch::Tensor &labels)
{
    const auto [shared, predicted, truth] = overlap(probabilities, labels);
    return 1 - ((2 * shared + smooth) / (predicted + truth + smooth)).mean();
}

torch::Tensor tverskyLoss(const torch::Tensor &probabilities, const torch::Tensor &labels)
{
    constexpr double falsePositives = 0.3, falseNegatives = 0.7;
    const auto [shared, predicted, truth] = overlap(probabilities, labels);
    const auto wrong = falsePositives * (predicted - shared) + falseNegatives * (truth - shared);
    return 1 - ((shared + smooth) / (shared + wrong + smooth)).mean();
}

torch::Tensor focalLoss(const torch::Tensor &logProbabilities, const torch::Tensor &labels)
{
    const auto logs = ofTrueLabel(logProbabilities, labels);
    return -((1 - logs.exp()).square() * logs).mean();
}

torch::Tensor segmentationLoss(const torch::Tensor &logits, const torch::Tensor &labels, const std::string &kind)
{
    // Log-softmax subtracts the largest logit first, so no exponential overflows.
    const auto target = labels.flatten(1);
    const auto logs = torch::log_softmax(logits.contiguous().flatten(2), 1);
    if (kind == "focal")
        return focalLoss(logs, target);
    const auto probabilities = logs.exp();
    if (kind == "tversky")
        return tverskyLoss(probabilities, target);
    const auto dice = softDiceLoss(probabilities, target);
    if (kind == "dice")
        return dice;
    return dice + (kind == "dice+focal" ? focalLoss(logs, target) : -ofTrueLabel(logs, target).mean());
}

torch::Tensor deepSupervisionLoss(const std::vector<torch::Tensor> &logits, const torch::Tensor &labels,
                                  const std::string &kind)
{
    auto loss = segmentationLoss(logits.front(), labels, kind);
    double weight = 1, sum = 1;
    for (std::size_t k = 1; k < logits.size(); ++k) {
        auto target = labels;
        for (std::int64_t axis = 1; axis < target.dim(); ++axis)
            target = target.slice(axis, c10::nullopt, c10::nullopt, labels.size(axis) / logits[k].size(axis + 1));
        weight /= 2;
        sum += weight;
        loss = loss + weight * segmentationLoss(logits[k], target, kind);
    }
    return loss / sum;
}

torch::Tensor distillationLoss(const torch::Tensor &logits, const torch::Tensor &earlier, double temperature)
{
    const auto softened = torch::log_softmax(logits / temperature, -1);
    const auto target = torch::log_softmax(earlier / temperature, -1);
    const auto distributions = static_cast<double>(logits.numel() / logits.size(-1));
    return torch::kl_div(softened, target, at::Reduction::Sum, true) * (temperature * temperature / distributions);
}

} // namespace consilium::learning
