// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/loss.h"

namespace consilium::learning {

torch::Tensor softDiceLoss(const torch::Tensor &probabilities, const torch::Tensor &labels)
{
    constexpr double smooth = 1e-5;
    const auto foreground = probabilities.size(1) - 1;
    const auto truth = torch::zeros_like(probabilities).scatter_(1, labels.unsqueeze(1), 1).narrow(1, 1, foreground);
    const auto predicted = probabilities.narrow(1, 1, foreground);
    const auto shared = (predicted * truth).sum(2);
    const auto sizes = predicted.sum(2) + truth.sum(2);
    return 1 - ((2 * shared + smooth) / (sizes + smooth)).mean();
}

torch::Tensor segmentationLoss(const torch::Tensor &logits, const torch::Tensor &labels, const std::string &kind)
{
    // Log-softmax subtracts the largest logit first, so no exponential overflows.
    const auto flat = logits.contiguous().flatten(2);
    const auto target = labels.flatten(1);
    const auto logs = torch::log_softmax(flat, 1);
    const auto dice = softDiceLoss(logs.exp(), target);
    if (kind == "dice")
        return dice;
    return dice + torch::nll_loss_nd(logs, target);
}

torch::Tensor deepSupervisionLoss(const std::vector<torch::Tensor> &logits, const torch::Tensor &labels,
                                  const std::string &kind)
{
    auto loss = segmentationLoss(logits.front(), labels, kind);
    auto target = labels;
    double weight = 1, sum = 1;
    for (std::size_t k = 1; k < logits.size(); ++k) {
        for (std::int64_t axis = 1; axis < target.dim(); ++axis)
            target = target.slice(axis, c10::nullopt, c10::nullopt, 2);
        weight /= 2;
        sum += weight;
        loss = loss + weight * segmentationLoss(logits[k], target, kind);
    }
    return loss / sum;
}

} // namespace consilium::learning
