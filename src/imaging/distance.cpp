// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/distance.h"

#include <cassert>
#include <cmath>
#include <limits>

namespace consilium::imaging {

namespace {

constexpr float s_far = std::numeric_limits<float>::infinity();

// The lower envelope of the parabolas f(q) + (spacing (p - q))^2 of one line of voxels.
class Envelope
{
public:
    Envelope(int length, double spacing)
        : m_squared(spacing * spacing), m_source(static_cast<std::size_t>(length)), m_vertex(m_source.size()),
          m_height(m_source.size()), m_from(m_source.size() + 1)
    {
    }

    /// Replaces the `length` squared distances from `line` on, `stride` apart.
    void transform(float *line, std::int64_t stride)
    {
        const auto length = m_source.size();
        std::size_t count = 0;
        for (std::size_t q = 0; q < length; ++q) {
            m_source[q] = line[static_cast<std::int64_t>(q) * stride];
            if (m_source[q] != s_far)
                add(static_cast<double>(q), m_source[q], count);
        }
        if (count == 0)
            return;
        m_from[count] = std::numeric_limits<double>::infinity();
        std::size_t lowest = 0;
        for (std::size_t p = 0; p < length; ++p) {
            while (m_from[lowest + 1] < static_cast<double>(p))
                ++lowest;
            const double apart = static_cast<double>(p) - m_vertex[lowest];
            line[static_cast<std::int64_t>(p) * stride] =
                static_cast<float>(m_height[lowest] + m_squared * apart * apart);
        }
    }

private:
    void add(double vertex, double height, std::size_t &count)
    {
        double from = -std::numeric_limits<double>::infinity();
        while (count > 0) {
            const double other = m_vertex[count - 1];
            from =
                ((height - m_height[count - 1]) / m_squared + vertex * vertex - other * other) / (2 * (vertex - other));
            if (from > m_from[count - 1])
                break;
            --count; // the new parabola lies below the whole stretch of the last one
        }
        if (count == 0)
            from = -std::numeric_limits<double>::infinity();
        m_vertex[count] = vertex;
        m_height[count] = height;
        m_from[count] = from;
        ++count;
    }

    double m_squared;
    std::vector<float> m_source;
    std::vector<double> m_vertex, m_height, m_from;
};

} // namespace

std::vector<float> distanceTo(std::span<const std::uint8_t> set, const Geometry &geometry)
{
    assert(static_cast<std::int64_t>(set.size()) == geometry.voxels());
    std::vector<float> distance(set.size());
    for (std::size_t n = 0; n < set.size(); ++n)
        distance[n] = set[n] ? 0 : s_far;

    const auto &size = geometry.size;
    const std::array<std::int64_t, 3> strides{1, size[0], std::int64_t{size[0]} * size[1]};
    for (int axis = 0; axis < 3; ++axis) {
        Envelope envelope(size[axis], geometry.spacing[axis]);
        const int a = axis == 0 ? 1 : 0;
        const int b = axis == 2 ? 1 : 2;
        for (int v = 0; v < size[b]; ++v)
            for (int u = 0; u < size[a]; ++u)
                envelope.transform(distance.data() + u * strides[a] + v * strides[b], strides[axis]);
    }
    for (auto &value : distance)
        value = std::sqrt(value);
    return distance;
}

} // namespace consilium::imaging
