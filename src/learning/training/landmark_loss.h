// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <vector>

namespace consilium::learning {

/// How far heatmaps are from the landmarks that they should show (Nibali et al. 2018, with lambda 1): per
/// landmark the Euclidean distance of the DSNT mean, plus the Jensen-Shannon divergence (in nats) between the heatmap
/// and a Gaussian of one heatmap pixel's standard deviation about the target; the mean over the visible landmarks of
/// the batch, added up over `heads`, the stacks that are supervised (Newell et al. 2016).
///
/// `heads` are logits N, L, H, W. `points` is N, L, 2 (x, y) in -1 to 1 as in a Batch, and may lie outside the picture;
/// `weights` is N, L: 1 for a visible landmark, 0 for one whose position counts for nothing. With none visible the loss
/// is 0 and so are its gradients.
torch::Tensor landmarkLoss(const std::vector<torch::Tensor> &heads, const torch::Tensor &points,
                           const torch::Tensor &weights);

} // namespace consilium::learning
