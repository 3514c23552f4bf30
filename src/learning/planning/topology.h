// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace consilium::learning {

/// Strides and kernels of a U-Net as a plan names them: one entry a resolution, finest first, one number an axis.
struct Topology
{
    std::vector<std::vector<int>> strides, kernels;

    std::size_t resolutions() const { return strides.size(); }
    /// What the extents of a patch must be divisible by.
    std::vector<int> divisor() const;
};

/// nnU-Net's rule for images of `spacing` (mm) seen through `patch` (voxels), one number an axis (Isensee et al. 2021,
/// supplementary note 2; its version 2). An axis is halved as long as its feature map keeps at least four voxels
/// and its spacing is below twice the finest among those that can be halved, so that coarse axes wait until the others
/// have caught up; the last axis that can be halved alone is so only from twelve voxels on. A kernel is 1 along an axis
/// until its spacing is below twice the finest, 3 from then on. At most eight resolutions, which is what a plan holds.
/// A patch whose extents do not divide must grow to the next multiple of divisor(), unless `exactly`: then an axis is
/// halved only while its extent is even.
Topology topologyFor(std::vector<double> spacing, std::vector<int> patch, bool exactly = false);

/// 32 at the finest resolution, doubling to at most 320 in 3D and 512 in 2D (ibid.).
std::vector<int> featuresFor(std::size_t resolutions, std::size_t dimensions);

} // namespace consilium::learning
