// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <cmath>

/// Arithmetic on patient positions, for those who ask for it by name: a Vec3 is a std::array, whose operators nobody
/// else could find.
namespace consilium::viewer::vectors {

using imaging::Vec3;

inline Vec3 operator+(const Vec3 &a, const Vec3 &b)
{
    return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
inline Vec3 operator-(const Vec3 &a, const Vec3 &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
inline Vec3 operator*(double scale, const Vec3 &a)
{
    return {scale * a[0], scale * a[1], scale * a[2]};
}
inline double dot(const Vec3 &a, const Vec3 &b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
inline Vec3 cross(const Vec3 &a, const Vec3 &b)
{
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
inline double norm(const Vec3 &a)
{
    return std::hypot(a[0], a[1], a[2]);
}
inline Vec3 unit(const Vec3 &a)
{
    const double length = norm(a);
    return length > 0 ? (1 / length) * a : a;
}

} // namespace consilium::viewer::vectors
