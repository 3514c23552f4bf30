// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/landmarks.h"

#include <algorithm>

namespace consilium::evaluation {

std::optional<double> shareFound(std::span<const std::optional<double>> distances, double height)
{
    if (distances.empty())
        return std::nullopt;
    const auto found = std::count_if(distances.begin(), distances.end(), [height](const auto &distance) {
        return distance && *distance <= foundWithin * height;
    });
    return static_cast<double>(found) / static_cast<double>(distances.size());
}

std::optional<double> meanError(std::span<const std::optional<double>> distances)
{
    double sum = 0;
    int count = 0;
    for (const auto &distance : distances) {
        sum += distance.value_or(0);
        count += distance ? 1 : 0;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

} // namespace consilium::evaluation
