// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "learning/sample.h"

#include <array>
#include <cstdint>
#include <span>

namespace consilium::learning {

using Matrix = std::array<std::array<double, 3>, 3>;

/// Where a patch's voxels lie in a case: source = centre + matrix * (voxel - (extent - 1) / 2), in voxels, order z, y,
/// x.
struct Placement
{
    Extent start{}; ///< first voxel, when the matrix is the identity
    Matrix matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    bool deformed = false; ///< the matrix differs from the identity
};

/// Turns by `degrees` (about z, y and x) and enlarges the content `scale` times along each axis (z, y, x), in
/// millimetres of a grid of `spacing` (z, y, x).
Matrix turnAndScale(const std::array<double, 3> &degrees, const std::array<double, 3> &scale,
                    const std::array<double, 3> &spacing);

/// Reads a patch straight from a case: trilinear for the channels, nearest voxel for the labels, zero outside the case.
/// `image` is C, Z, Y, X and `labels` Z, Y, X of the patch; labels are left alone when the case has none.
void readPatch(const Sample &sample, const Placement &placement, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels);

/// Reverses the order of voxels along axis 0 (z), 1 (y) or 2 (x).
void flip(std::span<float> volume, const Extent &extent, int axis);
void flip(std::span<std::uint8_t> volume, const Extent &extent, int axis);

/// x -> ((x - min) / range)^gamma * range + min, then shifted and scaled back to the mean and standard deviation it
/// had.
void applyGamma(std::span<float> channel, double gamma);
/// Stretches about the mean by `factor`, kept within the range it had.
void applyContrast(std::span<float> channel, double factor);
/// Adds Gaussian noise of that standard deviation.
void addNoise(std::span<float> channel, double deviation, Random &random);

} // namespace consilium::learning
