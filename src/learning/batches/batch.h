// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/sample.h"

#include <cstdint>
#include <vector>

namespace consilium::learning {

/// Patches ready for the network.
struct Batch
{
    std::vector<float> image;         ///< N, C, Z, Y, X; Z is 1 for a 2D network
    std::vector<std::uint8_t> labels; ///< N, Z, Y, X; segmentation alone
    /// N, L, 2 (x, y), landmarks alone: the middle of pixel i of n lies at (2 i + 1) / n - 1, so that the picture spans
    /// -1 to 1 (Nibali et al. 2018).
    std::vector<float> points;
    std::vector<float> weights; ///< N, L: 1 for a landmark that the patch shows, 0 for one that it does not
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
