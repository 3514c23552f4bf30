// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/augmentation/spatial.h"
#include "learning/sample.h"

#include <array>
#include <cstdint>
#include <vector>

namespace consilium::learning {

/// Where a patch was read: its voxel v (order z, y, x; counted from the other end along an axis that was mirrored)
/// shows start + shift + matrix * (v - (extent - 1) / 2) + (extent - 1) / 2 of the case, but for the elastic
/// deformation.
struct PatchOrigin
{
    std::size_t sample = 0; ///< among those the source draws from
    Extent start{};         ///< z, y, x
    Point shift{};
    Matrix matrix = identity;
    bool deformed = false; ///< by an elastic field besides
    std::array<bool, 3> mirrored{false, false, false};
};

/// Patches ready for the network.
struct Batch
{
    std::vector<float> image;         ///< N, C, Z, Y, X; Z is 1 for a 2D network
    std::vector<std::uint8_t> labels; ///< N, Z, Y, X; segmentation alone
    /// N, L, 2 (x, y), landmarks alone: the middle of pixel i of n lies at (2 i + 1) / n - 1, so that the picture spans
    /// -1 to 1 (Nibali et al. 2018).
    std::vector<float> points;
    std::vector<float> weights;       ///< N, L: 1 for a landmark that the patch shows, 0 for one that it does not
    std::vector<PatchOrigin> origins; ///< N
};

/// Where batches come from. A batch depends on the source and its number and on nothing else; batches may be drawn in
/// any order and from several threads at once.
class BatchSource
{
public:
    virtual ~BatchSource() = default;
    virtual Batch batch(std::int64_t index) const = 0;
    /// z, y, x of every patch; z is 1 for a 2D network.
    virtual const Extent &patch() const = 0;
};

} // namespace consilium::learning
