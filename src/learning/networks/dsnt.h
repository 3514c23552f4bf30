// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

namespace consilium::learning {

// The differentiable spatial-to-numerical transform (Nibali et al. 2018). Coordinates are as in a batch: the middle of
// pixel i of n lies at (2 i + 1) / n - 1, so that a picture spans -1 to 1 whatever its resolution.

/// Probabilities N, L, H, W, each map adding up to 1: softmax over all pixels of each map of `logits` (N, L, H, W).
torch::Tensor flatSoftmax(const torch::Tensor &logits);

/// Mean positions N, L, 2 (x, y) under `probabilities` (N, L, H, W).
torch::Tensor dsnt(const torch::Tensor &probabilities);

/// Variances N, L, 2 (along x, along y) of the positions about `means` (N, L, 2).
torch::Tensor dsntVariance(const torch::Tensor &probabilities, const torch::Tensor &means);

/// Where the middles of `count` pixels lie, -1 to 1.
torch::Tensor pixelPositions(std::int64_t count, const torch::TensorOptions &options);

} // namespace consilium::learning
