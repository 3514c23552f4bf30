// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/bspline.h"
#include "imaging/preparation/registration.h"
#include "imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::imaging {

namespace {

Vec3 product(const Matrix3 &m, const Vec3 &v)
{
    Vec3 result{};
    for (int r = 0; r < 3; ++r)
        result[r] = m[r][0] * v[0] + m[r][1] * v[1] + m[r][2] * v[2];
    return result;
}

/// The grid as it lies in the moving image: a rigid motion of a grid is a grid.
Geometry moved(Geometry grid, const RigidTransform &transform)
{
    grid.origin = transform.apply(grid.origin);
    const auto direction = grid.direction;
    for (int c = 0; c < 3; ++c) {
        const auto axis = product(transform.rotation, {direction[0][c], direction[1][c], direction[2][c]});
        for (int r = 0; r < 3; ++r)
            grid.direction[r][c] = axis[r];
    }
    return grid;
}

} // namespace

Vec3 RigidTransform::apply(const Vec3 &point) const
{
    const auto turned = product(rotation, {point[0] - centre[0], point[1] - centre[1], point[2] - centre[2]});
    return {turned[0] + centre[0] + translation[0], turned[1] + centre[1] + translation[1],
            turned[2] + centre[2] + translation[2]};
}

RigidTransform RigidTransform::inverse() const
{
    RigidTransform back;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            back.rotation[r][c] = rotation[c][r];
    back.centre = {centre[0] + translation[0], centre[1] + translation[1], centre[2] + translation[2]};
    back.translation = {-translation[0], -translation[1], -translation[2]};
    return back;
}

double RigidTransform::angleDegrees() const
{
    // The sine keeps its digits at small angles, where the trace's cosine has lost them.
    const double sine = 0.5 * std::hypot(rotation[2][1] - rotation[1][2], rotation[0][2] - rotation[2][0],
                                         rotation[1][0] - rotation[0][1]);
    const double cosine = 0.5 * (rotation[0][0] + rotation[1][1] + rotation[2][2] - 1);
    return std::atan2(sine, cosine) * 180 / std::numbers::pi;
}

Volume transformed(const Volume &moving, const RigidTransform &fixedToMoving, const Geometry &grid)
{
    auto result = resampleBSpline(moving, moved(grid, fixedToMoving), 0.0F);
    result.geometry = grid;
    return result;
}

LabelMap transformed(const LabelMap &moving, const RigidTransform &fixedToMoving, const Geometry &grid)
{
    auto result = resampleLabels(moving, moved(grid, fixedToMoving));
    result.geometry = grid;
    return result;
}

} // namespace consilium::imaging
