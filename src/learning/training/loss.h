// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

namespace consilium::learning {

/// 1 - mean over cases and foreground labels of (2 sum(p t) + s) / (sum(p) + sum(t) + s), s = 1e-5: the soft Dice loss
/// of Milletari et al. (2016) as nnU-Net uses it, each case by itself. `probabilities` is N, L, V after softmax;
/// `labels` is N, V of integers. In 0 to 1.
torch::Tensor softDiceLoss(const torch::Tensor &probabilities, const torch::Tensor &labels);

/// "dice+ce" (Dice and mean cross-entropy, equally weighted) or "dice". `logits` is N, L, spatial; `labels` N, spatial
/// (int64).
torch::Tensor segmentationLoss(const torch::Tensor &logits, const torch::Tensor &labels, const std::string &kind);

/// Of several heads, finest first, each half the extents of the one before: weights 1, 1/2, 1/4, ... divided by their
/// sum, labels taken at every second, fourth, ... voxel.
torch::Tensor deepSupervisionLoss(const std::vector<torch::Tensor> &logits, const torch::Tensor &labels,
                                  const std::string &kind);

} // namespace consilium::learning
