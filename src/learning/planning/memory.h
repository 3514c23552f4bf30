// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

namespace consilium::learning {

/// Bytes that training takes, estimated from a plan without building its network.
struct TrainingMemory
{
    double perPatch = 0; ///< feature maps and their gradients of one patch
    double fixed = 0;    ///< weights, their gradients, what the optimiser keeps, the running mean

    double total(int batchSize) const { return fixed + batchSize * perPatch; }
};

/// Of the plan's network, patch, optimiser and running mean. The feature maps counted are the outputs of convolutions;
/// what one number in them costs, with its gradient, the norm's and the activation's copies and the library's work
/// space, is set so that nnU-Net's yardsticks for 8 GB come out at 8 GB: two patches with 560 million such numbers each
/// of its plain U-Net in 3D, 680 million of its residual one; in 2D twelve patches with 85 and 135 million (Isensee et
/// al. 2021; 2024 for the residual encoder). Those yardsticks are for mixed precision; AH-Net is measured by the
/// residual ones. Of an hourglass all that is kept for the backward pass is counted, four bytes each. The estimate
/// ranks plans and fits them to a device; it is not a measurement. Zero for a network of kind "torchscript", of which
/// nothing is known.
TrainingMemory trainingMemory(const Plan &plan);

} // namespace consilium::learning
