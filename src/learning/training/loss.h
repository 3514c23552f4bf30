// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

namespace consilium::learning {

// `probabilities` is N, L, V after softmax, label 0 the background; `labels` is N, V of int64. Overlaps are taken for
// each case and each foreground label by itself, then averaged: in 0 to 1.

/// 1 - mean of (2 sum(p t) + s) / (sum(p) + sum(t) + s), s = 1e-5: the soft Dice loss of Milletari et al. (2016) as
/// nnU-Net uses it.
torch::Tensor softDiceLoss(const torch::Tensor &probabilities, const torch::Tensor &labels);

/// 1 - mean of (TP + s) / (TP + 0.3 FP + 0.7 FN + s), s = 1e-5, where TP = sum(p t), FP = sum(p (1 - t)) and FN =
/// sum((1 - p) t): what is missed costs more than what is found too much (Salehi et al. 2017, alpha 0.3 and beta 0.7).
torch::Tensor tverskyLoss(const torch::Tensor &probabilities, const torch::Tensor &labels);

/// Mean over the voxels of -(1 - p)^2 log p, p the probability of the true label (Lin et al. 2017, gamma 2, without
/// class weights). `logProbabilities` is N, L, V after log-softmax.
torch::Tensor focalLoss(const torch::Tensor &logProbabilities, const torch::Tensor &labels);

/// The loss a plan names: "dice+ce" (Dice and mean cross-entropy, equally weighted), "dice", "focal", "dice+focal",
/// "tversky". `logits` is N, L, spatial; `labels` N, spatial (int64).
torch::Tensor segmentationLoss(const torch::Tensor &logits, const torch::Tensor &labels, const std::string &kind);

/// Of several heads, finest first: weights 1, 1/2, 1/4, ... divided by their sum. A head's labels are those at every
/// k-th voxel of an axis, k the extent of the labels over that of the head.
torch::Tensor deepSupervisionLoss(const std::vector<torch::Tensor> &logits, const torch::Tensor &labels,
                                  const std::string &kind);

/// T^2 times the mean Kullback-Leibler divergence of softmax(logits / T) from softmax(earlier / T), T the temperature:
/// the knowledge distillation loss (Hinton et al. 2015) with which Li and Hoiem (2016) learn without forgetting. The
/// distributions lie along the last axis.
torch::Tensor distillationLoss(const torch::Tensor &logits, const torch::Tensor &earlier, double temperature);

} // namespace consilium::learning
