// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "core/random.h"
#include "learning/sample.h"

#include <array>
#include <span>

namespace consilium::learning {

/// How often each change of intensities happens to a patch.
struct IntensityOdds
{
    double equalisation, noise, blur, brightness, contrast, lowResolution, invertedGamma, gamma, dropout;
    /// Of a patch that is blurred or made coarse: how often one of its channels is.
    double channel;
};

/// Isensee et al. 2021, supplementary note 4.
inline constexpr IntensityOdds volumeOdds{0, 0.1, 0.2, 0.15, 0.15, 0.25, 0.1, 0.3, 0, 0.5};
/// Radiographs are few and of one channel, and a landmark is looked for in the whole picture: each change happens to
/// about every third, the usual odds of photographs' pipelines (Buslaev et al. 2020, "Albumentations", 0.3 to 0.5).
inline constexpr IntensityOdds radiographOdds{0.3, 0.3, 0.3, 0.3, 0.3, 0.25, 0.1, 0.3, 0.3, 1};

/// Changes the intensities of a patch (C, Z, Y, X) within the ranges of a plan, in the order of `IntensityOdds`; what
/// has an empty range does not happen. `finelySampled` tells along which axes (z, y, x) a coarser scan may be
/// simulated.
void changeIntensities(const Plan::Augmentation &ranges, const IntensityOdds &odds, std::span<float> image,
                       const Extent &extent, const std::array<bool, 3> &finelySampled, Random &random);

/// A factor from a range: below and above 1 equally often when the range holds both, so that neither direction
/// dominates.
double drawFactor(const std::array<double, 2> &range, Random &random);

} // namespace consilium::learning
