// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/landmark_inference.h"

#include "learning/network_parts.h"
#include "learning/networks/dsnt.h"

#include <cmath>

namespace consilium::learning {

namespace {

constexpr double nearby = 3; // heatmap pixels that count as certainty

/// A position of -1 to 1 in pixels, of which the picture has `count`.
double pixel(double position, std::int64_t count)
{
    return ((position + 1) * static_cast<double>(count) - 1) / 2;
}

/// L, H, W: the mean of the networks' heatmaps.
torch::Tensor heatmaps(std::span<Network *const> networks, const torch::Tensor &picture)
{
    torch::Tensor sum;
    for (auto *network : networks) {
        auto &parts = network->parts();
        parts.body->eval();
        const auto logits = parts.body->forward(parts.prepared(picture)).to(torch::kCPU, torch::kDouble);
        const auto probabilities = flatSoftmax(logits);
        sum = sum.defined() ? sum + probabilities : probabilities;
    }
    return sum / static_cast<double>(networks.size());
}

/// L: the share of each heatmap within `nearby` heatmap pixels of its mean.
torch::Tensor shareNearby(const torch::Tensor &probabilities, const torch::Tensor &means)
{
    const auto distances = [&](std::int64_t axis, std::int64_t count) {
        const auto pixels = (pixelPositions(count, means.options()) - means.select(2, axis).unsqueeze(2)) *
                            (static_cast<double>(count) / 2);
        return pixels * pixels;
    };
    const auto squared =
        distances(1, probabilities.size(2)).unsqueeze(3) + distances(0, probabilities.size(3)).unsqueeze(2);
    return (probabilities * (squared <= nearby * nearby)).sum({2, 3});
}

} // namespace

Result<std::vector<LocatedPoint>> locate(std::span<Network *const> networks, const Plan &plan, const Sample &sample)
{
    const auto channels = static_cast<std::int64_t>(plan.data.channels.size());
    const std::int64_t width = plan.training.patch.at(0), height = plan.training.patch.at(1);
    if (sample.channels != channels || sample.size != Extent{1, height, width} ||
        static_cast<std::int64_t>(sample.image.size()) != channels * sample.voxels())
        return fail(ErrorCode::Invalid, "Case {} has {} channels of {} x {} pixels; the plan wants {} of {} x {}",
                    sample.id, sample.channels, sample.size[2], sample.size[1], channels, width, height);
    return guarded("Locating landmarks", [&]() -> Result<std::vector<LocatedPoint>> {
        prepareToCompute();
        const torch::NoGradGuard frozen;
        // from_blob wants a pointer it may write through; the picture is only read.
        const auto picture = torch::from_blob(const_cast<float *>(sample.image.data()), {1, channels, height, width});
        const auto probabilities = heatmaps(networks, picture);
        const auto means = dsnt(probabilities), variances = dsntVariance(probabilities, means);
        const auto shares = shareNearby(probabilities, means);
        const auto mean = means.accessor<double, 3>(), variance = variances.accessor<double, 3>();
        const auto share = shares.accessor<double, 2>();
        const double halfWidth = static_cast<double>(width) / 2, halfHeight = static_cast<double>(height) / 2;
        std::vector<LocatedPoint> points;
        for (std::int64_t l = 0; l < means.size(1); ++l) {
            LocatedPoint point;
            point.x = pixel(mean[0][l][0], width);
            point.y = pixel(mean[0][l][1], height);
            point.spread = std::sqrt(
                (variance[0][l][0] * halfWidth * halfWidth + variance[0][l][1] * halfHeight * halfHeight) / 2);
            point.confidence = share[0][l];
            points.push_back(point);
        }
        return points;
    });
}

} // namespace consilium::learning
