// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <array>
#include <string>
#include <vector>

namespace consilium::learning {

using AxisValues = std::array<double, 3>; ///< x, y, z

/// Spacing that images are brought to: the median over the cases; along an axis whose median spacing is over three
/// times that of both others, and over whose median image has less than a third of the others' voxels, the 10th
/// percentile, though no finer than the coarser of the others, because what thick slices lost comes back in no
/// resampling (Isensee et al. 2021). All in mm, sizes in voxels.
struct TargetSpacing
{
    AxisValues spacing{};
    int coarseAxis = -1; ///< the axis with a spacing of its own, or -1
};
TargetSpacing targetSpacing(const AxisValues &median, const AxisValues &tenthPercentile, const AxisValues &medianSize);

/// Slices that a network in three dimensions needs to halve across them.
constexpr double fewestSlices = 8;

/// The images of all sites at the plan's spacing.
struct ImageStatistics
{
    AxisValues medianSize{}; ///< voxels
    double cases = 0;
};

/// 2 where the median image's smallest extent is z, with fewer than eight slices: a network in three dimensions could
/// not halve across them even once. Else 3; so it is where the image is thinnest along another axis, since slices are
/// taken across z alone.
int dimensionsFor(const ImageStatistics &images);

/// What of a plan is to be found; the rest stays as it is.
struct OpenChoices
{
    bool network = false; ///< features, strides, kernels
    bool patch = false;
    bool batchSize = false;
};

/// Completes a plan by nnU-Net's rules (Isensee et al. 2021, supplementary note 2; its version 2): the patch is a cube
/// in millimetres (a square in 2D), clipped to the median image, made smaller along the axis where it shows the largest
/// share of the image until training fits into `memory` bytes with two patches in a batch (twelve in 2D); network by
/// topologyFor() and featuresFor(); the batch fills the memory, with at most 5 % of all voxels and at least two
/// patches. The plan's network kind, dimensions, spacing and optimiser are given. `reasons` receives a sentence for
/// each decision.
/// Errors: Invalid (the memory is too small even for a patch of 16 voxels, or of the whole image where that is
/// smaller: says what it would take).
Result<> configure(Plan &plan, const ImageStatistics &images, const OpenChoices &open, double memory,
                   std::vector<std::string> &reasons);

/// "7.4 GB", "310 MB"
std::string bytesText(double bytes);

} // namespace consilium::learning
