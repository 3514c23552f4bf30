// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/picture_axes.h"

#include <algorithm>

namespace consilium::imaging {

PictureAxes pictureAxes(const LandmarkSet &points)
{
    Vec3 low{1e300, 1e300, 1e300}, high{-1e300, -1e300, -1e300};
    for (const auto &point : points.points) {
        if (point.visibility == Visibility::Absent)
            continue;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            low[axis] = std::min(low[axis], point.position[axis]);
            high[axis] = std::max(high[axis], point.position[axis]);
        }
    }
    const auto spread = [&](std::size_t axis) { return high[axis] - low[axis]; };
    if (spread(2) < std::min(spread(0), spread(1)))
        return {0, 1, -1};
    return spread(0) <= spread(1) ? PictureAxes{1, 2, 1} : PictureAxes{0, 2, 1};
}

} // namespace consilium::imaging
