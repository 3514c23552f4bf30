// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/landmark_loss.h"

#include "learning/networks/dsnt.h"

#include <cmath>
#include <numbers>

namespace consilium::learning {

namespace {

/// Logarithms N, L, H * W of Gaussians about `points`, each adding up to 1 over the picture's pixels. Normalising
/// logarithms keeps a target far outside the picture from becoming a map of zeros.
torch::Tensor logGaussians(const torch::Tensor &points, std::int64_t height, std::int64_t width)
{
    const auto along = [&](std::int64_t axis, std::int64_t count) {
        const auto pixels = (pixelPositions(count, points.options()) - points.select(2, axis).unsqueeze(2)) *
                            (static_cast<double>(count) / 2);
        return torch::log_softmax(-0.5 * pixels * pixels, 2);
    };
    return (along(1, height).unsqueeze(3) + along(0, width).unsqueeze(2)).flatten(2);
}

/// N, L. From logarithms, so that maps which vanish somewhere give no logarithm of zero.
torch::Tensor jensenShannon(const torch::Tensor &logP, const torch::Tensor &logQ)
{
    const auto logMean = torch::logaddexp(logP, logQ) - std::numbers::ln2;
    const auto fromP = (logP.exp() * (logP - logMean)).sum(2);
    const auto fromQ = (logQ.exp() * (logQ - logMean)).sum(2);
    return 0.5 * (fromP + fromQ);
}

} // namespace

torch::Tensor landmarkLoss(const std::vector<torch::Tensor> &heads, const torch::Tensor &points,
                           const torch::Tensor &weights)
{
    // What is not visible may have any position, one that is no number included.
    const auto targets = torch::where(weights.unsqueeze(2) > 0, points, torch::zeros_like(points));
    const auto visible = weights.sum().clamp_min(1);
    auto loss = torch::zeros({}, points.options());
    for (const auto &head : heads) {
        const auto logits = head.to(points.scalar_type()).contiguous();
        const auto logP = torch::log_softmax(logits.flatten(2), 2);
        const auto means = dsnt(logP.exp().view(logits.sizes()));
        const auto distance = torch::norm(means - targets, 2, 2);
        const auto divergence = jensenShannon(logP, logGaussians(targets, logits.size(2), logits.size(3)));
        loss = loss + (weights * (distance + divergence)).sum() / visible;
    }
    return loss;
}

} // namespace consilium::learning
