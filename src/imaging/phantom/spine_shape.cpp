// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/spine_shape.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

constexpr double s_degree = std::numbers::pi / 180;

// From L5 up to T12. Heights and depths in mm as morphometric studies of adults give them, rounded; the wedge angles
// (superior to inferior endplate) of discs and bodies sum to 55 degrees between S1 and the top of L1.
struct Level
{
    const char *name;
    double discHeight, discAngle, bodyHeight, bodyAngle, inferiorDepth, superiorDepth;
};
constexpr std::array<Level, 6> s_levels{
    Level{"L5", 9.5, 13, 27, 9, 34.5, 35.5},     Level{"L4", 11.5, 11, 27.5, 4, 35.5, 35},
    Level{"L3", 11, 8, 28, 2, 35, 34.5},         Level{"L2", 10, 6, 27.5, -0.5, 34.5, 33.5},
    Level{"L1", 8.5, 4, 26.5, -1.5, 33.5, 32.5}, Level{"T12", 6.5, 0.5, 25, -3, 32.5, 31.5}};
constexpr double s_meanLordosis = 55;

} // namespace

SagittalPoint forward(double tilt)
{
    return {std::cos(tilt), -std::sin(tilt)};
}

SagittalPoint headward(double tilt)
{
    return {std::sin(tilt), std::cos(tilt)};
}

SagittalPoint VertebraShape::fromPosteriorWall(double along, double up) const
{
    return (superiorPosterior + inferiorPosterior) * 0.5 + forward(tilt) * along + headward(tilt) * up;
}

double VertebraShape::depth() const
{
    const auto middle = (superiorAnterior + inferiorAnterior - superiorPosterior - inferiorPosterior) * 0.5;
    return std::hypot(middle.x, middle.y);
}

SpineShape::SpineShape(Random &random)
{
    incidence = std::clamp(random.normal(52, 10), 28.0, 82.0);
    slope = std::clamp(7.2 + 0.63 * incidence + random.normal(0, 5), 15.0, 65.0);
    tilt = incidence - slope;
    lordosis = std::clamp(27 + 0.54 * incidence + random.normal(0, 8.4), 20.0, 88.0);

    const double stature = std::clamp(random.normal(1, 0.05), 0.88, 1.12);
    const double t = tilt * s_degree;
    const double hipDistance = stature * random.normal(104, 5);
    s1Middle = {-hipDistance * std::sin(t), hipDistance * std::cos(t)};
    double angle = slope * s_degree;
    const double s1Depth = stature * random.normal(33, 1.3);
    s1Anterior = s1Middle + forward(angle) * (s1Depth / 2);
    s1Posterior = s1Middle - forward(angle) * (s1Depth / 2);

    // Every person spreads the lordosis a little differently over the levels; the sum is exactly the one drawn.
    std::array<double, 10> wedges{};
    double sum = 0;
    for (std::size_t index = 0; index < wedges.size(); ++index) {
        const auto &level = s_levels[index / 2];
        wedges[index] = (index % 2 == 0 ? level.discAngle : level.bodyAngle) * lordosis / s_meanLordosis;
        wedges[index] += random.normal(0, 1);
        sum += wedges[index];
    }
    for (auto &wedge : wedges)
        wedge += (lordosis - sum) / static_cast<double>(wedges.size());

    auto centre = s1Middle + forward(angle) * (stature * random.normal(1, 0.8));
    for (std::size_t index = 0; index < s_levels.size(); ++index) {
        const auto &level = s_levels[index];
        const bool lumbar = 2 * index + 1 < wedges.size();
        const double disc = (lumbar ? wedges[2 * index] : level.discAngle + random.normal(0, 1)) * s_degree;
        const double body = (lumbar ? wedges[2 * index + 1] : level.bodyAngle + random.normal(0, 1)) * s_degree;
        const double discHeight = stature * level.discHeight * std::clamp(random.normal(1, 0.12), 0.6, 1.3);
        centre = centre + headward(angle - disc / 2) * discHeight + forward(angle) * random.normal(0, 0.6);
        angle -= disc;
        auto &vertebra = vertebrae[vertebrae.size() - 1 - index];
        vertebra.name = level.name;
        vertebra.tilt = angle - body / 2;
        const double lower = stature * level.inferiorDepth * random.normal(1, 0.02);
        vertebra.inferiorAnterior = centre + forward(angle) * (lower / 2);
        vertebra.inferiorPosterior = centre - forward(angle) * (lower / 2);
        centre = centre + headward(vertebra.tilt) * (stature * level.bodyHeight * random.normal(1, 0.03));
        angle -= body;
        const double upper = stature * level.superiorDepth * random.normal(1, 0.02);
        vertebra.superiorAnterior = centre + forward(angle) * (upper / 2);
        vertebra.superiorPosterior = centre - forward(angle) * (upper / 2);
    }

    // Seen from the side the heads would cover each other, were the pelvis never turned and the beam parallel.
    const SagittalPoint apart{random.normal(0, 3.5), random.normal(0, 2)};
    leftHip = apart;
    rightHip = apart * -1;
    leftHipRadius = stature * random.normal(23, 1);
    rightHipRadius = leftHipRadius * random.uniform(1.03, 1.08); // farther from the detector
}

double SpineShape::frontAt(double y) const
{
    if (y <= s1Anterior.y)
        return s1Anterior.x;
    for (std::size_t index = vertebrae.size(); index-- > 0;) {
        const auto &vertebra = vertebrae[index];
        if (y <= vertebra.superiorAnterior.y)
            return (vertebra.superiorAnterior.x + vertebra.inferiorAnterior.x) / 2;
    }
    return vertebrae.front().superiorAnterior.x;
}

} // namespace consilium::imaging
