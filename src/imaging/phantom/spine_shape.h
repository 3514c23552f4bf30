// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"

#include <array>
#include <string>
#include <vector>

namespace consilium::imaging {

/// A point of the sagittal plane, mm: x to the front, y to the head. The axis through both hips is (0, 0).
struct SagittalPoint
{
    double x = 0, y = 0;

    SagittalPoint operator+(const SagittalPoint &o) const { return {x + o.x, y + o.y}; }
    SagittalPoint operator-(const SagittalPoint &o) const { return {x - o.x, y - o.y}; }
    SagittalPoint operator*(double s) const { return {s * x, s * y}; }
};

/// Unit vector along an endplate from back to front, and across it towards the head; `tilt` in radians, positive when
/// the front is the lower end.
SagittalPoint forward(double tilt);
SagittalPoint headward(double tilt);

struct VertebraShape
{
    std::string name; ///< "L3"
    SagittalPoint superiorAnterior, superiorPosterior, inferiorAnterior, inferiorPosterior;
    double tilt = 0; ///< radians, of the middle of the body

    /// `along` mm to the front of the posterior wall's middle, `up` mm above it.
    SagittalPoint fromPosteriorWall(double along, double up) const;
    double depth() const;
};

/// The sagittal profile of one person's lumbar spine and pelvis. Angles in degrees.
///
/// Pelvic incidence, sacral slope and lumbar lordosis (superior endplate of L1 to that of S1) are drawn with the means,
/// deviations and correlations of healthy adults: 52 (10), 40 (8) and 55 (10). Pelvic tilt follows from the identity
/// incidence = tilt + slope (Duval-Beaupere 1992), which the points fulfil by construction.
struct SpineShape
{
    double incidence = 0, slope = 0, tilt = 0, lordosis = 0;
    std::array<VertebraShape, 6> vertebrae; ///< T12, L1 to L5
    SagittalPoint s1Anterior, s1Middle, s1Posterior;
    SagittalPoint leftHip, rightHip; ///< centres of the femoral heads; (0, 0) halfway between
    double leftHipRadius = 23, rightHipRadius = 24;

    explicit SpineShape(Random &random);

    /// The front of the vertebral column at a height, for what lies along it.
    double frontAt(double y) const;
};

} // namespace consilium::imaging
