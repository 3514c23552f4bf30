// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/preparation/registration.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::test {

/// A rotation about x, then y, then z through `centre`, in degrees, and a shift in mm.
inline imaging::RigidTransform rigid(const imaging::Vec3 &degrees, const imaging::Vec3 &shift,
                                     const imaging::Vec3 &centre = {})
{
    using imaging::Matrix3, imaging::Vec3;
    const auto turn = [&](int axis) {
        const double angle = degrees[axis] * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
        const int a = (axis + 1) % 3, b = (axis + 2) % 3;
        Matrix3 m{};
        m[axis][axis] = 1;
        m[a][a] = m[b][b] = c;
        m[a][b] = -s;
        m[b][a] = s;
        return m;
    };
    const auto times = [](const Matrix3 &l, const Matrix3 &r) {
        Matrix3 m{};
        for (int i = 0; i < 3; ++i)
            for (int j = 0; j < 3; ++j)
                for (int k = 0; k < 3; ++k)
                    m[i][j] += l[i][k] * r[k][j];
        return m;
    };
    return {times(turn(2), times(turn(1), turn(0))), shift, centre};
}

/// `first`, then `second`.
inline imaging::RigidTransform chained(const imaging::RigidTransform &first, const imaging::RigidTransform &second)
{
    imaging::RigidTransform both;
    const auto origin = second.apply(first.apply({0, 0, 0}));
    for (int c = 0; c < 3; ++c) {
        imaging::Vec3 axis{};
        axis[c] = 1;
        const auto reached = second.apply(first.apply(axis));
        for (int r = 0; r < 3; ++r)
            both.rotation[r][c] = reached[r] - origin[r];
    }
    both.translation = origin;
    return both;
}

struct AlignmentError
{
    double millimetres = 0; ///< largest, on the brain's edge
    double degrees = 0;
};

/// How far two transforms part on an ellipsoid of 70 x 88 x 65 mm half axes around `centre`: a brain's edge.
inline AlignmentError differenceAtEdge(const imaging::RigidTransform &a, const imaging::RigidTransform &b,
                                       const imaging::Vec3 &centre)
{
    AlignmentError error;
    error.degrees = chained(a, b.inverse()).angleDegrees();
    for (int n = 0; n < 400; ++n) { // a spiral from pole to pole
        const double z = 1 - 2 * (n + 0.5) / 400, angle = n * std::numbers::pi * (3 - std::sqrt(5.0));
        const double ring = std::sqrt(1 - z * z);
        const imaging::Vec3 p{centre[0] + 70 * ring * std::cos(angle), centre[1] + 88 * ring * std::sin(angle),
                              centre[2] + 65 * z};
        const auto x = a.apply(p), y = b.apply(p);
        error.millimetres = std::max(error.millimetres, std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]));
    }
    return error;
}

/// The image with its place in the patient changed so that `fixedToMoving` maps its old place to its new one.
inline imaging::Volume movedHeader(imaging::Volume image, const imaging::RigidTransform &fixedToMoving)
{
    const auto before = image.geometry;
    image.geometry.origin = fixedToMoving.apply(before.origin);
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) {
            image.geometry.direction[r][c] = 0;
            for (int k = 0; k < 3; ++k)
                image.geometry.direction[r][c] += fixedToMoving.rotation[r][k] * before.direction[k][c];
        }
    }
    return image;
}

inline imaging::Vec3 middleOf(const imaging::Geometry &grid)
{
    return grid.toPatient({(grid.size[0] - 1) / 2.0, (grid.size[1] - 1) / 2.0, (grid.size[2] - 1) / 2.0});
}

} // namespace consilium::test
