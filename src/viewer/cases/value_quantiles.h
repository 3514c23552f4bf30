// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <vector>

namespace consilium::viewer {

/// How the values of an image are spread, padding left out: for windows by percentiles.
class ValueQuantiles
{
public:
    ValueQuantiles() = default;
    /// Takes at most 200,000 of the finite values, evenly from the whole image. Where at least a tenth of the voxels
    /// have the value of the first corner, that is padding around the head and does not count.
    explicit ValueQuantiles(const imaging::Volume &volume);

    /// The value that a share of the others lies below; `share` 0 to 1, 0 the smallest and 1 the largest of all values.
    /// 0 when there are none.
    float at(double share) const;
    imaging::ValueRange range() const; ///< smallest, largest, 0.5 and 99.5 per cent

private:
    std::vector<float> m_sorted;
    float m_minimum = 0, m_maximum = 0;
};

} // namespace consilium::viewer
