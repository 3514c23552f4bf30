// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/landmarks.h"
#include "imaging/volume.h"

#include <array>
#include <vector>

namespace consilium::tasks {

/// What a network is given at once, with what it should answer.
struct NetworkInput
{
    std::vector<imaging::Volume> channels; ///< as the network gets them, in the plan's order, all on one grid
    imaging::LabelMap labels;              ///< on that grid; no values when the case has none
    imaging::LandmarkSet landmarks;        ///< in the plan's order; empty when the case has none
};

/// A training patch as augmentation left it.
struct AugmentedPatch
{
    /// On the voxels that the patch would show if nothing had been turned, scaled, shifted, deformed or mirrored. Where
    /// something was, its contents lie elsewhere: `place`.
    NetworkInput input;
    std::array<int, 3>
        start{};             ///< first voxel of that grid (x, y, z) among those of the case; below 0 where it is padded
    imaging::Geometry place; ///< where the contents come from; exact unless `deformed`; left-handed when mirrored once
    double turned = 0;       ///< degrees, about whatever axis
    std::array<double, 3> enlarged{1, 1, 1}; ///< how many times the contents are magnified along x, y, z
    std::array<bool, 3> mirrored{};          ///< along x, y, z
    bool deformed = false;                   ///< by an elastic field

    /// Whether the contents come from elsewhere than `input`'s voxels.
    bool moved() const { return deformed || !place.sameGrid(input.channels.front().geometry, 1e-6); }
};

/// What the network sees of a case: `whole` is how it is answered, `patches` is what training shows of it.
struct CasePreview
{
    NetworkInput whole;
    std::vector<AugmentedPatch> patches;
};

} // namespace consilium::tasks
