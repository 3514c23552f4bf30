// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/volume.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace consilium::imaging {

ValueRange valueRange(std::span<const float> values)
{
    std::vector<float> finite;
    finite.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(finite), [](float v) { return std::isfinite(v); });
    if (finite.empty())
        return {};

    const auto last = static_cast<double>(finite.size() - 1);
    const auto low = finite.begin() + std::llround(0.005 * last);
    const auto high = finite.begin() + std::llround(0.995 * last);
    std::nth_element(finite.begin(), low, finite.end());
    if (high != low)
        std::nth_element(low + 1, high, finite.end());
    // What lies left of `low` and right of `high` is now no larger and no smaller than they are.
    return {*std::min_element(finite.begin(), low + 1), *std::max_element(high, finite.end()), *low, *high};
}

} // namespace consilium::imaging
