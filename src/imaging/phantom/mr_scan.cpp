// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/mr_scan.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace consilium::imaging {

BiasField::BiasField(Random &random, double largest, const Vec3 &reach) : m_largest(largest), m_reach(reach)
{
    for (auto &weight : m_weights)
        weight = random.uniform(-1, 1);
}

double BiasField::at(const Vec3 &lps) const
{
    const double x = lps[0] / m_reach[0], y = lps[1] / m_reach[1], z = lps[2] / m_reach[2];
    const double sum = m_weights[0] * x + m_weights[1] * y + m_weights[2] * z + m_weights[3] * (x * x - 0.3) +
                       m_weights[4] * (y * y - 0.3) + m_weights[5] * (z * z - 0.3);
    return std::exp(m_largest * std::clamp(sum, -1.5, 1.5));
}

double rician(Random &random, double signal, double noise)
{
    const double real = signal + random.normal(0, noise);
    const double imaginary = random.normal(0, noise);
    return std::hypot(real, imaginary);
}

double softStep(double distance, double edge)
{
    return std::clamp(0.5 + distance / edge, 0.0, 1.0);
}

double ellipsoidDistance(const Vec3 &p, const Vec3 &centre, const Vec3 &radii)
{
    const double x = (p[0] - centre[0]) / radii[0];
    const double y = (p[1] - centre[1]) / radii[1];
    const double z = (p[2] - centre[2]) / radii[2];
    return (std::hypot(x, y, z) - 1) * std::min({radii[0], radii[1], radii[2]});
}

Texture::Texture(Random &random, double cell) : m_scale(1 / cell)
{
    for (auto &shift : m_offset)
        shift = random.uniform(64, 128);
    for (auto &knot : m_knots)
        knot = static_cast<float>(std::clamp(random.normal(0, 0.55), -1.2, 1.2));
}

double Texture::octave(const Vec3 &p) const
{
    std::array<std::uint32_t, 3> cell{};
    Vec3 t{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double whole = std::floor(p[axis]);
        cell[axis] = static_cast<std::uint32_t>(static_cast<std::int64_t>(whole));
        const double rest = p[axis] - whole;
        t[axis] = rest * rest * (3 - 2 * rest);
    }
    // The usual three primes of spatial hashing (Teschner 2003) spread the lattice over the table.
    const auto knot = [&](std::uint32_t i, std::uint32_t j, std::uint32_t k) {
        const auto hash = ((cell[0] + i) * 73856093U) ^ ((cell[1] + j) * 19349663U) ^ ((cell[2] + k) * 83492791U);
        return static_cast<double>(m_knots[(hash ^ (hash >> 13)) % m_knots.size()]);
    };
    const auto row = [&](std::uint32_t j, std::uint32_t k) {
        const double from = knot(0, j, k);
        return from + t[0] * (knot(1, j, k) - from);
    };
    const double near = row(0, 0) + t[1] * (row(1, 0) - row(0, 0));
    const double far = row(0, 1) + t[1] * (row(1, 1) - row(0, 1));
    return near + t[2] * (far - near);
}

double Texture::at(const Vec3 &p) const
{
    const Vec3 coarse{p[0] * m_scale + m_offset[0], p[1] * m_scale + m_offset[1], p[2] * m_scale + m_offset[2]};
    // The second octave is turned, so that the lattices do not show.
    const Vec3 fine{1.5 * coarse[0] + 1.1 * coarse[1], 1.5 * coarse[1] - 1.1 * coarse[0],
                    1.9 * coarse[2] + 0.4 * coarse[0]};
    return octave(coarse) + 0.5 * octave(fine);
}

Geometry gridAround(const Vec3 &middle, const Index3 &size, const Vec3 &spacing, double tilt, bool storesRas)
{
    Geometry geometry;
    geometry.size = size;
    geometry.spacing = spacing;
    const double c = std::cos(tilt), s = std::sin(tilt);
    geometry.direction = {Vec3{1, 0, 0}, Vec3{0, c, 0.0 - s}, Vec3{0, s, c}};
    if (storesRas) {
        // From 0, so that no zero turns into a negative one.
        for (auto &row : geometry.direction) {
            row[0] = 0.0 - row[0];
            row[1] = 0.0 - row[1];
        }
    }
    const auto reached = geometry.toPatient({(size[0] - 1) / 2.0, (size[1] - 1) / 2.0, (size[2] - 1) / 2.0});
    for (std::size_t axis = 0; axis < 3; ++axis)
        geometry.origin[axis] = middle[axis] - reached[axis];
    return geometry;
}

} // namespace consilium::imaging
