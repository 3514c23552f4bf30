// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/landmarks.h"

#include <array>
#include <cstddef>

namespace consilium::imaging {

/// Which patient axes (0 L, 1 P, 2 S) lie across and along the picture that points were placed in, and whether the
/// latter runs to the head.
struct PictureAxes
{
    std::size_t across = 1, along = 2;
    double headward = 1; ///< 1, or -1 where the axis `along` runs to the feet

    std::size_t beam() const { return 3 - across - along; } ///< the axis that the picture looks along

    /// The point in the picture, mm: across it, and towards the head.
    std::array<double, 2> flat(const Vec3 &patient) const { return {patient[across], headward * patient[along]}; }
    /// The point of the patient, `depth` mm along the beam.
    Vec3 lifted(double x, double y, double depth) const
    {
        Vec3 patient{};
        patient[across] = x;
        patient[along] = headward * y;
        patient[beam()] = depth;
        return patient;
    }
    bool operator==(const PictureAxes &) const = default;
};

/// The picture's plane is the one that the points do not leave: of a sagittal or coronal radiograph the patient's own,
/// otherwise a picture that knows no patient, in which down is +P. Absent points do not count.
PictureAxes pictureAxes(const LandmarkSet &points);

} // namespace consilium::imaging
