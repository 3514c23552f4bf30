// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/spinopelvic_angles.h"

#include <cmath>
#include <numbers>
#include <string_view>

namespace consilium::evaluation {

namespace {

SagittalPoint between(const SagittalPoint &a, const SagittalPoint &b)
{
    return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

SagittalPoint towards(const SagittalPoint &from, const SagittalPoint &to)
{
    return {to.x - from.x, to.y - from.y};
}

double degrees(double radians)
{
    return radians * 180 / std::numbers::pi;
}

/// Degrees by which a direction to the front falls.
double fall(const SagittalPoint &direction)
{
    return degrees(std::atan2(-direction.y, direction.x));
}

/// From the posterior to the anterior end.
using Endplate = std::optional<SagittalPoint>;

} // namespace

SpinopelvicAngles spinopelvicAngles(const NamedPoints &points)
{
    const auto find = [&points](std::string_view name) {
        const auto found = points.find(name);
        return found == points.end() ? std::nullopt : std::optional(found->second);
    };
    const auto s1Anterior = find("S1 anterior"), s1Posterior = find("S1 posterior");
    const auto l1Anterior = find("L1 superior anterior"), l1Posterior = find("L1 superior posterior");
    const auto left = find("femoral head left"), right = find("femoral head right");
    auto s1 = s1Anterior && s1Posterior ? Endplate(towards(*s1Posterior, *s1Anterior)) : std::nullopt;
    auto l1 = l1Anterior && l1Posterior ? Endplate(towards(*l1Posterior, *l1Anterior)) : std::nullopt;
    if (!s1)
        return {};
    // A steep endplate of S1 says little of where the front is; that of L1 is close to level.
    const bool mirrored = s1->x + (l1 ? l1->x : 0) < 0;
    const auto facing = [mirrored](SagittalPoint direction) {
        return mirrored ? SagittalPoint{-direction.x, direction.y} : direction;
    };
    s1 = facing(*s1);

    SpinopelvicAngles angles;
    angles.front = mirrored ? -1 : 1;
    angles.sacralSlope = fall(*s1);
    if (l1)
        angles.lumbarLordosis = std::remainder(*angles.sacralSlope - fall(facing(*l1)), 360);
    if (!left && !right)
        return angles;
    const auto hips = left && right ? between(*left, *right) : left ? *left : *right;
    const auto toHips = facing(towards(between(*s1Anterior, *s1Posterior), hips));
    angles.pelvicTilt = degrees(std::atan2(toHips.x, -toHips.y));
    const SagittalPoint perpendicular{s1->y, -s1->x};
    angles.pelvicIncidence = degrees(std::atan2(perpendicular.x * toHips.y - perpendicular.y * toHips.x,
                                                perpendicular.x * toHips.x + perpendicular.y * toHips.y));
    return angles;
}

} // namespace consilium::evaluation
