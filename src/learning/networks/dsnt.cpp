// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/dsnt.h"

namespace consilium::learning {

torch::Tensor pixelPositions(std::int64_t count, const torch::TensorOptions &options)
{
    return (2 * torch::arange(count, options) + 1) / static_cast<double>(count) - 1;
}

torch::Tensor flatSoftmax(const torch::Tensor &logits)
{
    return torch::softmax(logits.contiguous().flatten(2), 2).view(logits.sizes());
}

torch::Tensor dsnt(const torch::Tensor &probabilities)
{
    const auto alongX = probabilities.sum(2), alongY = probabilities.sum(3);
    const auto x = pixelPositions(alongX.size(2), alongX.options()),
               y = pixelPositions(alongY.size(2), alongY.options());
    return torch::stack({alongX.matmul(x), alongY.matmul(y)}, 2);
}

torch::Tensor dsntVariance(const torch::Tensor &probabilities, const torch::Tensor &means)
{
    const auto along = [&](std::int64_t axis, std::int64_t summed) {
        const auto marginal = probabilities.sum(summed);
        const auto distance = pixelPositions(marginal.size(2), marginal.options()) - means.select(2, axis).unsqueeze(2);
        return (marginal * distance * distance).sum(2);
    };
    return torch::stack({along(0, 2), along(1, 3)}, 2);
}

} // namespace consilium::learning
