// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/elastic_field.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::learning {

ElasticField::ElasticField(const Extent &extent, const std::array<double, 3> &spacing, const std::array<bool, 3> &moves,
                           double largest, Random &random)
    : m_extent(extent), m_moves(moves)
{
    // Waves shorter than this look like noise, not like anatomy.
    constexpr double shortestStep = 8;
    double finest = std::numeric_limits<double>::max();
    for (int axis = 0; axis < 3; ++axis)
        if (moves[axis])
            finest = std::min(finest, spacing[axis]);
    const double step = std::max(shortestStep, 4 * largest) * random.uniform(1, 2);
    std::int64_t count = 1;
    for (int axis = 0; axis < 3; ++axis) {
        m_step[axis] = step * finest / spacing[axis];
        m_controls[axis] = static_cast<std::int64_t>(static_cast<double>(extent[axis] - 1) / m_step[axis]) + 4;
        count *= m_controls[axis];
    }
    for (int axis = 0; axis < 3; ++axis)
        if (moves[axis])
            m_displacements[axis].resize(count);
    for (std::int64_t control = 0; control < count; ++control) {
        Point vector{};
        double length = 0;
        for (int axis = 0; axis < 3; ++axis)
            if (moves[axis]) {
                vector[axis] = random.uniform(-1, 1);
                length += vector[axis] * vector[axis];
            }
        const double scale = largest / std::max(1.0, std::sqrt(length));
        for (int axis = 0; axis < 3; ++axis)
            if (moves[axis])
                m_displacements[axis][control] = static_cast<float>(vector[axis] * scale * finest / spacing[axis]);
    }
    for (std::int64_t x = 0; x < extent[2]; ++x)
        m_alongX.push_back(support(2, static_cast<double>(x)));
}

ElasticField::Support ElasticField::support(int axis, double voxel) const
{
    const double place = std::clamp(voxel, 0.0, static_cast<double>(m_extent[axis] - 1)) / m_step[axis];
    Support result;
    result.first = std::min(static_cast<std::int64_t>(place), m_controls[axis] - 4);
    const double t = place - static_cast<double>(result.first);
    const double rest = 1 - t;
    result.weights = {
        static_cast<float>(rest * rest * rest / 6), static_cast<float>((3 * t * t * t - 6 * t * t + 4) / 6),
        static_cast<float>((3 * rest * rest * rest - 6 * rest * rest + 4) / 6), static_cast<float>(t * t * t / 6)};
    return result;
}

void ElasticField::line(int axis, const Support &z, const Support &y, std::span<float> values) const
{
    std::ranges::fill(values, 0.0f);
    for (int a = 0; a < 4; ++a)
        for (int b = 0; b < 4; ++b) {
            const float weight = z.weights[a] * y.weights[b];
            const float *controls =
                m_displacements[axis].data() + ((z.first + a) * m_controls[1] + y.first + b) * m_controls[2];
            for (auto &value : values)
                value += weight * *controls++;
        }
}

void ElasticField::row(int axis, std::int64_t z, std::int64_t y, std::span<float> displacements) const
{
    if (!m_moves[axis]) {
        std::ranges::fill(displacements, 0.0f);
        return;
    }
    std::vector<float> controls(m_controls[2]);
    line(axis, support(0, static_cast<double>(z)), support(1, static_cast<double>(y)), controls);
    float *displacement = displacements.data();
    for (const auto &[first, weights] : m_alongX) {
        const float *near = controls.data() + first;
        *displacement++ = weights[0] * near[0] + weights[1] * near[1] + weights[2] * near[2] + weights[3] * near[3];
    }
}

Point ElasticField::at(const Point &voxel) const
{
    Point displacement{};
    std::vector<float> controls(m_controls[2]);
    const auto along = support(2, voxel[2]);
    for (int axis = 0; axis < 3; ++axis) {
        if (!m_moves[axis])
            continue;
        line(axis, support(0, voxel[0]), support(1, voxel[1]), controls);
        for (int k = 0; k < 4; ++k)
            displacement[axis] += along.weights[k] * controls[along.first + k];
    }
    return displacement;
}

} // namespace consilium::learning
